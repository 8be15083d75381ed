/* SPDX-License-Identifier: Apache-2.0 */
/* Objects whose signer's certificate is wrong, or not the one that is wanted. */
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "stand/authority_impl.h"
#include "stand/authority_wrong.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* ---- who it is of ---- */

static struct authority_attribute *attribute(struct authority_draft *draft, int nid)
{
    struct authority_attribute *at = draft->spec.subject;
    while (at->nid && at->nid != nid)
        at++;
    return at;
}

static void other_iin(struct authority_draft *draft) { attribute(draft, NID_serialNumber)->value = "123456789012"; }
static void iin_missing(struct authority_draft *draft) { attribute(draft, NID_serialNumber)->nid = NID_description; }
static void iin_short(struct authority_draft *draft) { attribute(draft, NID_serialNumber)->value = "12345678901"; }
static void iin_letters(struct authority_draft *draft) { attribute(draft, NID_serialNumber)->value = "12345678901O"; }

static void iin_twice(struct authority_draft *draft)
{
    *attribute(draft, 0) = (struct authority_attribute){ NID_serialNumber, "IIN", "123456789011" };
}

static void iin_twice_different(struct authority_draft *draft)
{
    *attribute(draft, 0) = (struct authority_attribute){ NID_serialNumber, "IIN", "123456789012" };
}

static bool for_organisation(struct authority_draft *draft, struct authority_object *object)
{
    (void)draft;
    object->request.purpose = EDS_PURPOSE_ORGANISATION;
    object->request.bin = "123456789021";
    return true;
}

static void other_bin(struct authority_draft *draft) { attribute(draft, NID_organizationalUnitName)->value = "123456789029"; }
static void bin_missing(struct authority_draft *draft) { attribute(draft, NID_organizationalUnitName)->prefix = "UNIT"; }

static bool for_sign_in(struct authority_draft *draft, struct authority_object *object)
{
    (void)draft;
    object->request.purpose = EDS_PURPOSE_PERSON_AUTH;
    return true;
}

/* ---- what it is for ---- */

static void for_encryption(struct authority_draft *draft) { draft->spec.key_usage = "critical,keyEncipherment"; }
static void without_usage(struct authority_draft *draft) { draft->spec.key_usage = NULL; }
static void of_an_authority(struct authority_draft *draft)
{
    draft->spec.basic_constraints = "critical,CA:TRUE";
    draft->spec.key_usage = "critical,digitalSignature,nonRepudiation,keyCertSign";
}
static void for_timestamps(struct authority_draft *draft)
{
    draft->spec.extended_key_usage = "emailProtection,timeStamping,1.2.398.3.3.4.1.1";
}

/* ---- when ---- */

static void expired(struct authority_draft *draft) { draft->spec.not_after.ms = draft->desk->now.ms - 1000; }
static void not_yet(struct authority_draft *draft) { draft->spec.not_before.ms = draft->desk->now.ms + DAY_MS; }

/* ---- by whom ---- */

/* An authority that calls itself as the right one does, with a key of its own. */
static bool issuer_of_same_name(struct authority_draft *draft)
{
    struct authority_desk *desk = draft->desk;
    struct authority_spec spec;
    struct authority_holder other = { 0 };
    authority_spec_of(desk->authority, draft->branch, AUTHORITY_ISSUER, NULL, &spec);
    bool fine = eds_key_generate(draft->branch == AUTHORITY_GOST ? EDS_GOST_2015_512 : EDS_RSA_SHA256, &other.key, &desk->err) &&
                authority_certify(&spec, other.key, NULL, &other.certificate, &desk->err);
    draft->issuer = authority_desk_keep(desk, other);
    return fine;
}

