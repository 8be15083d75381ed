/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures in XML: the enveloped one of a document, and WS-Security of a SOAP envelope. */
#include "eds/xml.h"

#include <libxml/parser.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/digest.h"

#define C14N           "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
#define C14N_COMMENTS  C14N "#WithComments"
#define C14N_EXCLUSIVE "http://www.w3.org/2001/10/xml-exc-c14n#"

enum { OUT_MAX = 2 * EDS_XML_MAX };

/* What differs between the two. */
struct profile {
    const char *method, *content, *uri;
    bool enveloped, security;
};

static void put_key_info(struct buf *out, const struct profile *profile, struct str certificate)
{
    if (profile->security)
        buf_addf(out, "<wsse:SecurityTokenReference><wsse:KeyIdentifier EncodingType=\"" XML_BASE64 "\" ValueType=\"" XML_X509V3
                      "\">");
    else
        buf_add_text(out, "<ds:X509Data><ds:X509Certificate>");
    base64_add(out, certificate);
    buf_add_text(out, profile->security ? "</wsse:KeyIdentifier></wsse:SecurityTokenReference>"
                                        : "</ds:X509Certificate></ds:X509Data>");
}

/* The element, with an empty SignatureValue. */
static void put_signature(struct buf *out, const struct profile *profile, enum eds_algorithm algorithm, struct str digest,
                          struct str certificate)
{
    buf_addf(out, "<ds:Signature xmlns:ds=\"" XML_DSIG "\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"%s\"/>",
             profile->method);
    buf_addf(out, "<ds:SignatureMethod Algorithm=\"%s\"/><ds:Reference URI=\"%s\"><ds:Transforms>", dsig_signature_uri(algorithm),
             profile->uri);
    if (profile->enveloped)
        buf_add_text(out, "<ds:Transform Algorithm=\"" XML_ENVELOPED "\"/>");
    buf_addf(out, "<ds:Transform Algorithm=\"%s\"/></ds:Transforms><ds:DigestMethod Algorithm=\"%s\"/><ds:DigestValue>",
             profile->content, dsig_digest_uri(algorithm));
    base64_add(out, digest);
    buf_add_text(out, "</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue><ds:KeyInfo>");
    put_key_info(out, profile, certificate);
    buf_add_text(out, "</ds:KeyInfo></ds:Signature>");
}

static bool digest_of(enum eds_algorithm algorithm, struct str bytes, unsigned char *ret, unsigned *ret_n)
{
    return EVP_Digest(bytes.p, bytes.n, ret, ret_n, algorithm_digest_of(algorithm), NULL) == 1;
}

/* Parses the element in its place and appends it to `parent`. */
static xmlNode *append(xmlNode *parent, struct str text)
{
    xmlNode *made = NULL;
    if (xmlParseInNodeContext(parent, text.p, (int)text.n, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING, &made) !=
        XML_ERR_OK)
        return NULL;
    return xmlAddChild(parent, made);
}

static bool sign_bytes(const struct eds_identity *identity, struct str bytes, struct buf *ret)
{
    unsigned char value[1024];
    size_t n = sizeof value;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool fine = ctx && EVP_DigestSignInit(ctx, NULL, eds_key_digest(identity->key), NULL, identity->key) == 1 &&
                EVP_DigestSign(ctx, value, &n, (const unsigned char *)bytes.p, bytes.n) == 1;
    EVP_MD_CTX_free(ctx);
    if (fine)
        base64_add(ret, (struct str){ (const char *)value, n });
    return fine;
}

/* Fills SignatureValue of a signature that stands in its document. */
static bool fill_value(const struct eds_identity *identity, xmlNode *signature, const struct profile *profile)
{
    struct buf info, value;
    xmlNode *signed_info = dsig_child(signature, "SignedInfo", XML_DSIG),
            *holder = dsig_child(signature, "SignatureValue", XML_DSIG);
    buf_init(&value, 4096);
    bool fine = dsig_canonicalize(signature->doc, signed_info, dsig_canonical_of(profile->method), &info) &&
                sign_bytes(identity, buf_str(&info), &value);
    if (fine)
        xmlNodeSetContent(holder, (const xmlChar *)value.p);
    buf_release(&info);
    buf_release(&value);
    return fine;
}

