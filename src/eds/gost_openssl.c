/* SPDX-License-Identifier: Apache-2.0 */
/* id-tc26-gost-3410-2012-256-paramSetA (RFC 7836, appendix A.2) in the Weierstrass form, with OpenSSL's arithmetic. */
#include "eds/gost.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <pthread.h>

enum { SIZE = 32 };
static EC_GROUP *group;
static BIGNUM *order;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static BIGNUM *hex(const char *digits)
{
    BIGNUM *number = NULL;
    if (BN_hex2bn(&number, digits) == 0)
        BUG("out of memory");
    return number;
}

static void make_group(void)
{
    BIGNUM *p = hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD97");
    BIGNUM *a = hex("C2173F1513981673AF4892C23035A27CE25E2013BF95AA33B22C656F277E7335");
    BIGNUM *b = hex("295F9BAE7428ED9CCC20E7C359A9D41A22FCCD9108E17BF7BA9337A6F8AE9513");
    BIGNUM *x = hex("91E38443A5E82C0D880923425712B2BB658B9196932E02C78B2582FE742DAA28");
    BIGNUM *y = hex("32879423AB1A0375895786C4BB46E9565FDE0B5344766740AF268ADB32322E5C");
    BIGNUM *cofactor = hex("04");
    order = hex("400000000000000000000000000000000FD8CDDFC87B6635C115AF556C360C67");
    group = EC_GROUP_new_curve_GFp(p, a, b, NULL);
    EC_POINT *generator = group ? EC_POINT_new(group) : NULL;
    if (!generator || !EC_POINT_set_affine_coordinates(group, generator, x, y, NULL) ||
        !EC_GROUP_set_generator(group, generator, order, cofactor))
        BUG("the curve tc26-256-A cannot be set up");
    EC_POINT_free(generator);
    BIGNUM *const numbers[] = { p, a, b, x, y, cofactor };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        BN_free(numbers[i]);
}

/* What one operation needs; released at once. */
struct work {
    BN_CTX *ctx;
    BIGNUM *x, *y, *r, *s, *e, *k, *d;
    EC_POINT *point, *other;
};

static bool work_open(struct work *w)
{
    pthread_once(&once, make_group);
    memset(w, 0, sizeof *w);
    w->ctx = BN_CTX_secure_new();
    w->point = EC_POINT_new(group);
    w->other = EC_POINT_new(group);
    if (!w->ctx)
        return false;
    BN_CTX_start(w->ctx);
    BIGNUM **const numbers[] = { &w->x, &w->y, &w->r, &w->s, &w->e, &w->k, &w->d };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        *numbers[i] = BN_CTX_get(w->ctx);
    return w->point && w->other && w->d;
}

static void work_close(struct work *w)
{
    EC_POINT_clear_free(w->point);
    EC_POINT_clear_free(w->other);
    if (!w->ctx)
        return;
    if (w->k)
        BN_clear(w->k);
    if (w->d)
        BN_clear(w->d);
    BN_CTX_end(w->ctx);
    BN_CTX_free(w->ctx);
}

static bool in_range(const BIGNUM *number) { return !BN_is_zero(number) && BN_cmp(number, order) < 0; }

static bool set_point(struct work *w, EC_POINT *point, const unsigned char *bytes)
{
    return BN_lebin2bn(bytes, SIZE, w->x) && BN_lebin2bn(bytes + SIZE, SIZE, w->y) &&
           EC_POINT_set_affine_coordinates(group, point, w->x, w->y, w->ctx) == 1; /* checks that it is on the curve */
}

/* The cofactor is 4: a point of a small subgroup is refused. */
bool gost_openssl_check_public(const unsigned char *bytes)
{
    struct work w;
    BIGNUM *field = BN_new();
    bool fine = work_open(&w) && field && EC_GROUP_get_curve(group, field, NULL, NULL, w.ctx) && set_point(&w, w.point, bytes) &&
                BN_cmp(w.x, field) < 0 && BN_cmp(w.y, field) < 0 && EC_POINT_mul(group, w.other, NULL, w.point, order, w.ctx) &&
                EC_POINT_is_at_infinity(group, w.other);
    BN_free(field);
    work_close(&w);
    return fine;
}

