/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eds: electronic signatures of the national certification authority of Kazakhstan (NCA RK, pki.gov.kz).
 *
 * Verifies signatures with GOST 34.10-2015 (512 bits; 256 as an extra) under the Kazakh identifiers and with RSA, and with
 * GOST 34.310-2004, which old certificates and timestamps still carry.  Forms: CMS (RFC 5652), enveloped XML signatures as
 * NCALayer makes them, WS-Security as the state gateway uses it, certificates; with OCSP (RFC 6960), CRL with delta (RFC 5280)
 * and timestamps (RFC 3161).  Keys, certificates and signatures are made by its second part, eds/eds_make.h.
 *
 *     struct arena arena;
 *     struct eds_trust *trust;
 *     struct eds_verdict verdict;
 *     struct err err;
 *     eds_setup();                                                once, before threads
 *     arena_init(&arena, 0);                                      owns all that the verdict points at
 *     if (!eds_trust_open("/etc/tirkeu/trust", EDS_PRODUCTION, &trust, &err)) ... err.text says why
 *     struct eds_request request = { .form = EDS_CMS, .signature = cms, .content = stored_bytes, .at = received,
 *                                    .purpose = EDS_PURPOSE_PERSON_SIGN, .iin = "..." };
 *     eds_verify(trust, &request, &arena, &verdict);              no network, no clock, no disk
 *     if (verdict.valid == TRI_UNKNOWN) ... fetch what verdict.missing names, give it as request.ocsp or .crl, verify again
 *     arena_release(&arena);
 *     eds_trust_free(trust);
 *
 * Values.  Bytes are struct str: a pointer and a length, not ended by NUL, owned by whoever made them.  A struct buf is text that
 * grows up to its limit: buf_init before, buf_release after.  Times are UTC, in milliseconds since 1970; durations are seconds
 * and end in _s.  An answer is YES, NO or UNKNOWN (base/tri.h).  Text is UTF-8.
 *
 * Ownership.  What a verdict points at lives in the arena given, or is static.  A request is only read, during the call.  What is
 * handed out by a function with `ret` is the caller's; each says how it is freed.
 *
 * Errors.  bool and struct err (base/err.h): on false, *ret is untouched and err->text says why, in English; what was written to
 * a struct buf then has no meaning.  eds_verify has no errors: whatever bytes come in, a verdict goes out.  Without memory the
 * process ends with a message.
 *
 * Threads.  After eds_setup everything may be called from any thread; an arena, a buf and a verdict belong to one of them, a
 * struct eds_trust serves many at once.  It remembers, within bounds, whose key has signed the certificates of authorities,
 * responders and timestamp authorities, so one that is kept is several times as fast as one opened for each verification;
 * everything that time can change is checked anew.
 *
 * OpenSSL.  3.0 or later, with a provider of ours for the whole process, under the names of the Kazakh identifiers alone: so that
 * X509_verify_cert, X509_CRL_verify, OCSP_basic_verify, CMS_verify and TS_RESP_verify_token work as they are.
 */
#ifndef EDS_EDS_H
#define EDS_EDS_H

#include <openssl/types.h> /* names of types only: EVP_PKEY, X509 */

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/tri.h"
#include "eds/eds_reasons.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Registers the provider, identifiers and digests in OpenSSL, for the whole process: once, before threads; idempotent.
 * Also sets up libxml2 and libsodium.  A machine where that fails cannot verify anything: the program ends with a message. */
void eds_setup(void);

/* ================================================================ trust */

/* A signature algorithm with its digest.  The identifiers are those of the national standards' Kazakh editions. */
enum eds_algorithm {
    EDS_ALGORITHM_NONE,
    EDS_RSA_SHA256,    /* PKCS #1 v1.5, 2048 bits and more */
    EDS_GOST_2015_512, /* 1.2.398.3.10.1.1.2.3.2: curve tc26-512-A, Streebog-512 */
    EDS_GOST_2015_256, /* 1.2.398.3.10.1.1.2.3.1: curve tc26-256-A, Streebog-256 */
    EDS_GOST_2004      /* 1.2.398.3.10.1.1.1.2: curve CryptoPro-A, GOST 34.311-95 with the test S-box */
};
const char *eds_algorithm_name(enum eds_algorithm algorithm); /* "GOST 34.10-2015-512"; static */

enum eds_mode {
    EDS_TEST,      /* any anchors */
    EDS_PRODUCTION /* anchors only with the fingerprints that this library knows, and no name with TEST in it */
};

