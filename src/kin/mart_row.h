/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that change under their readers.
 *
 * A person row of a live mart is written and read by one aligned instruction of 16 bytes, which every x86-64 processor with AVX
 * carries out as a whole (Intel SDM volume 3, 9.1.1; AMD APM volume 2, 7.3.2).  It has to be that instruction: a load that is
 * left to the compiler may become several.  Elsewhere each row belongs to one of a few counters, odd while a row of its changes;
 * a reader who saw it change reads again.
 */
#ifndef KIN_MART_ROW_H
#define KIN_MART_ROW_H

#include "kin/kin_file.h"

#include <string.h>
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

#define KIN_ROW_COUNTERS 256
extern uint32_t kin_row_counter[KIN_ROW_COUNTERS];

static inline uint32_t *kin_row_counter_of(const struct kin_person_row *row)
{
    return &kin_row_counter[(uintptr_t)row / sizeof *row % KIN_ROW_COUNTERS];
}

static inline struct kin_person_row kin_row_load_counted(const struct kin_person_row *p)
{
    uint32_t *counter = kin_row_counter_of(p);
    struct kin_person_row row;
    for (;;) {
        uint32_t before = __atomic_load_n(counter, __ATOMIC_ACQUIRE);
        row.key = __atomic_load_n(&p->key, __ATOMIC_ACQUIRE);
        row.mother = __atomic_load_n(&p->mother, __ATOMIC_ACQUIRE);
        row.father = __atomic_load_n(&p->father, __ATOMIC_ACQUIRE);
        row.spouse = __atomic_load_n(&p->spouse, __ATOMIC_ACQUIRE);
        if ((before & 1) == 0 && __atomic_load_n(counter, __ATOMIC_RELAXED) == before)
            return row;
    }
}

static inline void kin_row_store_counted(struct kin_person_row *p, struct kin_person_row row)
{
    uint32_t *counter = kin_row_counter_of(p), even;
    do { /* rows of two marts may share a counter */
        even = __atomic_load_n(counter, __ATOMIC_RELAXED) & ~UINT32_C(1);
    } while (!__atomic_compare_exchange_n(counter, &even, even + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
    __atomic_store_n(&p->mother, row.mother, __ATOMIC_RELEASE);
    __atomic_store_n(&p->father, row.father, __ATOMIC_RELEASE);
    __atomic_store_n(&p->spouse, row.spouse, __ATOMIC_RELEASE);
    __atomic_store_n(&p->key, row.key, __ATOMIC_RELEASE);
    __atomic_store_n(counter, even + 2, __ATOMIC_RELEASE);
}

#if defined(__x86_64__)
#if defined(__AVX__)
#define KIN_MOVE "vmovdqa"
#else
#define KIN_MOVE "movdqa"
#endif
static inline struct kin_person_row kin_row_load(const struct kin_person_row *p)
{
    __m128i whole;
    struct kin_person_row row;
    __asm__(KIN_MOVE " %1, %0" : "=x"(whole) : "m"(*p));
    memcpy(&row, &whole, sizeof row);
    return row;
}
static inline void kin_row_store(struct kin_person_row *p, struct kin_person_row row)
{
    __m128i whole;
    memcpy(&whole, &row, sizeof whole);
    __asm__ volatile(KIN_MOVE " %1, %0" : "=m"(*p) : "x"(whole) : "memory");
}
#undef KIN_MOVE
#else
static inline struct kin_person_row kin_row_load(const struct kin_person_row *p) { return kin_row_load_counted(p); }
static inline void kin_row_store(struct kin_person_row *p, struct kin_person_row row) { kin_row_store_counted(p, row); }
#endif

/* Eight bytes at once: kin_life, kin_birth_act. */
#define KIN_LOAD_8(pointer, ret)                                                                                                 \
    do {                                                                                                                         \
        uint64_t whole_ = __atomic_load_n((const uint64_t *)(const void *)(pointer), __ATOMIC_ACQUIRE);                          \
        memcpy((ret), &whole_, sizeof whole_);                                                                                   \
    } while (0)
#define KIN_STORE_8(pointer, value)                                                                                              \
    do {                                                                                                                         \
        uint64_t whole_;                                                                                                         \
        memcpy(&whole_, (value), sizeof whole_);                                                                                 \
        __atomic_store_n((uint64_t *)(void *)(pointer), whole_, __ATOMIC_RELEASE);                                               \
    } while (0)

#endif
