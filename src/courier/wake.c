/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/wake.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool fail(struct err *err, const char *what) { return err_set(err, ERR_SYSTEM, "%s: %s", what, strerror(errno)); }

static bool bind_socket(struct wake *w, const char *path, struct err *err)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t n = strlen(path);
    if (n >= sizeof address.sun_path)
        return err_set(err, ERR_INPUT, "wake socket: the path is longer than %zu bytes: %s", sizeof address.sun_path - 1, path);
    memcpy(address.sun_path, path, n + 1);
    w->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (w->socket < 0)
        return fail(err, "wake socket");
    /* A name left behind by a courier that was killed; but never a file of another kind. */
    struct stat old;
    if (lstat(path, &old) == 0 && S_ISSOCK(old.st_mode))
        unlink(path);
    if (bind(w->socket, (const struct sockaddr *)&address, sizeof address) != 0 || stat(path, &old) != 0)
        return fail(err, path);
    w->path = path;
    w->inode = old.st_ino;
    return true;
}

static bool watch(const struct wake *w, int descriptor, struct err *err)
{
    struct epoll_event readable = { .events = EPOLLIN };
    return descriptor < 0 || epoll_ctl(w->either, EPOLL_CTL_ADD, descriptor, &readable) == 0 || fail(err, "epoll");
}

bool wake_open(const char *socket_path, int stop, struct wake *ret, struct err *err)
{
    struct wake w = { .socket = -1, .stop = stop };
    w.either = epoll_create1(EPOLL_CLOEXEC);
    if (w.either < 0)
        return fail(err, "epoll");
    if ((socket_path && !bind_socket(&w, socket_path, err)) || !watch(&w, w.socket, err) || !watch(&w, w.stop, err)) {
        wake_close(&w);
        return false;
    }
    *ret = w;
    return true;
}

void wake_close(struct wake *w)
{
    struct stat now;
    if (w->path && lstat(w->path, &now) == 0 && now.st_ino == w->inode)
        unlink(w->path);
    if (w->socket >= 0)
        close(w->socket);
    close(w->either);
}

void wake_drain(struct wake *w)
{
    char byte;
    while (w->socket >= 0 && recv(w->socket, &byte, 1, 0) >= 0)
        continue;
}

bool wake_stop_wanted(const struct wake *w)
{
    struct pollfd stop = { .fd = w->stop, .events = POLLIN };
    return poll(&stop, 1, 0) > 0;
}

void wake_stop_seen(struct wake *w) { epoll_ctl(w->either, EPOLL_CTL_DEL, w->stop, NULL); }
