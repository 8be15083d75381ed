/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of NCALayer: kz.gov.pki.knca.basics, and the older kz.gov.pki.knca.commonUtils. */
#include <openssl/x509.h>
#include <string.h>

#include "base/json.h"
#include "stand/signer_impl.h"

#define VERSION         "1.4"
#define OID_CLIENT_AUTH "1.3.6.1.5.5.7.3.2"

enum { SIGNED_MAX = 1 << 24, SIGN_MANY = 64 };

/* One exchange. */
struct exchange {
    struct signer *signer;
    struct arena arena;
    struct signer_wish wish;
    enum signer_mode mode;
    struct json json;
    struct err err;
};

void signer_greeting(struct buf *ret) { buf_add_text(ret, "{\"result\":{\"version\":\"" VERSION "\"}}"); }

/* ---- basics ---- */

static void basics_error(struct exchange *x, const char *message)
{
    json_open_object(&x->json);
    json_put_bool(&x->json, "status", false);
    json_put_text(&x->json, "code", "INVOCATION_ERROR");
    json_put_text(&x->json, "message", message);
    json_put_text(&x->json, "details", message);
    json_end(&x->json);
}

/* {"status":true,"body":{}}: the person closed the window. */
static void basics_cancel(struct exchange *x)
{
    json_open_object(&x->json);
    json_put_bool(&x->json, "status", true);
    json_key(&x->json, "body");
    json_open_object(&x->json);
    json_end(&x->json);
    json_end(&x->json);
}

static struct str pem(struct exchange *x, struct str der)
{
    struct buf text;
    buf_init(&text, 2 * SIGNED_MAX);
    buf_add_text(&text, "-----BEGIN CMS-----\n");
    signer_add_base64(&text, der, 64);
    buf_add_text(&text, "-----END CMS-----\n");
    struct str copy = arena_str(&x->arena, buf_str(&text));
    buf_release(&text);
    return copy;
}

static bool read_wish(struct exchange *x, const json_t *args)
{
    const json_t *params = json_object_get(args, "signerParams"), *usages = json_object_get(params, "extKeyUsageOids");
    struct str iin = json_member(params, "iin");
    if (x->wish.iin.n == 0)
        x->wish.iin = iin;
    x->wish.bin = json_member(params, "bin");
    for (size_t i = 0; i < json_array_size(usages); i++) {
        const json_t *one = json_array_get(usages, i);
        if (json_is_string(one) && strcmp(json_string_value(one), OID_CLIENT_AUTH) == 0)
            x->wish.sign_in = true;
    }
    return x->wish.iin.n > 0 || err_set(&x->err, ERR_INPUT, "no key was chosen: signerParams.iin");
}

static bool sign_cms(struct exchange *x, const json_t *params, struct str data, struct str *ret)
{
    struct str bytes = data;
    struct buf cms;
    if (json_is_true(json_object_get(params, "digested")))
        return err_set(&x->err, ERR_INPUT, "digested: not known here");
    if (json_is_true(json_object_get(params, "decode")) && !signer_read_base64(data, &x->arena, &bytes))
        return err_set(&x->err, ERR_INPUT, "data: not base64");
    buf_init(&cms, SIGNED_MAX);
    bool fine = signer_cms(x->signer, &x->wish, bytes, json_is_true(json_object_get(params, "encapsulate")),
                           json_is_object(json_object_get(params, "tsaProfile")), &cms, &x->err);
    *ret = fine ? pem(x, buf_str(&cms)) : STR("");
    buf_release(&cms);
    return fine;
}

static bool sign_xml(struct exchange *x, struct str document, struct str *ret)
{
    struct buf text;
    buf_init(&text, SIGNED_MAX);
    bool fine = signer_xml(x->signer, &x->wish, document, &text, &x->err);
    *ret = arena_str(&x->arena, buf_str(&text));
    buf_release(&text);
    return fine;
}

