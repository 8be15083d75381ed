/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in eGov Mobile: what the application scans or is led to, and what it fetches and puts back ("Service of QR signing").
 * The shapes are the application's; the link and the bearer token open one request for a signature and nothing else.
 */
#include "filing/filing_signature.h"
#include "web/api/api.h"
#include "web/mobile.h"
#include "web/web_impl.h"

enum { TITLES = 3, CMS_MAX = 60000 };
static const struct {
    const char *key;
    enum text_language language;
} titles[TITLES] = { { "nameRu", TEXT_RU }, { "nameKz", TEXT_KK }, { "nameEn", TEXT_EN } };

struct wanted {
    struct filing_signature s;
    char link[FILING_PHONE], token[FILING_PHONE];
};

/* The path begins with the language of the page that showed the code: the application need not say which one it speaks. */
static bool read_path(struct web_request *r, int64_t *ret_id, struct err *err)
{
    return web_id(r, 1, ret_id, err) &&
           (text_language_parse(r->key[0], &r->language) || err_set(err, ERR_NOT_FOUND, "there is no such language"));
}

static bool read(struct db *db, struct web_request *r, struct str key, struct err *err)
{
    struct wanted *wanted = ARENA_NEW(r->arena, struct wanted);
    const struct filing_access access = { .phone = key };
    int64_t id;
    r->data = wanted;
    return read_path(r, &id, err) && filing_signature_read(db, &r->context, &access, id, r->arena, &wanted->s, err) &&
           filing_signature_phone(db, &r->context, &access, id, wanted->link, wanted->token, err);
}

static struct str bearer(const struct web_request *r)
{
    struct str header = http_header(r->http, "Authorization");
    return str_starts(header, "Bearer ") ? str_trim((struct str){ header.p + 7, header.n - 7 }) : STR("");
}

/* ---- API-1: what the code leads to ---- */

bool api_mobile_read(struct db *db, struct web_request *r, struct err *err) { return read(db, r, r->key[2], err); }

/* The country's time, as people read it in the application. */
static const char *local_moment(struct web_request *r, struct moment at)
{
    char text[MOMENT_TEXT];
    moment_format((struct moment){ at.ms + MOBILE_UTC_MINUTES * 60000LL }, text);
    return arena_printf(r->arena, "%.19s+05:00", text).p;
}

static void write_link(struct web_request *r, struct json *j)
{
    const struct wanted *wanted = r->data;
    json_put_text(j, "description", api_named(r, "sign.what", filing_signature_purpose_name(wanted->s.purpose)));
    json_put_text(j, "expiry_date", local_moment(r, wanted->s.until));
    json_key(j, "organisation");
    json_open_object(j);
    for (int i = 0; i < TITLES; i++)
        json_put_text(j, titles[i].key, text_of(T_MOBILE_ORGANISATION, titles[i].language));
    json_put_text(j, "bin", r->config->organisation_bin ? r->config->organisation_bin : "");
    json_end(j);
    json_key(j, "document");
    json_open_object(j);
    json_put_text(j, "uri", mobile_documents_url(r, wanted->s.id));
    json_put_text(j, "auth_type", "Token");
    json_put_text(j, "auth_token", wanted->token);
    json_end(j);
}

void api_mobile_show(struct web_request *r) { api_answer(r, write_link); }

/* ---- API-2: the document ---- */

bool api_mobile_documents_read(struct db *db, struct web_request *r, struct err *err) { return read(db, r, bearer(r), err); }

static void write_names(struct web_request *r, struct json *j, enum filing_signature_purpose purpose)
{
    enum text_key key;
    struct str name = arena_printf(r->arena, "mobile.%s", filing_signature_purpose_name(purpose));
    if (!text_find(name.p, &key))
        BUG("no text %s", name.p);
    for (int i = 0; i < TITLES; i++)
        json_put_text(j, titles[i].key, text_of(key, titles[i].language));
}

/* ---- what the application shows beside the document: name and value ---- */

static void write_pair(const struct web_request *r, struct json *j, enum text_key name, struct str value)
{
    if (value.n == 0)
        return;
    json_open_object(j);
    json_put_text(j, "name", text_of(name, r->language));
    json_put_str(j, "value", value);
    json_end(j);
}

static struct str named(const struct web_request *r, const char *family, struct str name)
{
    return name.n > 0 ? str_from(api_named(r, family, arena_text(r->arena, name))) : STR("");
}

static struct str address_of(const struct web_request *r, const json_t *content)
{
    const json_t *address = json_object_get(content, "address");
    struct str kk = json_member(address, "kk"), ru = json_member(address, "ru"), wanted = r->language == TEXT_KK ? kk : ru;
    return wanted.n > 0 ? wanted : r->language == TEXT_KK ? ru : kk;
}

