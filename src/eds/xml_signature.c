/* SPDX-License-Identifier: Apache-2.0 */
/* ds:Signature with exactly the parts that the two profiles have; anything else in it is refused. */
#include "eds/xml.h"

#include <openssl/evp.h>
#include <stdio.h>

#define KZ_XMLSEC "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:"

static const struct {
    enum eds_algorithm algorithm;
    const char *signature, *digest;
} algorithms[] = {
    { EDS_GOST_2015_512, KZ_XMLSEC "gostr34102015-gostr34112015-512", KZ_XMLSEC "gostr34112015-512" },
    { EDS_GOST_2015_256, KZ_XMLSEC "gostr34102015-gostr34112015-256", KZ_XMLSEC "gostr34112015-256" },
    { EDS_GOST_2004, "http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311",
      "http://www.w3.org/2001/04/xmldsig-more#gost34311" },
    { EDS_RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256" },
};
enum { ALGORITHMS = sizeof algorithms / sizeof *algorithms };

const char *dsig_signature_uri(enum eds_algorithm algorithm)
{
    for (int i = 0; i < ALGORITHMS; i++) {
        if (algorithms[i].algorithm == algorithm)
            return algorithms[i].signature;
    }
    return NULL;
}

const char *dsig_digest_uri(enum eds_algorithm algorithm)
{
    for (int i = 0; i < ALGORITHMS; i++) {
        if (algorithms[i].algorithm == algorithm)
            return algorithms[i].digest;
    }
    return NULL;
}

/* ---- reading ---- */

struct reader {
    struct dsig_signature *into;
    struct arena *arena;
    char *detail;
};

static enum eds_reason refuse(struct reader *r, enum eds_reason reason, const char *what)
{
    snprintf(r->detail, 160, "%s", what);
    return reason;
}

/* An element of xmldsig with only Algorithm on it and nothing in it; its value is xmlFree'd by the caller. */
static char *method_uri(const xmlNode *node, const char *name)
{
    if (!dsig_is(node, name, XML_DSIG) || dsig_element(node) || !dsig_only_elements(node) || !node->properties ||
        node->properties->next)
        return NULL;
    return dsig_attribute(node, "Algorithm");
}

static const struct dsig_canonical *read_method(const xmlNode *node, const char *name)
{
    char *uri = method_uri(node, name);
    const struct dsig_canonical *found = dsig_canonical_of(uri);
    xmlFree(uri);
    return found;
}

/* None: then inclusive C14N.  Else the signature taken out, or a canonical form, or one after the other. */
static enum eds_reason read_transforms(struct reader *r, const xmlNode *node)
{
    struct dsig_signature *s = r->into;
    s->content = NULL;
    for (const xmlNode *one = dsig_element(node); one; one = dsig_sibling(one)) {
        char *uri = method_uri(one, "Transform");
        bool enveloped = uri && strcmp(uri, XML_ENVELOPED) == 0;
        const struct dsig_canonical *canonical = dsig_canonical_of(uri);
        xmlFree(uri);
        if (enveloped ? (s->enveloped || s->content) : (!canonical || s->content))
            return refuse(r, EDS_ALGORITHM_REFUSED, "a transform of another profile");
        s->enveloped |= enveloped;
        s->content = canonical;
    }
    if (!dsig_only_elements(node) || node->properties)
        return refuse(r, EDS_FORM_UNKNOWN_PART, "something else in Transforms");
    if (!s->content)
        s->content = dsig_canonical_of("http://www.w3.org/TR/2001/REC-xml-c14n-20010315");
    return EDS_OK;
}

static enum eds_reason read_reference(struct reader *r, const xmlNode *node)
{
    struct dsig_signature *s = r->into;
    const xmlNode *child = dsig_element(node);
    char *uri = dsig_attribute(node, "URI");
    bool fits = uri && strlen(uri) < sizeof s->uri && node->properties && !node->properties->next;
    if (fits)
        snprintf(s->uri, sizeof s->uri, "%s", uri);
    xmlFree(uri);
    if (!fits || !dsig_only_elements(node))
        return refuse(r, EDS_FORM_UNKNOWN_PART, "a Reference with other attributes than URI");
    if (!dsig_is(child, "Transforms", XML_DSIG))
        return refuse(r, EDS_ALGORITHM_REFUSED, "a Reference without Transforms");
    enum eds_reason reason = read_transforms(r, child);
    if (reason != EDS_OK)
        return reason;
    child = dsig_sibling(child);
    char *digest = child ? method_uri(child, "DigestMethod") : NULL;
    for (int i = 0; digest && i < ALGORITHMS; i++) {
        if (strcmp(digest, algorithms[i].digest) == 0)
            s->digest = algorithm_digest_of(algorithms[i].algorithm);
    }
    xmlFree(digest);
    if (!s->digest)
        return refuse(r, EDS_ALGORITHM_REFUSED, "DigestMethod");
    child = dsig_sibling(child);
    if (!dsig_is(child, "DigestValue", XML_DSIG) || child->properties || dsig_sibling(child) ||
        !dsig_base64(child, r->arena, &s->digest_value))
        return refuse(r, EDS_FORM_UNREADABLE, "DigestValue");
    return EDS_OK;
}

static enum eds_reason read_signed_info(struct reader *r, xmlNode *node)
{
    struct dsig_signature *s = r->into;
    const xmlNode *child = dsig_element(node);
    s->signed_info = node;
    s->method = child ? read_method(child, "CanonicalizationMethod") : NULL;
    if (!s->method)
        return refuse(r, EDS_ALGORITHM_REFUSED, "CanonicalizationMethod");
    child = dsig_sibling(child);
    char *uri = child ? method_uri(child, "SignatureMethod") : NULL;
    for (int i = 0; uri && i < ALGORITHMS; i++) {
        if (strcmp(uri, algorithms[i].signature) == 0)
            s->algorithm = algorithms[i].algorithm;
    }
    xmlFree(uri);
    if (s->algorithm == EDS_ALGORITHM_NONE)
        return refuse(r, EDS_ALGORITHM_REFUSED, "SignatureMethod");
    child = dsig_sibling(child);
    if (!dsig_is(child, "Reference", XML_DSIG) || dsig_sibling(child) || !dsig_only_elements(node))
        return refuse(r, EDS_FORM_UNKNOWN_PART, "not exactly one Reference");
    return read_reference(r, child);
}

/* The only child element, of that name, of an element without attributes of its own. */
static const xmlNode *only(const xmlNode *node, const char *name, const char *name_space)
{
    const xmlNode *child = dsig_element(node);
    return dsig_is(child, name, name_space) && !dsig_sibling(child) && dsig_only_elements(node) && !node->properties ? child
                                                                                                                     : NULL;
}

static bool is_x509_identifier(const xmlNode *node)
{
    return node && dsig_attribute_is(node, "EncodingType", XML_BASE64) && dsig_attribute_is(node, "ValueType", XML_X509V3) &&
           node->properties->next && !node->properties->next->next;
}

/* X509Data/X509Certificate, or SecurityTokenReference/KeyIdentifier with the whole certificate. */
static enum eds_reason read_key_info(struct reader *r, const xmlNode *node)
{
    struct str der;
    struct err err;
    const xmlNode *data = only(node, "X509Data", XML_DSIG), *holder = NULL;
    if (data) {
        holder = only(data, "X509Certificate", XML_DSIG);
        holder = holder && !holder->properties ? holder : NULL;
    } else if ((data = only(node, "SecurityTokenReference", XML_WSSE))) {
        holder = only(data, "KeyIdentifier", XML_WSSE);
        holder = is_x509_identifier(holder) ? holder : NULL;
    }
    if (!holder)
        return refuse(r, EDS_SIGNER_CERTIFICATE_MISSING, "KeyInfo without exactly one certificate");
    if (!dsig_base64(holder, r->arena, &der) || !eds_certificate_read(der, &r->into->certificate, &err) ||
        !str_equal(x509_der(r->arena, r->into->certificate), der))
        return refuse(r, EDS_FORM_UNREADABLE, "the certificate in KeyInfo");
    return EDS_OK;
}

/* Only an Id, which means nothing to us, may stand on ds:Signature. */
static bool plain_signature_node(const xmlNode *node)
{
    return dsig_only_elements(node) &&
           (!node->properties || (!node->properties->next && strcmp((const char *)node->properties->name, "Id") == 0));
}

enum eds_reason dsig_signature_read(xmlNode *node, struct arena *arena, struct dsig_signature *ret, enum eds_step_kind *ret_step,
                                    char detail[160])
{
    struct reader r = { ret, arena, detail };
    memset(ret, 0, sizeof *ret);
    detail[0] = '\0';
    *ret_step = EDS_STEP_FORM;
    ret->node = node;
    xmlNode *info = dsig_element(node);
    if (!plain_signature_node(node) || !dsig_is(info, "SignedInfo", XML_DSIG))
        return refuse(&r, EDS_FORM_UNKNOWN_PART, "Signature with unknown parts");
    const xmlNode *value = dsig_sibling(info), *key_info = value ? dsig_sibling(value) : NULL;
    if (!dsig_is(value, "SignatureValue", XML_DSIG) || value->properties || !dsig_base64(value, arena, &ret->signature_value))
        return refuse(&r, EDS_FORM_UNREADABLE, "SignatureValue");
    if (!dsig_is(key_info, "KeyInfo", XML_DSIG) || dsig_sibling(key_info))
        return refuse(&r, EDS_FORM_UNKNOWN_PART, "after SignatureValue not KeyInfo alone");
    enum eds_reason reason = read_signed_info(&r, info);
    if (reason == EDS_OK)
        reason = read_key_info(&r, key_info);
    if (reason == EDS_ALGORITHM_REFUSED)
        *ret_step = EDS_STEP_ALGORITHM;
    if (reason == EDS_SIGNER_CERTIFICATE_MISSING)
        *ret_step = EDS_STEP_SIGNERS;
    return reason;
}

void dsig_signature_release(struct dsig_signature *signature)
{
    X509_free(signature->certificate);
    signature->certificate = NULL;
}

/* ---- verifying ---- */

static enum eds_reason check_algorithms(const struct dsig_signature *s, unsigned allowed)
{
    EVP_PKEY *key = X509_get0_pubkey(s->certificate);
    if (!(allowed & 1u << s->algorithm))
        return EDS_ALGORITHM_REFUSED;
    if (!key)
        return EDS_KEY_UNREADABLE;
    if (EVP_PKEY_is_a(key, "RSA") && eds_key_algorithm(key) == EDS_ALGORITHM_NONE)
        return EDS_KEY_WEAK;
    bool fits = EVP_MD_get_type(s->digest) == EVP_MD_get_type(algorithm_digest_of(s->algorithm)) &&
                eds_key_algorithm(key) == s->algorithm;
    return fits ? EDS_OK : EDS_ALGORITHM_MIXED;
}

static bool digest_fits(const struct dsig_signature *s, struct str content)
{
    unsigned char value[EVP_MAX_MD_SIZE];
    unsigned n;
    return EVP_Digest(content.p, content.n, value, &n, s->digest, NULL) == 1 && n == s->digest_value.n &&
           memcmp(value, s->digest_value.p, n) == 0;
}

bool dsig_signature_steps(struct check *check, int signer, const struct dsig_signature *s, struct str content)
{
    struct buf info;
    enum eds_reason reason = check_algorithms(s, eds_trust_policy(check->trust)->signature_algorithms);
    if (!check_step(check, EDS_STEP_ALGORITHM, signer, tri_of(reason == EDS_OK), reason, "%s", ""))
        return false;
    if (!digest_fits(s, content))
        return check_step(check, EDS_STEP_CONTENT, signer, TRI_NO, EDS_CONTENT_DIGEST, "%s", "");
    check_pass(check, EDS_STEP_CONTENT, signer);
    bool good = dsig_canonicalize(s->node->doc, s->signed_info, s->method, &info) &&
                signature_verifies(X509_get0_pubkey(s->certificate), s->algorithm, buf_str(&info), s->signature_value);
    buf_release(&info);
    return check_step(check, EDS_STEP_SIGNATURE, signer, tri_of(good), good ? EDS_OK : EDS_SIGNATURE_WRONG, "%s", "");
}
