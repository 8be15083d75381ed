/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Included by the compiler before every file (Makefile): calling one of these stops the build.
 *
 * A declaration as deprecated does that under -Werror, and leaves system headers alone that name one
 * of them; a poisoned identifier would not.  It comes before the system's own, where clang wants it.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdarg.h>
#include <sys/types.h>

struct tm;
#define BANNED(instead) __attribute__((deprecated("banned: use " instead)))

/* no limit */
char *strcpy(char *, const char *) BANNED("struct buf or arena_text");
char *strcat(char *, const char *) BANNED("struct buf");
int sprintf(char *, const char *, ...) BANNED("struct buf or snprintf");
int vsprintf(char *, const char *, va_list) BANNED("struct buf or vsnprintf");
char *gets(char *) BANNED("file_read");
/* no errors */
int atoi(const char *) BANNED("str_to_u64");
long atol(const char *) BANNED("str_to_u64");
long long atoll(const char *) BANNED("str_to_u64");
double atof(const char *) BANNED("decimal_parse");
int sscanf(const char *, const char *, ...) BANNED("a parser with limits");
/* hidden state, and the system's time zone */
char *strtok(char *, const char *) BANNED("str_split");
struct tm *localtime(const time_t *) BANNED("moment_day");
struct tm *gmtime(const time_t *) BANNED("moment_day");
char *asctime(const struct tm *) BANNED("day_format");
char *ctime(const time_t *) BANNED("moment_format");

#undef BANNED

/* With clang and _FORTIFY_SOURCE these are macros, which would hide the declarations. */
#include <stdio.h>
#undef sprintf
#undef vsprintf

#endif