/* Read out of the very bytes that are signed; names and numbers of persons stay in the document. */
static void write_meta(const struct web_request *r, struct json *j, const struct filing_signature *s)
{
    struct err err;
    json_t *content = NULL;
    if (!json_parse(s->content, &content, &err))
        BUG("what is to be signed is no JSON: %s", err.text);
    write_pair(r, j, T_MOBILE_META_PURPOSE, named(r, "mobile.effect", str_from(filing_signature_purpose_name(s->purpose))));
    if (s->purpose == FILING_SIGN_IN)
        write_pair(r, j, T_MOBILE_META_ROLE, named(r, "sign_in.as", json_member(content, "role")));
    write_pair(r, j, T_MOBILE_META_FILING, json_member(content, "filing"));
    write_pair(r, j, T_MOBILE_META_SERVICE, named(r, "service", json_member(content, "service")));
    write_pair(r, j, T_MOBILE_META_ADDRESS, address_of(r, content));
    write_pair(r, j, T_MOBILE_META_POLICY, json_member(content, "policy_version"));
    json_decref(content);
}

static void write_document(struct web_request *r, struct json *j, const struct filing_signature *s)
{
    struct buf base64;
    buf_init(&base64, 4 * s->content.n / 3 + 8);
    digest_base64(&base64, s->content);
    json_open_object(j);
    json_put_int(j, "id", 1);
    write_names(r, j, s->purpose);
    json_key(j, "meta");
    json_open_array(j);
    write_meta(r, j, s);
    json_end(j);
    json_key(j, "document");
    json_open_object(j);
    json_key(j, "file");
    json_open_object(j);
    json_put_text(j, "mime", "");
    json_put_str(j, "data", buf_str(&base64));
    json_end(j);
    json_end(j);
    json_end(j);
    buf_release(&base64);
}

static void write_documents(struct web_request *r, struct json *j)
{
    const struct wanted *wanted = r->data;
    json_put_text(j, "signMethod", "CMS_SIGN_ONLY");
    json_key(j, "documentsToSign");
    json_open_array(j);
    write_document(r, j, &wanted->s);
    json_end(j);
}

void api_mobile_documents_show(struct web_request *r) { api_answer(r, write_documents); }

/* ---- API-2: the signature comes back in the place of the data ---- */

static bool find_cms(const json_t *root, struct arena *arena, struct str *ret, struct err *err)
{
    const json_t *list = json_object_get(root, "documentsToSign");
    const json_t *document = json_object_get(json_array_get(list, 0), "document");
    struct str cms = json_member(json_object_get(document, "file"), "data");
    if (json_array_size(list) != 1 || cms.n == 0 || cms.n > CMS_MAX)
        return err_set(err, ERR_INPUT, "documentsToSign: not one document with its signature");
    *ret = arena_str(arena, cms);
    return true;
}

static bool read_cms(struct web_request *r, struct str *ret, struct err *err)
{
    json_t *root = NULL;
    bool ok = json_parse(r->http->body, &root, err) && find_cms(root, r->arena, ret, err);
    json_decref(root);
    return ok;
}

struct brought {
    struct str cms;
    struct filing_check *check;
};

bool api_mobile_documents_before(struct db *db, struct web_request *r, struct err *err)
{
    struct brought *brought = ARENA_NEW(r->arena, struct brought);
    const struct filing_access access = { .phone = bearer(r) };
    struct filing_signature s;
    int64_t id;
    r->ahead = brought;
    return read_path(r, &id, err) && filing_signature_read(db, &r->context, &access, id, r->arena, &s, err) &&
           read_cms(r, &brought->cms, err) &&
           filing_signature_check(db, &r->context, &access, id, brought->cms, r->arena, &brought->check, err);
}

/* A signature that is wrong is kept as refused, so `run` succeeds; the application wants to hear 403. */
bool api_mobile_documents_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_signature_result *result = ARENA_NEW(r->arena, struct filing_signature_result);
    const struct filing_access access = { .phone = bearer(r) };
    const struct brought *brought = r->ahead;
    int64_t id;
    r->data = result;
    if (!read_path(r, &id, err))
        return false;
    if (filing_signature_put(db, &r->context, &access, id, brought->cms, brought->check, result, err))
        return true;
    if (err->kind == ERR_INPUT || err->kind == ERR_LIMIT)
        err->kind = ERR_FORBIDDEN;
    return false;
}

static void write_result(struct web_request *r, struct json *j)
{
    const struct filing_signature_result *result = r->data;
    json_put_text(j, "state", filing_signature_state_name(result->state));
}

void api_mobile_done_show(struct web_request *r)
{
    const struct filing_signature_result *result = r->data;
    if (result->state == FILING_SIGNATURE_REFUSED)
        api_problem(r, 403, NULL);
    else
        api_answer(r, write_result);
}
