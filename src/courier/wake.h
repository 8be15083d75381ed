/* SPDX-License-Identifier: Apache-2.0 */
/* One descriptor that can be read when there is new work or everything is to stop. Private to courier/. */
#ifndef COURIER_WAKE_H
#define COURIER_WAKE_H

#include <sys/types.h>

#include "base/err.h"

struct wake {
    int either;       /* epoll over the two */
    int socket, stop; /* -1: none; stop belongs to the caller */
    const char *path;
    ino_t inode; /* of the socket's name: another courier may take it over */
};

bool wake_open(const char *socket_path, int stop, struct wake *ret, struct err *err);
void wake_close(struct wake *w);
/* Forgets the datagrams that have come. */
void wake_drain(struct wake *w);
bool wake_stop_wanted(const struct wake *w);
/* Does not wake for `stop` any more. */
void wake_stop_seen(struct wake *w);

#endif
