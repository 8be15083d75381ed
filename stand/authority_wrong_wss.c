/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of the state gateway with WS-Security, in the profile of today and in the older one. */
#include <openssl/evp.h>
#include <stdlib.h>

#include "stand/authority_impl.h"
#include "stand/authority_wrong.h"

enum { TEXT_MAX = 1 << 16 };

#define ENVELOPE "<soap:Envelope xmlns:soap=\"" AUTHORITY_SOAP "\">"
#define SECURITY "<soap:Header><wsse:Security xmlns:wsse=\"" AUTHORITY_WSSE "\" soap:mustUnderstand=\"1\">"
#define INSIDE   "<m:ask xmlns:m=\"urn:test\"><iin>123456789011</iin></m:ask>"
/* As in the document, and as exclusive canonicalisation writes it on its own. */
#define BODY "<soap:Body xmlns:wsu=\"" AUTHORITY_WSU "\" wsu:Id=\"id-1\">" INSIDE "</soap:Body>"
#define CANONICAL_BODY                                                                                                           \
    "<soap:Body xmlns:soap=\"" AUTHORITY_SOAP "\" xmlns:wsu=\"" AUTHORITY_WSU "\" wsu:Id=\"id-1\">" INSIDE "</soap:Body>"

static const struct authority_xml transport = {
    .uri = "#id-1", .method = AUTHORITY_C14N_EXC, .transform = { AUTHORITY_C14N_EXC }, .security_token = true
};

/* `before`, the signature, `after`. */
static bool around(struct authority_draft *draft, struct authority_object *object, const struct authority_xml *like,
                   const char *digested, const char *before, const char *after)
{
    object->request.purpose = EDS_PURPOSE_SYSTEM;
    object->request.iin = NULL;
    return authority_desk_put_xml(draft, object, EDS_WSS, like, digested, before, after);
}

/* ---- wsse:Security ---- */

static bool message(struct authority_draft *draft, struct authority_object *object, const struct authority_xml *like,
                    const char *digested, const char *rest)
{
    return around(draft, object, like, digested, ENVELOPE SECURITY, rest);
}

static bool wss(struct authority_draft *draft, struct authority_object *object)
{
    return message(draft, object, &transport, CANONICAL_BODY, "</wsse:Security></soap:Header>" BODY "</soap:Envelope>");
}

static bool wss_changed(struct authority_draft *draft, struct authority_object *object)
{
    return message(draft, object, &transport, CANONICAL_BODY,
                   "</wsse:Security></soap:Header><soap:Body xmlns:wsu=\"" AUTHORITY_WSU
                   "\" wsu:Id=\"id-1\"><m:ask xmlns:m=\"urn:test\"><iin>123456789012</iin></m:ask></soap:Body></soap:Envelope>");
}

/* What is signed is a header; Body is anybody's. */
static bool wss_header_signed(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = transport;
    like.uri = "#id-2";
    return message(draft, object, &like,
                   "<h:mark xmlns:h=\"urn:mark\" xmlns:wsu=\"" AUTHORITY_WSU "\" wsu:Id=\"id-2\">1</h:mark>",
                   "</wsse:Security><h:mark xmlns:h=\"urn:mark\" xmlns:wsu=\"" AUTHORITY_WSU
                   "\" wsu:Id=\"id-2\">1</h:mark></soap:Header>" BODY "</soap:Envelope>");
}

/* The signed Body is kept in the Header, another one takes its place. */
static bool wss_wrapped(struct authority_draft *draft, struct authority_object *object)
{
    return message(draft, object, &transport, CANONICAL_BODY,
                   "</wsse:Security><w:kept xmlns:w=\"urn:kept\">" BODY
                   "</w:kept></soap:Header><soap:Body xmlns:wsu=\"" AUTHORITY_WSU
                   "\" wsu:Id=\"id-9\"><m:ask xmlns:m=\"urn:test\"><iin>123456789012</iin></m:ask></soap:Body></soap:Envelope>");
}

static bool wss_same_id(struct authority_draft *draft, struct authority_object *object)
{
    return message(draft, object, &transport, CANONICAL_BODY,
                   "</wsse:Security><w:kept xmlns:w=\"urn:kept\">" BODY
                   "</w:kept></soap:Header><soap:Body xmlns:wsu=\"" AUTHORITY_WSU
                   "\" wsu:Id=\"id-1\"><m:ask xmlns:m=\"urn:test\"><iin>123456789012</iin></m:ask></soap:Body></soap:Envelope>");
}