static bool sign_one(struct exchange *x, const json_t *args, const json_t *data, struct str *ret)
{
    struct str format = json_member(args, "format");
    if (!json_is_string(data))
        return err_set(&x->err, ERR_INPUT, "data: not text");
    struct str text = { json_string_value(data), json_string_length(data) };
    if (str_is(format, "cms"))
        return sign_cms(x, json_object_get(args, "signingParams"), text, ret);
    return str_is(format, "xml") ? sign_xml(x, text, ret) : err_set(&x->err, ERR_INPUT, "format: not \"cms\" or \"xml\"");
}

static bool sign_all(struct exchange *x, const json_t *args, struct str ret[SIGN_MANY], size_t *ret_count)
{
    const json_t *data = json_object_get(args, "data");
    size_t n = json_is_array(data) ? json_array_size(data) : 1;
    if (n > SIGN_MANY)
        return err_set(&x->err, ERR_LIMIT, "data: more than %d", SIGN_MANY);
    for (size_t i = 0; i < n; i++) {
        if (!sign_one(x, args, json_is_array(data) ? json_array_get(data, i) : data, &ret[i]))
            return false;
    }
    *ret_count = n;
    return true;
}

static void basics(struct exchange *x, const json_t *root)
{
    const json_t *args = json_object_get(root, "args");
    struct str made[SIGN_MANY];
    size_t n = 0;
    bool many = json_is_array(json_object_get(args, "data"));
    if (!str_is(json_member(root, "method"), "sign")) {
        basics_error(x, "no such method");
    } else if (x->mode == SIGNER_CANCEL) {
        basics_cancel(x);
    } else if (x->mode == SIGNER_ERROR) {
        basics_error(x, "the key store cannot be opened (scripted)");
    } else if (!read_wish(x, args) || !sign_all(x, args, made, &n)) {
        basics_error(x, x->err.text);
    } else {
        json_open_object(&x->json);
        json_put_bool(&x->json, "status", true);
        json_key(&x->json, "body");
        json_open_object(&x->json);
        json_key(&x->json, "result");
        if (many)
            json_open_array(&x->json);
        for (size_t i = 0; i < n; i++)
            json_str(&x->json, made[i]);
        if (many)
            json_end(&x->json);
        json_end(&x->json);
        json_end(&x->json);
    }
}

/* ---- commonUtils ---- */

static void old_error(struct exchange *x, const char *message)
{
    json_open_object(&x->json);
    json_put_text(&x->json, "code", "500");
    json_put_text(&x->json, "message", message);
    json_end(&x->json);
}

static void old_open(struct exchange *x)
{
    json_open_object(&x->json);
    json_put_text(&x->json, "code", "200");
    json_key(&x->json, "responseObject");
}

static struct str argument(const json_t *args, size_t i)
{
    const json_t *one = json_array_get(args, i);
    return json_is_string(one) ? (struct str){ json_string_value(one), json_string_length(one) } : STR("");
}

static bool old_tokens(struct exchange *x, const json_t *args)
{
    (void)args;
    old_open(x);
    json_open_array(&x->json); /* no token: the page asks for a file then */
    json_end(&x->json);
    return true;
}

static bool old_key_info(struct exchange *x, const json_t *args)
{
    struct authority_holder holder;
    char *subject, *issuer;
    (void)args;
    if (!signer_key(x->signer, &x->wish, &holder, &x->err))
        return false;
    subject = X509_NAME_oneline(X509_get_subject_name(holder.certificate), NULL, 0);
    issuer = X509_NAME_oneline(X509_get_issuer_name(holder.certificate), NULL, 0);
    old_open(x);
    json_open_object(&x->json);
    json_put_text(&x->json, "keyId", "test");
    json_put_text(&x->json, "algorithm", eds_algorithm_name(eds_key_algorithm(holder.key)));
    json_put_text(&x->json, "subjectDn", subject);
    json_put_text(&x->json, "issuerDn", issuer);
    json_end(&x->json);
    OPENSSL_free(subject);
    OPENSSL_free(issuer);
    authority_holder_release(&holder);
    return true;
}

