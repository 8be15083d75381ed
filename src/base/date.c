/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"

#include <string.h>
#include <time.h>

#include "base/err.h"

#define DAY_MS INT64_C(86400000)

static bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

/*
 * Days since 1970-01-01 with years that begin in March, so that the leap day is the last of its year:
 * 153 days are five months from March on, 146097 days are 400 years, 719468 days lie before 1970-01-01.
 */
static int32_t days_of(int year, int month, int day)
{
    int y = year - (month <= 2), m = month > 2 ? month - 3 : month + 9;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

struct day day_of(int year, int month, int day)
{
    static const signed char length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (year < DAY_FIRST_YEAR || year > DAY_LAST_YEAR || month < 1 || month > 12 || day < 1)
        return DAY_NONE;
    if (day > length[month - 1] + (month == 2 && is_leap(year)))
        return DAY_NONE;
    return (struct day){ days_of(year, month, day) };
}

/* Of any day that an int32_t can hold. */
static void split_far(struct day d, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t from_march = (int64_t)d.n + 719468; /* since 0000-03-01 */
    int64_t cycle = (from_march >= 0 ? from_march : from_march - 146096) / 146097;
    int in_cycle = (int)(from_march - cycle * 146097);
    int y = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
    int in_year = in_cycle - (365 * y + y / 4 - y / 100);
    int m = (5 * in_year + 2) / 153;

    *ret_day = in_year - (153 * m + 2) / 5 + 1;
    *ret_month = m < 10 ? m + 3 : m - 9;
    *ret_year = (int)(y + cycle * 400) + (*ret_month <= 2);
}

/*
 * Years 0 to some 9000 with two divisions: C. Neri and L. Schneider, "Euclidean affine functions and their application to
 * calendar algorithms" (2022), figure 12.  A century, its year, its day; then month and day of a year that begins in March.
 */
void day_split(struct day d, int *ret_year, int *ret_month, int *ret_day)
{
    uint32_t days, quarter, in_century, of_year, month;
    uint64_t product;
    bool after_december;

    if (d.n < -719468 || d.n > 2500000) {
        split_far(d, ret_year, ret_month, ret_day);
        return;
    }
    days = (uint32_t)(d.n + 719468) * 4 + 3; /* quarters of a day since 0000-03-01 */
    quarter = days / 146097;
    in_century = days % 146097 / 4 * 4 + 3;
    product = UINT64_C(2939745) * in_century;
    of_year = (uint32_t)product / 2939745 / 4;
    month = 2141 * of_year + 197913;
    after_december = of_year >= 306;
    *ret_year = (int)(100 * quarter + (uint32_t)(product >> 32)) + after_december;
    *ret_month = (int)(month >> 16) - (after_december ? 12 : 0);
    *ret_day = (int)((month & 65535) / 2141) + 1;
}

/* The number in n ASCII digits, -1 when one is not a digit. */
static int number(const char *p, int n)
{
    int value = 0;

    for (int i = 0; i < n; i++) {
        unsigned digit = (unsigned)(unsigned char)p[i] - '0';

        if (digit > 9)
            return -1;
        value = value * 10 + (int)digit;
    }
    return value;
}

bool day_parse(struct str s, struct day *ret)
{
    struct day d;

    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
        return false;
    d = day_of(number(s.p, 4), number(s.p + 5, 2), number(s.p + 8, 2));
    if (day_is_none(d))
        return false;
    *ret = d;
    return true;
}

static char *put_number(char *p, int value, int digits)
{
    for (int i = digits; i-- > 0; value /= 10)
        p[i] = (char)('0' + value % 10);
    return p + digits;
}

/* Out of the years that have four digits there is nothing to write. */
static char *put_day(char *p, struct day d)
{
    int year, month, day;

    day_split(d, &year, &month, &day);
    if (year < 0 || year > 9999)
        BUG("day %d", d.n);
    p = put_number(p, year, 4);
    *p++ = '-';
    p = put_number(p, month, 2);
    *p++ = '-';
    return put_number(p, day, 2);
}

const char *day_format(struct day d, char ret[DAY_TEXT])
{
    char *p = day_is_none(d) ? ret : put_day(ret, d);

    *p = 0;
    return ret;
}

struct day day_add_years(struct day d, int years)
{
    int year, month, day;

    if (day_is_none(d))
        return d;
    day_split(d, &year, &month, &day);
    year += years;
    if (month == 2 && day == 29 && !is_leap(year)) {
        month = 3;
        day = 1;
    }
    return (struct day){ days_of(year, month, day) };
}

struct moment moment_now(void)
{
    struct timespec t;

    if (clock_gettime(CLOCK_REALTIME, &t) != 0)
        BUG("clock_gettime failed");
    return (struct moment){ (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 };
}

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

const char *moment_format(struct moment m, char ret[MOMENT_TEXT])
{
    int64_t day = floor_div(m.ms, DAY_MS);
    int ms = (int)(m.ms - day * DAY_MS);
    char *p = put_day(ret, (struct day){ (int32_t)day });

    *p++ = 'T';
    p = put_number(p, ms / 3600000, 2);
    *p++ = ':';
    p = put_number(p, ms / 60000 % 60, 2);
    *p++ = ':';
    p = put_number(p, ms / 1000 % 60, 2);
    *p++ = '.';
    p = put_number(p, ms % 1000, 3);
    *p++ = 'Z';
    *p = 0;
    return ret;
}

/* ".5", ".123456": milliseconds, the rest cut; -1 when there is no digit after the point. */
static int parse_fraction(struct str *rest)
{
    int ms = 0, weight = 100;
    size_t i = 1;

    if (rest->n == 0 || rest->p[0] != '.')
        return 0;
    for (; i < rest->n && rest->p[i] >= '0' && rest->p[i] <= '9'; i++) {
        ms += weight * (rest->p[i] - '0');
        weight /= 10;
    }
    rest->p += i;
    rest->n -= i;
    return i > 1 ? ms : -1;
}

/* "Z" or "+05:00" */
static bool parse_offset(struct str s, int *ret_minutes)
{
    int hours, minutes;

    if (s.n == 1 && (s.p[0] == 'Z' || s.p[0] == 'z')) {
        *ret_minutes = 0;
        return true;
    }
    if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':')
        return false;
    hours = number(s.p + 1, 2);
    minutes = number(s.p + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *ret_minutes = (hours * 60 + minutes) * (s.p[0] == '-' ? -1 : 1);
    return true;
}

bool moment_parse(struct str s, struct moment *ret)
{
    struct str rest;
    struct day d;
    int hour, minute, second, fraction, offset;

    if (s.n < 20 || s.p[13] != ':' || s.p[16] != ':' || (s.p[10] != 'T' && s.p[10] != 't'))
        return false;
    hour = number(s.p + 11, 2);
    minute = number(s.p + 14, 2);
    second = number(s.p + 17, 2);
    rest = (struct str){ s.p + 19, s.n - 19 };
    fraction = parse_fraction(&rest);
    if (!day_parse((struct str){ s.p, 10 }, &d) || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return false;
    /* A leap second is the first moment of the next minute. */
    if (second < 0 || second > 60 || fraction < 0 || !parse_offset(rest, &offset))
        return false;
    ret->ms = d.n * DAY_MS + ((hour * 60 + minute - offset) * INT64_C(60) + second) * 1000 + fraction;
    return true;
}

struct day moment_day(struct moment m, int utc_offset_minutes)
{
    return (struct day){ (int32_t)floor_div(m.ms + utc_offset_minutes * INT64_C(60000), DAY_MS) };
}
