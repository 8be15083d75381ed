/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The older module of NCALayer, kz.gov.pki.knca.commonUtils: arguments by position, "200" or "500" for an answer.  It is not told
 * whose key is wanted: the person chooses.
 */
#include <openssl/x509.h>
#include <string.h>

#include "stand/signer_impl.h"

static void old_error(struct signer_exchange *x, const char *message)
{
    json_open_object(&x->json);
    json_put_text(&x->json, "code", "500");
    json_put_text(&x->json, "message", message);
    json_end(&x->json);
}

static void old_open(struct signer_exchange *x)
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

static bool old_tokens(struct signer_exchange *x, const json_t *args)
{
    (void)args;
    old_open(x);
    json_open_array(&x->json); /* no token: the page asks for a file then */
    json_end(&x->json);
    return true;
}

static bool old_key_info(struct signer_exchange *x, const json_t *args)
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

static bool mismatch(struct signer_exchange *x, const char *method)
{
    return err_set(&x->err, ERR_INPUT, "argument type mismatch. Method: %s", method);
}

static bool old_sign(struct signer_exchange *x, const json_t *args, const struct signer_form *form)
{
    struct str data;
    struct buf cms, text;
    x->wish.sign_in = str_is(argument(args, 1), "AUTHENTICATION");
    if (!signer_read_base64(argument(args, 2), &x->arena, &data))
        return err_set(&x->err, ERR_INPUT, "not base64");
    buf_init(&cms, SIGNER_OBJECT_MAX);
    buf_init(&text, 2 * SIGNER_OBJECT_MAX);
    bool fine = signer_cms(x->signer, &x->wish, data, form, &cms, &x->err);
    if (fine) {
        signer_add_base64(&text, buf_str(&cms), 0);
        old_open(x);
        json_str(&x->json, buf_str(&text));
    }
    buf_release(&cms);
    buf_release(&text);
    return fine;
}

static bool old_cades(struct signer_exchange *x, const json_t *args)
{
    const struct signer_form form = { .encapsulate = json_is_true(json_array_get(args, 3)) };
    return old_sign(x, args, &form);
}

static bool old_cms(struct signer_exchange *x, const json_t *args)
{
    const struct signer_form form = { .encapsulate = json_is_true(json_array_get(args, 3)), .timestamp = true };
    return old_sign(x, args, &form);
}

static bool old_cades_of_hash(struct signer_exchange *x, const json_t *args)
{
    static const struct signer_form form = { .digested = true };
    return old_sign(x, args, &form);
}

/* The last two arguments name an element to sign and one to put the signature into; here it is always the whole document. */
static bool is_whole(struct signer_exchange *x, const json_t *args)
{
    x->wish.sign_in = str_is(argument(args, 1), "AUTHENTICATION");
    return (argument(args, 3).n == 0 && argument(args, 4).n == 0) ||
           err_set(&x->err, ERR_INPUT, "only whole documents are signed here: no paths");
}

static bool old_xml(struct signer_exchange *x, const json_t *args)
{
    struct str made;
    if (!json_is_string(json_array_get(args, 2)))
        return mismatch(x, "signXml");
    if (!is_whole(x, args) || !signer_exchange_xml(x, argument(args, 2), &made))
        return false;
    old_open(x);
    json_str(&x->json, made);
    return true;
}

/* All or none. */
static bool old_xmls(struct signer_exchange *x, const json_t *args)
{
    const json_t *documents = json_array_get(args, 2);
    struct str made[SIGNER_MANY];
    size_t n = json_array_size(documents);
    if (!json_is_array(documents))
        return mismatch(x, "signXmls");
    if (n > SIGNER_MANY)
        return err_set(&x->err, ERR_LIMIT, "more than %d documents", SIGNER_MANY);
    for (size_t i = 0; i < n; i++) {
        if (!json_is_string(json_array_get(documents, i)))
            return mismatch(x, "signXmls");
        if (!is_whole(x, args) || !signer_exchange_xml(x, argument(documents, i), &made[i]))
            return false;
    }
    old_open(x);
    json_open_array(&x->json);
    for (size_t i = 0; i < n; i++)
        json_str(&x->json, made[i]);
    json_end(&x->json);
    return true;
}

static bool old_locale(struct signer_exchange *x, const json_t *args)
{
    (void)args;
    old_open(x);
    json_text(&x->json, "");
    return true;
}

static const struct {
    const char *method;
    bool asks; /* the person for a key, who may cancel */
    bool (*run)(struct signer_exchange *x, const json_t *args);
} old_methods[] = {
    { "getActiveTokens", false, old_tokens },
    { "getKeyInfo", true, old_key_info },
    { "createCAdESFromBase64", true, old_cades },
    { "createCMSSignatureFromBase64", true, old_cms },
    { "createCAdESFromBase64Hash", true, old_cades_of_hash },
    { "signXml", true, old_xml },
    { "signXmls", true, old_xmls },
    { "changeLocale", false, old_locale },
};

void signer_common_utils(struct signer_exchange *x, const json_t *root)
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
