/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of applications for processors with AVX2: the RKA in one half of a register, the IIN in the other. */
#if defined(__x86_64__)
#include "kin/mart_decide.h"

#include <immintrin.h>

_Static_assert(sizeof(struct kin_application) == 32 && offsetof(struct kin_application, applicant) == 16, "one load");

#define RKA_DIGITS 0x0000ffffu
#define IIN_DIGITS 0x0fff0000u

/* Whether month and day of the IIN are any: bytes of the register that hold such pairs. */
static inline unsigned dated(__m256i pairs)
{
    const __m256i least = _mm256_setr_epi16(-1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, -1, -1, -1, -1, -1);
    const __m256i most = _mm256_setr_epi16(100, 100, 100, 100, 100, 100, 100, 100, 100, 13, 32, 100, 100, 100, 100, 100);
    __m256i good = _mm256_and_si256(_mm256_cmpgt_epi16(pairs, least), _mm256_cmpgt_epi16(most, pairs));
    return (unsigned)_mm256_movemask_epi8(good);
}

static inline void read_one(const struct kin_application *a, uint64_t *ret_rka, uint32_t *ret_key)
{
    __m256i v = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)(const void *)a), _mm256_set1_epi8('0'));
    unsigned digits = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8(9)), v));
    /* The check digit and what stands behind it weigh nothing. */
    __m256i pairs = _mm256_maddubs_epi16(v, _mm256_setr_epi8(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, /* RKA */
                                                             10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 1, 0, 0, 0, 0, 0));
    digits &= dated(pairs);
    __m256i parts = _mm256_madd_epi16(pairs, _mm256_setr_epi16(100, 1, 100, 1, 100, 1, 100, 1, 12, 1, 100, 1, 10, 1, 0, 0));
    __m128i fours = _mm256_castsi256_si128(parts), iin = _mm256_extracti128_si256(v, 1);
    __m128i eights = _mm_madd_epi16(_mm_packs_epi32(fours, fours), _mm_setr_epi16(10000, 1, 10000, 1, 0, 0, 0, 0));
    __m128i key = _mm_mullo_epi32(_mm256_extracti128_si256(parts, 1), _mm_setr_epi32(3100000, 1000, 1, 0));
    __m128i one = _mm_set1_epi16(1);
    __m128i sum = _mm_madd_epi16(_mm_maddubs_epi16(iin, _mm_setr_epi8(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 0, 0, 0, 0)), one);
    __m128i sum2 = _mm_madd_epi16(_mm_maddubs_epi16(iin, _mm_setr_epi8(3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2, 0, 0, 0, 0, 0)), one);
    __m128i all = _mm_hadd_epi32(_mm_hadd_epi32(sum, sum2), _mm_hadd_epi32(key, key));
    uint32_t word[4]; /* sum, second sum, key, key */
    _mm_storeu_si128((__m128i *)(void *)word, all);
    uint64_t high = (uint32_t)_mm_cvtsi128_si32(eights), low = (uint32_t)_mm_extract_epi32(eights, 1);
    uint32_t check = word[0] % 11;
    check = check == 10 ? word[1] % 11 : check;
    bool good = (digits & IIN_DIGITS) == IIN_DIGITS && check == (uint32_t)(a->applicant[11] - '0');
    *ret_rka = (digits & RKA_DIGITS) == RKA_DIGITS ? high * 100000000 + low : 0;
    *ret_key = good ? word[2] - 3200000 : 0;
}

void kin_read_applications_avx2(const struct kin_application *applications, int count, uint64_t *ret_rka, uint32_t *ret_key)
{
    for (int i = 0; i < count; i++)
        read_one(&applications[i], &ret_rka[i], &ret_key[i]);
}
#else
typedef int kin_no_reading_here; /* ISO C wants something in a file */
#endif