/* What may differ between deployments: a folder's `profile` sets it, or eds_trust_make is given one. */
struct eds_policy {
    const char *version;           /* kept with every verdict */
    unsigned signature_algorithms; /* set of 1u << enum eds_algorithm, for signers and everything above them */
    unsigned timestamp_algorithms; /* the same for timestamps and their certificates */
    int64_t ocsp_age_s;            /* an answer may be this much older than the moment verified at */
    int64_t crl_age_s;             /* and a list without nextUpdate */
    int64_t skew_s;                /* clocks of other machines may be this much ahead */
    bool timestamp_required;
    bool commitment_required;                 /* key usage must have nonRepudiation, not only digitalSignature */
    bool authorities_required;                /* the authorities between signer and anchor need an answer as well */
    const char *ocsp_url, *crl_url, *tsp_url; /* in place of those in certificates; NULL: theirs */
    const char *verifier_url;                 /* NCANode, without which no CMS is good; NULL: this library alone */
    const char *const *tsa_policy;            /* dotted, NULL at the end; a timestamp under another policy fails the object */
};
extern const struct eds_policy eds_policy_default; /* for what comes in today */
extern const struct eds_policy eds_policy_archive; /* for old objects: all four algorithms, answers up to a day older */

/* Anchors, intermediate certificates and a policy.  Free with eds_trust_free, when no verification uses it any more. */
struct eds_trust;
/*
 * Opens a trust folder: anchors/ and intermediates/ (each file one or more certificates, DER or PEM) and, if there, profile
 * ("key = value" lines; docs/eds.md).  EDS_PRODUCTION is demanded by the caller and cannot be relaxed by the folder.
 * A folder without anchors/ is a plain one, as the command line takes it, and refused in production: self-signed certificates
 * are anchors, the others intermediates; with no self-signed one among them, all of them are anchors.  It has the policy for old
 * objects; the other kind starts from the default one.
 */
bool eds_trust_open(const char *folder, enum eds_mode mode, struct eds_trust **ret, struct err *err);
/* The same out of memory.  The certificates are taken a reference of, so the caller frees its own.  NULL policy: the default one;
 * else what it points at must outlive the trust. */
bool eds_trust_make(enum eds_mode mode, X509 *const *anchor, size_t anchors, X509 *const *intermediate, size_t intermediates,
                    const struct eds_policy *policy, struct eds_trust **ret, struct err *err);
void eds_trust_free(struct eds_trust *trust); /* NULL: nothing */
/* What a verification goes by; lives as long as the trust. */
const struct eds_policy *eds_trust_policy(const struct eds_trust *trust);

/* One certificate, DER or PEM, for eds_trust_make.  Free with X509_free. */
bool eds_certificate_read(struct str bytes, X509 **ret, struct err *err);
bool eds_certificate_write(X509 *certificate, struct buf *ret, struct err *err); /* DER, appended */

/* ================================================================ verifying */

enum eds_form {
    EDS_ANY,         /* by the first bytes */
    EDS_CMS,         /* DER or BER; PEM labelled CMS or PKCS7; bare base64; attached, or detached with .content */
    EDS_XML,         /* one enveloped signature over the whole document */
    EDS_WSS,         /* SOAP 1.1, wsse:Security over soap:Body; the older profile with the signature in soap:Header */
    EDS_CERTIFICATE, /* a certificate alone: chain, profile, identity, revocation */
    EDS_RECORD       /* an evidence record, see below */
};

/* What the signer's certificate must be for (extended key usage; the individual's, organisation's and roles' identifiers). */
enum eds_purpose {
    EDS_PURPOSE_ANY,          /* a signature certificate of any subscriber; not one of OCSP, timestamps or an authority */
    EDS_PURPOSE_PERSON_SIGN,  /* a citizen signs: individual, emailProtection */
    EDS_PURPOSE_PERSON_AUTH,  /* a citizen signs in: individual, clientAuth; or a key issued remotely */
    EDS_PURPOSE_ORGANISATION, /* somebody signs for an organisation: legal entity with a role, BIN in OU; no key for signing in or
                                 of a system */
    EDS_PURPOSE_SYSTEM,       /* an information system: state gateway messages */
    EDS_PURPOSE_SIGN          /* somebody signs in whatever role: any subscriber's key but one for signing in or of a system */
};

