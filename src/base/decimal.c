/* SPDX-License-Identifier: Apache-2.0 */
#include "base/decimal.h"

#include <string.h>

/* Takes up to `limit` digits off the front of *s onto *value; how many there were. */
static int take_digits(struct str *s, int limit, int64_t *value)
{
    int n = 0;

    while (n < limit && s->n && s->p[0] >= '0' && s->p[0] <= '9') {
        *value = *value * 10 + (s->p[0] - '0');
        s->p++;
        s->n--;
        n++;
    }
    return n;
}

bool decimal_parse(struct str s, int64_t *ret_hundredths)
{
    int64_t value = 0;
    int decimals = 0;

    if (take_digits(&s, 9, &value) == 0)
        return false;
    if (s.n && s.p[0] == '.') {
        s.p++;
        s.n--;
        decimals = take_digits(&s, 2, &value);
        if (decimals == 0)
            return false;
    }
    if (s.n)
        return false;
    *ret_hundredths = decimals == 0 ? value * 100 : decimals == 1 ? value * 10 : value;
    return true;
}

const char *decimal_format(int64_t hundredths, char ret[DECIMAL_TEXT])
{
    uint64_t left = hundredths < 0 ? 0 - (uint64_t)hundredths : (uint64_t)hundredths;
    char text[DECIMAL_TEXT], *p = text + sizeof text;

    *--p = 0;
    for (int digits = 0; digits < 3 || left; digits++) {
        if (digits == 2)
            *--p = '.';
        *--p = (char)('0' + left % 10);
        left /= 10;
    }
    if (hundredths < 0)
        *--p = '-';
    memcpy(ret, p, (size_t)(text + sizeof text - p));
    return ret;
}

const char *decimal_format_short(int64_t hundredths, char ret[DECIMAL_TEXT])
{
    int n;

    decimal_format(hundredths, ret);
    for (n = 0; ret[n] != '.';)
        n++;
    if (ret[n + 1] == '0' && ret[n + 2] == '0')
        ret[n] = 0;
    else if (ret[n + 2] == '0')
        ret[n + 2] = 0;
    return ret;
}