static bool wss_two_bodies(struct authority_draft *draft, struct authority_object *object)
{
    return message(draft, object, &transport, CANONICAL_BODY,
                   "</wsse:Security></soap:Header>" BODY
                   "<soap:Body><m:ask xmlns:m=\"urn:test\"></m:ask></soap:Body></soap:Envelope>");
}

static bool wss_two_securities(struct authority_draft *draft, struct authority_object *object)
{
    return message(draft, object, &transport, CANONICAL_BODY,
                   "</wsse:Security><wsse:Security xmlns:wsse=\"" AUTHORITY_WSSE "\"></wsse:Security></soap:Header>" BODY
                   "</soap:Envelope>");
}

static bool wss_enveloped(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = transport;
    like.transform[0] = AUTHORITY_ENVELOPED;
    like.transform[1] = AUTHORITY_C14N_EXC;
    return message(draft, object, &like, CANONICAL_BODY, "</wsse:Security></soap:Header>" BODY "</soap:Envelope>");
}

static bool wss_whole(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = transport;
    like.uri = "";
    return message(draft, object, &like, CANONICAL_BODY, "</wsse:Security></soap:Header>" BODY "</soap:Envelope>");
}

static bool wss_unsigned(struct authority_draft *draft, struct authority_object *object)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    buf_add_text(&text, ENVELOPE SECURITY "</wsse:Security></soap:Header>" BODY "</soap:Envelope>");
    object->request.purpose = EDS_PURPOSE_SYSTEM;
    object->request.iin = NULL;
    return authority_desk_put(draft, object, EDS_WSS, &text, true);
}

/* ---- the older profile: ds:Signature in the Header, a Body with Id, inclusive canonicalisation with comments ---- */

#define HEADER                ENVELOPE "<soap:Header>"
#define AFTER_HEADER          "</soap:Header>" OLD_BODY("Id") "</soap:Envelope>"
#define WITH(id, inside)      "<soap:Body " id "=\"id-1\">" inside "</soap:Body>"
#define OLD_BODY(id)          WITH(id, INSIDE)
#define OTHER                 "<m:ask xmlns:m=\"urn:test\"><iin>123456789012</iin></m:ask>"
#define IN_SCOPE              " xmlns:soap=\"" AUTHORITY_SOAP "\""
#define CANONICAL(id, inside) "<soap:Body" IN_SCOPE " " id "=\"id-1\">" inside "</soap:Body>"

static const struct authority_xml older = {
    .uri = "#id-1", .method = AUTHORITY_C14N, .transform = { AUTHORITY_ENVELOPED, AUTHORITY_C14N_COMMENTS }, .in_scope = IN_SCOPE
};

static bool old_message(struct authority_draft *draft, struct authority_object *object, const char *rest)
{
    return around(draft, object, &older, CANONICAL("Id", INSIDE), HEADER, rest);
}

static bool old(struct authority_draft *draft, struct authority_object *object)
{
    return old_message(draft, object, AFTER_HEADER);
}

static bool old_small_id(struct authority_draft *draft, struct authority_object *object)
{
    return around(draft, object, &older, CANONICAL("id", INSIDE), HEADER, "</soap:Header>" OLD_BODY("id") "</soap:Envelope>");
}

static bool old_comment(struct authority_draft *draft, struct authority_object *object)
{
    return around(draft, object, &older, CANONICAL("Id", INSIDE "<!-- 1 -->"), HEADER,
                  "</soap:Header>" WITH("Id", INSIDE "<!-- 1 -->") "</soap:Envelope>");
}

static bool old_comment_unsigned(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = older;
    like.transform[1] = AUTHORITY_C14N;
    return around(draft, object, &like, CANONICAL("Id", INSIDE), HEADER,
                  "</soap:Header>" WITH("Id", INSIDE "<!-- 1 -->") "</soap:Envelope>");
}

static bool old_changed(struct authority_draft *draft, struct authority_object *object)
{
    return old_message(draft, object, "</soap:Header>" WITH("Id", OTHER) "</soap:Envelope>");
}

