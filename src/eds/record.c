/* SPDX-License-Identifier: Apache-2.0 */
/* The evidence record: JSON with everything that a verdict stood on, verified again out of itself. */
#include "eds/eds_impl.h"

#include <string.h>

#include "base/digest.h"
#include "base/json.h"

#define FORMAT "tirkeu-eds-record-1"
enum { RECORD_MAX = 4 * EDS_OBJECT_MAX / 3 + 4 * EDS_ANSWER_MAX };

static const char *const form_names[] = {
    [EDS_ANY] = "any",      [EDS_CMS] = "cms", [EDS_XML] = "xml", [EDS_WSS] = "wss", [EDS_CERTIFICATE] = "certificate",
    [EDS_RECORD] = "record"
};
static const char *const purpose_names[] = { [EDS_PURPOSE_ANY] = "any",
                                             [EDS_PURPOSE_PERSON_SIGN] = "person_sign",
                                             [EDS_PURPOSE_PERSON_AUTH] = "person_auth",
                                             [EDS_PURPOSE_ORGANISATION] = "organisation",
                                             [EDS_PURPOSE_SYSTEM] = "system",
                                             [EDS_PURPOSE_SIGN] = "sign" };
static const char *const tri_names[] = { [TRI_NO] = "no", [TRI_UNKNOWN] = "unknown", [TRI_YES] = "yes" };
#define COUNT(list) (sizeof(list) / sizeof *(list))

/* ---- making ---- */

static void put_bytes(struct json *json, const char *key, struct str bytes)
{
    struct buf text;
    buf_init(&text, RECORD_MAX);
    base64_add(&text, bytes);
    json_put_str(json, key, buf_str(&text));
    buf_release(&text);
}

static void put_list(struct json *json, const char *key, const struct str *list, size_t count)
{
    json_key(json, key);
    json_open_array(json);
    for (size_t i = 0; i < count; i++) {
        struct buf text;
        buf_init(&text, RECORD_MAX);
        base64_add(&text, list[i]);
        json_str(json, buf_str(&text));
        buf_release(&text);
    }
    json_end(json);
}

static void put_steps(struct json *json, const struct eds_verdict *verdict)
{
    json_key(json, "steps");
    json_open_array(json);
    for (size_t i = 0; i < verdict->steps; i++) {
        const struct eds_step *step = &verdict->step[i];
        json_open_object(json);
        json_put_text(json, "step", eds_step_name(step->kind));
        json_put_int(json, "signer", step->signer);
        json_put_text(json, "result", tri_names[step->result]);
        json_put_text(json, "reason", eds_reason_name(step->reason));
        json_end(json);
    }
    json_end(json);
}

static void put_chains(struct json *json, const struct eds_verdict *verdict)
{
    json_key(json, "chains");
    json_open_array(json);
    for (size_t i = 0; i < verdict->signers; i++) {
        json_open_object(json);
        put_list(json, "certificates", verdict->signer[i].chain, verdict->signer[i].chain_length);
        json_end(json);
    }
    json_end(json);
}

static void put_members(struct json *json, const struct eds_request *request, const struct eds_verdict *verdict)
{
    char at[MOMENT_TEXT];
    json_put_text(json, "format", FORMAT);
    json_put_text(json, "form", form_names[verdict->form]);
    json_put_text(json, "purpose", purpose_names[request->purpose]);
    json_put_text(json, "at", moment_format(request->at, at));
    json_put_text(json, "policy", verdict->policy_version);
    json_put_text(json, "iin", request->iin);
    json_put_text(json, "bin", request->bin);
    json_put_int(json, "signers_most", request->signers_most);
    if (request->current)
        json_put_bool(json, "current", true);
    json_put_text(json, "valid", tri_names[verdict->valid]);
    put_bytes(json, "signature", request->signature);
    if (request->content.p)
        put_bytes(json, "content", request->content);
    if (request->timestamp.n > 0)
        put_bytes(json, "timestamp", request->timestamp);
    if (request->external.p)
        put_bytes(json, "external", request->external);
    if (request->ocsp_nonce.n > 0)
        put_bytes(json, "ocsp_nonce", request->ocsp_nonce);
    put_list(json, "ocsp", request->ocsp, request->ocsps);
    put_list(json, "crl", request->crl, request->crls);
    put_chains(json, verdict);
    put_steps(json, verdict);
}

