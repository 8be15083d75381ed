/* SPDX-License-Identifier: Apache-2.0 */
/* Objects whose signed data is wrong: signers, attributes, content, the signature's numbers, the encoding. */
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "stand/authority_impl.h"
#include "stand/authority_wrong.h"

enum { GOST_NUMBER = 64 };

/* ---- signers ---- */

static void sign_twice(struct authority_draft *draft)
{
    struct authority_desk *desk = draft->desk;
    const struct authority_subject other = { .surname = "ЕКІНШІ", .name = "ТЕСТ", .iin = "123456789014" };
    if (!authority_issue(desk->authority, draft->branch, AUTHORITY_PERSON_SIGN, &other, &draft->signer[1], &desk->err))
        BUG("%s", desk->err.text);
    authority_desk_keep(desk, draft->signer[1]);
    draft->cms.signers = 2;
}

static void same_signer_twice(struct authority_draft *draft)
{
    draft->signer[1] = draft->signer[0];
    draft->cms.signers = 2;
}

static void no_certificate(struct authority_draft *draft) { draft->cms.parts |= AUTHORITY_CMS_NO_CERTIFICATE; }
static void no_signer(struct authority_draft *draft)
{
    draft->cms.signers = 0;
    draft->cms.parts |= AUTHORITY_CMS_NO_CERTIFICATE;
}

/* Somebody's certificate that has nothing to do with the signature. */
static void stray_certificate(struct authority_draft *draft)
{
    struct authority_holder stray = { 0 };
    struct authority_desk *desk = draft->desk;
    const struct authority_subject nobody = { .surname = "ЕШКІМ", .name = "TEST", .iin = "123456789015" };
    struct authority_spec spec;
    authority_spec_of(desk->authority, draft->branch, AUTHORITY_PERSON_SIGN, &nobody, &spec);
    if (!eds_key_generate(EDS_GOST_2015_512, &stray.key, &desk->err) ||
        !authority_certify(&spec, stray.key, NULL, &stray.certificate, &desk->err))
        BUG("%s", desk->err.text);
    draft->cms.extra = authority_desk_keep(desk, stray)->certificate;
}

/* ---- attributes ---- */

static void no_attributes(struct authority_draft *draft) { draft->cms.parts |= AUTHORITY_CMS_NO_ATTRIBUTES; }
static void digest_twice(struct authority_draft *draft) { draft->cms.parts |= AUTHORITY_CMS_DIGEST_TWICE; }
static void two_digests(struct authority_draft *draft) { draft->cms.parts |= AUTHORITY_CMS_TWO_DIGESTS; }
static void no_digest(struct authority_draft *draft) { draft->cms.parts |= AUTHORITY_CMS_NO_DIGEST; }
static void no_type(struct authority_draft *draft) { draft->cms.parts |= AUTHORITY_CMS_NO_TYPE; }
static void ess_other(struct authority_draft *draft) { draft->cms.parts |= AUTHORITY_CMS_ESS_OTHER; }
static void other_type(struct authority_draft *draft) { draft->cms.content_type_attribute = "1.2.840.113549.1.7.2"; }
static void not_data(struct authority_draft *draft) { draft->cms.content_type = AUTHORITY_OID_TST_INFO; }

/* ---- algorithms ---- */

static void with_sha1(struct authority_draft *draft)
{
    draft->cms.digest = EVP_sha1();
    draft->cms.digest_oid = "1.3.14.3.2.26";
    draft->cms.signature_oid = "1.2.840.113549.1.1.5";
}

static void with_sha1_plain(struct authority_draft *draft)
{
    draft->cms.digest = EVP_sha1();
    draft->cms.digest_oid = "1.3.14.3.2.26";
    draft->cms.signature_oid = "1.2.840.113549.1.1.1";
}

static void with_md5(struct authority_draft *draft)
{
    draft->cms.digest = EVP_md5();
    draft->cms.digest_oid = "1.2.840.113549.2.5";
    draft->cms.signature_oid = "1.2.840.113549.1.1.4";
}

static void names_other_digest(struct authority_draft *draft)
{
    draft->cms.digest_oid =
        draft->branch == AUTHORITY_GOST ? "2.16.840.1.101.3.4.2.1" : "1.2.398.3.10.1.3.3"; /* the other branch's */
}

static void names_other_signature(struct authority_draft *draft)
{
    draft->cms.signature_oid = draft->branch == AUTHORITY_GOST ? "1.2.840.113549.1.1.11" : "1.2.398.3.10.1.1.2.3.2";
}

