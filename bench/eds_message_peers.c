/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xmlsec1 over the same RSA message, in a process that has nothing of eds in it; and for GOST, which it does not have, the one
 * signature that gost-engine makes.  xmlsec1 is given the signer's key: it looks at no certificate, no chain and no revocation,
 * and signs into a skeleton that is there already.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "eds_messages.h"

#include <libxml/parser.h>
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <xmlsec/crypto.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include "base/file.h"

#define WSU "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
#define SIG "http://www.w3.org/2000/09/xmldsig#"

static struct arena arena;
static struct str message, skeleton;
static xmlSecKeyPtr private_key, public_key;

static struct str get(const struct objects *objects, const char *name)
{
    char path[600];
    struct str text;
    struct err err;
    snprintf(path, sizeof path, "%.*s%s", (int)(strlen(objects->trust) - strlen("trust")), objects->trust, name);
    if (!file_read(path, 1 << 20, &arena, &text, &err))
        BUG("%s", err.text);
    return text;
}

/* The message with the values of its signature taken out. */
static struct str empty(struct str from, const char *opening, const char *closing)
{
    const char *start = strstr(from.p, opening), *end = strstr(from.p, closing);
    if (!start || !end)
        BUG("no %s in the message", opening);
    start += strlen(opening);
    return arena_printf(&arena, "%.*s%s", (int)(start - from.p), from.p, end);
}

static xmlSecKeyPtr read_key(const struct objects *objects, const char *name, xmlSecKeyDataFormat format)
{
    struct str pem = get(objects, name);
    xmlSecKeyPtr key = xmlSecCryptoAppKeyLoadMemory((const xmlSecByte *)pem.p, (xmlSecSize)pem.n, format, NULL, NULL, NULL);
    if (!key)
        BUG("xmlsec1 does not take %s", name);
    return key;
}

static void start(const struct objects *objects)
{
    arena_init(&arena, 0);
    xmlInitParser();
    if (xmlSecInit() < 0 || xmlSecCryptoAppInit(NULL) < 0 || xmlSecCryptoInit() < 0)
        BUG("no xmlsec1");
    message = get(objects, "message.xml");
    skeleton = empty(empty(message, "<ds:DigestValue>", "</ds:DigestValue>"), "<ds:SignatureValue>", "</ds:SignatureValue>");
    private_key = read_key(objects, "message.key", xmlSecKeyDataFormatPem);
    public_key = read_key(objects, "message.cer", xmlSecKeyDataFormatCertPem);
}

static xmlDoc *read_message(struct str text, xmlNode **ret_signature)
{
    xmlDoc *doc = xmlReadMemory(text.p, (int)text.n, NULL, "UTF-8", XML_PARSE_NONET);
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlNode *body = xmlSecFindNode(root, (const xmlChar *)"Body", (const xmlChar *)"http://schemas.xmlsoap.org/soap/envelope/");
    xmlAttr *id = xmlHasNsProp(body, (const xmlChar *)"Id", (const xmlChar *)WSU);
    xmlChar *value = xmlNodeGetContent((xmlNode *)id);
    xmlAddID(NULL, doc, value, id);
    xmlFree(value);
    *ret_signature = xmlSecFindNode(root, (const xmlChar *)"Signature", (const xmlChar *)SIG);
    return doc;
}

static bool check(const struct object *object)
{
    xmlNode *signature;
    (void)object;
    xmlDoc *doc = read_message(message, &signature);
    xmlSecDSigCtxPtr ctx = xmlSecDSigCtxCreate(NULL);
    ctx->signKey = xmlSecKeyDuplicate(public_key);
    bool good = xmlSecDSigCtxVerify(ctx, signature) == 0 && ctx->status == xmlSecDSigStatusSucceeded;
    xmlSecDSigCtxDestroy(ctx);
    xmlFreeDoc(doc);
    return good;
}

static bool sign(const struct object *object)
{
    xmlNode *signature;
    xmlChar *text = NULL;
    int n = 0;
    (void)object;
    xmlDoc *doc = read_message(skeleton, &signature);
    xmlSecDSigCtxPtr ctx = xmlSecDSigCtxCreate(NULL);
    ctx->signKey = xmlSecKeyDuplicate(private_key);
    bool good = xmlSecDSigCtxSign(ctx, signature) == 0;
    xmlDocDumpMemoryEnc(doc, &text, &n, "UTF-8");
    xmlSecDSigCtxDestroy(ctx);
    xmlFreeDoc(doc);
    xmlFree(text);
    return good && n > 0;
}

/* ---- gost-engine ---- */

static EVP_PKEY *engine_key;
static const EVP_MD *engine_digest;

static void start_engine(const struct objects *objects)
{
    (void)objects;
    ENGINE_load_builtin_engines();
    ENGINE *gost = ENGINE_by_id("gost");
    if (!gost || ENGINE_init(gost) != 1 || ENGINE_set_default(gost, ENGINE_METHOD_ALL) != 1)
        BUG("no gost-engine");
    engine_digest = EVP_get_digestbyname("md_gost12_512");
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(NID_id_GostR3410_2012_512, gost);
    if (!ctx || EVP_PKEY_keygen_init(ctx) != 1 || EVP_PKEY_CTX_ctrl_str(ctx, "paramset", "A") != 1 ||
        EVP_PKEY_keygen(ctx, &engine_key) != 1)
        BUG("gost-engine makes no key");
    EVP_PKEY_CTX_free(ctx);
}

/* Over as many bytes as ds:SignedInfo has. */
static bool sign_with_engine(const struct object *object)
{
    static const unsigned char bytes[700];
    unsigned char value[256];
    size_t n = sizeof value;
    (void)object;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = EVP_DigestSignInit(ctx, NULL, engine_digest, NULL, engine_key) == 1 &&
                EVP_DigestSign(ctx, value, &n, bytes, sizeof bytes) == 1;
    EVP_MD_CTX_free(ctx);
    return good;
}

const struct contestant message_peers[] = {
    { "gost: gost-engine, one signature made", "gost", start_engine, sign_with_engine },
    { "rsa: xmlsec1, message signed", "rsa", start, sign },
    { "rsa: xmlsec1, message checked by a key", "rsa", start, check },
    { NULL, NULL, NULL, NULL },
};
