/* SPDX-License-Identifier: Apache-2.0 */
/* An IIN as a key of 32 bits, and the few numbers that have none. */
#include "kin/live_impl.h"

#include <stdlib.h>

#define SERIALS 10000u

uint32_t kin_key_of(struct iin iin)
{
    uint64_t digits = iin.n / 10; /* the check digit follows from the others */
    uint32_t serial = (uint32_t)(digits % SERIALS), rest = (uint32_t)(digits / SERIALS);
    uint32_t g = rest % 10, day = rest / 10 % 100, month = rest / 1000 % 100, year = rest / 100000;
    if (month - 1 > 11 || day - 1 > 30)
        return 0;
    return (((year * 12 + month - 1) * 31 + day - 1) * 10 + g) * SERIALS + serial;
}

struct iin kin_key_iin(uint32_t key)
{
    uint32_t serial = key % SERIALS, rest = key / SERIALS;
    uint32_t g = rest % 10, day = rest / 10 % 31 + 1, month = rest / 310 % 12 + 1, year = rest / 3720;
    uint64_t eleven = (((uint64_t)year * 100 + month) * 100 + day) * 10 + g;
    eleven = eleven * SERIALS + serial;
    return (struct iin){ eleven * 10 + (uint64_t)iin_check_digit(eleven) };
}

uint32_t kin_mart_key(const struct kin_mart *mart, struct iin iin)
{
    uint32_t key = kin_key_of(iin);
    if (key != 0 || iin_is_none(iin))
        return key;
    const uint64_t *list = KIN_ITEMS(mart, KIN_IRREGULAR_IIN, uint64_t);
    uint64_t low = 0, high = mart->section[KIN_IRREGULAR_IIN].count;
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (list[middle] < iin.n)
            low = middle + 1;
        else
            high = middle;
    }
    if (mart->live != NULL && (low >= mart->section[KIN_IRREGULAR_IIN].count || list[low] != iin.n))
        return kin_live_irregular_key(mart->live, iin);
    bool there = low < mart->section[KIN_IRREGULAR_IIN].count && list[low] == iin.n;
    return there ? KIN_KEY_IRREGULAR + (uint32_t)low : 0;
}

struct iin kin_mart_iin(const struct kin_mart *mart, uint32_t key)
{
    if (key == 0 || key == KIN_KEY_MANY)
        return (struct iin){ 0 };
    if (key < KIN_KEY_IRREGULAR)
        return kin_key_iin(key);
    uint64_t place = key - KIN_KEY_IRREGULAR;
    if (mart->live != NULL && place >= mart->section[KIN_IRREGULAR_IIN].count)
        return kin_live_irregular_iin(mart->live, key);
    return (struct iin){ place < mart->section[KIN_IRREGULAR_IIN].count ? KIN_ITEMS(mart, KIN_IRREGULAR_IIN, uint64_t)[place]
                                                                        : 0 };
}
