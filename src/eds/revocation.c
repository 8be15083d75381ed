/* SPDX-License-Identifier: Apache-2.0 */
/* Good, revoked or not known: from the answers given, each believed only when it is authentic and fresh. */
#include "eds/revocation.h"

#include <openssl/x509v3.h>

/* ---- what several answers come to ---- */

/* A certain answer beats an uncertain one, "revoked" beats "good"; of uncertain ones the last tells more than "no answer". */
static void weigh(struct revocation *all, struct revocation one)
{
    bool certain = one.good != TRI_UNKNOWN, was_certain = all->good != TRI_UNKNOWN;
    if ((certain && (!was_certain || one.good == TRI_NO)) || (!certain && !was_certain))
        *all = one;
}

struct revocation revocation_said(enum eds_reason reason, struct str answer)
{
    enum tri good = reason == EDS_OK || reason == EDS_REVOCATION_LATER ? TRI_YES
                    : reason == EDS_REVOCATION_REVOKED                 ? TRI_NO
                                                                       : TRI_UNKNOWN;
    return (struct revocation){ good, reason, answer };
}

/* The key was not lost: what was made with it before stays good (RFC 3161, 4, 1; not when no reason is given). */
static bool is_peaceful(long why)
{
    return why == CRL_REASON_UNSPECIFIED || why == CRL_REASON_AFFILIATION_CHANGED || why == CRL_REASON_SUPERSEDED ||
           why == CRL_REASON_CESSATION_OF_OPERATION;
}

enum eds_reason revocation_when(const struct revocation_query *query, struct moment revoked, long why)
{
    bool later = revoked.ms > query->at.ms && (!query->own_word || is_peaceful(why));
    return later ? EDS_REVOCATION_LATER : EDS_REVOCATION_REVOKED;
}

struct revocation revocation_of(struct check *check, X509 *certificate, X509 *issuer, struct moment at,
                                enum revocation_whose whose)
{
    struct revocation_query query = {
        .check = check, .certificate = certificate, .issuer = issuer, .at = at, .own_word = whose == REVOCATION_OF_STAMPER
    };
    struct revocation all = revocation_said(EDS_REVOCATION_NO_ANSWER, STR(""));
    if (whose == REVOCATION_OF_SIGNER)
        query.nonce = check->request->ocsp_nonce;
    for (size_t i = 0; i < check->request->ocsps; i++) {
        struct revocation one;
        if (ocsp_answers(&query, check->request->ocsp[i], &one))
            weigh(&all, one);
    }
    struct revocation list;
    if (check->request->crls > 0 && crls_answer(&query, &list))
        weigh(&all, list);
    return all;
}

/* ---- what to ask: read straight out of the extensions, for OpenSSL's structures cost as much as a quarter of a signature ----
 */

#define OID_OCSP "1.3.6.1.5.5.7.48.1"

enum { NAME_URI = 0x86 /* GeneralName: uniformResourceIdentifier [6] */ };

static bool is_address(struct str url)
{
    for (size_t i = 0; i < url.n; i++) {
        if (url.p[i] <= ' ' || url.p[i] > '~')
            return false;
    }
    return url.n > 0;
}

static bool want(struct check *check, struct eds_missing missing, struct str url, const char *override)
{
    if (!is_address(url))
        return false;
    missing.url = arena_str(check->arena, override ? str_from(override) : url);
    check_missing(check, missing);
    return true;
}

/* AuthorityInfoAccessSyntax (RFC 5280, 4.2.2.1). */
static bool want_ocsp(struct check *check, struct eds_missing missing, X509 *certificate)
{
    const char *override = eds_trust_policy(check->trust)->ocsp_url;
    struct str list;
    struct der access, method, name;
    bool found = false;
    missing.kind = EDS_MISSING_OCSP;
    if (!x509_extension(certificate, NID_info_access, NULL, &list))
        return false;
    while (der_take(&list, DER_SEQUENCE, &access) && !(found && override)) {
        if (der_take(&access.body, DER_OID, &method) && der_is_oid(method.whole, OID_OCSP) &&
            der_only(access.body, NAME_URI, &name))
            found |= want(check, missing, name.body, override);
    }
    return found;
}

/* CRLDistributionPoints (RFC 5280, 4.2.1.13) and FreshestCRL (4.2.1.15), as far as they give full names. */
static bool want_lists(struct check *check, struct eds_missing missing, X509 *certificate, int nid)
{
    const char *override = nid == NID_crl_distribution_points ? eds_trust_policy(check->trust)->crl_url : NULL;
    struct str list;
    struct der point, choice, names, name;
    bool found = false;
    missing.kind = EDS_MISSING_CRL;
    if (!x509_extension(certificate, nid, NULL, &list))
        return false;
    while (der_take(&list, DER_SEQUENCE, &point)) {
        if (!der_take(&point.body, DER_CONTEXT_0, &choice) || !der_only(choice.body, DER_CONTEXT_0, &names))
            continue;
        while (der_next(&names.body, &name)) {
            if (name.tag == NAME_URI)
                found |= want(check, missing, name.body, override);
        }
    }
    return found;
}

bool revocation_missing(struct check *check, int signer, X509 *certificate, struct str der, struct str issuer)
{
    const struct eds_missing missing = { .signer = signer, .certificate = der, .issuer = issuer };
    bool ocsp = want_ocsp(check, missing, certificate);
    bool list = want_lists(check, missing, certificate, NID_crl_distribution_points);
    bool delta = want_lists(check, missing, certificate, NID_freshest_crl);
    return ocsp || list || delta;
}
