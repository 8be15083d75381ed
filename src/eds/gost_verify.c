/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verifying (GOST R 34.10-2012, 6.2): with v = 1/e, C = (s v) G + (- r v) Q; the signature is good when x of C is r modulo q.
 *
 * Both products go together, each number cut into four parts and written with odd signed digits (wNAF; D. Hankerson, A. Menezes,
 * S. Vanstone, Guide to Elliptic Curve Cryptography, 3.30, 3.36 and 3.51): the doublings are shared, and with multiples of
 * 2^(n/4) Q, 2^(n/2) Q, 2^(3n/4) Q at hand there are a quarter of them.  G always has those; a key has them from its third
 * signature on. Everything here is public, so it may take different time for different numbers.
 */
#include "eds/gost_verify.h"
#include "eds/gost_curve.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    PARTS = 4,
    BITS_MAX = 8 * GOST_SIZE_MAX,
    WIDTH_G = 8,
    WIDTH_KEPT = 6, /* of a key that is seen again */
    WIDTH_ONCE = 5,
    POINTS_G = 1 << (WIDTH_G - 2),
    POINTS_KEPT = 1 << (WIDTH_KEPT - 2),
    POINTS_ONCE = 1 << (WIDTH_ONCE - 2),
    USES_TO_KEEP = 3
};

struct gost_table {
    struct affine part[PARTS][POINTS_KEPT];
};
struct gost_uses {
    atomic_uint count;
    _Atomic(struct gost_table *) table;
};

/* One product: digits of a number (or of a part of it) and the odd multiples that they stand for. */
struct term {
    const struct affine *multiple;
    int digits;
    signed char digit[BITS_MAX + 1];
};

/* ---- multiples ---- */

/* Of p, 2^shift p, 2^(2 shift) p ...: `count` odd multiples each. */
static void make_tables(const struct field *f, const struct affine *p, int parts, size_t count, int shift, struct affine *ret)
{
    struct jacobian *points = mem_alloc((size_t)parts * count * sizeof *points), at;
    point_from_affine(f, p, &at);
    for (int part = 0; part < parts; part++) {
        point_odd_multiples(f, &at, count, points + (size_t)part * count);
        for (int i = 0; i < shift && part + 1 < parts; i++)
            point_double(f, &at);
    }
    points_to_affine(f, points, (size_t)parts * count, ret);
    free(points);
}

static struct affine generator_table[GOST_KINDS][PARTS][POINTS_G];

static void make_generator_tables(void)
{
    for (int i = 0; i < GOST_KINDS; i++) {
        const struct gost_kind *kind = &gost_kinds[i];
        unsigned char one[GOST_SIZE_MAX] = { 1 };
        struct gost_key key;
        struct affine g;
        if (!kind->curve)
            continue;
        const struct field f = field_of(kind);
        gost_key_init(&key, kind);
        if (!gost_key_set_private(&key, one, kind->size))
            BUG("no generator");
        field_from_bytes(&f, key.point, g.x);
        field_from_bytes(&f, key.point + kind->size, g.y);
        make_tables(&f, &g, PARTS, POINTS_G, (int)kind->size * 8 / PARTS, generator_table[i][0]);
        gost_key_release(&key);
    }
}

static const struct affine *tables_of_generator(const struct gost_kind *kind)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_generator_tables);
    return generator_table[kind - gost_kinds][0];
}

/* NULL: not seen often enough. */
static const struct gost_table *table_of_key(const struct field *f, const struct gost_key *key, const struct affine *q)
{
    struct gost_uses *uses = key->uses;
    struct gost_table *table = atomic_load(&uses->table), *none = NULL;
    if (table || atomic_fetch_add(&uses->count, 1) + 1 < USES_TO_KEEP)
        return table;
    table = mem_alloc(sizeof *table);
    make_tables(f, q, PARTS, POINTS_KEPT, (int)key->kind->size * 8 / PARTS, table->part[0]);
    if (atomic_compare_exchange_strong(&uses->table, &none, table))
        return table;
    free(table); /* another thread was faster */
    return none;
}

struct gost_uses *gost_uses_new(void) { return mem_alloc(sizeof(struct gost_uses)); }

void gost_uses_free(struct gost_uses *uses)
{
    if (uses)
        free(atomic_load(&uses->table));
    free(uses);
}

/* ---- digits ---- */

/* number = sum of digit[i] 2^i, digits 0 or odd and below 2^(width - 1), no two within `width` places.  Spoils number. */
static void write_digits(struct term *term, mpz_t number, int width)
{
    const int whole = 1 << width, half = whole / 2;
    int n = 0;
    memset(term->digit, 0, sizeof term->digit);
    for (int at = 0; mpz_sgn(number) != 0; at++) {
        mp_bitcnt_t zeros = mpz_scan1(number, 0);
        mpz_tdiv_q_2exp(number, number, zeros);
        at += (int)zeros;
        int digit = (int)(mpz_getlimbn(number, 0) & (mp_limb_t)(whole - 1));
        if (digit >= half)
            digit -= whole;
        term->digit[at] = (signed char)digit;
        n = at + 1;
        if (digit > 0)
            mpz_sub_ui(number, number, (unsigned long)digit);
        else
            mpz_add_ui(number, number, (unsigned long)-digit);
        mpz_tdiv_q_2exp(number, number, 1);
    }
    term->digits = n;
}