static bool old_sign(struct exchange *x, const json_t *args, bool timestamp)
{
    struct str data;
    struct buf cms, text;
    x->wish.sign_in = str_is(argument(args, 1), "AUTHENTICATION");
    if (!signer_read_base64(argument(args, 2), &x->arena, &data))
        return err_set(&x->err, ERR_INPUT, "not base64");
    buf_init(&cms, SIGNED_MAX);
    buf_init(&text, 2 * SIGNED_MAX);
    bool fine = signer_cms(x->signer, &x->wish, data, json_is_true(json_array_get(args, 3)), timestamp, &cms, &x->err);
    if (fine) {
        signer_add_base64(&text, buf_str(&cms), 0);
        old_open(x);
        json_str(&x->json, buf_str(&text));
    }
    buf_release(&cms);
    buf_release(&text);
    return fine;
}

static bool old_cades(struct exchange *x, const json_t *args) { return old_sign(x, args, false); }
static bool old_cms(struct exchange *x, const json_t *args) { return old_sign(x, args, true); }

static bool old_xml(struct exchange *x, const json_t *args)
{
    struct str made;
    x->wish.sign_in = str_is(argument(args, 1), "AUTHENTICATION");
    if (!sign_xml(x, argument(args, 2), &made))
        return false;
    old_open(x);
    json_str(&x->json, made);
    return true;
}

static bool old_locale(struct exchange *x, const json_t *args)
{
    (void)args;
    old_open(x);
    json_text(&x->json, "");
    return true;
}

static const struct {
    const char *method;
    bool asks; /* the person for a key, who may cancel */
    bool (*run)(struct exchange *x, const json_t *args);
} old_methods[] = {
    { "getActiveTokens", false, old_tokens },
    { "getKeyInfo", true, old_key_info },
    { "createCAdESFromBase64", true, old_cades },
    { "createCMSSignatureFromBase64", true, old_cms },
    { "signXml", true, old_xml },
    { "changeLocale", false, old_locale },
};

static void common_utils(struct exchange *x, const json_t *root)
{
    struct str method = json_member(root, "method");
    for (size_t i = 0; i < sizeof old_methods / sizeof *old_methods; i++) {
        if (!str_is(method, old_methods[i].method))
            continue;
        if (old_methods[i].asks && x->mode == SIGNER_CANCEL)
            old_error(x, "action.canceled");
        else if (old_methods[i].asks && x->mode == SIGNER_ERROR)
            old_error(x, "storage.cannot.be.opened");
        else if (!old_methods[i].run(x, json_object_get(root, "args")))
            old_error(x, x->err.text);
        else
            json_end(&x->json);
        return;
    }
    old_error(x, "no such method");
}

/* ---- a frame ---- */

static void answer(struct exchange *x, const json_t *root)
{
    struct str module = json_member(root, "module");
    if (str_is(module, "kz.gov.pki.knca.basics"))
        basics(x, root);
    else if (str_is(module, "kz.gov.pki.knca.commonUtils"))
        common_utils(x, root);
    else
        basics_error(x, "no such module");
}

bool signer_reply(struct signer *signer, struct str frame, struct buf *ret)
{
    struct exchange x = { .signer = signer };
    char iin[sizeof signer->iin];
    json_t *root;
    pthread_mutex_lock(&signer->lock);
    x.mode = signer->mode;
    x.wish.branch = signer->branch;
    memcpy(iin, signer->iin, sizeof iin);
    pthread_mutex_unlock(&signer->lock);
    x.wish.iin = str_from(iin);
    if (x.mode == SIGNER_SILENT)
        return false;
    if (x.mode == SIGNER_GARBAGE) {
        buf_add_text(ret, "<html>");
        return true;
    }
    json_init(&x.json, ret);
    if (!json_parse(frame, &root, &x.err)) {
        basics_error(&x, "not JSON");
        return true;
    }
    arena_init(&x.arena, 0);
    answer(&x, root);
    arena_release(&x.arena);
    json_decref(root);
    return true;
}