/* One signature over `target` (NULL: the whole document) at the end of `place`. */
static bool add_signature(const struct eds_identity *identity, xmlDoc *doc, const xmlNode *target, xmlNode *place,
                          const struct profile *profile)
{
    enum eds_algorithm algorithm = eds_key_algorithm(identity->key);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    struct buf content, certificate, text;
    struct err err;
    buf_init(&certificate, 1 << 16);
    buf_init(&text, 1 << 18);
    bool fine = dsig_canonicalize(doc, target, dsig_canonical_of(profile->content), &content) && dsig_signature_uri(algorithm) &&
                digest_of(algorithm, buf_str(&content), digest, &n) &&
                eds_certificate_write(identity->certificate, &certificate, &err);
    if (fine) {
        put_signature(&text, profile, algorithm, (struct str){ (const char *)digest, n }, buf_str(&certificate));
        xmlNode *signature = text.over ? NULL : append(place, buf_str(&text));
        fine = signature && fill_value(identity, signature, profile);
    }
    buf_release(&content);
    buf_release(&certificate);
    buf_release(&text);
    return fine;
}

static bool write_doc(xmlDoc *doc, struct buf *ret)
{
    xmlChar *text = NULL;
    int n = 0;
    xmlDocDumpMemoryEnc(doc, &text, &n, "UTF-8");
    if (text && n > 0)
        buf_add(ret, text, (size_t)n);
    xmlFree(text);
    return n > 0 && !ret->over;
}

static bool finish(xmlDoc *doc, bool fine, struct buf *ret, struct err *err)
{
    fine = fine && write_doc(doc, ret);
    xmlFreeDoc(doc);
    ERR_clear_error();
    return fine || err_set(err, ERR_INPUT, "the document cannot be signed with this key and certificate");
}

bool eds_sign_xml(const struct eds_identity *identity, struct str document, struct buf *ret, struct err *err)
{
    static const struct profile enveloped = { .method = C14N, .content = C14N_COMMENTS, .uri = "", .enveloped = true };
    xmlDoc *doc;
    if (dsig_open(document, &doc) != EDS_OK)
        return err_set(err, ERR_INPUT, "not XML in UTF-8 without DOCTYPE");
    return finish(doc, add_signature(identity, doc, NULL, xmlDocGetRootElement(doc), &enveloped), ret, err);
}

/* ---- WS-Security ---- */

static xmlNode *header_of(xmlNode *root, xmlNode *body)
{
    xmlNode *header = dsig_child(root, "Header", XML_SOAP);
    if (header)
        return header;
    header = xmlNewDocNode(root->doc, root->ns, (const xmlChar *)"Header", NULL);
    return header ? xmlAddPrevSibling(body, header) : NULL;
}

static bool mark_body(xmlNode *body, char uri[DIGEST_UUID + 8])
{
    char uuid[DIGEST_UUID];
    xmlNs *ns = xmlNewNs(body, (const xmlChar *)XML_WSU, (const xmlChar *)"wsu");
    snprintf(uri, DIGEST_UUID + 8, "#id-%s", digest_uuid(uuid));
    return ns && xmlNewNsProp(body, ns, (const xmlChar *)"Id", (const xmlChar *)uri + 1) != NULL;
}

static xmlNode *add_security(xmlNode *root, xmlNode *header)
{
    char text[512];
    const char *prefix = root->ns->prefix ? (const char *)root->ns->prefix : "SOAP-ENV";
    int n = snprintf(text, sizeof text,
                     "<wsse:Security xmlns:wsse=\"" XML_WSSE "\" xmlns:%s=\"" XML_SOAP "\" %s:mustUnderstand=\"1\"/>", prefix,
                     prefix);
    return n > 0 && n < (int)sizeof text ? append(header, (struct str){ text, (size_t)n }) : NULL;
}

bool eds_sign_wss(const struct eds_identity *identity, struct str envelope, struct buf *ret, struct err *err)
{
    xmlDoc *doc;
    if (dsig_open(envelope, &doc) != EDS_OK)
        return err_set(err, ERR_INPUT, "not XML in UTF-8 without DOCTYPE");
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlNode *body = dsig_is(root, "Envelope", XML_SOAP) ? dsig_child(root, "Body", XML_SOAP) : NULL;
    char uri[DIGEST_UUID + 8];
    struct profile profile = { .method = C14N_EXCLUSIVE, .content = C14N_EXCLUSIVE, .uri = uri, .security = true };
    bool fine = body && !dsig_has_comments(body) && mark_body(body, uri);
    xmlNode *header = fine ? header_of(root, body) : NULL;
    fine = header && !dsig_child(header, "Security", XML_WSSE);
    xmlNode *security = fine ? add_security(root, header) : NULL;
    return finish(doc, security && add_signature(identity, doc, body, security, &profile), ret, err);
}
