/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where what is secret decides which way the program goes or which memory it reads: run under valgrind's memcheck with the secret
 * marked as undefined, so that each such place is reported (the method of ctgrind, A. Langley).  tests/secrets/check runs it and
 * holds the places against the list of those that are known.
 *
 * What an operation gives out is public, and is marked so where it leaves hogweed; the rest stays secret to the end.
 */
#include <nettle/ecc.h>
#include <nettle/gostdsa.h>
#include <stdio.h>
#include <valgrind/memcheck.h>

#include "eds/eds_make.h"
#include "eds/gost.h"

#define SECRET(p, n) VALGRIND_MAKE_MEM_UNDEFINED(p, n)
#define PUBLIC(p, n) VALGRIND_MAKE_MEM_DEFINED(p, n)

/* ---- what becomes public, and where (the linker's --wrap) ---- */

bool __real_gost_scalar_set(struct ecc_scalar *scalar, const struct gost_kind *kind, const unsigned char *bytes);
bool __wrap_gost_scalar_set(struct ecc_scalar *scalar, const struct gost_kind *kind, const unsigned char *bytes);

void __real_nettle_ecc_point_mul_g(struct ecc_point *ret, const struct ecc_scalar *number);
void __wrap_nettle_ecc_point_mul_g(struct ecc_point *ret, const struct ecc_scalar *number);
void __real_nettle_ecc_gostdsa_sign(const struct ecc_curve *curve, const mp_limb_t *key, const mp_limb_t *nonce, size_t n,
                                    const uint8_t *digest, mp_limb_t *r, mp_limb_t *s, mp_limb_t *scratch);
void __wrap_nettle_ecc_gostdsa_sign(const struct ecc_curve *curve, const mp_limb_t *key, const mp_limb_t *nonce, size_t n,
                                    const uint8_t *digest, mp_limb_t *r, mp_limb_t *s, mp_limb_t *scratch);

static size_t limbs_size(const struct ecc_curve *curve) { return (size_t)ecc_size(curve) * sizeof(mp_limb_t); }

/* Whether a number is in range: one that is not is thrown away. */
bool __wrap_gost_scalar_set(struct ecc_scalar *scalar, const struct gost_kind *kind, const unsigned char *bytes)
{
    bool in_range = __real_gost_scalar_set(scalar, kind, bytes);
    PUBLIC(&in_range, sizeof in_range);
    return in_range;
}

void __wrap_nettle_ecc_point_mul_g(struct ecc_point *ret, const struct ecc_scalar *number)
{
    __real_nettle_ecc_point_mul_g(ret, number);
    PUBLIC(ret->p, 2 * limbs_size(ret->ecc));
}

void __wrap_nettle_ecc_gostdsa_sign(const struct ecc_curve *curve, const mp_limb_t *key, const mp_limb_t *nonce, size_t n,
                                    const uint8_t *digest, mp_limb_t *r, mp_limb_t *s, mp_limb_t *scratch)
{
    __real_nettle_ecc_gostdsa_sign(curve, key, nonce, n, digest, r, s, scratch);
    PUBLIC(r, limbs_size(curve));
    PUBLIC(s, limbs_size(curve));
}

/* ---- operations ---- */

/* A private number that is in range for every curve here. */
static void some_number(unsigned char *ret, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ret[i] = (unsigned char)(37 * i + 11);
    ret[n - 1] = 0x21;
}

/* The number comes in, the public point goes out. */
static void make_key(struct gost_key *key, const unsigned char *number)
{
    if (!gost_key_set_private(key, number, key->kind->size))
        BUG("the number is not taken");
}

/* The nonce is hashed out of the private number: secret as well. */
static void sign(const struct gost_key *key)
{
    unsigned char digest[GOST_SIZE_MAX] = { 1, 2, 3 }, signature[GOST_POINT_MAX];
    if (!gost_sign(key, digest, signature))
        BUG("not signed");
    PUBLIC(signature, sizeof signature);
    if (!gost_verify(key, digest, signature, 2 * key->kind->size))
        BUG("not a signature");
}

/* Where the libraries lie, so that places can be looked up in them. */
static void print_maps(void)
{
    char line[512];
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps)) {
        if (strstr(line, " 00000000 ") && strchr(line, '/'))
            fputs(line, stdout);
    }
    if (maps)
        fclose(maps);
}

static int run(const struct gost_kind *kind, bool signs)
{
    unsigned char number[GOST_SIZE_MAX];
    struct gost_key key;
    gost_key_init(&key, kind);
    some_number(number, kind->size);
    if (!signs) {
        SECRET(number, kind->size);
        make_key(&key, number);
    } else {
        make_key(&key, number);
        SECRET(key.scalar, kind->size);
        if (kind->curve)
            SECRET(key.secret.p, limbs_size(kind->curve()));
        sign(&key);
    }
    PUBLIC(&key, sizeof key);
    gost_key_release(&key);
    return 0;
}

int main(int count, char **word)
{
    uint64_t index;
    if (!RUNNING_ON_VALGRIND || count != 3 || !str_to_u64(str_from(word[1]), &index) || index >= GOST_KINDS) {
        fprintf(stderr, "run by tests/secrets/check: secrets INDEX key|signature, under valgrind\n");
        return 2;
    }
    print_maps();
    eds_setup();
    return run(&gost_kinds[index], strcmp(word[2], "signature") == 0);
}
