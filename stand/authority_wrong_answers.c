/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that are signed well, with wrong answers about revocation or wrong timestamps. */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "stand/authority_impl.h"
#include "stand/authority_wrong.h"

#define HOUR_MS ((int64_t)60 * 60 * 1000)

/* ---- revocation ---- */

#define FAULT(name, fault)                                                                                                       \
    static void name(struct authority_draft *draft) { draft->ocsp = fault; }
FAULT(ocsp_error, AUTHORITY_ERROR)
FAULT(ocsp_garbage, AUTHORITY_GARBAGE)
FAULT(ocsp_nonce, AUTHORITY_OTHER_NONCE)
FAULT(ocsp_stale, AUTHORITY_STALE)
FAULT(ocsp_signer, AUTHORITY_OTHER_SIGNER)
FAULT(ocsp_certificate, AUTHORITY_OTHER_CERTIFICATE)
FAULT(ocsp_unknown, AUTHORITY_UNKNOWN_STATUS)
#undef FAULT

static void no_answer(struct authority_draft *draft) { draft->no_answer = true; }
/* The authority never gave this number. */
static void never_issued(struct authority_draft *draft) { draft->spec.serial[AUTHORITY_SERIAL - 1] ^= 1; }

/* Each a number of its own: the others stay good. */
static void revoke(struct authority_draft *draft, unsigned where, int64_t ago_ms)
{
    struct authority_desk *desk = draft->desk;
    char whose[64];
    snprintf(whose, sizeof whose, "revoked %u %d", where, (int)(ago_ms / HOUR_MS));
    struct authority_revoked revoked = { .branch = draft->branch, .at = { desk->now.ms - ago_ms }, .where = where };
    authority_serial_make(desk->authority, str_from(whose), draft->spec.serial);
    memcpy(revoked.serial, draft->spec.serial, AUTHORITY_SERIAL);
    pthread_mutex_lock(&desk->authority->lock);
    *MEM_PUSH(desk->authority->revoked, desk->authority->revokeds, desk->authority->revoked_room) = revoked;
    pthread_mutex_unlock(&desk->authority->lock);
}

static void revoked_ocsp(struct authority_draft *draft) { revoke(draft, AUTHORITY_BY_OCSP, HOUR_MS); }
static void revoked_later(struct authority_draft *draft) { revoke(draft, AUTHORITY_BY_OCSP, -HOUR_MS); }
static void revoked_crl(struct authority_draft *draft)
{
    revoke(draft, AUTHORITY_BY_CRL, HOUR_MS);
    draft->no_answer = true;
}
static void revoked_delta(struct authority_draft *draft)
{
    revoke(draft, AUTHORITY_BY_DELTA, HOUR_MS);
    draft->no_answer = true;
}
/* The responder says good, the list says revoked. */
static void revoked_in_list_only(struct authority_draft *draft) { revoke(draft, AUTHORITY_BY_CRL, 2 * HOUR_MS); }

static bool lists(struct authority_draft *draft, struct authority_object *object)
{
    return authority_desk_list(draft, AUTHORITY_CRL, AUTHORITY_OK, object) &&
           authority_desk_list(draft, AUTHORITY_DELTA_CRL, AUTHORITY_OK, object);
}
static bool list_alone(struct authority_draft *draft, struct authority_object *object)
{
    return authority_desk_list(draft, AUTHORITY_CRL, AUTHORITY_OK, object);
}
static bool delta_alone(struct authority_draft *draft, struct authority_object *object)
{
    return authority_desk_list(draft, AUTHORITY_DELTA_CRL, AUTHORITY_OK, object);
}
static bool list_stale(struct authority_draft *draft, struct authority_object *object)
{
    return authority_desk_list(draft, AUTHORITY_CRL, AUTHORITY_STALE, object);
}
static bool list_forged(struct authority_draft *draft, struct authority_object *object)
{
    return authority_desk_list(draft, AUTHORITY_CRL, AUTHORITY_OTHER_SIGNER, object);
}
static bool list_garbage(struct authority_draft *draft, struct authority_object *object)
{
    return authority_desk_list(draft, AUTHORITY_CRL, AUTHORITY_GARBAGE, object);
}
static bool list_of_root(struct authority_draft *draft, struct authority_object *object)
{
    return authority_desk_list(draft, AUTHORITY_ROOT_CRL, AUTHORITY_OK, object);
}