bool gost_openssl_public_of(const unsigned char *scalar, unsigned char *ret_point)
{
    struct work w;
    bool fine = work_open(&w) && BN_lebin2bn(scalar, SIZE, w.d) && in_range(w.d) &&
                EC_POINT_mul(group, w.point, w.d, NULL, NULL, w.ctx) &&
                EC_POINT_get_affine_coordinates(group, w.point, w.x, w.y, w.ctx) &&
                BN_bn2lebinpad(w.x, ret_point, SIZE) == SIZE && BN_bn2lebinpad(w.y, ret_point + SIZE, SIZE) == SIZE;
    work_close(&w);
    return fine;
}

/* The digest modulo the order, 1 in place of 0 (GOST R 34.10-2012, step 2). */
static bool set_digest(struct work *w, const unsigned char *digest)
{
    return BN_lebin2bn(digest, SIZE, w->e) && BN_nnmod(w->e, w->e, order, w->ctx) && (!BN_is_zero(w->e) || BN_one(w->e));
}

static bool into_number(const unsigned char *bytes, void *number)
{
    BIGNUM *k = number;
    /* the order has 255 bits: the topmost is never used */
    return BN_lebin2bn(bytes, SIZE, k) && BN_mask_bits(k, 255) >= 0 && in_range(k);
}

/* r = x(kP) mod q, s = rd + ke mod q */
static bool sign_once(struct work *w)
{
    return EC_POINT_mul(group, w->point, w->k, NULL, NULL, w->ctx) &&
           EC_POINT_get_affine_coordinates(group, w->point, w->x, w->y, w->ctx) && BN_nnmod(w->r, w->x, order, w->ctx) &&
           BN_mod_mul(w->s, w->r, w->d, order, w->ctx) && BN_mod_mul(w->y, w->k, w->e, order, w->ctx) &&
           BN_mod_add(w->s, w->s, w->y, order, w->ctx);
}

bool gost_openssl_sign(const struct gost_key *key, const unsigned char *digest, unsigned char *ret_signature)
{
    struct work w;
    unsigned char number[GOST_SIZE_MAX];
    bool fine = work_open(&w) && BN_lebin2bn(key->scalar, SIZE, w.d) && set_digest(&w, digest);
    if (fine) {
        BN_set_flags(w.d, BN_FLG_CONSTTIME);
        BN_set_flags(w.k, BN_FLG_CONSTTIME);
        do {
            fine = gost_nonce(key, digest, into_number, w.k, number) && sign_once(&w);
        } while (fine && (BN_is_zero(w.r) || BN_is_zero(w.s)));
    }
    fine = fine && BN_bn2lebinpad(w.r, ret_signature, SIZE) == SIZE && BN_bn2lebinpad(w.s, ret_signature + SIZE, SIZE) == SIZE;
    OPENSSL_cleanse(number, sizeof number);
    work_close(&w);
    return fine;
}

/* v = 1/e, R = x(svP - rvQ) mod q */
bool gost_openssl_verify(const struct gost_key *key, const unsigned char *digest, const unsigned char *signature)
{
    struct work w;
    bool fine = work_open(&w) && BN_lebin2bn(signature, SIZE, w.r) && BN_lebin2bn(signature + SIZE, SIZE, w.s) && in_range(w.r) &&
                in_range(w.s) && set_digest(&w, digest) && set_point(&w, w.other, key->point) &&
                BN_mod_inverse(w.k, w.e, order, w.ctx) && BN_mod_mul(w.d, w.s, w.k, order, w.ctx) &&
                BN_mod_mul(w.k, w.r, w.k, order, w.ctx) && BN_sub(w.k, order, w.k) &&
                EC_POINT_mul(group, w.point, w.d, w.other, w.k, w.ctx) && !EC_POINT_is_at_infinity(group, w.point) &&
                EC_POINT_get_affine_coordinates(group, w.point, w.x, w.y, w.ctx) && BN_nnmod(w.x, w.x, order, w.ctx) &&
                BN_cmp(w.x, w.r) == 0;
    work_close(&w);
    return fine;
}
