/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a step of a verdict has the result that it has: a closed list.  A reason means NO where nothing else is said beside it.
 * Names and numbers of what is here stay; what comes is added.  Part of eds/eds.h, which includes it.
 */
#ifndef EDS_EDS_REASONS_H
#define EDS_EDS_REASONS_H

#ifdef __cplusplus
extern "C" {
#endif

/* clang-format off */
#define EDS_REASONS(X) \
    X(OK, "ok")                                                 /* nothing to say */ \
    X(FORM_UNREADABLE, "form_unreadable")                       /* does not decode as what it says to be */ \
    X(FORM_TOO_LARGE, "form_too_large")                         /* over EDS_OBJECT_MAX, EDS_XML_MAX or EDS_CERTIFICATES_MAX */ \
    X(FORM_MALLEABLE, "form_malleable")                         /* could be written otherwise, unnoticed by the signature */ \
    X(FORM_UNKNOWN_PART, "form_unknown_part")                   /* a part not covered by the signature and not known here */ \
    X(FORM_OLD_PROFILE, "form_old_profile")                     /* YES: WS-Security of the older profile */ \
    X(FORM_WRAPPED, "form_wrapped")                             /* over another part than the one that would be read */ \
    X(SIGNERS_NONE, "signers_none")                             /* not signed at all */ \
    X(SIGNERS_TOO_MANY, "signers_too_many")                     /* more signers than signers_most */ \
    X(SIGNER_CERTIFICATE_MISSING, "signer_certificate_missing") /* it does not come along, or not exactly one in KeyInfo */ \
    X(ALGORITHM_REFUSED, "algorithm_refused")                   /* not on the policy's list, or not known here; SHA-1 always */ \
    X(ALGORITHM_MIXED, "algorithm_mixed")                       /* digest, signature and key do not go together */ \
    X(KEY_WEAK, "key_weak")                                     /* RSA below 2048 bits, or its exponent below 65537 */ \
    X(KEY_UNREADABLE, "key_unreadable")                         /* no key of a known kind, or a point not of its group */ \
    X(CONTENT_MISSING, "content_missing")                       /* detached, and no content given */ \
    X(CONTENT_DIFFERS, "content_differs")                       /* attached, and other bytes than those given */ \
    X(CONTENT_DIGEST, "content_digest")                         /* the content does not have the digest that was signed */ \
    X(ATTRIBUTES_MISSING, "attributes_missing")                 /* no signed attributes, or without content type or digest */ \
    X(ATTRIBUTES_WRONG, "attributes_wrong")                     /* repeated, malformed, or another content type */ \
    X(ATTRIBUTES_CERTIFICATE, "attributes_certificate")         /* signingCertificate names another certificate */ \
    X(SIGNATURE_WRONG, "signature_wrong")                       /* not made with the key of the certificate over these bytes */ \
    X(TIMESTAMP_NONE, "timestamp_none")                         /* UNKNOWN, does not weigh: none there, none required */ \
    X(TIMESTAMP_MISSING, "timestamp_missing")                   /* UNKNOWN: required, and to be fetched */ \
    X(TIMESTAMP_UNREADABLE, "timestamp_unreadable")             /* not a token of RFC 3161 */ \
    X(TIMESTAMP_OTHER_SIGNATURE, "timestamp_other_signature")   /* moved here: its imprint is of another signature value */ \
    X(TIMESTAMP_WRONG, "timestamp_wrong")                       /* wrongly signed, or without the name of its certificate */ \
    X(TIMESTAMP_ALGORITHM, "timestamp_algorithm")               /* of imprint or signature: not on the list of the policy */ \
    X(TIMESTAMP_POLICY, "timestamp_policy")                     /* issued under a policy that is not in tsa_policy */ \
    X(TIMESTAMP_CERTIFICATE, "timestamp_certificate")           /* none, or not critically for timeStamping alone */ \
    X(TIMESTAMP_UNTRUSTED, "timestamp_untrusted")               /* UNKNOWN, does not weigh: no anchor; NO if one is required */ \
    X(TIMESTAMP_FUTURE, "timestamp_future")                     /* later than the time of the request */ \
    X(TIMESTAMP_REVOKED, "timestamp_revoked")                   /* its authority had been revoked at that time, or lost its key */ \
    X(CHAIN_UNTRUSTED, "chain_untrusted")                       /* no chain up to an anchor */ \
    X(CHAIN_SIGNATURE, "chain_signature")                       /* an issuer has not signed a certificate that names it */ \
    X(CHAIN_EXPIRED, "chain_expired")                           /* a certificate had run out at that time */ \
    X(CHAIN_NOT_YET, "chain_not_yet")                           /* a certificate was not valid yet */ \
    X(CHAIN_ALGORITHM, "chain_algorithm")                       /* a certificate is signed with one not on the policy's list */ \
    X(CHAIN_WRONG, "chain_wrong")                               /* what else RFC 5280, 6 forbids: path length, extensions */ \
    X(PROFILE_KEY_USAGE, "profile_key_usage")                   /* not for signing, or without nonRepudiation if demanded */ \
    X(PROFILE_AUTHORITY, "profile_authority")                   /* the certificate of an authority, which signs no documents */ \
    X(PURPOSE_OTHER, "purpose_other")                           /* its extended key usage is for something else */ \
    X(IDENTITY_NONE, "identity_none")                           /* an IIN or BIN is expected, the certificate names none */ \
    X(IDENTITY_MALFORMED, "identity_malformed")                 /* not 12 digits, or named twice */ \
    X(IDENTITY_OTHER_IIN, "identity_other_iin")                 /* of another person */ \
    X(IDENTITY_OTHER_BIN, "identity_other_bin")                 /* of another organisation */ \
    X(REVOCATION_REVOKED, "revocation_revoked")                 /* revoked at or before the time that counts */ \
    X(REVOCATION_LATER, "revocation_later")                     /* YES: revoked after the time that counts */ \
    X(REVOCATION_NOT_ISSUED, "revocation_not_issued")           /* UNKNOWN: the responder does not know it (RFC 6960, 4.4.8) */ \
    X(REVOCATION_NO_ANSWER, "revocation_no_answer")             /* UNKNOWN: no answer about it was given */ \
    X(REVOCATION_STALE, "revocation_stale")                     /* UNKNOWN: the answer is older than the policy allows */ \
    X(REVOCATION_UNKNOWN, "revocation_unknown")                 /* UNKNOWN: the answer says so, or cannot be read */ \
    X(REVOCATION_FORGED, "revocation_forged")                   /* UNKNOWN: the signature of the answer is wrong */ \
    X(REVOCATION_RESPONDER, "revocation_responder")             /* UNKNOWN: not signed by one whom the issuer has delegated */ \
    X(REVOCATION_NONCE, "revocation_nonce")                     /* UNKNOWN: not the nonce of the request */ \
    X(REVOCATION_NOT_NEEDED, "revocation_not_needed")           /* YES: the certificate is itself an anchor */ \
    X(VERIFIER_NO_ANSWER, "verifier_no_answer")                 /* UNKNOWN: the external verifier has not been heard yet */ \
    X(VERIFIER_OTHER, "verifier_other")                         /* UNKNOWN: it answered about another certificate */ \
    X(VERIFIER_REFUSED, "verifier_refused")                     /* UNKNOWN: it refuses, for no cause that can be seen here */ \
    X(RECORD_CHANGED, "record_changed")                         /* not whole, or of another verdict than its parts give */
/* clang-format on */
enum eds_reason {
#define EDS_REASON_NAME(code, name) EDS_##code,
    EDS_REASONS(EDS_REASON_NAME)
#undef EDS_REASON_NAME
        EDS_REASON_COUNT
};

/* "chain_expired", as the JSON of a verdict has it; static. */
const char *eds_reason_name(enum eds_reason reason);
/* "eds.reason.chain_expired": its sentence in Kazakh, Russian and English in the table of texts (eds.text); static. */
const char *eds_reason_text_key(enum eds_reason reason);

#ifdef __cplusplus
}
#endif

#endif