/* The issuing authority itself is revoked, by the root's list; only for this object. */
static bool authority_revoked(struct authority_draft *draft, struct authority_object *object)
{
    struct authority *authority = draft->desk->authority;
    struct authority_revoked revoked = {
        .branch = draft->branch, .root = true, .at = { draft->desk->now.ms - HOUR_MS }, .where = AUTHORITY_BY_CRL
    };
    if (!authority_serial_of(authority->office[draft->branch][AUTHORITY_ISSUER].certificate, revoked.serial))
        return false;
    *MEM_PUSH(authority->revoked, authority->revokeds, authority->revoked_room) = revoked;
    bool fine = list_of_root(draft, object);
    authority->revokeds--;
    return fine;
}

/* ---- timestamps ---- */

static bool stamp_with(struct authority_draft *draft, struct authority_object *object, struct str over,
                       const struct authority_stamp *like)
{
    struct buf value;
    buf_init(&value, 1 << 12);
    bool fine = over.p || eds_cms_signature_value(object->request.signature, 0, &value, &draft->desk->err);
    fine = fine && authority_desk_token(draft, over.p ? over : buf_str(&value), like, &object->request.timestamp);
    buf_release(&value);
    return fine;
}

static const struct str signature_itself = { NULL, 0 };

static bool stamped(struct authority_draft *draft, struct authority_object *object)
{
    return stamp_with(draft, object, signature_itself, &(struct authority_stamp){ 0 });
}

static bool stamped_inside(struct authority_draft *draft, struct authority_object *object)
{
    struct buf whole;
    if (!stamped(draft, object))
        return false;
    buf_init(&whole, 1 << 20);
    bool fine = eds_cms_add_timestamp(object->request.signature, 0, object->request.timestamp, &whole, &draft->desk->err);
    object->request.signature = authority_desk_copy(draft->desk, &whole);
    object->request.timestamp = (struct str){ 0 };
    return fine;
}

/* Of another signature over the same content by the same signer. */
static bool moved(struct authority_draft *draft, struct authority_object *object)
{
    struct buf other, value;
    struct authority_cms again = draft->cms;
    again.has_time = true;
    again.signing_time.ms -= HOUR_MS;
    again.ret_signature = &value;
    buf_init(&other, 1 << 20);
    buf_init(&value, 1 << 12);
    bool fine = authority_cms_make(&again, &other, &draft->desk->err) &&
                stamp_with(draft, object, buf_str(&value), &(struct authority_stamp){ 0 });
    buf_release(&other);
    buf_release(&value);
    return fine;
}

static bool over_content(struct authority_draft *draft, struct authority_object *object)
{
    return stamp_with(draft, object, draft->cms.content, &(struct authority_stamp){ 0 });
}

static bool other_policy(struct authority_draft *draft, struct authority_object *object)
{
    return stamp_with(draft, object, signature_itself, &(struct authority_stamp){ .policy = "1.2.398.3.3.2.6.9" });
}

static bool by_sha1(struct authority_draft *draft, struct authority_object *object)
{
    return stamp_with(draft, object, signature_itself, &(struct authority_stamp){ .imprint_oid = "1.3.14.3.2.26" });
}

static bool in_future(struct authority_draft *draft, struct authority_object *object)
{
    return stamp_with(draft, object, signature_itself, &(struct authority_stamp){ .at = { draft->desk->now.ms + HOUR_MS } });
}

static bool by_citizen(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_holder citizen;
    if (!authority_stranger(draft->desk->authority, draft->branch, &citizen))
        return false;
    authority_desk_keep(draft->desk, citizen);
    return stamp_with(draft, object, signature_itself, &(struct authority_stamp){ .signer = &citizen });
}

static bool by_tsa_saying(struct authority_draft *draft, struct authority_object *object, const char *extended_key_usage)
{
    struct authority_desk *desk = draft->desk;
    struct authority_spec spec;
    struct authority_holder tsa = { 0 };
    authority_spec_of(desk->authority, draft->branch, AUTHORITY_TSA, NULL, &spec);
    spec.extended_key_usage = extended_key_usage;
    bool fine = eds_key_generate(draft->branch == AUTHORITY_GOST ? EDS_GOST_2015_512 : EDS_RSA_SHA256, &tsa.key, &desk->err) &&
                authority_certify(&spec, tsa.key, authority_office(desk->authority, draft->branch, AUTHORITY_ISSUER),
                                  &tsa.certificate, &desk->err);
    authority_desk_keep(desk, tsa);
    return fine && stamp_with(draft, object, signature_itself, &(struct authority_stamp){ .signer = &tsa });
}

static bool not_critical(struct authority_draft *draft, struct authority_object *object)
{
    return by_tsa_saying(draft, object, "timeStamping");
}
static bool not_alone(struct authority_draft *draft, struct authority_object *object)
{
    return by_tsa_saying(draft, object, "critical,timeStamping,emailProtection");
}

