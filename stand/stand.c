/* SPDX-License-Identifier: Apache-2.0 */
#include "stand/stand.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "stand/authority_service.h"
#include "stand/seal.h"

#define WORLD_ERRORS_MAX ((size_t)64 << 10)

/* ---- opening ---- */

static bool load_world(const char *folder, struct world **ret, struct err *err)
{
    struct buf errors;
    buf_init(&errors, WORLD_ERRORS_MAX);
    bool fine = world_load(folder, ret, &errors);
    if (!fine) {
        fwrite(errors.p, 1, errors.n, stderr);
        err_set(err, ERR_INPUT, "%.300s: not a world folder", folder);
    }
    buf_release(&errors);
    return fine;
}

static bool open_sms_log(struct stand *stand, const char *path, struct err *err)
{
    stand->sms_log = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    return !path || stand->sms_log >= 0 || err_set(err, ERR_SYSTEM, "%.300s: %s", path, strerror(errno));
}

bool stand_open(const struct stand_options *options, struct stand *ret, struct err *err)
{
    memset(ret, 0, sizeof *ret);
    ret->options = *options;
    ret->sms_log = -1;
    if (!load_world(options->world, &ret->world, err)) {
        return false;
    }
    if (!stand_store_open(&ret->store, ret->world, options->state, err) || !open_sms_log(ret, options->sms_log, err)) {
        stand_store_close(&ret->store);
        world_free(ret->world);
        return false;
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&ret->stopped, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&ret->lock, NULL);
    pthread_rwlock_init(&ret->world_lock, NULL);
    return true;
}

static void forget(struct stand_message *message)
{
    free(message->reference);
    free(message->phone);
    free(message->text);
}

void stand_close(struct stand *stand)
{
    for (size_t i = 0; i < STAND_MESSAGES; i++) {
        forget(&stand->message[i]);
    }
    if (stand->sms_log >= 0) {
        close(stand->sms_log);
    }
    authority_service_free(stand->authority);
    stand_seal_close(stand->seal);
    stand_store_close(&stand->store);
    world_free(stand->world);
    pthread_rwlock_destroy(&stand->world_lock);
    pthread_mutex_destroy(&stand->lock);
    pthread_cond_destroy(&stand->stopped);
}

bool stand_seal(struct stand *stand, const char *url, struct err *err)
{
    struct stand_seal *seal = NULL;
    if (stand->options.authority && !stand_seal_open(stand->options.authority, url, &seal, err)) {
        return err_prefix(err, "--authority");
    }
    pthread_mutex_lock(&stand->lock);
    stand->seal = seal;
    stand->authority = seal ? authority_service_new(stand_seal_authority(seal), stand->world) : NULL;
    pthread_mutex_unlock(&stand->lock);
    return true;
}

/* ---- waiting ---- */

bool stand_wait(struct stand *stand, int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&stand->lock);
    while (!stand->stopping && pthread_cond_timedwait(&stand->stopped, &stand->lock, &until) != ETIMEDOUT) {
    }
    bool goes_on = !stand->stopping;
    pthread_mutex_unlock(&stand->lock);
    return goes_on;
}

void stand_stop(struct stand *stand)
{
    pthread_mutex_lock(&stand->lock);
    stand->stopping = true;
    pthread_cond_broadcast(&stand->stopped);
    pthread_mutex_unlock(&stand->lock);
}

/* ---- messages ---- */

static char *own_copy(struct str text)
{
    char *copy = mem_alloc(text.n + 1);
    if (text.n > 0) {
        memcpy(copy, text.p, text.n);
    }
    return copy;
}

static void write_message(const struct stand_message *message, struct json *j)
{
    char at[MOMENT_TEXT];
    json_open_object(j);
    json_put_text(j, "at", moment_format(message->at, at));
    json_put_text(j, "phone", message->phone);
    json_put_text(j, "text", message->text);
    json_put_text(j, "reference", message->reference);
    json_end(j);
}

static size_t first_kept(const struct stand *stand)
{
    return stand->messages > STAND_MESSAGES ? stand->messages - STAND_MESSAGES : 0;
}

static bool already_kept(const struct stand *stand, struct str reference)
{
    for (size_t i = first_kept(stand); i < stand->messages; i++) {
        if (str_is(reference, stand->message[i % STAND_MESSAGES].reference)) {
            return true;
        }
    }
    return false;
}

static void log_message(const struct stand *stand, const struct stand_message *message)
{
    struct buf line;
    struct json j;
    buf_init(&line, 64 << 10);
    json_init(&j, &line);
    write_message(message, &j);
    buf_add_char(&line, '\n');
    if (write(stand->sms_log, line.p, line.n) < 0) {
        perror("tirkeu-stand: --log-sms");
    }
    buf_release(&line);
}

void stand_message_keep(struct stand *stand, const struct registry_question *question)
{
    pthread_mutex_lock(&stand->lock);
    if (!already_kept(stand, question->reference)) {
        struct stand_message *message = &stand->message[stand->messages % STAND_MESSAGES];
        forget(message);
        *message = (struct stand_message){ .reference = own_copy(question->reference),
                                           .phone = own_copy(question->phone),
                                           .text = own_copy(question->text),
                                           .at = moment_now() };
        stand->messages++;
        if (stand->sms_log >= 0) {
            log_message(stand, message);
        }
    }
    pthread_mutex_unlock(&stand->lock);
}

void stand_messages_write(struct stand *stand, struct buf *json)
{
    struct json j;
    json_init(&j, json);
    json_open_array(&j);
    pthread_mutex_lock(&stand->lock);
    for (size_t i = first_kept(stand); i < stand->messages; i++) {
        write_message(&stand->message[i % STAND_MESSAGES], &j);
    }
    pthread_mutex_unlock(&stand->lock);
    json_end(&j);
}