static void names_russian(struct authority_draft *draft)
{
    draft->cms.digest_oid = "1.2.643.7.1.1.2.3";
    draft->cms.signature_oid = "1.2.643.7.1.1.3.3";
}

/* ---- the numbers of a GOST signature: r and s, little-endian ---- */

static void r_zero(unsigned char *signature, size_t n)
{
    if (n == 2 * GOST_NUMBER)
        memset(signature, 0, GOST_NUMBER);
}
static void s_zero(unsigned char *signature, size_t n)
{
    if (n == 2 * GOST_NUMBER)
        memset(signature + GOST_NUMBER, 0, GOST_NUMBER);
}
static void r_too_large(unsigned char *signature, size_t n)
{
    if (n == 2 * GOST_NUMBER)
        memset(signature, 0xff, GOST_NUMBER);
}
static void s_too_large(unsigned char *signature, size_t n)
{
    if (n == 2 * GOST_NUMBER)
        memset(signature + GOST_NUMBER, 0xff, GOST_NUMBER);
}

static const unsigned char order[GOST_NUMBER] = { /* q, little-endian (RFC 7836, A.1) */
                                                  0x75, 0xB2, 0x10, 0x1F, 0x41, 0xB1, 0xCD, 0xCA, 0x5D, 0xB8, 0xD2, 0xFA, 0xAB,
                                                  0x38, 0x4B, 0x9B, 0x60, 0x60, 0x05, 0x4E, 0x8D, 0x2B, 0xF2, 0x6F, 0x11, 0x89,
                                                  0x8D, 0xF4, 0x32, 0x95, 0xE6, 0x27, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF
};
static void r_is_order(unsigned char *signature, size_t n)
{
    if (n == 2 * GOST_NUMBER)
        memcpy(signature, order, sizeof order);
}

/* As RFC 4491 writes it: s and then r, big-endian, i.e. all bytes in reverse. */
static void reverse(unsigned char *signature, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        unsigned char kept = signature[i];
        signature[i] = signature[n - 1 - i];
        signature[n - 1 - i] = kept;
    }
}
static void swap_halves(unsigned char *signature, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        unsigned char kept = signature[i];
        signature[i] = signature[n / 2 + i];
        signature[n / 2 + i] = kept;
    }
}
static void flip_bit(unsigned char *signature, size_t n) { signature[n / 3] ^= 0x10; }
static void zeros(unsigned char *signature, size_t n) { memset(signature, 0, n); }

#define CHANGE(name, function)                                                                                                   \
    static void name(struct authority_draft *draft) { draft->cms.change = function; }
CHANGE(bend_r_zero, r_zero)
CHANGE(bend_s_zero, s_zero)
CHANGE(bend_r_large, r_too_large)
CHANGE(bend_s_large, s_too_large)
CHANGE(bend_r_order, r_is_order)
CHANGE(bend_reverse, reverse)
CHANGE(bend_halves, swap_halves)
CHANGE(bend_bit, flip_bit)
CHANGE(bend_zeros, zeros)
#undef CHANGE

/* ---- content and encoding ---- */

static void detached(struct authority_draft *draft) { draft->cms.parts |= AUTHORITY_CMS_DETACHED; }
static void other_content(struct authority_draft *draft) { draft->cms.content = STR("Өтініш: басқа мекенжай"); }
static void other_detached(struct authority_draft *draft)
{
    other_content(draft);
    detached(draft);
}
static void indefinite(struct authority_draft *draft) { draft->cms.parts |= AUTHORITY_CMS_INDEFINITE; }
static void with_ess(struct authority_draft *draft) { draft->cms.parts |= AUTHORITY_CMS_ESS; }

static bool content_unknown(struct authority_draft *draft, struct authority_object *object)
{
    (void)draft;
    object->request.content = (struct str){ 0 };
    return true;
}

/* A byte of the content inside, after signing; nobody says what it should be. */
static bool swap_inside(struct authority_draft *draft, struct authority_object *object)
{
    char *at = memmem(object->request.signature.p, object->request.signature.n, draft->cms.content.p, draft->cms.content.n);
    if (at)
        at[20] ^= 1;
    object->request.content = (struct str){ 0 };
    return at != NULL;
}

static bool truncated(struct authority_draft *draft, struct authority_object *object)
{
    (void)draft;
    object->request.signature.n -= 40;
    return true;
}