/* The digest is over the text before it, so that reading needs no second way of writing. */
#define DIGEST_MEMBER ",\"digest\":\""

bool eds_record_make(const struct eds_request *request, const struct eds_verdict *verdict, struct buf *ret, struct err *err)
{
    struct json json;
    struct buf text;
    char hex[DIGEST_HEX];
    buf_init(&text, RECORD_MAX);
    json_init(&json, &text);
    json_open_object(&json);
    put_members(&json, request, verdict);
    if (!text.over) {
        buf_add_str(ret, buf_str(&text));
        buf_addf(ret, DIGEST_MEMBER "%s\"}", digest_hex(buf_str(&text), hex));
    }
    bool fine = !text.over && !ret->over;
    buf_release(&text);
    return fine || err_set(err, ERR_LIMIT, "the evidence record is too large");
}

/* ---- verifying ---- */

struct record {
    json_t *root;
    struct eds_request request;
    struct str *certificates; /* of all chains */
    size_t certificate_count;
};

static bool digest_fits(struct str text)
{
    const size_t tail = sizeof DIGEST_MEMBER - 1 + DIGEST_HEX - 1 + 2;
    char hex[DIGEST_HEX], expected[sizeof DIGEST_MEMBER + DIGEST_HEX + 2];
    if (text.n <= tail)
        return false;
    struct str before = { text.p, text.n - tail };
    int n = snprintf(expected, sizeof expected, DIGEST_MEMBER "%s\"}", digest_hex(before, hex));
    return n == (int)tail && memcmp(text.p + before.n, expected, tail) == 0;
}

static bool find_name(const char *const *names, size_t count, struct str name, int *ret)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(name, names[i])) {
            *ret = (int)i;
            return true;
        }
    }
    return false;
}

static bool read_bytes(const json_t *object, const char *key, struct arena *arena, struct str *ret)
{
    struct str text = json_member(object, key);
    return text.n == 0 || base64_strict(text, arena, ret);
}

static bool read_list(const json_t *list, struct arena *arena, const struct str **ret, size_t *ret_count)
{
    size_t count = json_array_size(list);
    struct str *items = ARENA_ARRAY(arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (!text || !base64_strict(str_from(text), arena, &items[i]))
            return false;
    }
    *ret = items;
    *ret_count = count;
    return true;
}

static const char *optional_text(const json_t *root, const char *key, struct arena *arena)
{
    struct str text = json_member(root, key);
    return text.n > 0 ? arena_text(arena, text) : NULL;
}

static bool read_request(const json_t *root, struct arena *arena, struct eds_request *ret)
{
    int form, purpose;
    json_int_t most = json_integer_value(json_object_get(root, "signers_most"));
    memset(ret, 0, sizeof *ret);
    if (!str_is(json_member(root, "format"), FORMAT) ||
        !find_name(form_names, COUNT(form_names), json_member(root, "form"), &form) || form == EDS_RECORD || form == EDS_ANY ||
        !find_name(purpose_names, COUNT(purpose_names), json_member(root, "purpose"), &purpose) ||
        !moment_parse(json_member(root, "at"), &ret->at) || most < 0 || most > EDS_SIGNERS_MAX)
        return false;
    ret->form = (enum eds_form)form;
    ret->purpose = (enum eds_purpose)purpose;
    ret->iin = optional_text(root, "iin", arena);
    ret->bin = optional_text(root, "bin", arena);
    ret->signers_most = (unsigned)most;
    ret->current = json_is_true(json_object_get(root, "current"));
    if (json_object_get(root, "content"))
        ret->content = STR(""); /* an empty content is one, too */
    return read_bytes(root, "signature", arena, &ret->signature) && read_bytes(root, "content", arena, &ret->content) &&
           read_bytes(root, "external", arena, &ret->external) && read_bytes(root, "timestamp", arena, &ret->timestamp) &&
           read_bytes(root, "ocsp_nonce", arena, &ret->ocsp_nonce) &&
           read_list(json_object_get(root, "ocsp"), arena, &ret->ocsp, &ret->ocsps) &&
           read_list(json_object_get(root, "crl"), arena, &ret->crl, &ret->crls);
}

