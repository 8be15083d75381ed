/* SPDX-License-Identifier: Apache-2.0 */
#include "stand/authority_xml.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>

#define DSIG   "http://www.w3.org/2000/09/xmldsig#"
#define KZ     "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:"
#define BASE64 "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
#define X509V3 "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"

enum { TEXT_MAX = 1 << 16 };

static void add_base64(struct buf *out, struct str bytes)
{
    unsigned char *text = mem_alloc(bytes.n / 3 * 4 + 8);
    int n = EVP_EncodeBlock(text, (const unsigned char *)bytes.p, (int)bytes.n);
    buf_add(out, text, (size_t)n);
    free(text);
}

static bool is_gost(const struct authority_xml *xml) { return eds_key_algorithm(xml->signer->key) == EDS_GOST_2015_512; }

static void add_method(struct buf *out, const char *name, const char *uri)
{
    buf_addf(out, "<ds:%s Algorithm=\"%s\"></ds:%s>", name, uri, name);
}

static void add_reference(const struct authority_xml *xml, struct buf *out)
{
    unsigned char value[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    buf_addf(out, "<ds:Reference URI=\"%s\"><ds:Transforms>", xml->uri);
    for (size_t i = 0; i < 3 && xml->transform[i]; i++)
        add_method(out, "Transform", xml->transform[i]);
    buf_add_text(out, "</ds:Transforms>");
    add_method(out, "DigestMethod",
               xml->digest_method ? xml->digest_method
               : is_gost(xml)     ? KZ "gostr34112015-512"
                                  : "http://www.w3.org/2001/04/xmlenc#sha256");
    EVP_Digest(xml->digested.p, xml->digested.n, value, &n, xml->digest ? xml->digest : eds_key_digest(xml->signer->key), NULL);
    buf_add_text(out, "<ds:DigestValue>");
    add_base64(out, (struct str){ (const char *)value, n });
    buf_add_text(out, "</ds:DigestValue></ds:Reference>");
}

/* What is between <ds:SignedInfo> and its end. */
static void add_info(const struct authority_xml *xml, struct buf *out)
{
    add_method(out, "CanonicalizationMethod", xml->method);
    add_method(out, "SignatureMethod",
               xml->signature_method ? xml->signature_method
               : is_gost(xml)        ? KZ "gostr34102015-gostr34112015-512"
                                     : "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
    add_reference(xml, out);
}

static void add_key_info(const struct authority_xml *xml, struct buf *out, struct err *err)
{
    struct buf der;
    buf_init(&der, TEXT_MAX);
    eds_certificate_write(xml->signer->certificate, &der, err);
    buf_add_text(out, "<ds:KeyInfo>");
    if (xml->no_certificate) {
        buf_add_text(out, "<ds:KeyName>TEST</ds:KeyName>");
    } else if (xml->security_token) {
        buf_addf(out, "<wsse:SecurityTokenReference xmlns:wsse=\"%s\"><wsse:KeyIdentifier EncodingType=\"%s\" ValueType=\"%s\">",
                 AUTHORITY_WSSE, BASE64, X509V3);
        add_base64(out, buf_str(&der));
        buf_add_text(out, "</wsse:KeyIdentifier></wsse:SecurityTokenReference>");
    } else {
        buf_add_text(out, "<ds:X509Data><ds:X509Certificate>");
        add_base64(out, buf_str(&der));
        buf_add_text(out, "</ds:X509Certificate></ds:X509Data>");
    }
    buf_add_text(out, "</ds:KeyInfo>");
    buf_release(&der);
}

bool authority_xml_sign(const struct authority_xml *xml, struct buf *ret, struct err *err)
{
    struct buf info, canonical, value;
    buf_init(&info, TEXT_MAX);
    buf_init(&canonical, TEXT_MAX);
    buf_init(&value, TEXT_MAX);
    add_info(xml, &info);
    /* In its canonical form the element itself declares the prefix. */
    buf_addf(&canonical, "<ds:SignedInfo xmlns:ds=\"" DSIG "\"%s>%s</ds:SignedInfo>", xml->in_scope ? xml->in_scope : "", info.p);
    bool fine = authority_sign_bytes(xml->signer->key, eds_key_digest(xml->signer->key), buf_str(&canonical), &value);
    buf_addf(ret, "<ds:Signature xmlns:ds=\"" DSIG "\"><ds:SignedInfo>%s%s</ds:SignedInfo><ds:SignatureValue>", info.p,
             xml->extra ? xml->extra : "");
    add_base64(ret, buf_str(&value));
    buf_add_text(ret, "</ds:SignatureValue>");
    add_key_info(xml, ret, err);
    buf_add_text(ret, "</ds:Signature>");
    buf_release(&info);
    buf_release(&canonical);
    buf_release(&value);
    return (fine && !ret->over) || err_set(err, ERR_SYSTEM, "the document cannot be signed");
}