/* What is to be verified and what is expected of it; leave out (zero) what does not matter. */
struct eds_request {
    enum eds_form form;
    struct str signature; /* the signed object */
    struct str content;   /* what must have been signed, byte for byte; .p NULL: whatever is in the object */
    struct moment at;     /* when it was received (kept by the caller), or the moment of interest */
    /* The certificate has to be good at `at`, whatever an earlier timestamp says: what comes in today, of people who can sign
     * anew.  A timestamp that was fetched later may then be later than `at`. */
    bool current;
    enum eds_purpose purpose;
    const char *iin, *bin;  /* 12 digits that the certificate must name; NULL: any.  Compared as text: the authority's
                               test person has an IIN with a wrong check digit */
    unsigned signers_most;  /* 0: exactly one signer; else one to that many, and all must be valid */
    const struct str *ocsp; /* OCSP responses, DER; each is used for the certificate it is about */
    size_t ocsps;
    const struct str *crl; /* lists and delta lists, DER or PEM */
    size_t crls;
    struct str ocsp_nonce; /* .n > 0: an OCSP response about the signer must carry it */
    struct str external;   /* what the external verifier answered, when the policy has one; .p NULL: nothing yet */
    struct str timestamp;  /* a token fetched later for the only signer; else those in the object are used */
};

/* In the order of checking.  A step that failed ends its signer only where the next ones would have nothing to stand on. */
enum eds_step_kind {
    EDS_STEP_FORM,       /* it is what it says to be: decodes, within limits, no malleable encoding of signed parts */
    EDS_STEP_SIGNERS,    /* as many as expected */
    EDS_STEP_ALGORITHM,  /* all algorithms are on the list and fit each other */
    EDS_STEP_ATTRIBUTES, /* signed attributes: there, each once, right content type, right certificate */
    EDS_STEP_CONTENT,    /* the content is the expected one, and its digest is the signed one */
    EDS_STEP_SIGNATURE,  /* the signature is the key's */
    EDS_STEP_TIMESTAMP,  /* a token over this very signature, by a trusted authority */
    EDS_STEP_CHAIN,      /* up to an anchor, at the time of the timestamp or else of the request */
    EDS_STEP_PROFILE,    /* key usage; not an authority's own certificate */
    EDS_STEP_PURPOSE,    /* extended key usage */
    EDS_STEP_IDENTITY,   /* IIN and BIN: once, well formed, the expected ones */
    EDS_STEP_REVOCATION, /* OCSP or CRL, for the signer and for every authority between it and the anchor */
    EDS_STEP_KINDS
};
const char *eds_step_name(enum eds_step_kind kind);     /* "chain"; static */
const char *eds_step_text_key(enum eds_step_kind kind); /* "eds.step.chain", in the table of texts (kk, ru, en); static */

struct eds_step {
    enum eds_step_kind kind;
    int signer;             /* index into verdict.signer; -1: the whole object */
    enum tri result;        /* YES passed, NO failed, UNKNOWN holds the case */
    bool weighs;            /* false: told, but not part of the verdict (a timestamp that nobody required) */
    enum eds_reason reason; /* EDS_OK when there is nothing to say */
    struct str detail;      /* English, for logs of developers; holds no name and no IIN; may be empty */
};

/* What is known about one signer, whatever the verdict; empty where it did not get that far. */
struct eds_signer {
    struct str certificate;                         /* DER */
    struct str subject;                             /* RFC 4514, UTF-8 */
    struct str common_name, iin, bin, organisation; /* iin and bin: 12 digits, or empty */
    struct str serial;                              /* hexadecimal */
    struct str issuer;
    struct str key_usage;          /* "digitalSignature,nonRepudiation,keyAgreement" */
    struct str extended_key_usage; /* dotted identifiers with commas */
    enum eds_algorithm algorithm;
    struct moment not_before, not_after;
    bool has_signing_time, has_timestamp, timestamp_trusted;
    struct moment signing_time; /* the signer's own claim, no proof */
    struct moment timestamp;    /* genTime of the token */
    struct str signature_value; /* what a timestamp is made over */
    struct str timestamp_token; /* DER, of the object or the request */
    struct moment verified_at;  /* the time that the chain was checked at */
    const struct str *chain;    /* DER, from the signer up, the anchor last; empty until the chain step passed */
    size_t chain_length;
    struct str revocation_answer; /* the OCSP response or list that decided about the signer; empty: none */
};

/* What to fetch, and then to verify again with. */
enum eds_missing_kind { EDS_MISSING_OCSP, EDS_MISSING_CRL, EDS_MISSING_TIMESTAMP, EDS_MISSING_VERDICT };
struct eds_missing {
    enum eds_missing_kind kind;
    int signer;
    struct str certificate, issuer; /* DER: whose revocation is not known, and who issued it */
    struct str url;                 /* empty: no address known */
    struct str imprint;             /* TIMESTAMP: the bytes to be stamped, i.e. the signature value */
};

