/* SPDX-License-Identifier: Apache-2.0 */
/* The run of a verification: the form's own steps, then what all signers have in common. */
#include "eds/eds_impl.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

struct str x509_der(struct arena *arena, X509 *certificate)
{
    unsigned char *der = NULL;
    int n = i2d_X509(certificate, &der);
    struct str bytes = { n > 0 ? arena_copy(arena, der, (size_t)n) : "", n > 0 ? (size_t)n : 0 };
    OPENSSL_free(der);
    return bytes;
}

/* Held to the years that base/date.h can write: what is before or after them, or no time at all, is at their beginning or end. */
static struct moment within_calendar(int64_t seconds)
{
    const int64_t first = day_of(DAY_FIRST_YEAR, 1, 1).n * (int64_t)86400,
                  last = day_of(DAY_LAST_YEAR, 12, 31).n * (int64_t)86400;
    return (struct moment){ (seconds < first ? first : seconds > last ? last : seconds) * 1000 };
}

struct moment asn1_moment(const ASN1_TIME *time)
{
    /* Days since 1970 and seconds of the day: no time zone of the system comes into it. */
    int days = 0, seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    bool fine = epoch && time && ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;
    ASN1_TIME_free(epoch);
    return within_calendar(fine ? (int64_t)days * 86400 + seconds : INT64_MIN / 2);
}

/* ---- what a signer's certificate says ---- */

static struct str name_text(struct arena *arena, const X509_NAME *name)
{
    BIO *out = BIO_new(BIO_s_mem());
    char *text = NULL;
    struct str result = STR("");
    if (out && X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
        long n = BIO_get_mem_data(out, &text);
        result = arena_str(arena, (struct str){ text, n > 0 ? (size_t)n : 0 });
    }
    BIO_free(out);
    return str_is_utf8(result) ? result : STR("");
}

static struct str entry(struct arena *arena, X509 *certificate, int nid)
{
    const X509_NAME *name = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    unsigned char *utf8 = NULL;
    int n = at >= 0 ? ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))) : 0;
    struct str text = n > 0 ? arena_str(arena, (struct str){ (const char *)utf8, (size_t)n }) : STR("");
    OPENSSL_free(utf8);
    return str_is_utf8(text) ? text : STR("");
}

static struct str serial_text(struct arena *arena, X509 *certificate)
{
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *hex = number ? BN_bn2hex(number) : NULL;
    struct str text = arena_str(arena, str_from(hex));
    OPENSSL_free(hex);
    BN_free(number);
    return text;
}

void signer_describe(struct check *check, int signer, X509 *certificate)
{
    struct eds_signer *about = &check->signer[signer];
    struct arena *arena = check->arena;
    about->certificate = x509_der(arena, certificate);
    about->subject = name_text(arena, X509_get_subject_name(certificate));
    about->issuer = name_text(arena, X509_get_issuer_name(certificate));
    about->common_name = entry(arena, certificate, NID_commonName);
    about->organisation = entry(arena, certificate, NID_organizationName);
    about->serial = serial_text(arena, certificate);
    subject_numbers(certificate, arena, &about->iin, &about->bin);
    about->key_usage = usage_text(arena, certificate);
    about->extended_key_usage = extended_usage_text(arena, certificate);
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    about->algorithm = key ? eds_key_algorithm(key) : EDS_ALGORITHM_NONE;
    about->not_before = asn1_moment(X509_get0_notBefore(certificate));
    about->not_after = asn1_moment(X509_get0_notAfter(certificate));
    about->verified_at = check->request->at;
    ERR_clear_error();
}

/* ---- steps of every signer ---- */

static void keep_chain(struct check *check, int signer, STACK_OF(X509) * chain)
{
    int n = sk_X509_num(chain);
    struct str *copy = ARENA_ARRAY(check->arena, struct str, n);
    for (int i = 0; i < n; i++)
        copy[i] = x509_der(check->arena, sk_X509_value(chain, i));
    check->signer[signer].chain = copy;
    check->signer[signer].chain_length = (size_t)n;
}

static void check_revocation(struct check *check, int signer, STACK_OF(X509) * chain, struct moment at)
{
    int last = sk_X509_num(chain) - 1;
    X509 *own = sk_X509_value(chain, 0);
    if (last == 0) {
        check_step(check, EDS_STEP_REVOCATION, signer, TRI_YES, EDS_REVOCATION_NOT_NEEDED, "an anchor itself");
        return;
    }
    struct revocation said = revocation_of(check, own, sk_X509_value(chain, 1), at, true);
    check->signer[signer].revocation_answer = said.answer;
    if (said.good == TRI_UNKNOWN)
        revocation_missing(check, signer, own, sk_X509_value(chain, 1));
    check_step(check, EDS_STEP_REVOCATION, signer, said.good, said.reason, "the signer");
    for (int i = 1; i < last; i++) {
        X509 *authority = sk_X509_value(chain, i);
        said = revocation_of(check, authority, sk_X509_value(chain, i + 1), at, false);
        bool weighs = said.good != TRI_UNKNOWN || eds_trust_policy(check->trust)->authorities_required;
        if (said.good == TRI_UNKNOWN)
            revocation_missing(check, signer, authority, sk_X509_value(chain, i + 1));
        if (weighs)
            check_step(check, EDS_STEP_REVOCATION, signer, said.good, said.reason, "authority %d", i);
        else
            check_told(check, EDS_STEP_REVOCATION, signer, said.good, said.reason);
    }
}

