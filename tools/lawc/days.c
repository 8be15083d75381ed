/* SPDX-License-Identifier: Apache-2.0 */
/* Days and spans of days. */
#include <string.h>

#include "lawc.h"

/* `n` digits at *p, which moves past them; -1 when they are not all digits. */
static int digits(const char **p, int n)
{
    int value = 0;
    for (; n > 0; n--, (*p)++) {
        if (**p < '0' || **p > '9')
            return -1;
        value = value * 10 + (**p - '0');
    }
    return value;
}

/* Takes YYYY-MM-DD off *p. */
static bool date_take(const char **p, int *y, int *m, int *d)
{
    *y = digits(p, 4);
    if (*y < 0 || *(*p)++ != '-')
        return false;
    *m = digits(p, 2);
    if (*m < 0 || *(*p)++ != '-')
        return false;
    *d = digits(p, 2);
    return *d >= 0;
}

/* Takes a day off *p as the number of days since 1970-01-01; false when there is no such day. */
static bool day_take(const char **p, int32_t *ret)
{
    static const int lengths[12] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int y, m, d;
    if (!date_take(p, &y, &m, &d))
        return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (y < 1800 || y > 2199 || m < 1 || m > 12 || d < 1 || d > lengths[m - 1] - (m == 2 && !leap))
        return false;
    int32_t days = d - 1;
    for (int i = 0; i < m - 1; i++)
        days += lengths[i] - (i == 1 && !leap);
    int32_t before = y - 1;
    *ret = days + 365 * before + before / 4 - before / 100 + before / 400 - 719162;
    return true;
}

bool span_read(const char *text, int32_t *ret_since, int32_t *ret_until)
{
    *ret_until = INT32_MIN;
    if (!day_take(&text, ret_since) || strncmp(text, " ..", 3) != 0)
        return false;
    text += 3;
    if (*text == '\0')
        return true;
    return *text++ == ' ' && day_take(&text, ret_until) && *text == '\0' && *ret_until >= *ret_since;
}
