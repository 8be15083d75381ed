/* SPDX-License-Identifier: Apache-2.0 */
/* Good, revoked or not known: from the answers given, each believed only when it is authentic and fresh. */
#include "eds/revocation.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
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

enum eds_reason revocation_when(struct moment revoked, struct moment at)
{
    return revoked.ms <= at.ms ? EDS_REVOCATION_REVOKED : EDS_REVOCATION_LATER;
}

struct revocation revocation_of(struct check *check, X509 *certificate, X509 *issuer, struct moment at, bool signer)
{
    struct revocation_query query = { .check = check, .certificate = certificate, .issuer = issuer, .at = at };
    struct revocation all = revocation_said(EDS_REVOCATION_NO_ANSWER, STR(""));
    if (signer)
        query.nonce = check->request->ocsp_nonce;
    for (size_t i = 0; i < check->request->ocsps; i++) {
        struct revocation one;
        if (ocsp_answers(&query, check->request->ocsp[i], &one))
            weigh(&all, one);
    }
    struct revocation list;
    if (check->request->crls > 0 && crls_answer(&query, &list))
        weigh(&all, list);
    ERR_clear_error();
    return all;
}

/* ---- what to ask ---- */

static void want(struct check *check, enum eds_missing_kind kind, int signer, X509 *certificate, X509 *issuer, const char *url)
{
    struct eds_verdict *verdict = check->verdict;
    if (verdict->missings >= CHECK_MISSING)
        return;
    check->missing[verdict->missings++] = (struct eds_missing){ .kind = kind,
                                                                .signer = signer,
                                                                .certificate = x509_der(check->arena, certificate),
                                                                .issuer = x509_der(check->arena, issuer),
                                                                .url = arena_str(check->arena, str_from(url)) };
}

static int want_ocsp(struct check *check, int signer, X509 *certificate, X509 *issuer)
{
    const char *override = eds_trust_policy(check->trust)->ocsp_url;
    STACK_OF(OPENSSL_STRING) *urls = X509_get1_ocsp(certificate);
    int n = sk_OPENSSL_STRING_num(urls);
    if (override && n > 0)
        want(check, EDS_MISSING_OCSP, signer, certificate, issuer, override);
    for (int i = 0; !override && i < n; i++)
        want(check, EDS_MISSING_OCSP, signer, certificate, issuer, sk_OPENSSL_STRING_value(urls, i));
    X509_email_free(urls);
    return n > 0;
}

static int want_lists(struct check *check, int signer, X509 *certificate, X509 *issuer, int nid)
{
    const char *override = nid == NID_crl_distribution_points ? eds_trust_policy(check->trust)->crl_url : NULL;
    CRL_DIST_POINTS *points = X509_get_ext_d2i(certificate, nid, NULL, NULL);
    int found = 0;
    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT_NAME *name = sk_DIST_POINT_value(points, i)->distpoint;
        for (int k = 0; name && name->type == 0 && k < sk_GENERAL_NAME_num(name->name.fullname); k++) {
            const GENERAL_NAME *general = sk_GENERAL_NAME_value(name->name.fullname, k);
            if (general->type != GEN_URI)
                continue;
            const ASN1_STRING *uri = general->d.uniformResourceIdentifier;
            struct str url = { (const char *)ASN1_STRING_get0_data(uri), (size_t)ASN1_STRING_length(uri) };
            want(check, EDS_MISSING_CRL, signer, certificate, issuer, override ? override : arena_text(check->arena, url));
            found = 1;
        }
    }
    CRL_DIST_POINTS_free(points);
    return found;
}

bool revocation_missing(struct check *check, int signer, X509 *certificate, X509 *issuer)
{
    int ocsp = want_ocsp(check, signer, certificate, issuer);
    int list = want_lists(check, signer, certificate, issuer, NID_crl_distribution_points);
    int delta = want_lists(check, signer, certificate, issuer, NID_freshest_crl);
    return ocsp || list || delta;
}