void signer_check(struct check *check, int signer, const struct signed_by *by)
{
    struct moment at = check->request->at;
    STACK_OF(X509) *chain = NULL;
    char detail[160];
    if (check->verdict->form != EDS_CERTIFICATE && !timestamp_check(check, signer, by, &at))
        return;
    check->signer[signer].verified_at = at;
    enum eds_reason reason = chain_verify(check->trust, by->certificate, by->pool, at,
                                          eds_trust_policy(check->trust)->signature_algorithms, &chain, detail);
    check_step(check, EDS_STEP_CHAIN, signer, tri_of(reason == EDS_OK), reason, "%s", detail);
    check_profile(check, signer, by->certificate);
    check_purpose(check, signer, by->certificate);
    check_identity(check, signer, by->certificate);
    if (reason == EDS_OK) {
        keep_chain(check, signer, chain);
        check_revocation(check, signer, chain, at);
    }
    sk_X509_pop_free(chain, X509_free);
    ERR_clear_error();
}

/* ---- a certificate alone ---- */

void verify_certificate(struct check *check)
{
    struct str bytes;
    X509 *certificate = NULL;
    struct err err;
    if (!input_bytes(check->request->signature, "CERTIFICATE", check->arena, &bytes) ||
        !eds_certificate_read(bytes, &certificate, &err)) {
        check_step(check, EDS_STEP_FORM, -1, TRI_NO, EDS_FORM_UNREADABLE, "not a certificate");
        return;
    }
    if (!str_equal(x509_der(check->arena, certificate), bytes)) {
        check_step(check, EDS_STEP_FORM, -1, TRI_NO, EDS_FORM_MALLEABLE, "not DER");
    } else {
        check_pass(check, EDS_STEP_FORM, -1);
        check->verdict->signers = 1;
        signer_describe(check, 0, certificate);
        signer_check(check, 0, &(struct signed_by){ .certificate = certificate });
    }
    X509_free(certificate);
}

/* ---- all of it ---- */

static enum eds_form guess_form(struct str bytes, struct arena *arena)
{
    struct str text = str_trim(bytes), der;
    struct der outer, first;
    if (str_starts(text, "\xef\xbb\xbf"))
        text = (struct str){ text.p + 3, text.n - 3 };
    if (str_starts(text, "<"))
        return memmem(text.p, text.n, "http://schemas.xmlsoap.org/soap/envelope/", 41) ? EDS_WSS : EDS_XML;
    if (str_starts(text, "{"))
        return EDS_RECORD;
    if (str_starts(text, "-----BEGIN CERTIFICATE"))
        return EDS_CERTIFICATE;
    if (input_bytes(bytes, "CERTIFICATE", arena, &der) && der_only(der, DER_SEQUENCE, &outer) &&
        der_take(&outer.body, DER_SEQUENCE, &first))
        return EDS_CERTIFICATE;
    return EDS_CMS;
}

static enum tri weakest(const struct eds_verdict *verdict)
{
    enum tri result = verdict->steps > 0 && verdict->signers > 0 ? TRI_YES : TRI_NO;
    for (size_t i = 0; i < verdict->steps; i++) {
        if (verdict->step[i].weighs)
            result = tri_and(result, verdict->step[i].result);
    }
    return result;
}

void eds_verify(const struct eds_trust *trust, const struct eds_request *request, struct arena *arena, struct eds_verdict *ret)
{
    static void (*const forms[])(struct check *) = {
        [EDS_CMS] = verify_cms, [EDS_XML] = verify_xml, [EDS_WSS] = verify_wss, [EDS_CERTIFICATE] = verify_certificate
    };
    struct check check = { .trust = trust,
                           .request = request,
                           .arena = arena,
                           .verdict = ret,
                           .signer = ARENA_ARRAY(arena, struct eds_signer, EDS_SIGNERS_MAX),
                           .step = ARENA_ARRAY(arena, struct eds_step, CHECK_STEPS),
                           .missing = ARENA_ARRAY(arena, struct eds_missing, CHECK_MISSING) };
    enum eds_form form = request->form == EDS_ANY ? guess_form(request->signature, arena) : request->form;
    if (form == EDS_RECORD) {
        eds_record_verify(trust, request->signature, arena, ret);
        return;
    }
    *ret = (struct eds_verdict){ .form = form,
                                 .policy_version = eds_trust_policy(trust)->version,
                                 .at = request->at,
                                 .signer = check.signer,
                                 .step = check.step,
                                 .missing = check.missing };
    forms[form](&check);
    ret->valid = weakest(ret);
    if (ret->valid == TRI_NO)
        ret->content = STR("");
    ERR_clear_error();
}
