/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Civil dates of the proleptic Gregorian calendar, and moments.
 *
 * A day is the number of days since 1970-01-01; a moment is milliseconds since then, UTC.
 * They are different types: the law goes by the legal day, timers by the moment, and neither
 * is read from the system inside a module (only moment_now, called by the wiring).
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct day {
    int32_t n;
};
#define DAY_NONE       ((struct day){ INT32_MIN })
#define DAY_FIRST_YEAR 1800
#define DAY_LAST_YEAR  2199

static inline bool day_is_none(struct day d) { return d.n == INT32_MIN; }

struct day day_of(int year, int month, int day); /* DAY_NONE when there is no such day in 1800..2199 */
void day_split(struct day d, int *ret_year, int *ret_month, int *ret_day);
bool day_parse(struct str s, struct day *ret);            /* exactly YYYY-MM-DD, 1800 to 2199 */
#define DAY_TEXT 11                                       /* "YYYY-MM-DD" and NUL */
const char *day_format(struct day d, char ret[DAY_TEXT]); /* "" for DAY_NONE; returns ret */
/* The same day of another year; 29 February of a common year becomes 1 March. */
struct day day_add_years(struct day d, int years);
/* In force on `day`: an empty start means always, an empty end means still. */
static inline bool day_within(struct day day, struct day since, struct day until)
{
    return (day_is_none(since) || since.n <= day.n) && (day_is_none(until) || until.n >= day.n);
}

struct moment {
    int64_t ms;
};
struct moment moment_now(void);
#define MOMENT_TEXT 25 /* "YYYY-MM-DDTHH:MM:SS.mmmZ" and NUL */
const char *moment_format(struct moment m, char ret[MOMENT_TEXT]);
bool moment_parse(struct str s, struct moment *ret); /* RFC 3339, UTC or with an offset */
struct day moment_day(struct moment m, int utc_offset_minutes);

#ifdef __cplusplus
}
#endif

#endif
