/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of eds share.  Private to eds. */
#ifndef EDS_EDS_IMPL_H
#define EDS_EDS_IMPL_H

#include "eds/eds_make.h"

#include <openssl/asn1.h>
#include <openssl/x509.h>

/* ---- der.c: a strict reader: definite, minimal lengths; one-byte tags ---- */

enum {
    DER_INTEGER = 0x02,
    DER_BITS = 0x03,
    DER_OCTETS = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT_0 = 0xa0,
    DER_CONTEXT_1 = 0xa1
};
struct der {
    unsigned char tag;
    struct str body, whole;
};
/* Takes the next element off *rest. */
bool der_next(struct str *rest, struct der *ret);
/* The next element if it has that tag; false leaves *rest. */
bool der_take(struct str *rest, unsigned char tag, struct der *ret);
/* All of `bytes` is one element with that tag. */
bool der_only(struct str bytes, unsigned char tag, struct der *ret);
/* The element is this identifier (dotted). */
bool der_is_oid(struct str whole, const char *dotted);
bool der_oid_body_is(struct str body, const char *dotted);
/* Writes it dotted; false: too large a number, or broken. */
bool der_oid_body_text(struct str body, struct buf *out);

/* ---- algorithms.c ---- */

/* AlgorithmIdentifier (its DER, parameters NULL or absent) of a digest: NULL when it is none of ours.  SHA-1 never is. */
const EVP_MD *algorithm_digest(struct str identifier);
/* The same of a signature, in certificates, lists, responses and SignerInfo (there also bare rsaEncryption). */
enum eds_algorithm algorithm_signature(struct str identifier);
enum eds_algorithm algorithm_of_x509(const X509_ALGOR *algorithm);
const EVP_MD *algorithm_sha256(void);
/* The digest that a signature algorithm goes with. */
const EVP_MD *algorithm_digest_of(enum eds_algorithm algorithm);
bool signature_verifies(EVP_PKEY *key, enum eds_algorithm algorithm, struct str bytes, struct str signature);

/* ---- input.c: how signed objects arrive ---- */

/* DER or BER out of DER, PEM (any of the labels, comma separated) or bare base64. */
bool input_bytes(struct str given, const char *labels, struct arena *arena, struct str *ret);
/* Base64 with white space, only in its one canonical form; false: anything else. */
bool base64_strict(struct str text, struct arena *arena, struct str *ret);
void base64_add(struct buf *out, struct str bytes);

/* ---- trust.c ---- */

struct eds_trust {
    enum eds_mode mode;
    X509_STORE *store; /* the anchors */
    STACK_OF(X509) * anchors, *intermediates;
    struct str *der; /* of the anchors, then of the intermediates */
    struct eds_policy policy;
    struct arena arena; /* of `der`, and of a policy that was read */
    struct trust_cache *cache;
};
bool trust_has_anchor(const struct eds_trust *trust, const X509 *certificate);
bool trust_has(const struct eds_trust *trust, const X509 *certificate);
/* Its DER, copied into the arena; that of the trust's own certificates is at hand. */
struct str trust_der_of(const struct eds_trust *trust, X509 *certificate, struct arena *arena);
/* Reads `profile` of a folder over *policy. */
bool trust_read_profile(const char *path, struct arena *arena, struct eds_policy *policy, struct err *err);

/* ---- trust_cache.c: bounded, for any number of threads ---- */

struct trust_cache *trust_cache_new(void);
void trust_cache_free(struct trust_cache *cache);
/* The certificate, for verifying only; the caller frees it.  NULL: none, or something after it. */
X509 *trust_read_certificate(const struct eds_trust *trust, struct str der);
/* The issuer's key has signed the certificate: its bytes, nothing about dates or rights. */
bool trust_signed_by(const struct eds_trust *trust, X509 *certificate, X509 *issuer);

/* ---- the run of one verification ---- */

#define CHECK_STEPS(signers)    ((signers) * (EDS_STEP_KINDS + EDS_CHAIN_MAX + 2) + EDS_STEP_KINDS)
#define CHECK_MISSINGS(signers) ((signers)*16)
struct check {
    const struct eds_trust *trust;
    const struct eds_request *request;
    struct arena *arena;
    struct eds_verdict *verdict;
    size_t most;               /* signers that are allowed */
    struct eds_signer *signer; /* `most` of them */
    struct eds_step *step;
    struct eds_missing *missing;
};
/* Returns result != TRI_NO. */
bool check_step(struct check *check, enum eds_step_kind kind, int signer, enum tri result, enum eds_reason reason,
                const char *format, ...) __attribute__((format(printf, 6, 7)));
static inline bool check_pass(struct check *check, enum eds_step_kind kind, int signer)
{
    return check_step(check, kind, signer, TRI_YES, EDS_OK, "%s", "");
}
void check_told(struct check *check, enum eds_step_kind kind, int signer, enum tri result,
                enum eds_reason reason);                                  /* does not weigh */