static bool trailing(struct authority_draft *draft, struct authority_object *object)
{
    struct str *signature = &object->request.signature;
    char *longer = arena_alloc(&draft->desk->arena, signature->n + 4);
    memcpy(longer, signature->p, signature->n);
    *signature = (struct str){ longer, signature->n + 4 };
    return true;
}

static bool nothing(struct authority_draft *draft, struct authority_object *object)
{
    (void)draft;
    object->request.signature = STR("");
    return true;
}

/* ---- as people and programs send it ---- */

static bool armour(struct authority_draft *draft, struct authority_object *object, const char *before, const char *after,
                   const char *between)
{
    struct str der = object->request.signature;
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_add_text(&text, before);
    for (size_t at = 0; at < der.n; at += 48) {
        char line[65];
        size_t n = der.n - at < 48 ? der.n - at : 48;
        EVP_EncodeBlock((unsigned char *)line, (const unsigned char *)der.p + at, (int)n);
        buf_addf(&text, "%s%s", line, between);
    }
    buf_add_text(&text, after);
    object->request.signature = authority_desk_copy(draft->desk, &text);
    return true;
}

static bool pem(struct authority_draft *draft, struct authority_object *object)
{
    return armour(draft, object, "-----BEGIN CMS-----\n", "-----END CMS-----\n", "\n");
}
static bool pem_crlf(struct authority_draft *draft, struct authority_object *object)
{
    return armour(draft, object, "-----BEGIN CMS-----\r\n", "-----END CMS-----\r\n", "\r\n");
}
static bool base64(struct authority_draft *draft, struct authority_object *object) { return armour(draft, object, "", "", ""); }
static bool pem_of_another_kind(struct authority_draft *draft, struct authority_object *object)
{
    return armour(draft, object, "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", "\n");
}
static bool pem_twice(struct authority_draft *draft, struct authority_object *object)
{
    pem(draft, object);
    struct str once = object->request.signature;
    object->request.signature = arena_printf(&draft->desk->arena, STR_FMT STR_FMT, STR_ARG(once), STR_ARG(once));
    return true;
}