/* A prefix that nobody uses, declared on the envelope on the way: inclusive canonicalisation sees it. */
static bool old_scope_changed(struct authority_draft *draft, struct authority_object *object)
{
    return around(draft, object, &older, CANONICAL("Id", INSIDE), "<soap:Envelope" IN_SCOPE " xmlns:x=\"urn:x\"><soap:Header>",
                  AFTER_HEADER);
}

static bool old_info_changed(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = older;
    like.extra = " ";
    return around(draft, object, &like, CANONICAL("Id", INSIDE), HEADER, AFTER_HEADER);
}

static bool old_sha1(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = older;
    like.digest_method = "http://www.w3.org/2000/09/xmldsig#sha1";
    like.digest = EVP_sha1();
    return around(draft, object, &like, CANONICAL("Id", INSIDE), HEADER, AFTER_HEADER);
}

static bool old_whole(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = older;
    like.uri = "";
    return around(draft, object, &like, CANONICAL("Id", INSIDE), HEADER, AFTER_HEADER);
}

/* The Id of the newer profile on the Body. */
static bool old_other_id(struct authority_draft *draft, struct authority_object *object)
{
    return around(draft, object, &older, CANONICAL_BODY, HEADER, "</soap:Header>" BODY "</soap:Envelope>");
}

static bool old_header_signed(struct authority_draft *draft, struct authority_object *object)
{
    return around(draft, object, &older, "<mark" IN_SCOPE " Id=\"id-1\">1</mark>", HEADER,
                  "<mark Id=\"id-1\">1</mark></soap:Header><soap:Body>" OTHER "</soap:Body></soap:Envelope>");
}

static bool old_wrapped(struct authority_draft *draft, struct authority_object *object)
{
    return old_message(draft, object,
                       "<kept>" OLD_BODY("Id") "</kept></soap:Header><soap:Body Id=\"id-9\">" OTHER
                                               "</soap:Body></soap:Envelope>");
}

static bool old_same_id(struct authority_draft *draft, struct authority_object *object)
{
    return old_message(draft, object, "<kept>" OLD_BODY("Id") "</kept></soap:Header>" WITH("id", OTHER) "</soap:Envelope>");
}

static bool old_two_bodies(struct authority_draft *draft, struct authority_object *object)
{
    return old_message(draft, object, "</soap:Header>" OLD_BODY("Id") "<soap:Body>" OTHER "</soap:Body></soap:Envelope>");
}

