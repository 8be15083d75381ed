/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists and delta lists (RFC 5280, 5). */
#include "eds/revocation.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

enum { LISTS_MAX = 16 };

struct list {
    X509_CRL *crl;
    struct str bytes;            /* of the request's member it came from */
    ASN1_INTEGER *number, *base; /* base: of a delta */
};

/* ---- reading ---- */

static int read_lists(struct str bytes, struct list *list, int count)
{
    const unsigned char *at = (const unsigned char *)bytes.p, *end = at + bytes.n;
    if (bytes.n == 0 || bytes.n > EDS_ANSWER_MAX)
        return count;
    if (*at == DER_SEQUENCE) { /* one after the other */
        while (count < LISTS_MAX && at < end) {
            X509_CRL *crl = d2i_X509_CRL(NULL, &at, end - at);
            if (!crl)
                break;
            list[count++] = (struct list){ .crl = crl, .bytes = bytes };
        }
        return count;
    }
    BIO *in = BIO_new_mem_buf(bytes.p, (int)bytes.n);
    X509_CRL *crl;
    while (in && count < LISTS_MAX && (crl = PEM_read_bio_X509_CRL(in, NULL, NULL, NULL)))
        list[count++] = (struct list){ .crl = crl, .bytes = bytes };
    BIO_free(in);
    return count;
}

static void release(struct list *list, int count)
{
    for (int i = 0; i < count; i++) {
        X509_CRL_free(list[i].crl);
        ASN1_INTEGER_free(list[i].number);
        ASN1_INTEGER_free(list[i].base);
    }
}

/* ---- one list ---- */

/* An entry that says more about itself than we know, e.g. whose certificate it is, may be about any (RFC 5280, 5.3). */
static bool entries_understood(X509_CRL *crl)
{
    const STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(crl);
    for (int i = 0; i < sk_X509_REVOKED_num(entries); i++) {
        const STACK_OF(X509_EXTENSION) *extensions = X509_REVOKED_get0_extensions(sk_X509_REVOKED_value(entries, i));
        for (int k = 0; k < sk_X509_EXTENSION_num(extensions); k++) {
            if (X509_EXTENSION_get_critical(sk_X509_EXTENSION_value(extensions, k)))
                return false;
        }
    }
    return true;
}

/* Critical extensions other than those looked at here make a list useless. */
static bool understood(X509_CRL *crl)
{
    for (int i = 0; i < X509_CRL_get_ext_count(crl); i++) {
        X509_EXTENSION *extension = X509_CRL_get_ext(crl, i);
        int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
        if (X509_EXTENSION_get_critical(extension) && nid != NID_issuing_distribution_point && nid != NID_delta_crl)
            return false;
    }
    return entries_understood(crl);
}

static bool share_a_name(const GENERAL_NAMES *one, const GENERAL_NAMES *other)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(one); i++) {
        for (int k = 0; k < sk_GENERAL_NAME_num(other); k++) {
            if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(one, i), sk_GENERAL_NAME_value(other, k)) == 0)
                return true;
        }
    }
    return false;
}

/* The place that a list is for is one that the certificate names (RFC 5280, 6.3.3 (b) (2) (i)). */
static bool is_place_of(const DIST_POINT_NAME *place, X509 *certificate, int nid)
{
    enum { FULL_NAME = 0 };
    CRL_DIST_POINTS *points = X509_get_ext_d2i(certificate, nid, NULL, NULL);
    bool found = false;
    for (int i = 0; !found && i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT_NAME *own = sk_DIST_POINT_value(points, i)->distpoint;
        found =
            own && own->type == FULL_NAME && place->type == FULL_NAME && share_a_name(own->name.fullname, place->name.fullname);
    }
    CRL_DIST_POINTS_free(points);
    return found;
}

static bool is_delta(const X509_CRL *crl) { return X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0; }

static bool covers_place(const X509_CRL *crl, const DIST_POINT_NAME *place, X509 *certificate)
{
    return !place || is_place_of(place, certificate, NID_crl_distribution_points) ||
           (is_delta(crl) && is_place_of(place, certificate, NID_freshest_crl));
}

/* A list may be restricted to a part of the certificates. */
static bool covers(X509_CRL *crl, X509 *certificate)
{
    int critical;
    ISSUING_DIST_POINT *part = X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, &critical, NULL);
    bool authority = (X509_get_extension_flags(certificate) & EXFLAG_CA) != 0;
    bool whole = part ? part->indirectCRL <= 0 && part->onlyattr <= 0 && !part->onlysomereasons &&
                            !(part->onlyuser > 0 && authority) && !(part->onlyCA > 0 && !authority) &&
                            covers_place(crl, part->distpoint, certificate)
                      : critical == -1;
    ISSUING_DIST_POINT_free(part);
    return whole;
}

static bool is_signed(const struct revocation_query *query, X509_CRL *crl)
{
    const struct eds_policy *policy = eds_trust_policy(query->check->trust);
    const X509_ALGOR *algorithm;
    X509_CRL_get0_signature(crl, NULL, &algorithm);
    return ((policy->signature_algorithms | policy->timestamp_algorithms) & 1u << algorithm_of_x509(algorithm)) &&
           (X509_get_key_usage(query->issuer) & KU_CRL_SIGN) && X509_CRL_verify(crl, X509_get0_pubkey(query->issuer)) == 1;
}

