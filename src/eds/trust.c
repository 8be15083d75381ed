/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/eds_impl.h"
#include "eds/provider.h"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file.h"

enum { FILE_MAX = 1 << 20, FILES_MAX = 256, DAY_S = 24 * 60 * 60 };

#define SET(algorithm) (1u << (algorithm))
#define TODAY          (SET(EDS_RSA_SHA256) | SET(EDS_GOST_2015_512))

/* GOST 34.311 (seen), and GOST-2015: the authority's policies of timestamps. */
static const char *const tsa_policies[] = { "1.2.398.3.3.2.6.4", "1.2.398.3.3.2.6.1", NULL };

const struct eds_policy eds_policy_default = { .version = "default-1",
                                               .signature_algorithms = TODAY,
                                               .timestamp_algorithms = TODAY | SET(EDS_GOST_2004),
                                               .ocsp_age_s = 15 * 60,
                                               .crl_age_s = DAY_S,
                                               .skew_s = 5 * 60,
                                               .tsa_policy = tsa_policies };
const struct eds_policy eds_policy_archive = { .version = "archive-1",
                                               .signature_algorithms = TODAY | SET(EDS_GOST_2015_256) | SET(EDS_GOST_2004),
                                               .timestamp_algorithms = TODAY | SET(EDS_GOST_2015_256) | SET(EDS_GOST_2004),
                                               .ocsp_age_s = DAY_S,
                                               .crl_age_s = 7 * DAY_S,
                                               .skew_s = 5 * 60,
                                               .tsa_policy = tsa_policies };

/* The roots of production, SHA-256 of their DER.  Compare with root.gov.kz before adding one. */
static const char *const pinned[] = {
    "af77725f8328bb24f89d81da3acdf7cee4324248538b7ba2cd2a860517fb9dca", /* GOST 2022 */
    "9ba06354b626641715182e4d07c9dbaa1777720fa795d03174ffc68876535dcd", /* RSA 2020 */
    "c48164ab5ccaaee6b938299a1e3aeebd6f698bb2bd716a0f0d85befc46166aa2", /* GOST-2004 of 2020: civil servants */
};

const struct eds_policy *eds_trust_policy(const struct eds_trust *trust) { return &trust->policy; }

static bool among(const STACK_OF(X509) * list, const X509 *certificate)
{
    for (int i = 0; i < sk_X509_num(list); i++) {
        if (X509_cmp(sk_X509_value(list, i), certificate) == 0)
            return true;
    }
    return false;
}

bool trust_has_anchor(const struct eds_trust *trust, const X509 *certificate) { return among(trust->anchors, certificate); }

bool trust_has(const struct eds_trust *trust, const X509 *certificate)
{
    return among(trust->anchors, certificate) || among(trust->intermediates, certificate);
}

static X509 *certificate_at(const struct eds_trust *trust, int i)
{
    int anchors = sk_X509_num(trust->anchors);
    return i < anchors ? sk_X509_value(trust->anchors, i) : sk_X509_value(trust->intermediates, i - anchors);
}

static int certificates_of(const struct eds_trust *trust)
{
    return sk_X509_num(trust->anchors) + sk_X509_num(trust->intermediates);
}

struct str trust_der_of(const struct eds_trust *trust, X509 *certificate, struct arena *arena)
{
    for (int i = 0; i < certificates_of(trust); i++) {
        if (certificate_at(trust, i) == certificate)
            return (struct str){ arena_copy(arena, trust->der[i].p, trust->der[i].n), trust->der[i].n };
    }
    return x509_der(arena, certificate);
}

/* ---- production ---- */

static bool is_pinned(X509 *certificate)
{
    struct arena arena;
    char hex[DIGEST_HEX];
    bool found = false;
    arena_init(&arena, 0);
    digest_hex(x509_der(&arena, certificate), hex);
    for (size_t i = 0; i < sizeof pinned / sizeof *pinned; i++)
        found |= strcmp(hex, pinned[i]) == 0;
    arena_release(&arena);
    return found;
}

static bool names_test(X509 *certificate)
{
    char *subject = X509_NAME_oneline(X509_get_subject_name(certificate), NULL, 0);
    bool test = subject && strcasestr(subject, "test") != NULL;
    OPENSSL_free(subject);
    return test;
}

