/* SPDX-License-Identifier: Apache-2.0 */
/* Who a certificate is of, and what for: names, key usage, extended key usage. */
#include "eds/eds_impl.h"

#include <openssl/objects.h>
#include <openssl/x509v3.h>

#define OID_EMAIL_PROTECTION "1.3.6.1.5.5.7.3.4"
#define OID_CLIENT_AUTH      "1.3.6.1.5.5.7.3.2"
#define OID_TIME_STAMPING    "1.3.6.1.5.5.7.3.8"
#define OID_OCSP_SIGNING     "1.3.6.1.5.5.7.3.9"
#define OID_PERSON           "1.2.398.3.3.4.1.1"
#define OID_PERSON_SYSTEM    "1.2.398.3.3.4.1.1.1"
#define OID_ORGANISATION     "1.2.398.3.3.4.1.2"
#define OID_ORGANISATION_SYS "1.2.398.3.3.4.1.2.6"
#define OID_REMOTE           "1.2.398.3.3.4.3.2" /* identified remotely: the key signs and signs in */
#define OID_REMOTE_DIGITAL   "1.2.398.3.3.4.3.2.1"
#define OID_CIVIL_SERVANT    "1.2.398.3.2.3.4" /* the certification centre of state bodies */

/* ---- subject ---- */

enum { NUMBER = 12 };

/* The value of an attribute as UTF-8; empty when it is not text. */
static struct str entry_text(struct arena *arena, const X509_NAME_ENTRY *entry)
{
    unsigned char *utf8 = NULL;
    int n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
    struct str text = { "", 0 };
    if (n > 0 && !memchr(utf8, 0, (size_t)n))
        text = arena_str(arena, (struct str){ (const char *)utf8, (size_t)n });
    OPENSSL_free(utf8);
    return str_is_utf8(text) ? text : STR("");
}

/* How many attributes of that kind start with the prefix; the first one's digits, empty when it is malformed. */
static int find_number(X509 *certificate, struct arena *arena, int nid, const char *prefix, struct str *ret)
{
    const X509_NAME *name = X509_get_subject_name(certificate);
    int found = 0;
    for (int at = X509_NAME_get_index_by_NID(name, nid, -1); at >= 0; at = X509_NAME_get_index_by_NID(name, nid, at)) {
        struct str text = entry_text(arena, X509_NAME_get_entry(name, at));
        if (!str_starts(text, prefix))
            continue;
        struct str digits = { text.p + strlen(prefix), text.n - strlen(prefix) };
        if (found++ == 0)
            *ret = digits.n == NUMBER && str_is_digits(digits) ? digits : STR("");
    }
    return found;
}

/* False: one of them twice or malformed. */
bool subject_numbers(X509 *certificate, struct arena *arena, struct str *ret_iin, struct str *ret_bin)
{
    *ret_iin = *ret_bin = STR("");
    int iins = find_number(certificate, arena, NID_serialNumber, "IIN", ret_iin);
    int bins = find_number(certificate, arena, NID_organizationalUnitName, "BIN", ret_bin);
    return iins <= 1 && bins <= 1 && (iins == 0 || ret_iin->n > 0) && (bins == 0 || ret_bin->n > 0);
}

void check_identity(struct check *check, int signer, X509 *certificate)
{
    const struct eds_request *request = check->request;
    struct str iin, bin;
    bool person = request->purpose == EDS_PURPOSE_PERSON_SIGN || request->purpose == EDS_PURPOSE_PERSON_AUTH;
    enum eds_reason reason = EDS_OK;
    if (!subject_numbers(certificate, check->arena, &iin, &bin))
        reason = EDS_IDENTITY_MALFORMED;
    else if (((person || request->iin) && iin.n == 0) ||
             ((request->purpose == EDS_PURPOSE_ORGANISATION || request->bin) && bin.n == 0))
        reason = EDS_IDENTITY_NONE;
    else if (request->iin && !str_is(iin, request->iin))
        reason = EDS_IDENTITY_OTHER_IIN;
    else if (request->bin && !str_is(bin, request->bin))
        reason = EDS_IDENTITY_OTHER_BIN;
    check_step(check, EDS_STEP_IDENTITY, signer, tri_of(reason == EDS_OK), reason, "%s", "");
}

/* ---- key usage ---- */

struct str usage_text(struct arena *arena, X509 *certificate)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } bits[] = { { KU_DIGITAL_SIGNATURE, "digitalSignature" },
                 { KU_NON_REPUDIATION, "nonRepudiation" },
                 { KU_KEY_ENCIPHERMENT, "keyEncipherment" },
                 { KU_DATA_ENCIPHERMENT, "dataEncipherment" },
                 { KU_KEY_AGREEMENT, "keyAgreement" },
                 { KU_KEY_CERT_SIGN, "keyCertSign" },
                 { KU_CRL_SIGN, "cRLSign" } };
    struct buf out;
    uint32_t usage = X509_get_key_usage(certificate);
    buf_init(&out, 256);
    for (size_t i = 0; usage != UINT32_MAX && i < sizeof bits / sizeof *bits; i++) {
        if (usage & bits[i].bit)
            buf_addf(&out, "%s%s", out.n ? "," : "", bits[i].name);
    }
    struct str text = arena_str(arena, buf_str(&out));
    buf_release(&out);
    return text;
}

static bool has_authority_flag(X509 *certificate) { return (X509_get_extension_flags(certificate) & EXFLAG_CA) != 0; }