/* clang-format off */
const struct authority_wrong authority_wrong_data[] = {
    { "good", "a citizen's application", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .role = AUTHORITY_PERSON_SIGN },
    { "good_remote", "with a key issued after remote identification", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .role = AUTHORITY_PERSON_REMOTE },
    { "good_detached", "the content is not inside", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_cms = detached },
    { "good_indefinite", "BER of indefinite length, the content in pieces", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_cms = indefinite },
    { "good_ess", "with signingCertificateV2", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_cms = with_ess },
    { "good_pem", "PEM labelled CMS", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_object = pem },
    { "good_pem_crlf", "the same with CRLF", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_object = pem_crlf },
    { "good_base64", "bare base64", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_object = base64 },
    { "two_signers", "two signers where one is expected", AUTHORITY_BOTH, EDS_STEP_SIGNERS, EDS_SIGNERS_TOO_MANY, .bend_cms = sign_twice },
    { "same_signer_twice", "one signer who signed twice", AUTHORITY_BOTH, EDS_STEP_SIGNERS, EDS_SIGNERS_TOO_MANY, .bend_cms = same_signer_twice },
    { "no_signer", "nobody signed", AUTHORITY_BOTH, EDS_STEP_SIGNERS, EDS_SIGNERS_NONE, .bend_cms = no_signer, },
    { "certificate_missing", "the signer's certificate is not there", AUTHORITY_BOTH, EDS_STEP_SIGNERS, EDS_SIGNER_CERTIFICATE_MISSING, .bend_cms = no_certificate },
    { "stray_certificate", "a certificate of nobody's goes along", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART, .bend_cms = stray_certificate },
    { "no_attributes", "no signed attributes", AUTHORITY_BOTH, EDS_STEP_ATTRIBUTES, EDS_ATTRIBUTES_MISSING, .bend_cms = no_attributes },
    { "digest_twice", "two messageDigest attributes", AUTHORITY_BOTH, EDS_STEP_ATTRIBUTES, EDS_ATTRIBUTES_WRONG, .bend_cms = digest_twice },
    { "two_digests", "two values in messageDigest", AUTHORITY_BOTH, EDS_STEP_ATTRIBUTES, EDS_ATTRIBUTES_WRONG, .bend_cms = two_digests },
    { "no_digest", "no messageDigest", AUTHORITY_BOTH, EDS_STEP_ATTRIBUTES, EDS_ATTRIBUTES_WRONG, .bend_cms = no_digest },
    { "no_content_type", "no contentType", AUTHORITY_BOTH, EDS_STEP_ATTRIBUTES, EDS_ATTRIBUTES_WRONG, .bend_cms = no_type },
    { "content_type_other", "contentType says another type", AUTHORITY_BOTH, EDS_STEP_ATTRIBUTES, EDS_ATTRIBUTES_WRONG, .bend_cms = other_type },
    { "certificate_attribute_other", "signingCertificateV2 is about another certificate", AUTHORITY_BOTH, EDS_STEP_ATTRIBUTES, EDS_ATTRIBUTES_CERTIFICATE, .bend_cms = ess_other },
    { "not_data", "what is signed is no data but a timestamp", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNREADABLE, .bend_cms = not_data },
    { "sha1", "digest and signature with SHA-1", AUTHORITY_RSA_ONLY, EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED, .bend_cms = with_sha1 },
    { "sha1_plain", "digest SHA-1, signature rsaEncryption", AUTHORITY_RSA_ONLY, EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED, .bend_cms = with_sha1_plain },
    { "md5", "digest and signature with MD5", AUTHORITY_RSA_ONLY, EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED, .bend_cms = with_md5 },
    { "other_digest_named", "the digest is said to be of the other branch", AUTHORITY_BOTH, EDS_STEP_ALGORITHM, EDS_ALGORITHM_MIXED, .bend_cms = names_other_digest },
    { "other_signature_named", "the signature is said to be of the other branch", AUTHORITY_BOTH, EDS_STEP_ALGORITHM, EDS_ALGORITHM_MIXED, .bend_cms = names_other_signature },
    { "russian_names", "the Russian identifiers of the same algorithms", AUTHORITY_GOST_ONLY, EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED, .bend_cms = names_russian },
    { "r_zero", "r = 0", AUTHORITY_GOST_ONLY, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG, .bend_cms = bend_r_zero },
    { "s_zero", "s = 0", AUTHORITY_GOST_ONLY, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG, .bend_cms = bend_s_zero },
    { "r_order", "r = q", AUTHORITY_GOST_ONLY, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG, .bend_cms = bend_r_order },
    { "r_too_large", "r > q", AUTHORITY_GOST_ONLY, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG, .bend_cms = bend_r_large },
    { "s_too_large", "s > q", AUTHORITY_GOST_ONLY, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG, .bend_cms = bend_s_large },
    { "big_endian", "s and r big-endian, as the Russian order is", AUTHORITY_GOST_ONLY, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG, .bend_cms = bend_reverse },
    { "halves_swapped", "s before r", AUTHORITY_GOST_ONLY, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG, .bend_cms = bend_halves },
    { "signature_bit", "one bit of the signature", AUTHORITY_BOTH, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG, .bend_cms = bend_bit },
    { "signature_zeros", "a signature of zeros", AUTHORITY_BOTH, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG, .bend_cms = bend_zeros },
    { "content_other", "attached content that is not what was to be signed", AUTHORITY_BOTH, EDS_STEP_CONTENT, EDS_CONTENT_DIFFERS, .bend_cms = other_content },
    { "content_other_detached", "signed was something else, detached", AUTHORITY_BOTH, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST, .bend_cms = other_detached },
    { "content_swapped", "the content inside changed after signing", AUTHORITY_BOTH, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST, .bend_object = swap_inside },
    { "content_missing", "detached, and nobody has the content", AUTHORITY_BOTH, EDS_STEP_CONTENT, EDS_CONTENT_MISSING, .bend_cms = detached, .bend_object = content_unknown },
    { "truncated", "the last forty bytes are missing", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNREADABLE, .bend_object = truncated },
    { "trailing_bytes", "four bytes after the end", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNREADABLE, .bend_object = trailing },
    { "empty", "nothing", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNREADABLE, .bend_object = nothing },
    { "pem_of_another_kind", "PEM labelled CERTIFICATE", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNREADABLE, .bend_object = pem_of_another_kind },
    { "pem_twice", "two objects in one PEM text", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNREADABLE, .bend_object = pem_twice },
};
/* clang-format on */
const size_t authority_wrong_data_count = sizeof authority_wrong_data / sizeof *authority_wrong_data;