/* The trust of today with the intermediates of then: only the anchors have to be known still.  What this library had decided it
 * decides again; what an external verifier had said counts only where one is trusted. */
static bool trust_with_chains(const struct eds_trust *trust, const json_t *root, bool external, struct arena *arena,
                              struct eds_trust **ret)
{
    struct eds_policy policy = trust->policy;
    policy.verifier_url = external ? policy.verifier_url : NULL;
    X509 *anchor[64], *other[64];
    size_t anchors = 0, others = 0;
    struct err err;
    bool fine = true;
    for (int i = 0; i < sk_X509_num(trust->anchors) && anchors < COUNT(anchor); i++)
        anchor[anchors++] = sk_X509_value(trust->anchors, i);
    for (int i = 0; i < sk_X509_num(trust->intermediates) && others < COUNT(other) / 2; i++) {
        other[others] = sk_X509_value(trust->intermediates, i);
        X509_up_ref(other[others++]);
    }
    const json_t *chains = json_object_get(root, "chains");
    for (size_t c = 0; fine && c < json_array_size(chains); c++) {
        const struct str *list;
        size_t count;
        fine = read_list(json_object_get(json_array_get(chains, c), "certificates"), arena, &list, &count);
        /* the first is the signer's own, the last the anchor */
        for (size_t i = 1; fine && i + 1 < count && others < COUNT(other); i++)
            fine = eds_certificate_read(list[i], &other[others], &err) && ++others;
    }
    fine = fine && eds_trust_make(trust->mode, anchor, anchors, other, others, &policy, ret, &err);
    for (size_t i = 0; i < others; i++)
        X509_free(other[i]);
    return fine;
}

static void refuse(const struct eds_trust *trust, struct arena *arena, struct eds_verdict *ret, const char *what)
{
    struct eds_step *step = ARENA_NEW(arena, struct eds_step);
    *step = (struct eds_step){ EDS_STEP_FORM, -1, TRI_NO, true, EDS_RECORD_CHANGED, str_from(what) };
    *ret = (struct eds_verdict){
        .valid = TRI_NO, .form = EDS_RECORD, .policy_version = eds_trust_policy(trust)->version, .step = step, .steps = 1
    };
}

void eds_record_verify(const struct eds_trust *trust, struct str record, struct arena *arena, struct eds_verdict *ret)
{
    struct eds_request request;
    struct eds_trust *then = NULL;
    struct err err;
    json_t *root = NULL;
    int said;
    record = str_trim(record);
    if (record.n > RECORD_MAX || !digest_fits(record) || !json_parse(record, &root, &err)) {
        refuse(trust, arena, ret, "not a record, or its digest is of another text");
        return;
    }
    if (!read_request(root, arena, &request) || !find_name(tri_names, COUNT(tri_names), json_member(root, "valid"), &said) ||
        !trust_with_chains(trust, root, request.external.p != NULL, arena, &then)) {
        refuse(trust, arena, ret, "a member is missing or malformed");
    } else {
        eds_verify(then, &request, arena, ret);
        if (ret->valid != (enum tri)said)
            refuse(trust, arena, ret, "its parts give another verdict now");
    }
    eds_trust_free(then);
    json_decref(root);
}