static bool issue_for(struct authority_draft *draft, enum authority_role role, const char *basic_constraints)
{
    struct authority_desk *desk = draft->desk;
    struct authority_spec spec;
    struct authority_holder between = { 0 };
    const struct authority_subject subject = { .surname = "АРАЛЫҚ", .name = "TEST", .iin = "123456789013" };
    authority_spec_of(desk->authority, draft->branch, role, &subject, &spec);
    spec.basic_constraints = basic_constraints;
    if (basic_constraints)
        spec.key_usage = "critical,keyCertSign,cRLSign";
    bool fine = authority_key_of(desk->authority, draft->branch, role, &subject, &between.key, &desk->err) &&
                authority_certify(&spec, between.key, draft->issuer, &between.certificate, &desk->err);
    draft->issuer = authority_desk_keep(desk, between);
    return fine;
}

static bool issuer_without_flag(struct authority_draft *draft) { return issue_for(draft, AUTHORITY_PERSON_SIGN, NULL); }
static bool path_too_long(struct authority_draft *draft) { return issue_for(draft, AUTHORITY_PERSON_SIGN, "critical,CA:TRUE"); }
static void with_issuer(struct authority_draft *draft) { draft->cms.extra = draft->issuer->certificate; }

static bool signed_by_root(struct authority_draft *draft)
{
    struct authority_desk *desk = draft->desk;
    struct authority_holder fake = { 0 };
    struct authority_spec spec;
    authority_spec_of(desk->authority, draft->branch, AUTHORITY_ROOT, NULL, &spec);
    bool fine = eds_key_generate(draft->branch == AUTHORITY_GOST ? EDS_GOST_2015_512 : EDS_RSA_SHA256, &fake.key, &desk->err) &&
                authority_certify(&spec, fake.key, NULL, &fake.certificate, &desk->err);
    draft->issuer = authority_desk_keep(desk, fake);
    return fine;
}

static bool changed_after(struct authority_draft *draft, struct authority_object *object)
{
    /* the name in the certificate, which comes first, not what follows it */
    static const char name[] = "ТЕСТОВ ТЕСТ";
    char *at = memmem(object->request.signature.p, object->request.signature.n, name, sizeof name - 1);
    (void)draft;
    if (at)
        at[1] ^= 1;
    return at != NULL;
}

/* ---- algorithms and keys ---- */

static void by_sha1(struct authority_draft *draft) { draft->spec.digest = EVP_sha1(); }
static void by_md5(struct authority_draft *draft) { draft->spec.digest = EVP_md5(); }

static bool rsa_1024(struct authority_draft *draft)
{
    EVP_PKEY_free(draft->signer[0].key);
    draft->signer[0].key = EVP_RSA_gen(1024);
    return draft->signer[0].key != NULL;
}

static void unknown_critical_part(X509 *certificate)
{
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    ASN1_OBJECT *object = OBJ_txt2obj("1.2.398.3.3.99", 1);
    ASN1_OCTET_STRING_set(value, (const unsigned char *)"\x05", 2);
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, 1, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    ASN1_OBJECT_free(object);
    ASN1_OCTET_STRING_free(value);
}

/* The key's bytes and parameters with one byte of them changed. */
static void change_key(X509 *certificate, bool in_parameters, size_t from_end)
{
    X509_PUBKEY *public_key = X509_get_X509_PUBKEY(certificate);
    ASN1_OBJECT *object;
    X509_ALGOR *algorithm;
    const unsigned char *bytes;
    const void *value;
    int n, type;
    X509_PUBKEY_get0_param(&object, &bytes, &n, &algorithm, public_key);
    X509_ALGOR_get0(NULL, &type, &value, algorithm);
    ASN1_STRING *parameters = type == V_ASN1_SEQUENCE ? ASN1_STRING_dup(value) : NULL;
    unsigned char *copy = OPENSSL_memdup(bytes, (size_t)n);
    if (!parameters || !copy)
        BUG("not a key of GOST");
    if (in_parameters) {
        unsigned char *raw = OPENSSL_memdup(ASN1_STRING_get0_data(parameters), (size_t)ASN1_STRING_length(parameters));
        raw[from_end] ^= 3;
        ASN1_STRING_set(parameters, raw, ASN1_STRING_length(parameters));
        OPENSSL_free(raw);
    } else {
        copy[(size_t)n - from_end] ^= 1;
    }
    if (X509_PUBKEY_set0_param(public_key, OBJ_dup(object), V_ASN1_SEQUENCE, parameters, copy, n) != 1)
        BUG("the key cannot be changed");
}