static bool broken_token(struct authority_draft *draft, struct authority_object *object)
{
    if (!stamped(draft, object))
        return false;
    char *bytes = (char *)(uintptr_t)object->request.timestamp.p; /* in the desk's arena */
    bytes[object->request.timestamp.n - 10] ^= 1;
    return true;
}

static bool not_a_token(struct authority_draft *draft, struct authority_object *object)
{
    (void)draft;
    object->request.timestamp = object->request.signature;
    return true;
}

/* clang-format off */
const struct authority_wrong authority_wrong_answers[] = {
    { "good_by_lists", "no OCSP, but a list and its delta list", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_spec = no_answer, .bend_object = lists },
    { "good_stamped", "with a timestamp beside it", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_object = stamped },
    { "good_stamped_inside", "with a timestamp inside", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_object = stamped_inside },
    { "good_revoked_later", "revoked an hour after it was signed", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_spec = revoked_later },
    { "good_despite_garbage", "a good answer and a list that is none", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_object = list_garbage },
    { "revoked_ocsp", "revoked, says OCSP", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED, .bend_spec = revoked_ocsp },
    { "revoked_crl", "revoked, says the list", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED, .bend_spec = revoked_crl, .bend_object = lists },
    { "revoked_delta", "revoked, says the delta list", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED, .bend_spec = revoked_delta, .bend_object = lists },
    { "revoked_list_only", "good, says OCSP; revoked, says the list", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED, .bend_spec = revoked_in_list_only, .bend_object = list_alone },
    { "authority_revoked", "the issuing authority is revoked", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED, .bend_object = authority_revoked },
    { "ocsp_unknown", "OCSP does not know it: 1970, certificateHold", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_NOT_ISSUED, .bend_spec = ocsp_unknown },
    { "never_issued", "a serial number that the authority never gave", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_NOT_ISSUED, .bend_spec = never_issued },
    { "no_answer", "nobody was asked", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER, .bend_spec = no_answer },
    { "ocsp_error", "OCSP says: later", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER, .bend_spec = ocsp_error },
    { "ocsp_garbage", "OCSP answers with a page", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER, .bend_spec = ocsp_garbage },
    { "ocsp_other_certificate", "an answer about another certificate", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER, .bend_spec = ocsp_certificate },
    { "ocsp_stale", "an answer of two days ago", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_STALE, .bend_spec = ocsp_stale },
    { "ocsp_other_signer", "an answer signed by a citizen", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_RESPONDER, .bend_spec = ocsp_signer },
    { "ocsp_other_nonce", "the answer to another question", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_NONCE, .bend_spec = ocsp_nonce },
    { "list_stale", "a list that has run out", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_STALE, .bend_spec = no_answer, .bend_object = list_stale },
    { "list_forged", "a list signed by a citizen", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_FORGED, .bend_spec = no_answer, .bend_object = list_forged },
    { "list_of_root", "the root's list, which says nothing about citizens", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER, .bend_spec = no_answer, .bend_object = list_of_root },
    { "delta_alone", "a delta list without its list", AUTHORITY_BOTH, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER, .bend_spec = no_answer, .bend_object = delta_alone },
    { "stamp_moved", "the timestamp of another signature over the same content", AUTHORITY_BOTH, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_OTHER_SIGNATURE, .bend_object = moved },
    { "stamp_over_content", "a timestamp over the content, not over the signature", AUTHORITY_BOTH, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_OTHER_SIGNATURE, .bend_object = over_content },
    { "stamp_policy", "a timestamp under a policy that does not count", AUTHORITY_BOTH, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_POLICY, .bend_object = other_policy },
    { "stamp_not_critical", "an authority of timestamps whose key usage is not critical", AUTHORITY_BOTH, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_CERTIFICATE, .bend_object = not_critical },
    { "stamp_not_alone", "one whose key is for mail as well", AUTHORITY_BOTH, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_CERTIFICATE, .bend_object = not_alone },
    { "stamp_by_citizen", "a timestamp made by a citizen", AUTHORITY_BOTH, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_CERTIFICATE, .bend_object = by_citizen },
    { "stamp_future", "a timestamp of an hour ahead", AUTHORITY_BOTH, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_FUTURE, .bend_object = in_future },
    { "stamp_sha1", "a timestamp over a SHA-1 digest", AUTHORITY_BOTH, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_ALGORITHM, .bend_object = by_sha1 },
    { "stamp_broken", "one bit of the timestamp's own signature", AUTHORITY_BOTH, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_WRONG, .bend_object = broken_token },
    { "stamp_none", "the application itself in place of a timestamp", AUTHORITY_BOTH, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_UNREADABLE, .bend_object = not_a_token },
};
/* clang-format on */
const size_t authority_wrong_answers_count = sizeof authority_wrong_answers / sizeof *authority_wrong_answers;
