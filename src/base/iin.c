/* SPDX-License-Identifier: Apache-2.0 */
#include "base/iin.h"

#include <endian.h>
#include <string.h>

#define IIN_DIGITS 12

/* Sums of at most 9 * 66 = 594: modulo 11 the compiler multiplies and shifts. */
static unsigned weigh(const unsigned char d[IIN_DIGITS], const unsigned char weights[11])
{
    unsigned sum = 0;

    for (int i = 0; i < 11; i++)
        sum += (unsigned)d[i] * weights[i];
    return sum % 11;
}

static int check_digit(const unsigned char d[IIN_DIGITS])
{
    static const unsigned char first[11] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
    static const unsigned char second[11] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2 };
    unsigned digit = weigh(d, first);

    if (digit == 10)
        digit = weigh(d, second);
    return digit < 10 ? (int)digit : -1;
}

static enum iin_kind kind_of_fifth(unsigned digit) { return digit <= 3 ? IIN_PERSON : digit <= 6 ? IIN_COMPANY : IIN_BAD; }

/*
 * A country's files hold hundreds of millions of these numbers, so parsing works on all digits at once:
 * eight bytes of text become four 16-bit lanes of the even and four of the odd places, first digit lowest.
 */
struct lanes {
    uint64_t even, odd;
};

#define LANES(a, b, c, d) ((uint64_t)(a) | (uint64_t)(b) << 16 | (uint64_t)(c) << 32 | (uint64_t)(d) << 48)

/* Eight bytes with '0' taken off each; a bit of 0x80 in *bad for every byte that was not a digit. */
static uint64_t load_digits(const char *p, uint64_t *bad)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    v = le64toh(v) ^ UINT64_C(0x3030303030303030);
    /* +0x76 carries a byte of 10 to 127 into its top bit; the top bit of a larger one is set already (and its carry out
     * spoils only neighbours of a text that is refused anyway). */
    *bad |= ((v + UINT64_C(0x7676767676767676)) | v) & UINT64_C(0x8080808080808080);
    return v;
}

static struct lanes lanes_of(uint64_t v)
{
    return (struct lanes){ v & LANES(255, 255, 255, 255), v >> 8 & LANES(255, 255, 255, 255) };
}

/* Sum of the digits by their weights: the top lane of a product with the weights in reverse; no lane comes near 65536. */
static unsigned weigh_lanes(struct lanes d, uint64_t even_reversed, uint64_t odd_reversed)
{
    return (unsigned)((d.even * even_reversed >> 48) + (d.odd * odd_reversed >> 48));
}

/* Pairs of digits, then fours, then all eight. */
static uint64_t value_of(struct lanes d)
{
    uint64_t pairs = d.even * 10 + d.odd;
    uint64_t fours = (pairs * (1 + (UINT64_C(100) << 16))) >> 16 & UINT64_C(0x0000ffff0000ffff);

    return (fours * (1 + (UINT64_C(10000) << 32))) >> 32;
}

enum iin_kind iin_parse(struct str s, struct iin *ret)
{
    struct lanes head, tail;
    uint64_t bad = 0, first, last;
    enum iin_kind kind;
    unsigned sum, check;

    if (s.n != IIN_DIGITS)
        return IIN_BAD;
    first = load_digits(s.p, &bad);
    last = load_digits(s.p + 4, &bad) >> 32 << 32; /* the last four; the first four of these were in `first` */
    if (bad)
        return IIN_BAD;
    head = lanes_of(first);
    tail = lanes_of(last);
    check = (unsigned)(last >> 56);
    sum = weigh_lanes(head, LANES(7, 5, 3, 1), LANES(8, 6, 4, 2)) + weigh_lanes(tail, LANES(11, 9, 0, 0), LANES(0, 10, 0, 0));
    if (sum % 11 == 10)
        sum = weigh_lanes(head, LANES(9, 7, 5, 3), LANES(10, 8, 6, 4)) + weigh_lanes(tail, LANES(2, 11, 0, 0), LANES(0, 1, 0, 0));
    kind = kind_of_fifth((unsigned)(first >> 32 & 255));
    /* Twelve zeros pass the arithmetic, but 0 stands for none. */
    if (kind == IIN_BAD || sum % 11 != check || (first | last) == 0)
        return IIN_BAD;
    ret->n = value_of(head) * 10000 + value_of(tail);
    return kind;
}

enum iin_kind iin_kind_of(struct iin iin) { return iin.n ? kind_of_fifth((unsigned)(iin.n / 10000000 % 10)) : IIN_BAD; }

static void split(uint64_t n, unsigned char *ret, int digits)
{
    for (int i = digits; i-- > 0; n /= 10)
        ret[i] = (unsigned char)(n % 10);
}

int iin_check_digit(uint64_t first_eleven)
{
    unsigned char d[IIN_DIGITS] = { 0 };

    if (first_eleven > UINT64_C(99999999999))
        return -1;
    split(first_eleven, d, 11);
    return check_digit(d);
}

const char *iin_format(struct iin iin, char ret[IIN_TEXT])
{
    unsigned char d[IIN_DIGITS];

    ret[0] = 0;
    if (iin.n == 0)
        return ret;
    split(iin.n, d, IIN_DIGITS);
    for (int i = 0; i < IIN_DIGITS; i++)
        ret[i] = (char)('0' + d[i]);
    ret[IIN_DIGITS] = 0;
    return ret;
}