/* Adds the terms of number * (the point whose tables these are); returns how many there are now. */
static int add_terms(struct term *term, int terms, const mpz_t number, const struct affine *tables, int parts, int bits,
                     int width)
{
    mpz_t part;
    mpz_init(part);
    for (int i = 0; i < parts; i++) {
        mpz_tdiv_q_2exp(part, number, (mp_bitcnt_t)(i * (bits / parts)));
        mpz_tdiv_r_2exp(part, part, (mp_bitcnt_t)(bits / parts));
        term[terms].multiple = tables + (size_t)i * ((size_t)1 << (width - 2));
        write_digits(&term[terms++], part, width);
    }
    mpz_clear(part);
    return terms;
}

static void add_up(const struct field *f, const struct term *term, int terms, struct jacobian *ret)
{
    int digits = 0;
    memset(ret, 0, sizeof *ret); /* infinity */
    for (int i = 0; i < terms; i++)
        digits = term[i].digits > digits ? term[i].digits : digits;
    for (int at = digits; at-- > 0;) {
        point_double(f, ret);
        for (int i = 0; i < terms; i++) {
            int digit = at < term[i].digits ? term[i].digit[at] : 0;
            if (digit != 0)
                point_add(f, ret, &term[i].multiple[(digit < 0 ? -digit : digit) / 2], digit < 0);
        }
    }
}

void gost_multiply(const struct gost_key *key, const mpz_t of_generator, const mpz_t of_key, struct jacobian *ret)
{
    const struct field f = field_of(key->kind);
    const int bits = (int)key->kind->size * 8;
    struct term term[2 * PARTS];
    struct affine q, once[POINTS_ONCE];
    field_from_bytes(&f, key->point, q.x);
    field_from_bytes(&f, key->point + key->kind->size, q.y);
    int terms = add_terms(term, 0, of_generator, tables_of_generator(key->kind), PARTS, bits, WIDTH_G);
    const struct gost_table *kept = table_of_key(&f, key, &q);
    if (kept) {
        terms = add_terms(term, terms, of_key, kept->part[0], PARTS, bits, WIDTH_KEPT);
    } else {
        make_tables(&f, &q, 1, POINTS_ONCE, 0, once);
        terms = add_terms(term, terms, of_key, once, 1, bits, WIDTH_ONCE);
    }
    add_up(&f, term, terms, ret);
}

/* ---- signatures ---- */

/* x of the point, modulo q, is r: x is r or r + q, if that is below p, and x z^2 is what the point has.  q < p < 2q. */
static bool has_x(const struct gost_kind *kind, const struct jacobian *point, const mpz_t r, const mpz_t q)
{
    const struct field f = field_of(kind);
    mp_limb_t square[LIMBS_MAX], x[LIMBS_MAX];
    mpz_t candidate, p;
    bool same = false;
    field_square(&f, point->z, square);
    mpz_init_set(candidate, r);
    mpz_init(p);
    mpz_setbit(p, 8 * kind->size);
    mpz_sub_ui(p, p, kind->field_c);
    for (int i = 0; i < 2 && !same && mpz_cmp(candidate, p) < 0; i++) {
        mpn_zero(x, f.limbs);
        mpz_export(x, NULL, -1, LIMB_SIZE, 0, 0, candidate);
        field_multiply(&f, x, square, x);
        same = field_same(&f, x, point->x);
        mpz_add(candidate, candidate, q);
    }
    mpz_clears(candidate, p, NULL);
    return same;
}

static void from_bytes(mpz_t number, const unsigned char *bytes, size_t n) { mpz_import(number, n, -1, 1, 0, 0, bytes); }

bool gost_verify_fast(const struct gost_key *key, const unsigned char *digest, const unsigned char *signature)
{
    const struct gost_kind *kind = key->kind;
    struct jacobian point;
    mpz_t q, r, s, e;
    mpz_inits(q, r, s, e, NULL);
    from_bytes(q, kind->order, kind->size);
    from_bytes(r, signature, kind->size);
    from_bytes(s, signature + kind->size, kind->size);
    from_bytes(e, digest, kind->size);
    bool good = mpz_sgn(r) > 0 && mpz_sgn(s) > 0 && mpz_cmp(r, q) < 0 && mpz_cmp(s, q) < 0;
    if (good) {
        mpz_mod(e, e, q);
        if (mpz_sgn(e) == 0)
            mpz_set_ui(e, 1);
        mpz_invert(e, e, q);
        mpz_mul(s, s, e);
        mpz_mod(s, s, q);
        mpz_mul(e, r, e);
        mpz_neg(e, e);
        mpz_mod(e, e, q);
        gost_multiply(key, s, e, &point);
        const struct field f = field_of(kind);
        good = !field_is_zero(&f, point.z) && has_x(kind, &point, r, q);
    }
    mpz_clears(q, r, s, e, NULL);
    return good;
}
