/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of NCALayer: frames, and the module kz.gov.pki.knca.basics. */
#include <string.h>

#include "stand/signer_impl.h"

#define VERSION         "1.4"
#define HEARTBEAT       "--heartbeat--" /* pages that stay connected say so now and then, and hear the same */
#define OID_CLIENT_AUTH "1.3.6.1.5.5.7.3.2"

void signer_greeting(struct buf *ret) { buf_add_text(ret, "{\"result\":{\"version\":\"" VERSION "\"}}"); }

/* ---- basics ---- */

static void basics_error(struct signer_exchange *x, const char *message)
{
    json_open_object(&x->json);
    json_put_bool(&x->json, "status", false);
    json_put_text(&x->json, "code", "INVOCATION_ERROR");
    json_put_text(&x->json, "message", message);
    json_put_text(&x->json, "details", message);
    json_end(&x->json);
}

/* A module that is not there: the answer of the frame that modules run in, not of a module. */
static void no_such_module(struct signer_exchange *x)
{
    json_open_object(&x->json);
    json_put_bool(&x->json, "success", false);
    json_put_text(&x->json, "errorCode", "MODULE_NOT_FOUND");
    json_end(&x->json);
}

/* {"status":true,"body":{}}: the person closed the window. */
static void basics_cancel(struct signer_exchange *x)
{
    json_open_object(&x->json);
    json_put_bool(&x->json, "status", true);
    json_key(&x->json, "body");
    json_open_object(&x->json);
    json_end(&x->json);
    json_end(&x->json);
}

static struct str pem(struct signer_exchange *x, struct str der)
{
    struct buf text;
    buf_init(&text, 2 * SIGNER_OBJECT_MAX);
    buf_add_text(&text, "-----BEGIN CMS-----\n");
    signer_add_base64(&text, der, 64);
    buf_add_text(&text, "-----END CMS-----\n");
    struct str copy = arena_str(&x->arena, buf_str(&text));
    buf_release(&text);
    return copy;
}

static bool read_wish(struct signer_exchange *x, const json_t *args)
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

static bool sign_cms(struct signer_exchange *x, const json_t *params, struct str data, struct str *ret)
{
    const struct signer_form form = { .encapsulate = json_is_true(json_object_get(params, "encapsulate")),
                                      .timestamp = json_is_object(json_object_get(params, "tsaProfile")),
                                      .digested = json_is_true(json_object_get(params, "digested")) };
    struct str bytes = data;
    struct buf cms;
    bool decode = form.digested || json_is_true(json_object_get(params, "decode"));
    if (decode && !signer_read_base64(data, &x->arena, &bytes))
        return err_set(&x->err, ERR_INPUT, "data: not base64");
    buf_init(&cms, SIGNER_OBJECT_MAX);
    bool fine = signer_cms(x->signer, &x->wish, bytes, &form, &cms, &x->err);
    *ret = fine ? pem(x, buf_str(&cms)) : STR("");
    buf_release(&cms);
    return fine;
}

bool signer_exchange_xml(struct signer_exchange *x, struct str document, struct str *ret)
{
    struct buf text;
    buf_init(&text, SIGNER_OBJECT_MAX);
    bool fine = signer_xml(x->signer, &x->wish, document, &text, &x->err);
    *ret = arena_str(&x->arena, buf_str(&text));
    buf_release(&text);
    return fine;
}

static bool sign_one(struct signer_exchange *x, const json_t *args, const json_t *data, struct str *ret)
{
    struct str format = json_member(args, "format");
    if (!json_is_string(data))
        return err_set(&x->err, ERR_INPUT, "data: not text");
    struct str text = { json_string_value(data), json_string_length(data) };
    if (str_is(format, "cms"))
        return sign_cms(x, json_object_get(args, "signingParams"), text, ret);
    const json_t *params = json_object_get(args, "signingParams");
    if (str_is(format, "xml") && json_is_true(json_object_get(params, "decode")) && !signer_read_base64(text, &x->arena, &text))
        return err_set(&x->err, ERR_INPUT, "data: not base64");
    return str_is(format, "xml") ? signer_exchange_xml(x, text, ret)
                                 : err_set(&x->err, ERR_INPUT, "format: not \"cms\" or \"xml\"");
}

static bool sign_all(struct signer_exchange *x, const json_t *args, struct str ret[SIGNER_MANY], size_t *ret_count)
{
    const json_t *data = json_object_get(args, "data");
    size_t n = json_is_array(data) ? json_array_size(data) : 1;
    if (n > SIGNER_MANY)
        return err_set(&x->err, ERR_LIMIT, "data: more than %d", SIGNER_MANY);
    for (size_t i = 0; i < n; i++) {
        if (!sign_one(x, args, json_is_array(data) ? json_array_get(data, i) : data, &ret[i]))
            return false;
    }
    *ret_count = n;
    return true;
}

static void basics(struct signer_exchange *x, const json_t *root)
{
    const json_t *args = json_object_get(root, "args");
    struct str made[SIGNER_MANY];
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

/* ---- a frame ---- */

static void answer(struct signer_exchange *x, const json_t *root)
{
    struct str module = json_member(root, "module");
    if (str_is(module, "kz.gov.pki.knca.basics") && !x->old)
        basics(x, root);
    else if (str_is(module, "kz.gov.pki.knca.commonUtils"))
        signer_common_utils(x, root);
    else
        no_such_module(x);
}

bool signer_reply(struct signer *signer, struct str frame, struct buf *ret)
{
    struct signer_exchange x = { .signer = signer };
    char iin[sizeof signer->iin];
    json_t *root;
    pthread_mutex_lock(&signer->lock);
    x.mode = signer->mode;
    x.wish.branch = signer->branch;
    x.old = signer->old;
    memcpy(iin, signer->iin, sizeof iin);
    pthread_mutex_unlock(&signer->lock);
    x.wish.iin = str_from(iin);
    if (x.mode == SIGNER_SILENT)
        return false;
    if (x.mode == SIGNER_GARBAGE) {
        buf_add_text(ret, "<html>");
        return true;
    }
    if (str_is(frame, HEARTBEAT)) {
        buf_add_text(ret, HEARTBEAT);
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
