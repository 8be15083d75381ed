/* SPDX-License-Identifier: Apache-2.0 */
/* Documents with an enveloped signature. */
#include <openssl/evp.h>
#include <stdlib.h>

#include "stand/authority_impl.h"
#include "stand/authority_wrong.h"

enum { TEXT_MAX = 1 << 16 };

#define OPEN  "<filing><iin>123456789011</iin><address>Астана, 1-үй</address>"
#define CLOSE "</filing>"

static const struct authority_xml enveloped = { .uri = "",
                                                .method = AUTHORITY_C14N,
                                                .transform = { AUTHORITY_ENVELOPED, AUTHORITY_C14N_COMMENTS } };

/* `like` signs `digested`; the document is `before`, the signature, `after`. */
static bool document(struct authority_draft *draft, struct authority_object *object, const struct authority_xml *like,
                     const char *digested, const char *before, const char *after)
{
    return authority_desk_put_xml(draft, object, EDS_XML, like, digested, before, after);
}

static bool plain(struct authority_draft *draft, struct authority_object *object)
{
    return document(draft, object, &enveloped, OPEN CLOSE, OPEN, CLOSE);
}

static bool plain_declared(struct authority_draft *draft, struct authority_object *object)
{
    return document(draft, object, &enveloped, OPEN CLOSE, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" OPEN, CLOSE "\n");
}

static bool changed(struct authority_draft *draft, struct authority_object *object)
{
    return document(draft, object, &enveloped, OPEN CLOSE, "<filing><iin>123456789011</iin><address>Астана, 2-үй</address>",
                    CLOSE);
}

static bool added(struct authority_draft *draft, struct authority_object *object)
{
    return document(draft, object, &enveloped, OPEN CLOSE, OPEN, "<also>1</also>" CLOSE);
}

static bool with_doctype(struct authority_draft *draft, struct authority_object *object)
{
    return document(draft, object, &enveloped, OPEN CLOSE, "<!DOCTYPE filing [<!ENTITY a \"b\">]>" OPEN, CLOSE);
}

static bool comment_unsigned(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = enveloped;
    like.transform[1] = AUTHORITY_C14N;
    return document(draft, object, &like, OPEN CLOSE, OPEN "<!-- 2-үй -->", CLOSE);
}

static bool info_changed(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = enveloped;
    like.extra = " ";
    return document(draft, object, &like, OPEN CLOSE, OPEN, CLOSE);
}

static bool second_reference(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = enveloped;
    like.extra = "<ds:Reference URI=\"\"></ds:Reference>";
    return document(draft, object, &like, OPEN CLOSE, OPEN, CLOSE);
}

static bool extra_transform(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = enveloped;
    like.transform[2] = "http://www.w3.org/TR/1999/REC-xpath-19991116";
    return document(draft, object, &like, OPEN CLOSE, OPEN, CLOSE);
}

static bool no_transform(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = enveloped;
    like.transform[0] = AUTHORITY_C14N_COMMENTS;
    like.transform[1] = NULL;
    return document(draft, object, &like, OPEN CLOSE, OPEN, CLOSE);
}

static bool xml_sha1(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = enveloped;
    like.digest = EVP_sha1();
    like.digest_method = "http://www.w3.org/2000/09/xmldsig#sha1";
    return document(draft, object, &like, OPEN CLOSE, OPEN, CLOSE);
}

static bool xml_rsa_sha1(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = enveloped;
    like.signature_method = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    return document(draft, object, &like, OPEN CLOSE, OPEN, CLOSE);
}

static bool no_certificate(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = enveloped;
    like.no_certificate = true;
    return document(draft, object, &like, OPEN CLOSE, OPEN, CLOSE);
}

/* The signed document is moved into a corner of another one, and the Reference is to it by Id. */
static bool wrapped(struct authority_draft *draft, struct authority_object *object)
{
    static const char kept[] = "<filing Id=\"signed\"><iin>123456789011</iin></filing>";
    struct authority_xml like = enveloped;
    like.uri = "#signed";
    return document(draft, object, &like, kept,
                    "<filing><iin>123456789012</iin><kept><filing Id=\"signed\"><iin>123456789011</iin></filing></kept>", CLOSE);
}

/* The signature, too, is in the corner. */
static bool wrapped_whole(struct authority_draft *draft, struct authority_object *object)
{
    return document(draft, object, &enveloped, OPEN CLOSE, "<filing><iin>123456789012</iin><kept>" OPEN, CLOSE "</kept>" CLOSE);
}

static bool part_signed(struct authority_draft *draft, struct authority_object *object)
{
    struct authority_xml like = enveloped;
    like.uri = "#address";
    return document(draft, object, &like, "<address Id=\"address\">Астана</address>",
                    "<filing><iin>123456789011</iin><address Id=\"address\">Астана</address>", CLOSE);
}

static bool two_signatures(struct authority_draft *draft, struct authority_object *object)
{
    struct buf text;
    struct authority_xml xml = enveloped;
    xml.signer = &draft->signer[0];
    xml.digested = STR(OPEN CLOSE);
    buf_init(&text, TEXT_MAX);
    buf_add_text(&text, OPEN);
    bool fine = authority_xml_sign(&xml, &text, &draft->desk->err) && authority_xml_sign(&xml, &text, &draft->desk->err);
    buf_add_text(&text, CLOSE);
    return authority_desk_put(draft, object, EDS_XML, &text, fine);
}

static bool unsigned_document(struct authority_draft *draft, struct authority_object *object)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    buf_add_text(&text, OPEN CLOSE);
    return authority_desk_put(draft, object, EDS_XML, &text, true);
}

