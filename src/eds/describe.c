/* SPDX-License-Identifier: Apache-2.0 */
/* What a signer's certificate says, as a verdict gives it: names and times. */
#include "eds/eds_impl.h"

#include <openssl/bn.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

/* Held to the years that base/date.h can write: what is before or after them is at their beginning or end. */
static struct moment within_calendar(int64_t seconds)
{
    const int64_t first = day_of(DAY_FIRST_YEAR, 1, 1).n * (int64_t)86400,
                  last = day_of(DAY_LAST_YEAR, 12, 31).n * (int64_t)86400;
    return (struct moment){ (seconds < first ? first : seconds > last ? last : seconds) * 1000 };
}

bool asn1_read_time(const ASN1_TIME *time, struct moment *ret)
{
    struct tm utc;
    if (!time || ASN1_TIME_to_tm(time, &utc) != 1)
        return false;
    int year = utc.tm_year + 1900;
    int64_t day = year < DAY_FIRST_YEAR  ? INT32_MIN
                  : year > DAY_LAST_YEAR ? INT32_MAX
                                         : day_of(year, utc.tm_mon + 1, utc.tm_mday).n;
    *ret = within_calendar(day * 86400 + utc.tm_hour * 3600 + utc.tm_min * 60 + utc.tm_sec);
    return true;
}

struct moment asn1_moment(const ASN1_TIME *time)
{
    struct moment at;
    return asn1_read_time(time, &at) ? at : within_calendar(INT64_MIN / 2);
}

/* ---- what a signer's certificate says ---- */

enum { NAME_MAX_PLAIN = 1024 };

/* A value that stands for itself in RFC 2253 (2.4): UTF-8 without anything that would be escaped. */
static bool is_plain(const ASN1_STRING *value)
{
    int type = ASN1_STRING_type(value), n = ASN1_STRING_length(value);
    const unsigned char *text = ASN1_STRING_get0_data(value);
    const int last = type == V_ASN1_UTF8STRING ? 0xff : 0x7e;
    bool plain = (type == V_ASN1_UTF8STRING || type == V_ASN1_PRINTABLESTRING || type == V_ASN1_IA5STRING) && n > 0 &&
                 text[0] != ' ' && text[0] != '#' && text[n - 1] != ' ';
    for (int i = 0; plain && i < n; i++)
        plain = text[i] >= ' ' && text[i] <= last && text[i] != 0x7f && !strchr(",+\"\\<>;", text[i]);
    return plain;
}

/* The usual names; false: OpenSSL's slower writer is needed. */
static bool write_plain_name(const X509_NAME *name, struct buf *out)
{
    for (int i = X509_NAME_entry_count(name); i-- > 0;) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
        const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);
        int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
        bool alone = i == 0 || X509_NAME_ENTRY_set(X509_NAME_get_entry(name, i - 1)) != X509_NAME_ENTRY_set(entry);
        if (nid == NID_undef || !alone || !is_plain(value))
            return false;
        buf_add_text(out, out->n ? "," : "");
        buf_add_text(out, OBJ_nid2sn(nid));
        buf_add_text(out, "=");
        buf_add(out, ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
    }
    return !out->over;
}

static struct str name_by_openssl(struct arena *arena, const X509_NAME *name)
{
    BIO *out = BIO_new(BIO_s_mem());
    char *text = NULL;
    struct str result = STR("");
    if (out && X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
        long n = BIO_get_mem_data(out, &text);
        result = arena_str(arena, (struct str){ text, n > 0 ? (size_t)n : 0 });
    }
    BIO_free(out);
    return result;
}

static struct str name_text(struct arena *arena, const X509_NAME *name)
{
    struct buf plain;
    buf_init(&plain, NAME_MAX_PLAIN);
    struct str result = write_plain_name(name, &plain) ? arena_str(arena, buf_str(&plain)) : name_by_openssl(arena, name);
    buf_release(&plain);
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

bool x509_extension(X509 *certificate, int nid, bool *ret_critical, struct str *ret)
{
    int at = X509_get_ext_by_NID(certificate, nid, -1);
    if (at < 0 || X509_get_ext_by_NID(certificate, nid, at) >= 0)
        return false;
    X509_EXTENSION *extension = X509_get_ext(certificate, at);
    const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(extension);
    struct der all;
    if (!der_only((struct str){ (const char *)ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value) }, DER_SEQUENCE,
                  &all))
        return false;
    if (ret_critical)
        *ret_critical = X509_EXTENSION_get_critical(extension) != 0;
    *ret = all.body;
    return true;
}

void signer_describe(struct check *check, int signer, X509 *certificate, struct str der)
{
    struct eds_signer *about = &check->signer[signer];
    struct arena *arena = check->arena;
    about->certificate = check_bytes(check, der.p, der.n);
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
}