void check_missing(struct check *check, struct eds_missing missing);      /* those that are too many are left out */
struct str check_bytes(struct check *check, const void *bytes, size_t n); /* a copy in the arena */
/* The body of an extension that is a SEQUENCE and is there once; critical: NULL, not wanted. */
bool x509_extension(X509 *certificate, int nid, bool *ret_critical, struct str *ret);
struct str x509_der(struct arena *arena, X509 *certificate);
bool asn1_read_time(const ASN1_TIME *time,
                    struct moment *ret);          /* in UTC, held to the years of base/date.h; false: no time at all */
struct moment asn1_moment(const ASN1_TIME *time); /* what is no time is the first of all moments */

/* What all forms have in common once the signature itself has been verified: certificate, chain at a time, revocation. */
struct signed_by {
    X509 *certificate;
    STACK_OF(X509) * pool; /* certificates that came along; may be NULL */
    struct str timestamp;  /* token of the object; empty: none */
};
/* Fills verdict.signer[signer] from the certificate and its DER, which is copied. */
void signer_describe(struct check *check, int signer, X509 *certificate, struct str der);
void signer_check(struct check *check, int signer, const struct signed_by *by);

/* identity.c */
bool subject_numbers(X509 *certificate, struct arena *arena, struct str *ret_iin, struct str *ret_bin);
void check_identity(struct check *check, int signer, X509 *certificate);
void check_profile(struct check *check, int signer, X509 *certificate);
void check_purpose(struct check *check, int signer, X509 *certificate);
struct str usage_text(struct arena *arena, X509 *certificate);
struct str extended_usage_text(struct arena *arena, X509 *certificate);
bool extended_usage_only(X509 *certificate, const char *dotted, bool critical);
bool extended_usage_has(X509 *certificate, const char *dotted);

/* chain.c: verified at `at`; the chain (owned by the caller) with the anchor last; else a reason. */
enum eds_reason chain_verify(const struct eds_trust *trust, X509 *certificate, STACK_OF(X509) * pool, struct moment at,
                             unsigned algorithms, STACK_OF(X509) * *ret_chain, char detail[160]);

/* revocation.c */
struct revocation {
    enum tri good; /* NO: revoked at or before `at` */
    enum eds_reason reason;
    struct str answer; /* what decided */
};
enum revocation_whose { REVOCATION_OF_SIGNER, REVOCATION_OF_AUTHORITY, REVOCATION_OF_STAMPER };
struct revocation revocation_of(struct check *check, X509 *certificate, X509 *issuer, struct moment at,
                                enum revocation_whose whose);
/* Names where to ask about the certificate, whose DER, like its issuer's, stays in the verdict; false: it names nothing. */
bool revocation_missing(struct check *check, int signer, X509 *certificate, struct str der, struct str issuer);

/* timestamp.c: T of the signer; false: the object must be refused. */
bool timestamp_check(struct check *check, int signer, const struct signed_by *by, struct moment *ret_at);

/* cms.c: SignedData taken apart, strictly; also for timestamp tokens. */
struct cms_signer {
    struct str issuer_serial; /* the two elements of sid, or empty: subject key identifier */
    struct str key_id;
    struct str digest, attributes, algorithm, signature; /* attributes: the body of [0] */
    bool has_attributes;
    struct str timestamp;   /* token out of the unsigned attributes */
    bool names_certificate; /* by a signed attribute; set when verified */
    X509 *certificate;      /* found among the pool; not owned */
    struct str der;         /* of the certificate */
};
struct cms {
    struct str content_type; /* OID, whole */
    bool has_content;
    struct str content;
    STACK_OF(X509) * pool;
    struct str der[EDS_CERTIFICATES_MAX]; /* of those in the pool */
    struct cms_signer signer[EDS_SIGNERS_MAX];
    size_t signers;
    size_t signers_found; /* may be more than fit */
};
/* With a trust, certificates of authorities are those that it has parsed before, with what is known of their keys. */
enum eds_reason cms_open(const struct eds_trust *trust, struct str bytes, struct arena *arena, struct cms *ret, char detail[160]);
void cms_release(struct cms *cms);
/* Every certificate that came along is a signer's, or trusted, or signed by one of those, or by one that is so vouched for. */
bool cms_vouched(const struct cms *cms, const struct eds_trust *trust);
/* Algorithms, attributes and signature of one signer over `content`; EDS_OK or why not, and at which step. */
enum eds_reason cms_verify_signer(const struct cms *cms, struct cms_signer *signer, struct str content, unsigned algorithms,
                                  enum eds_step_kind *ret_step, bool *ret_has_time, struct moment *ret_time);

/* external.c: the steps of a signer by what the external verifier says.  True: nothing more is to be done for it. */
bool external_signer(struct check *check, int at, X509 *certificate, STACK_OF(X509) * pool);

/* The forms. */
void verify_cms(struct check *check);
void verify_xml(struct check *check);
void verify_wss(struct check *check);
void verify_certificate(struct check *check);

#endif