static bool fit_for_production(const struct eds_trust *trust, struct err *err)
{
    for (int i = 0; i < sk_X509_num(trust->anchors); i++) {
        if (!is_pinned(sk_X509_value(trust->anchors, i)))
            return err_set(err, ERR_INPUT, "an anchor is not one of the roots of the national certification authority");
    }
    for (int i = 0; i < sk_X509_num(trust->intermediates); i++) {
        if (names_test(sk_X509_value(trust->intermediates, i)))
            return err_set(err, ERR_INPUT, "a test authority has no place among the certificates of production");
    }
    return true;
}

/* ---- making ---- */

static bool add(STACK_OF(X509) * list, X509 *certificate)
{
    if (!X509_up_ref(certificate))
        return false;
    return sk_X509_push(list, certificate) > 0;
}

static bool fill(struct eds_trust *trust, X509 *const *anchor, size_t anchors, X509 *const *intermediate, size_t intermediates)
{
    bool fine = trust->store && trust->anchors && trust->intermediates;
    for (size_t i = 0; fine && i < anchors; i++)
        fine = add(trust->anchors, anchor[i]) && X509_STORE_add_cert(trust->store, anchor[i]) == 1;
    for (size_t i = 0; fine && i < intermediates; i++)
        fine = add(trust->intermediates, intermediate[i]);
    trust->der = ARENA_ARRAY(&trust->arena, struct str, anchors + intermediates);
    for (int i = 0; fine && i < certificates_of(trust); i++)
        trust->der[i] = x509_der(&trust->arena, certificate_at(trust, i));
    return fine;
}

bool eds_trust_make(enum eds_mode mode, X509 *const *anchor, size_t anchors, X509 *const *intermediate, size_t intermediates,
                    const struct eds_policy *policy, struct eds_trust **ret, struct err *err)
{
    if (anchors == 0)
        return err_set(err, ERR_INPUT, "no anchor to trust");
    struct eds_trust *trust = mem_alloc(sizeof *trust);
    arena_init(&trust->arena, 0);
    trust->mode = mode;
    trust->policy = policy ? *policy : eds_policy_default;
    trust->cache = trust_cache_new();
    trust->store = X509_STORE_new();
    trust->anchors = sk_X509_new_null();
    trust->intermediates = sk_X509_new_null();
    bool fine = fill(trust, anchor, anchors, intermediate, intermediates) || err_set(err, ERR_SYSTEM, "out of memory");
    fine = fine && (mode != EDS_PRODUCTION || fit_for_production(trust, err));
    if (fine)
        *ret = trust;
    else
        eds_trust_free(trust);
    ERR_clear_error();
    return fine;
}

void eds_trust_free(struct eds_trust *trust)
{
    if (!trust)
        return;
    X509_STORE_free(trust->store);
    sk_X509_pop_free(trust->anchors, X509_free);
    sk_X509_pop_free(trust->intermediates, X509_free);
    arena_release(&trust->arena);
    trust_cache_free(trust->cache);
    free(trust);
}

/* ---- folders ---- */

struct found {
    X509 *certificate[FILES_MAX];
    size_t count;
};

static bool keep(struct found *found, X509 *certificate, struct err *err)
{
    if (found->count >= FILES_MAX) {
        X509_free(certificate);
        return err_set(err, ERR_LIMIT, "more than %d certificates", FILES_MAX);
    }
    found->certificate[found->count++] = certificate;
    return true;
}

static bool read_certificate(const unsigned char *der, size_t n, struct found *found, struct err *err)
{
    X509 *certificate = provider_read_certificate(der, n);
    if (!certificate)
        return err_set(err, ERR_INPUT, "not a certificate");
    return keep(found, certificate, err);
}

/* One certificate in DER, or one and more in PEM; other text is passed over. */
static bool read_certificates(struct str bytes, struct found *found, struct err *err)
{
    size_t before = found->count;
    if (bytes.n > 0 && bytes.p[0] == DER_SEQUENCE)
        return read_certificate((const unsigned char *)bytes.p, bytes.n, found, err);
    BIO *in = BIO_new_mem_buf(bytes.p, (int)bytes.n);
    unsigned char *der;
    long n;
    bool fine = in != NULL;
    while (fine && PEM_bytes_read_bio(&der, &n, NULL, PEM_STRING_X509, in, NULL, NULL) == 1) {
        fine = read_certificate(der, (size_t)n, found, err);
        OPENSSL_free(der);
    }
    BIO_free(in);
    ERR_clear_error();
    return fine && (found->count > before || err_set(err, ERR_INPUT, "no certificate in it"));
}

