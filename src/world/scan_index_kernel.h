/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The indexing of a window, once for each kind of processor: whoever includes this names the function, SCAN_KERNEL.
 *
 * 64 bytes at a time: a bit a byte for each kind of byte, then arithmetic on the bits.
 * Quotes: the exclusive or of all quotes up to a byte says whether it is inside (doubled quotes cancel out).
 * UTF-8: the bytes after a leading byte, and no others, are continuation bytes.  Rare leading bytes (E0, ED, F0 and
 * above), whose next byte has a range of its own, count as not simple: the exact reader decides about them.
 */
#include "world/scan_impl.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define BLOCK 64

struct kinds {
    uint64_t comma, quote, newline;
    uint64_t control;        /* below 0x20 but the newline, and 0x7f */
    uint64_t high;           /* 0x80 and above; the others are only filled when there is any */
    uint64_t after, low;     /* 80 to BF; 80 to 9F */
    uint64_t three, c2, bad; /* leading bytes: of three; C2; those that are not simple */
};

#if defined(__SSE2__)

#if defined(__AVX2__)
#define LANES       32
#define EQUAL(v, c) MASK(_mm256_cmpeq_epi8(v, _mm256_set1_epi8((char)(c))))
#define ABOVE(v, c) MASK(_mm256_cmpgt_epi8(v, _mm256_set1_epi8((char)(c)))) /* as signed bytes: 80 to FF are -128 to -1 */
#define MASK(v)     ((uint64_t)(uint32_t)_mm256_movemask_epi8(v))
#define LOAD(p)     _mm256_loadu_si256((const __m256i *)(const void *)(p))
typedef __m256i vector;
#else
#define LANES       16
#define EQUAL(v, c) MASK(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)(c))))
#define ABOVE(v, c) MASK(_mm_cmpgt_epi8(v, _mm_set1_epi8((char)(c))))
#define MASK(v)     ((uint64_t)(uint32_t)_mm_movemask_epi8(v))
#define LOAD(p)     _mm_loadu_si128((const __m128i *)(const void *)(p))
typedef __m128i vector;
#endif

static inline void classify_high(const vector *v, struct kinds *k)
{
    for (int i = 0; i < BLOCK / LANES; i++) {
        uint64_t high = MASK(v[i]), after = high & ~ABOVE(v[i], -65);
        k->after |= after << LANES * i;
        k->low |= (high & ~ABOVE(v[i], -97)) << LANES * i;
        k->c2 |= EQUAL(v[i], 0xc2) << LANES * i;
        k->three |= (high & ABOVE(v[i], -33)) << LANES * i;
        k->bad |= ((high & ~after & ~ABOVE(v[i], -63)) | EQUAL(v[i], 0xe0) | EQUAL(v[i], 0xed) | (high & ABOVE(v[i], -17)))
                  << LANES * i;
    }
}

static inline void classify(const char *p, struct kinds *k)
{
    vector v[BLOCK / LANES];
    uint64_t visible = 0, del = 0;
    *k = (struct kinds){ 0 };
    for (int i = 0; i < BLOCK / LANES; i++) {
        v[i] = LOAD(p + LANES * i);
        k->comma |= EQUAL(v[i], ',') << LANES * i;
        k->quote |= EQUAL(v[i], '"') << LANES * i;
        k->newline |= EQUAL(v[i], '\n') << LANES * i;
        k->high |= MASK(v[i]) << LANES * i;
        visible |= ABOVE(v[i], 0x1f) << LANES * i;
        del |= EQUAL(v[i], 0x7f) << LANES * i;
    }
    k->control = ~(visible | k->high | k->newline) | del;
    if (k->high != 0)
        classify_high(v, k);
}

#else

static inline void classify(const char *p, struct kinds *k)
{
    *k = (struct kinds){ 0 };
    for (int i = 0; i < BLOCK; i++) {
        unsigned char c = (unsigned char)p[i];
        uint64_t bit = UINT64_C(1) << i;
        k->comma |= c == ',' ? bit : 0;
        k->quote |= c == '"' ? bit : 0;
        k->newline |= c == '\n' ? bit : 0;
        k->control |= (c < 0x20 && c != '\n') || c == 0x7f ? bit : 0;
        k->high |= c >= 0x80 ? bit : 0;
        k->after |= c >= 0x80 && c < 0xc0 ? bit : 0;
        k->low |= c >= 0x80 && c < 0xa0 ? bit : 0;
        k->c2 |= c == 0xc2 ? bit : 0;
        k->three |= c >= 0xe0 ? bit : 0;
        k->bad |= c == 0xc0 || c == 0xc1 || c == 0xe0 || c == 0xed || c >= 0xf0 ? bit : 0;
    }
}

#endif

/* From one block to the next. */
struct carry {
    uint64_t inside; /* all ones inside quotes */
    uint64_t after;  /* where continuation bytes are still to come: bits 0 and 1 */
    uint64_t c2;     /* the last byte was C2 */
    uint64_t wrong;
};

static inline void check_text(const struct kinds *k, struct carry *carry)
{
    uint64_t lead = k->high & ~k->after;
    uint64_t expected = lead << 1 | k->three << 2 | carry->after;
    carry->wrong |= k->control;
    if ((k->high | carry->after) == 0)
        return;
    carry->wrong |= (k->after ^ expected) | k->bad | ((k->c2 << 1 | carry->c2) & k->low);
    carry->after = lead >> 63 | k->three >> 62;
    carry->c2 = k->c2 >> 63;
}

/* Each bit becomes all bits up to and with it, exclusive or. */
static inline uint64_t insides(uint64_t quote)
{
    for (int i = 1; i < 64; i *= 2)
        quote ^= quote << i;
    return quote;
}

static inline uint32_t *put_places(uint32_t *to, uint64_t structure, uint32_t base)
{
    for (; structure != 0; structure &= structure - 1)
        *to++ = base + (uint32_t)__builtin_ctzll(structure);
    return to;
}

static inline uint32_t *index_block(const char *p, uint32_t base, struct carry *carry, uint32_t *to)
{
    struct kinds k;
    classify(p, &k);
    check_text(&k, carry);
    uint64_t inside = carry->inside;
    if (k.quote != 0) {
        inside ^= insides(k.quote);
        carry->inside = (uint64_t)((int64_t)inside >> 63);
    }
    carry->wrong |= k.newline & inside;
    return put_places(to, ((k.comma | k.newline) & ~inside) | k.quote, base);
}

void SCAN_KERNEL(const char *p, size_t n, struct scan_index *ret)
{
    struct carry carry = { 0 };
    uint32_t *to = ret->at;
    size_t at = 0;
    for (; at + BLOCK <= n; at += BLOCK)
        to = index_block(p + at, (uint32_t)at, &carry, to);
    if (at < n) {
        char last[BLOCK];
        memset(last, ' ', sizeof last);
        memcpy(last, p + at, n - at);
        /* A sequence that is cut off here is seen again with the record that it is in. */
        uint64_t before = carry.wrong;
        carry.wrong = 0;
        to = index_block(last, (uint32_t)at, &carry, to);
        carry.wrong = before | (carry.wrong & ((UINT64_C(1) << (n - at)) - 1));
    }
    ret->count = (int)(to - ret->at);
    ret->simple = carry.wrong == 0;
}
