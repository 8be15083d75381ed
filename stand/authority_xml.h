/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML signatures written by hand.  The documents here are in canonical form as they are written, so no canonicalisation is
 * needed: what is digested and what is signed are texts.  No code in common with eds, which takes them apart.
 */
#ifndef STAND_AUTHORITY_XML_H
#define STAND_AUTHORITY_XML_H

#include "stand/authority_cms.h"

#define AUTHORITY_C14N          "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
#define AUTHORITY_C14N_COMMENTS "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
#define AUTHORITY_C14N_EXC      "http://www.w3.org/2001/10/xml-exc-c14n#"
#define AUTHORITY_ENVELOPED     "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
#define AUTHORITY_SOAP          "http://schemas.xmlsoap.org/soap/envelope/"
#define AUTHORITY_WSSE          "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
#define AUTHORITY_WSU           "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"

struct authority_xml {
    const struct authority_holder *signer;
    struct str digested;          /* the text that the Reference is to, in canonical form */
    const char *uri;              /* "" or "#id" */
    const char *method;           /* canonicalisation of SignedInfo */
    const char *transform[3];     /* NULL: the end */
    const char *digest_method;    /* NULL: the key's */
    const char *signature_method; /* NULL: the key's */
    const EVP_MD *digest;         /* NULL: the key's */
    bool security_token;          /* KeyInfo as WS-Security has it */
    bool no_certificate;
    const char *extra;    /* put in SignedInfo after signing; NULL: nothing */
    const char *in_scope; /* declarations of prefixes around it, which inclusive canonicalisation repeats; NULL: none */
};
/* <ds:Signature> as it goes into the document. */
bool authority_xml_sign(const struct authority_xml *xml, struct buf *ret, struct err *err);

#endif