static bool is_fresh(const struct revocation_query *query, X509_CRL *crl)
{
    const struct eds_policy *policy = eds_trust_policy(query->check->trust);
    const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);
    struct moment issued = asn1_moment(X509_CRL_get0_lastUpdate(crl));
    /* After its end a certificate need not be listed any more. */
    if (issued.ms > asn1_moment(X509_get0_notAfter(query->certificate)).ms)
        return false;
    if (issued.ms >= query->at.ms)
        return true;
    return next ? asn1_moment(next).ms >= query->at.ms : issued.ms + policy->crl_age_s * 1000 >= query->at.ms;
}

static enum eds_reason usable(const struct revocation_query *query, struct list *list)
{
    if (!is_signed(query, list->crl))
        return EDS_REVOCATION_FORGED;
    if (!understood(list->crl) || !covers(list->crl, query->certificate))
        return EDS_REVOCATION_UNKNOWN;
    list->number = X509_CRL_get_ext_d2i(list->crl, NID_crl_number, NULL, NULL);
    list->base = X509_CRL_get_ext_d2i(list->crl, NID_delta_crl, NULL, NULL);
    return EDS_OK;
}

/* CRLReason; -1: none. */
static long reason_of(X509_REVOKED *entry)
{
    ASN1_ENUMERATED *reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
    long why = reason ? ASN1_ENUMERATED_get(reason) : -1;
    ASN1_ENUMERATED_free(reason);
    return why;
}

/* What a list has on the certificate: nothing (OK), or since when it is revoked; REMOVED: no longer (delta lists). */
enum entry { ENTRY_NONE, ENTRY_REVOKED, ENTRY_HELD, ENTRY_REMOVED };
static enum entry find_entry(const struct revocation_query *query, X509_CRL *crl, enum eds_reason *ret)
{
    X509_REVOKED *entry = NULL;
    int found = X509_CRL_get0_by_cert(crl, &entry, query->certificate);
    if (found == 2)
        return ENTRY_REMOVED;
    if (found != 1)
        return ENTRY_NONE;
    long why = reason_of(entry);
    *ret = revocation_when(query, asn1_moment(X509_REVOKED_get0_revocationDate(entry)), why);
    return why == CRL_REASON_CERTIFICATE_HOLD ? ENTRY_HELD : ENTRY_REVOKED;
}

/* ---- base and delta together ---- */

static bool follows(const struct list *delta, const struct list *base)
{
    return delta->base && base->number && delta->number && ASN1_INTEGER_cmp(delta->base, base->number) <= 0 &&
           ASN1_INTEGER_cmp(delta->number, base->number) > 0;
}

/* What the newest delta after `base` has on the certificate. */
static enum entry newest_delta(const struct revocation_query *query, const struct list *list, int count, const struct list *base,
                               enum eds_reason *ret, bool *ret_fresh)
{
    const struct list *newest = NULL;
    for (int i = 0; i < count; i++) {
        if (follows(&list[i], base) && (!newest || ASN1_INTEGER_cmp(list[i].number, newest->number) > 0))
            newest = &list[i];
    }
    *ret_fresh = newest && is_fresh(query, newest->crl);
    return newest ? find_entry(query, newest->crl, ret) : ENTRY_NONE;
}

static enum eds_reason look_up(const struct revocation_query *query, const struct list *list, int count, const struct list *base)
{
    bool delta_fresh;
    enum eds_reason reason = EDS_OK;
    enum entry found = newest_delta(query, list, count, base, &reason, &delta_fresh);
    if (found == ENTRY_NONE)
        found = find_entry(query, base->crl, &reason);
    /* A base that has run out lives on as long as deltas follow it. */
    bool fresh = is_fresh(query, base->crl) || delta_fresh;
    /* A hold may have been lifted since; no other revocation can be. */
    if (found == ENTRY_REVOKED || (found == ENTRY_HELD && fresh))
        return reason;
    return fresh ? EDS_OK : EDS_REVOCATION_STALE;
}

/* A newer list from before the moment in question is there: what only the older one has, a hold, was lifted by then. */
static bool is_superseded(const struct revocation_query *query, const struct list *list, int count, const struct list *base)
{
    int64_t issued = asn1_moment(X509_CRL_get0_lastUpdate(base->crl)).ms;
    for (int i = 0; i < count; i++) {
        int64_t other = asn1_moment(X509_CRL_get0_lastUpdate(list[i].crl)).ms;
        if (!list[i].base && other > issued && other <= query->at.ms)
            return true;
    }
    return false;
}

bool crls_answer(const struct revocation_query *query, struct revocation *ret)
{
    struct list list[LISTS_MAX], good[LISTS_MAX];
    int count = 0, goods = 0;
    bool any = false;
    *ret = revocation_said(EDS_REVOCATION_NO_ANSWER, STR(""));
    for (size_t i = 0; i < query->check->request->crls; i++)
        count = read_lists(query->check->request->crl[i], list, count);
    for (int i = 0; i < count; i++) {
        if (X509_NAME_cmp(X509_CRL_get_issuer(list[i].crl), X509_get_subject_name(query->issuer)) != 0)
            continue;
        enum eds_reason reason = usable(query, &list[i]);
        if (reason == EDS_OK)
            good[goods++] = list[i];
        else if (!any)
            *ret = revocation_said(reason, STR(""));
        any = true;
    }
    for (int i = 0; i < goods; i++) {
        if (good[i].base || is_superseded(query, good, goods, &good[i]))
            continue;
        struct revocation one = revocation_said(look_up(query, good, goods, &good[i]), good[i].bytes);
        if (ret->good == TRI_UNKNOWN || one.good == TRI_NO)
            *ret = one;
    }
    release(list, count);
    return any;
}
