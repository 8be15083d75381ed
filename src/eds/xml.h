/* SPDX-License-Identifier: Apache-2.0 */
/* XML signatures of two fixed profiles (XML Signature Syntax, C14N 1.0, Exclusive C14N 1.0).  Private to eds. */
#ifndef EDS_XML_H
#define EDS_XML_H

#include <libxml/tree.h>

#include "eds/eds_impl.h"

#define XML_DSIG      "http://www.w3.org/2000/09/xmldsig#"
#define XML_ENVELOPED "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
#define XML_SOAP      "http://schemas.xmlsoap.org/soap/envelope/"
#define XML_WSSE      "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
#define XML_WSU       "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
#define XML_BASE64    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
#define XML_X509V3    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"

enum { XML_DEPTH_MAX = 128 };

/* ---- dsig_parse.c ---- */

/* UTF-8 without DOCTYPE, and no two ways to write what the signature does not see.  Free with xmlFreeDoc. */
enum eds_reason dsig_open(struct str text, xmlDoc **ret);
bool dsig_is(const xmlNode *node, const char *name, const char *name_space);
xmlNode *dsig_element(const xmlNode *parent);                                         /* the first child element, or NULL */
xmlNode *dsig_sibling(const xmlNode *node);                                           /* the next element, or NULL */
xmlNode *dsig_child(const xmlNode *parent, const char *name, const char *name_space); /* the first of that name */
/* Next in document order below `root`; NULL at the end. */
xmlNode *dsig_walk(const xmlNode *root, xmlNode *node);
/* All children are elements and white space. */
bool dsig_only_elements(const xmlNode *node);
bool dsig_has_comments(const xmlNode *root);
/* The attribute without a namespace; NULL when absent.  Free with xmlFree. */
char *dsig_attribute(const xmlNode *node, const char *name);
bool dsig_attribute_is(const xmlNode *node, const char *name, const char *value);
/* The text of an element that has nothing but text in it, as base64. */
bool dsig_base64(const xmlNode *node, struct arena *arena, struct str *ret);

/* ---- dsig_c14n.c ---- */

struct dsig_canonical {
    const char *uri;
    int mode; /* xmlC14NMode */
    bool comments;
};
const struct dsig_canonical *dsig_canonical_of(const char *uri); /* NULL: none of ours */
/* The subtree of `root` (NULL: the whole document) into *ret, which the caller releases. */
bool dsig_canonicalize(xmlDoc *doc, const xmlNode *root, const struct dsig_canonical *how, struct buf *ret);
/* The step of a signature over what has no canonical form; false. */
bool dsig_not_canonical(struct check *check, int signer);

/* ---- dsig_signature.c ---- */

const char *dsig_signature_uri(enum eds_algorithm algorithm);
const char *dsig_digest_uri(enum eds_algorithm algorithm);

struct dsig_signature {
    xmlNode *node, *signed_info;
    const struct dsig_canonical *method, *content; /* of SignedInfo; of what is referred to */
    bool enveloped;                                /* there is the transform that takes the signature out */
    enum eds_algorithm algorithm;
    const EVP_MD *digest;
    char uri[256];
    struct str digest_value, signature_value;
    X509 *certificate;
};
/* Takes ds:Signature apart; *ret is to be released also on failure. */
enum eds_reason dsig_signature_read(xmlNode *node, struct arena *arena, struct dsig_signature *ret, enum eds_step_kind *ret_step,
                                    char detail[160]);
void dsig_signature_release(struct dsig_signature *signature);
/* Digest of `content` and signature over SignedInfo, in the document as it stands.  Adds the steps; false: one failed. */
bool dsig_signature_steps(struct check *check, int signer, const struct dsig_signature *signature, struct str content);

#endif
