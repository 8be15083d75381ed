/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can fail returns bool and takes `struct err *err` last; on false, *err says what happened.
 * A kind maps to an HTTP status and an exit code in one table (err.c).  Never both log and return.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum err_kind {
    ERR_NONE,
    ERR_INPUT,     /* the bytes given are wrong: 400, exit 2 */
    ERR_NOT_FOUND, /* 404 */
    ERR_FORBIDDEN, /* 403 */
    ERR_CONFLICT,  /* somebody else was faster, or the state does not allow it: 409 */
    ERR_LIMIT,     /* too large, too many, too often: 429 */
    ERR_SILENT,    /* a register or another system did not answer: 503 */
    ERR_SYSTEM     /* disk, memory, operating system: 500 */
};

struct err {
    enum err_kind kind;
    int again; /* ERR_LIMIT: seconds after which it may be tried again; 0: not known */
    char text[480];
};

/* Always returns false, so that a caller writes: return err_set(err, ERR_INPUT, "..."). */
bool err_set(struct err *err, enum err_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* After err_set: it may be tried again in `ms`; returns false. */
bool err_again(struct err *err, int64_t ms);
/* Puts "prefix: " before the text that is already there; returns false. */
bool err_prefix(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
int err_http_status(enum err_kind kind);
int err_exit_code(enum err_kind kind);

/* For what cannot happen: prints file and line and aborts. */
#define BUG(...) err_bug(__FILE__, __LINE__, __VA_ARGS__)
void err_bug(const char *file, int line, const char *format, ...) __attribute__((noreturn, format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif

#endif