void check_profile(struct check *check, int signer, X509 *certificate)
{
    uint32_t usage = X509_get_key_usage(certificate); /* UINT32_MAX: the extension is absent */
    bool authority = has_authority_flag(certificate), alone = check->verdict->form == EDS_CERTIFICATE;
    enum eds_reason reason = EDS_OK;
    if (authority && !alone)
        reason = EDS_PROFILE_AUTHORITY;
    else if (authority ? !(usage & KU_KEY_CERT_SIGN) : !(usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)))
        reason = EDS_PROFILE_KEY_USAGE;
    else if (!authority &&
             (usage == UINT32_MAX || (eds_trust_policy(check->trust)->commitment_required && !(usage & KU_NON_REPUDIATION))))
        reason = EDS_PROFILE_KEY_USAGE;
    check_step(check, EDS_STEP_PROFILE, signer, tri_of(reason == EDS_OK), reason, "%s", "");
}

/* ---- extended key usage ---- */

/* ExtKeyUsageSyntax (RFC 5280, 4.2.1.12): identifiers; empty when it is not there, or holds anything else. */
static struct str extended_usage(X509 *certificate, bool *ret_critical)
{
    struct str usage, rest;
    struct der one;
    if (!x509_extension(certificate, NID_ext_key_usage, ret_critical, &usage))
        return STR("");
    rest = usage;
    while (der_take(&rest, DER_OID, &one))
        ;
    return rest.n == 0 ? usage : STR("");
}

static bool contains(struct str usage, const char *dotted)
{
    struct der one;
    while (der_take(&usage, DER_OID, &one)) {
        if (der_oid_body_is(one.body, dotted))
            return true;
    }
    return false;
}

bool extended_usage_has(X509 *certificate, const char *dotted) { return contains(extended_usage(certificate, NULL), dotted); }

bool extended_usage_only(X509 *certificate, const char *dotted, bool critical)
{
    bool is_critical = false;
    struct der one;
    struct str usage = extended_usage(certificate, &is_critical);
    return der_only(usage, DER_OID, &one) && der_oid_body_is(one.body, dotted) && (!critical || is_critical);
}

struct str extended_usage_text(struct arena *arena, X509 *certificate)
{
    struct buf out;
    struct der one;
    struct str usage = extended_usage(certificate, NULL);
    buf_init(&out, 2048);
    bool fine = true;
    while (fine && der_take(&usage, DER_OID, &one)) {
        buf_add_text(&out, out.n ? "," : "");
        fine = der_oid_body_text(one.body, &out);
    }
    struct str text = fine ? arena_str(arena, buf_str(&out)) : STR("");
    buf_release(&out);
    return text;
}

/* For each purpose: all of `every`, and one of `one`; none of `never`; signs: not a key for signing in. */
static const struct {
    const char *every[3], *one[4], *never[4];
    bool signs;
} purposes[] = {
    [EDS_PURPOSE_ANY] = { .never = { OID_TIME_STAMPING, OID_OCSP_SIGNING } },
    [EDS_PURPOSE_PERSON_SIGN] = { .every = { OID_PERSON, OID_EMAIL_PROTECTION },
                                  .never = { OID_TIME_STAMPING, OID_OCSP_SIGNING } },
    [EDS_PURPOSE_PERSON_AUTH] = { .every = { OID_PERSON },
                                  .one = { OID_CLIENT_AUTH, OID_REMOTE, OID_REMOTE_DIGITAL },
                                  .never = { OID_TIME_STAMPING, OID_OCSP_SIGNING } },
    [EDS_PURPOSE_ORGANISATION] = { .one = { OID_ORGANISATION, OID_CIVIL_SERVANT },
                                   .never = { OID_TIME_STAMPING, OID_OCSP_SIGNING, OID_ORGANISATION_SYS },
                                   .signs = true },
    [EDS_PURPOSE_SIGN] = { .never = { OID_TIME_STAMPING, OID_OCSP_SIGNING, OID_ORGANISATION_SYS, OID_PERSON_SYSTEM },
                           .signs = true },
    [EDS_PURPOSE_SYSTEM] = { .one = { OID_ORGANISATION_SYS, OID_PERSON_SYSTEM, OID_ORGANISATION },
                             .never = { OID_TIME_STAMPING, OID_OCSP_SIGNING } },
};

static bool has_any(struct str usage, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n && list[i]; i++) {
        if (contains(usage, list[i]))
            return true;
    }
    return false;
}

static bool has_all(struct str usage, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n && list[i]; i++) {
        if (!contains(usage, list[i]))
            return false;
    }
    return true;
}

static bool only_signs_in(struct str usage) { return contains(usage, OID_CLIENT_AUTH) && !contains(usage, OID_EMAIL_PROTECTION); }

#define COUNT(list) (sizeof(list) / sizeof *(list))
void check_purpose(struct check *check, int signer, X509 *certificate)
{
    enum eds_purpose purpose = check->request->purpose;
    bool alone = check->verdict->form == EDS_CERTIFICATE && purpose == EDS_PURPOSE_ANY;
    struct str usage = extended_usage(certificate, NULL);
    bool fits = has_all(usage, purposes[purpose].every, COUNT(purposes[purpose].every)) &&
                (!purposes[purpose].one[0] || has_any(usage, purposes[purpose].one, COUNT(purposes[purpose].one))) &&
                (alone || !has_any(usage, purposes[purpose].never, COUNT(purposes[purpose].never))) &&
                !(purposes[purpose].signs && only_signs_in(usage));
    check_step(check, EDS_STEP_PURPOSE, signer, tri_of(fits), fits ? EDS_OK : EDS_PURPOSE_OTHER, "%s", "");
}