static bool read_folder(const char *folder, struct arena *arena, struct found *found, struct err *err)
{
    struct dirent **entry;
    int n = scandir(folder, &entry, NULL, alphasort);
    if (n < 0)
        return err_set(err, ERR_NOT_FOUND, "%s: cannot be read", folder);
    bool fine = true;
    for (int i = 0; i < n; i++) {
        struct str path = arena_printf(arena, "%s/%s", folder, entry[i]->d_name), bytes;
        struct stat info;
        bool regular = entry[i]->d_name[0] != '.' && stat(path.p, &info) == 0 && S_ISREG(info.st_mode);
        if (fine && regular) {
            fine = file_read(path.p, FILE_MAX, arena, &bytes, err) && read_certificates(bytes, found, err);
            if (!fine)
                err_prefix(err, "%s", path.p);
        }
        free(entry[i]);
    }
    free(entry);
    return fine;
}

static void forget(struct found *found)
{
    for (size_t i = 0; i < found->count; i++)
        X509_free(found->certificate[i]);
}

static bool self_signed(X509 *certificate)
{
    bool yes = X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0 &&
               X509_verify(certificate, X509_get0_pubkey(certificate)) == 1;
    ERR_clear_error();
    return yes;
}

/* Self-signed ones first; returns how many those are. */
static size_t anchors_first(struct found *found)
{
    size_t anchors = 0;
    for (size_t i = 0; i < found->count; i++) {
        if (!self_signed(found->certificate[i]))
            continue;
        X509 *moved = found->certificate[i];
        found->certificate[i] = found->certificate[anchors];
        found->certificate[anchors++] = moved;
    }
    return anchors;
}

static bool open_plain(const char *folder, struct arena *arena, struct eds_trust **ret, struct err *err)
{
    struct found *found = ARENA_NEW(arena, struct found);
    bool fine = read_folder(folder, arena, found, err);
    size_t anchors = fine ? anchors_first(found) : 0;
    if (anchors == 0)
        anchors = found->count;
    if (fine && found->count == 0)
        fine = err_set(err, ERR_NOT_FOUND, "%s: no certificate in it", folder);
    fine = fine && eds_trust_make(EDS_TEST, found->certificate, anchors, found->certificate + anchors, found->count - anchors,
                                  &eds_policy_archive, ret, err);
    forget(found);
    return fine;
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool open_arranged(const char *folder, enum eds_mode mode, struct arena *arena, struct eds_trust **ret, struct err *err)
{
    struct found *anchors = ARENA_NEW(arena, struct found), *intermediates = ARENA_NEW(arena, struct found);
    struct str below = arena_printf(arena, "%s/intermediates", folder), profile = arena_printf(arena, "%s/profile", folder);
    struct eds_trust *trust = NULL;
    bool fine = read_folder(arena_printf(arena, "%s/anchors", folder).p, arena, anchors, err) &&
                (!is_folder(below.p) || read_folder(below.p, arena, intermediates, err)) &&
                eds_trust_make(mode, anchors->certificate, anchors->count, intermediates->certificate, intermediates->count, NULL,
                               &trust, err);
    fine = fine && trust_read_profile(profile.p, &trust->arena, &trust->policy, err);
    forget(anchors);
    forget(intermediates);
    if (fine)
        *ret = trust;
    else
        eds_trust_free(trust);
    return fine;
}

bool eds_trust_open(const char *folder, enum eds_mode mode, struct eds_trust **ret, struct err *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    bool arranged = is_folder(arena_printf(&arena, "%s/anchors", folder).p), fine;
    if (!arranged && mode == EDS_PRODUCTION)
        fine = err_set(err, ERR_INPUT, "%s: production needs the folder anchors", folder);
    else
        fine = arranged ? open_arranged(folder, mode, &arena, ret, err) : open_plain(folder, &arena, ret, err);
    arena_release(&arena);
    return fine;
}