/* Plain data: nothing to release but the arena that it was made in. */
struct eds_verdict {
    enum tri valid; /* the weakest of the steps that weigh; UNKNOWN: revocation (or a required timestamp) not known yet */
    enum eds_form form;
    const char *policy_version; /* of the trust, and lives as long */
    struct moment at;           /* of the request, or of the record */
    const struct eds_signer *signer;
    size_t signers;
    const struct eds_step *step;
    size_t steps;
    const struct eds_missing *missing;
    size_t missings;
    /* What the signature covers, to be read instead of the object: content of the CMS; the canonical document without its
     * signature (XML); the canonical soap:Body (WSS).  Empty unless content and signature steps passed. */
    struct str content;
};

/*
 * Verifies; *ret is filled in whatever comes, and nothing fails but by the verdict.  Pure: the same trust, request and answers
 * give the same verdict.
 *
 * Revocation.  A certificate that is itself an anchor needs no answer; every other signer needs one, without it the verdict is
 * UNKNOWN.  The authorities between signer and anchor are looked at when answers about them are given, and must have them when
 * the policy says so.  An answer from after `at` counts too: whoever was revoked later than the time of the signature had signed
 * validly.  A responder that says "revoked on 1970-01-01, on hold" does not know the certificate (RFC 6960, 4.4.8); that holds
 * the case and has its own reason.
 *
 * Time.  A timestamp that is broken, moved or under a wrong policy fails the object; with one whose authority chains to an
 * anchor, its time counts in place of the request's (not with request->current); any other is only told.
 */
void eds_verify(const struct eds_trust *trust, const struct eds_request *request, struct arena *arena, struct eds_verdict *ret);
/* The step that decided: the first that failed, else the first not known, else NULL.  Lives as long as the verdict. */
const struct eds_step *eds_verdict_reason(const struct eds_verdict *verdict);
/* The verdict as a JSON object, appended, as `tirkeu eds verify` prints it. */
void eds_verdict_json(const struct eds_verdict *verdict, struct buf *out);

/* Limits, in bytes and in pieces: what is larger is refused (FORM_TOO_LARGE), or as an answer not looked at. */
enum { EDS_OBJECT_MAX = 64 * 1024 * 1024, EDS_XML_MAX = 8 * 1024 * 1024, EDS_ANSWER_MAX = 32 * 1024 * 1024 };
enum { EDS_SIGNERS_MAX = 8, EDS_CERTIFICATES_MAX = 16, EDS_CHAIN_MAX = 6, EDS_NONCE = 32 };

/* ================================================================ requests for revocation answers and timestamps */

/*
 * Bytes to send and bytes that came back; sending them over HTTP is the caller's.  Certificates are DER, as in struct
 * eds_missing; requests and the token are appended to *ret.  The nonce: up to EDS_NONCE random bytes, new for each request.
 */

/* Content-Type application/ocsp-request (RFC 6960, A.1); SHA-256 CertID; the nonce goes into eds_request.ocsp_nonce later. */
bool eds_ocsp_request(struct str certificate, struct str issuer, struct str nonce, struct buf *ret, struct err *err);
/* Content-Type application/timestamp-query (RFC 3161, 3.4), over `bytes`, which are an eds_missing's imprint; certReq set.  The
 * imprint is made with the digest of `algorithm`. */
bool eds_timestamp_request(struct str bytes, enum eds_algorithm algorithm, struct str nonce, struct buf *ret, struct err *err);
/* The token out of an application/timestamp-reply; imprint and nonce must be those of `request`. */
bool eds_timestamp_token(struct str reply, struct str request, struct buf *ret, struct err *err);

/*
 * Content-Type application/json, for the external verifier of the policy (EDS_MISSING_VERDICT); the body of its reply goes into
 * eds_request.external, and eds_verify has the same interface, steps and reasons.  Form, number of signers, algorithms,
 * attributes, content, signature, profile, purpose and identity are checked here all the same; what the answer does not say, or
 * says about another certificate, and a chain that does not come down from our anchors, is UNKNOWN.  A timestamp is not looked
 * at: the certificate has to be good now.
 */
bool eds_external_request(const struct eds_request *request, struct buf *ret, struct err *err);

/* ================================================================ evidence record */

/*
 * Everything a verdict stood on, in one JSON text that can be verified offline for as long as its anchors are known: signed
 * bytes, signature, chain, revocation answers, timestamp, time, what was expected, version of the policy, the verdict with its
 * steps. Members that are bytes are base64; "digest" is the SHA-256 of all the others.
 */
bool eds_record_make(const struct eds_request *request, const struct eds_verdict *verdict, struct buf *ret, struct err *err);
/* Verifies all of it again, at the record's own time; UNKNOWN and NO as in eds_verify, and NO with EDS_RECORD_CHANGED when the
 * record does not hold together or says another verdict than its parts give now. */
void eds_record_verify(const struct eds_trust *trust, struct str record, struct arena *arena, struct eds_verdict *ret);

#ifdef __cplusplus
}
#endif

#endif