static void point_off_curve(X509 *certificate) { change_key(certificate, false, 7); }
/* SEQUENCE { OID of the curve, OID of the digest }: the last byte of the first. */
static void other_curve(X509 *certificate) { change_key(certificate, true, 2 + 2 + 9); }

static void bend_point(struct authority_draft *draft) { draft->spec.change = point_off_curve; }
static void bend_curve(struct authority_draft *draft) { draft->spec.change = other_curve; }
static void bend_critical(struct authority_draft *draft) { draft->spec.change = unknown_critical_part; }

/* clang-format off */
const struct authority_wrong authority_wrong_certificates[] = {
    { "other_iin", "somebody else's certificate", AUTHORITY_BOTH, EDS_STEP_IDENTITY, EDS_IDENTITY_OTHER_IIN, .bend_spec = other_iin },
    { "iin_missing", "no serialNumber in the subject", AUTHORITY_BOTH, EDS_STEP_IDENTITY, EDS_IDENTITY_NONE, .bend_spec = iin_missing },
    { "iin_twice", "two equal IINs in the subject", AUTHORITY_BOTH, EDS_STEP_IDENTITY, EDS_IDENTITY_MALFORMED, .bend_spec = iin_twice },
    { "iin_twice_different", "two IINs in the subject, the first the right one", AUTHORITY_BOTH, EDS_STEP_IDENTITY, EDS_IDENTITY_MALFORMED, .bend_spec = iin_twice_different },
    { "iin_short", "an IIN of eleven digits", AUTHORITY_BOTH, EDS_STEP_IDENTITY, EDS_IDENTITY_MALFORMED, .bend_spec = iin_short },
    { "iin_letter", "the letter O for the digit 0", AUTHORITY_BOTH, EDS_STEP_IDENTITY, EDS_IDENTITY_MALFORMED, .bend_spec = iin_letters },
    { "employee_for_citizen", "a citizen's own matter with the certificate of an employee", AUTHORITY_BOTH, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER, .role = AUTHORITY_EMPLOYEE },
    { "head_for_citizen", "the same with that of the head of an organisation", AUTHORITY_BOTH, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER, .role = AUTHORITY_HEAD },
    { "system_for_citizen", "the same with that of an information system", AUTHORITY_BOTH, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER, .role = AUTHORITY_SYSTEM },
    { "clerk_for_citizen", "the same with that of an officer", AUTHORITY_BOTH, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER, .role = AUTHORITY_CLERK },
    { "auth_key_signs", "a key for signing in signs an application", AUTHORITY_BOTH, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER, .role = AUTHORITY_PERSON_AUTH },
    { "sign_key_signs_in", "a key for signing signs in", AUTHORITY_BOTH, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER, .bend_object = for_sign_in },
    { "citizen_for_organisation", "an organisation's matter with the certificate of a citizen", AUTHORITY_BOTH, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER, .bend_object = for_organisation },
    { "other_bin", "the head of another organisation", AUTHORITY_BOTH, EDS_STEP_IDENTITY, EDS_IDENTITY_OTHER_BIN, .role = AUTHORITY_HEAD, .bend_spec = other_bin, .bend_object = for_organisation },
    { "bin_missing", "the head of no organisation", AUTHORITY_BOTH, EDS_STEP_IDENTITY, EDS_IDENTITY_NONE, .role = AUTHORITY_HEAD, .bend_spec = bin_missing, .bend_object = for_organisation },
    { "tsa_key_signs", "a citizen's certificate that may make timestamps", AUTHORITY_BOTH, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER, .bend_spec = for_timestamps },
    { "encryption_key_signs", "key usage without signatures", AUTHORITY_BOTH, EDS_STEP_PROFILE, EDS_PROFILE_KEY_USAGE, .bend_spec = for_encryption },
    { "no_key_usage", "no key usage at all", AUTHORITY_BOTH, EDS_STEP_PROFILE, EDS_PROFILE_KEY_USAGE, .bend_spec = without_usage },
    { "authority_signs", "an authority's certificate on an application", AUTHORITY_BOTH, EDS_STEP_PROFILE, EDS_PROFILE_AUTHORITY, .bend_spec = of_an_authority },
    { "expired", "ran out a second ago", AUTHORITY_BOTH, EDS_STEP_CHAIN, EDS_CHAIN_EXPIRED, .bend_spec = expired },
    { "not_yet_valid", "valid from tomorrow", AUTHORITY_BOTH, EDS_STEP_CHAIN, EDS_CHAIN_NOT_YET, .bend_spec = not_yet },
    { "issuer_of_same_name", "issued by somebody who bears the authority's name", AUTHORITY_BOTH, EDS_STEP_CHAIN, EDS_CHAIN_UNTRUSTED, .bend_key = issuer_of_same_name },
    { "issuer_of_same_name_inside", "the same, and that issuer's certificate goes along", AUTHORITY_BOTH, EDS_STEP_CHAIN, EDS_CHAIN_UNTRUSTED, .bend_key = issuer_of_same_name, .bend_cms = with_issuer },
    { "root_of_same_name", "issued by a false root, which goes along", AUTHORITY_BOTH, EDS_STEP_CHAIN, EDS_CHAIN_UNTRUSTED, .bend_key = signed_by_root, .bend_cms = with_issuer },
    { "issuer_without_flag", "issued by a citizen", AUTHORITY_BOTH, EDS_STEP_CHAIN, EDS_CHAIN_WRONG, .bend_key = issuer_without_flag, .bend_cms = with_issuer },
    { "path_too_long", "issued below an authority that may have none below it", AUTHORITY_BOTH, EDS_STEP_CHAIN, EDS_CHAIN_WRONG, .bend_key = path_too_long, .bend_cms = with_issuer },
    { "certificate_changed", "a letter of the name in the certificate changed", AUTHORITY_BOTH, EDS_STEP_CHAIN, EDS_CHAIN_SIGNATURE, .bend_object = changed_after },
    { "critical_unknown", "an unknown critical extension", AUTHORITY_BOTH, EDS_STEP_CHAIN, EDS_CHAIN_WRONG, .bend_spec = bend_critical },
    { "certificate_sha1", "certificate signed with SHA-1", AUTHORITY_RSA_ONLY, EDS_STEP_CHAIN, EDS_CHAIN_ALGORITHM, .bend_spec = by_sha1 },
    { "certificate_md5", "certificate signed with MD5", AUTHORITY_RSA_ONLY, EDS_STEP_CHAIN, EDS_CHAIN_ALGORITHM, .bend_spec = by_md5 },
    { "rsa_1024", "a key of 1024 bits", AUTHORITY_RSA_ONLY, EDS_STEP_ALGORITHM, EDS_KEY_WEAK, .bend_key = rsa_1024 },
    { "point_off_curve", "a public key that is no point of the curve", AUTHORITY_GOST_ONLY, EDS_STEP_ALGORITHM, EDS_KEY_UNREADABLE, .bend_spec = bend_point },
    { "other_curve", "a public key said to be of another curve", AUTHORITY_GOST_ONLY, EDS_STEP_ALGORITHM, EDS_KEY_UNREADABLE, .bend_spec = bend_curve },
};
/* clang-format on */
const size_t authority_wrong_certificates_count = sizeof authority_wrong_certificates / sizeof *authority_wrong_certificates;