static bool not_whole(struct authority_draft *draft, struct authority_object *object)
{
    return document(draft, object, &enveloped, OPEN CLOSE, OPEN, "</fil");
}

/* clang-format off */
const struct authority_wrong authority_wrong_xml[] = {
    { "good_xml", "an enveloped signature as NCALayer makes it", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_object = plain },
    { "good_xml_declared", "with an XML declaration and line ends around", AUTHORITY_BOTH, EDS_STEP_KINDS, EDS_OK, .bend_object = plain_declared },
    { "xml_changed", "a digit of the document changed", AUTHORITY_BOTH, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST, .bend_object = changed },
    { "xml_added", "an element added after the signature", AUTHORITY_BOTH, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST, .bend_object = added },
    { "xml_doctype", "a DOCTYPE with an entity", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNREADABLE, .bend_object = with_doctype },
    { "xml_comment", "a comment that the signature does not see", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART, .bend_object = comment_unsigned },
    { "xml_info_changed", "a space in SignedInfo", AUTHORITY_BOTH, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG, .bend_object = info_changed },
    { "xml_two_references", "a second Reference", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART, .bend_object = second_reference },
    { "xml_extra_transform", "an XPath transform more", AUTHORITY_BOTH, EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED, .bend_object = extra_transform },
    { "xml_no_transform", "the signature is not taken out before digesting", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART, .bend_object = no_transform },
    { "xml_sha1", "DigestMethod SHA-1", AUTHORITY_BOTH, EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED, .bend_object = xml_sha1 },
    { "xml_rsa_sha1", "SignatureMethod rsa-sha1", AUTHORITY_BOTH, EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED, .bend_object = xml_rsa_sha1 },
    { "xml_certificate_missing", "KeyInfo with a name only", AUTHORITY_BOTH, EDS_STEP_SIGNERS, EDS_SIGNER_CERTIFICATE_MISSING, .bend_object = no_certificate },
    { "xml_wrapped", "the signed document in a corner, the Reference to its Id", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .bend_object = wrapped },
    { "xml_wrapped_whole", "the signed document with its signature in a corner", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .bend_object = wrapped_whole },
    { "xml_part_signed", "the Reference is to one element", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_WRAPPED, .bend_object = part_signed },
    { "xml_two_signatures", "two signatures where one is expected", AUTHORITY_BOTH, EDS_STEP_SIGNERS, EDS_SIGNERS_TOO_MANY, .bend_object = two_signatures },
    { "xml_unsigned", "no signature", AUTHORITY_BOTH, EDS_STEP_SIGNERS, EDS_SIGNERS_NONE, .bend_object = unsigned_document },
    { "xml_truncated", "the end is missing", AUTHORITY_BOTH, EDS_STEP_FORM, EDS_FORM_UNREADABLE, .bend_object = not_whole },
};
/* clang-format on */
const size_t authority_wrong_xml_count = sizeof authority_wrong_xml / sizeof *authority_wrong_xml;