static bool old_two_signatures(struct authority_draft *draft, struct authority_object *object)
{
    return old_message(draft, object,
                       "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"></ds:Signature>" AFTER_HEADER);
}

/* A signature of the older profile beside a wsse:Security: there it is not looked for. */
static bool old_beside_security(struct authority_draft *draft, struct authority_object *object)
{
    return old_message(draft, object, "<wsse:Security xmlns:wsse=\"" AUTHORITY_WSSE "\"></wsse:Security>" AFTER_HEADER);
}

/* In a header of somebody's, not in the Header itself. */
static bool old_deeper(struct authority_draft *draft, struct authority_object *object)
{
    return around(draft, object, &older, CANONICAL("Id", INSIDE), HEADER "<kept>", "</kept>" AFTER_HEADER);
}

/* Of the business data, not of the message. */
static bool old_inside_body(struct authority_draft *draft, struct authority_object *object)
{
    return around(draft, object, &older, CANONICAL("Id", INSIDE), HEADER "</soap:Header><soap:Body Id=\"id-1\">" INSIDE,
                  "</soap:Body></soap:Envelope>");
}

/* clang-format off */
const struct authority_wrong authority_wrong_wss[] = {
    { "good_wss", "a message of an information system", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .role = AUTHORITY_SYSTEM, .bend_object = wss },
    { "wss_changed", "a digit of Body changed", AUTHORITY_BOTH, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST, .role = AUTHORITY_SYSTEM, .bend_object = wss_changed },
    { "wss_header_signed", "a header is signed, Body is not", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .role = AUTHORITY_SYSTEM, .bend_object = wss_header_signed },
    { "wss_wrapped", "the signed Body kept in the Header, another one in its place", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .role = AUTHORITY_SYSTEM, .bend_object = wss_wrapped },
    { "wss_same_id", "the same, both with one Id", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .role = AUTHORITY_SYSTEM, .bend_object = wss_same_id },
    { "wss_two_bodies", "a second Body", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNREADABLE, .role = AUTHORITY_SYSTEM, .bend_object = wss_two_bodies },
    { "wss_two_securities", "a second Security header", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .role = AUTHORITY_SYSTEM, .bend_object = wss_two_securities },
    { "wss_enveloped", "the transform of enveloped signatures", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART, .role = AUTHORITY_SYSTEM, .bend_object = wss_enveloped },
    { "wss_whole", "the Reference is to the whole envelope", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .role = AUTHORITY_SYSTEM, .bend_object = wss_whole },
    { "wss_unsigned", "Security without a signature", AUTHORITY_BOTH, EDS_STEP_SIGNERS, EDS_SIGNERS_NONE, .role = AUTHORITY_SYSTEM, .bend_object = wss_unsigned },
    { "wss_by_citizen", "a citizen in place of an information system", AUTHORITY_BOTH, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER, .role = AUTHORITY_PERSON_SIGN, .bend_object = wss },
    { "good_old_wss", "the older profile", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .role = AUTHORITY_SYSTEM, .bend_object = old },
    { "good_old_wss_small_id", "the older profile, the attribute in small letters", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .role = AUTHORITY_SYSTEM, .bend_object = old_small_id },
    { "good_old_wss_comment", "the older profile, a comment that is signed", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .role = AUTHORITY_SYSTEM, .bend_object = old_comment },
    { "old_wss_comment", "a comment that is not signed", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART, .role = AUTHORITY_SYSTEM, .bend_object = old_comment_unsigned },
    { "old_wss_changed", "a digit of Body changed", AUTHORITY_BOTH, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST, .role = AUTHORITY_SYSTEM, .bend_object = old_changed },
    { "old_wss_scope_changed", "a prefix declared around it", AUTHORITY_BOTH, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST, .role = AUTHORITY_SYSTEM, .bend_object = old_scope_changed },
    { "old_wss_info_changed", "a space in SignedInfo", AUTHORITY_BOTH, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG, .role = AUTHORITY_SYSTEM, .bend_object = old_info_changed },
    { "old_wss_sha1", "DigestMethod SHA-1", AUTHORITY_BOTH, EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED, .role = AUTHORITY_SYSTEM, .bend_object = old_sha1 },
    { "old_wss_whole", "the Reference is to the whole envelope", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .role = AUTHORITY_SYSTEM, .bend_object = old_whole },
    { "old_wss_other_id", "the Body has only the Id of the newer profile", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .role = AUTHORITY_SYSTEM, .bend_object = old_other_id },
    { "old_wss_header_signed", "a header is signed, Body is not", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .role = AUTHORITY_SYSTEM, .bend_object = old_header_signed },
    { "old_wss_wrapped", "the signed Body kept in the Header, another one in its place", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .role = AUTHORITY_SYSTEM, .bend_object = old_wrapped },
    { "old_wss_same_id", "the same, both with one Id, in two spellings", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .role = AUTHORITY_SYSTEM, .bend_object = old_same_id },
    { "old_wss_two_bodies", "a second Body", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNREADABLE, .role = AUTHORITY_SYSTEM, .bend_object = old_two_bodies },
    { "old_wss_two_signatures", "a second signature in the Header", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .role = AUTHORITY_SYSTEM, .bend_object = old_two_signatures },
    { "old_wss_beside_security", "beside a Security header without a signature", AUTHORITY_BOTH, EDS_STEP_SIGNERS, EDS_SIGNERS_NONE, .role = AUTHORITY_SYSTEM, .bend_object = old_beside_security },
    { "old_wss_deeper", "the signature deeper in the Header", AUTHORITY_BOTH, EDS_STEP_SIGNERS, EDS_SIGNERS_NONE, .role = AUTHORITY_SYSTEM, .bend_object = old_deeper },
    { "old_wss_inside_body", "the signature in the Body", AUTHORITY_BOTH, EDS_STEP_SIGNERS, EDS_SIGNERS_NONE, .role = AUTHORITY_SYSTEM, .bend_object = old_inside_body },
    { "old_wss_by_citizen", "a citizen in place of an information system", AUTHORITY_BOTH, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER, .role = AUTHORITY_PERSON_SIGN, .bend_object = old },
};
/* clang-format on */
const size_t authority_wrong_wss_count = sizeof authority_wrong_wss / sizeof *authority_wrong_wss;
