/* SPDX-License-Identifier: Apache-2.0 */
/* An NCANode of the test authority: POST /cms/verify with its shapes of request and answer (src/eds/external.c says whence). */
#include <openssl/evp.h>

#include "base/json.h"
#include "stand/seal.h"

enum { ANSWER_MAX = 1 << 16, NODE_ERROR = 400 };

static bool decode(struct str text, struct arena *arena, struct str *ret)
{
    unsigned char *bytes = (unsigned char *)arena_alloc(arena, text.n + 1);
    int n = text.n > 0 && text.n % 4 == 0 ? EVP_DecodeBlock(bytes, (const unsigned char *)text.p, (int)text.n) : -1;
    for (size_t i = text.n; n > 0 && i > 0 && text.p[i - 1] == '='; i--)
        n--;
    *ret = (struct str){ (const char *)bytes, n > 0 ? (size_t)n : 0 };
    return n >= 0;
}

/* The certificate alone, with what the responder says about it, asked in this very process. */
static void verify_certificate(const struct stand_seal *seal, struct str certificate, struct arena *arena,
                               struct eds_verdict *ret)
{
    const struct eds_trust *trust = stand_seal_trust(seal);
    struct eds_request request = { .form = EDS_CERTIFICATE, .signature = certificate, .at = moment_now() };
    struct buf question, answer;
    struct str ocsp;
    struct err err;
    buf_init(&question, ANSWER_MAX);
    buf_init(&answer, ANSWER_MAX);
    eds_verify(trust, &request, arena, ret);
    if (ret->missings > 0 && eds_ocsp_request(ret->missing[0].certificate, ret->missing[0].issuer, STR(""), &question, &err)) {
        authority_ocsp(stand_seal_authority(seal), buf_str(&question), moment_now(), AUTHORITY_OK, &answer);
        ocsp = arena_str(arena, buf_str(&answer));
        request.ocsp = &ocsp;
        request.ocsps = 1;
        eds_verify(trust, &request, arena, ret);
    }
    buf_release(&question);
    buf_release(&answer);
}

static enum tri step_result(const struct eds_verdict *verdict, enum eds_step_kind kind)
{
    enum tri result = TRI_UNKNOWN;
    for (size_t i = 0; i < verdict->steps; i++) {
        if (verdict->step[i].kind == kind && verdict->step[i].weighs)
            result = verdict->step[i].result;
    }
    return result;
}

static void put_certificate(struct json *j, const struct eds_verdict *verdict)
{
    const struct eds_signer *signer = &verdict->signer[0];
    enum tri good = step_result(verdict, EDS_STEP_REVOCATION);
    char at[MOMENT_TEXT];
    json_open_object(j);
    json_put_bool(j, "valid", verdict->valid == TRI_YES);
    json_key(j, "revocations");
    json_open_array(j);
    if (good != TRI_UNKNOWN) {
        json_open_object(j);
        json_put_bool(j, "revoked", good == TRI_NO);
        json_put_text(j, "by", "OCSP");
        json_end(j);
    }
    json_end(j);
    json_put_text(j, "notBefore", moment_format(signer->not_before, at));
    json_put_text(j, "notAfter", moment_format(signer->not_after, at));
    json_put_str(j, "serialNumber", signer->serial);
    json_key(j, "subject");
    json_open_object(j);
    json_put_str(j, "commonName", signer->common_name);
    json_put_str(j, "iin", signer->iin);
    json_end(j);
    json_end(j);
}

static void put_verdict(struct json *j, const struct eds_verdict *verdict, const struct eds_verdict *certificate)
{
    bool right = step_result(verdict, EDS_STEP_SIGNATURE) == TRI_YES && certificate->valid == TRI_YES;
    json_open_object(j);
    json_put_int(j, "status", 200);
    json_put_text(j, "message", "OK");
    json_put_bool(j, "valid", right);
    json_key(j, "signers");
    json_open_array(j);
    if (certificate->signers > 0) {
        json_open_object(j);
        json_key(j, "certificates");
        json_open_array(j);
        put_certificate(j, certificate);
        json_end(j);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static bool answer(const struct stand_seal *seal, const json_t *root, struct arena *arena, struct buf *out)
{
    struct eds_request request = { .form = EDS_CMS, .signature = json_member(root, "cms"), .at = moment_now() };
    struct eds_verdict verdict, certificate = { .valid = TRI_NO };
    struct json j;
    if (request.signature.n == 0 ||
        (json_object_get(root, "data") && !decode(json_member(root, "data"), arena, &request.content)))
        return false;
    eds_verify(stand_seal_trust(seal), &request, arena, &verdict);
    if (verdict.signers > 0)
        verify_certificate(seal, verdict.signer[0].certificate, arena, &certificate);
    json_init(&j, out);
    put_verdict(&j, &verdict, &certificate);
    return true;
}

void stand_serve_ncanode(struct stand *stand, struct str request, struct stand_reply *ret)
{
    struct stand_seal *seal = stand_seal_of(stand);
    struct arena arena;
    struct err err;
    json_t *root = NULL;
    arena_init(&arena, 0);
    ret->type = "application/json";
    ret->status = 200;
    if (!seal || !json_parse(request, &root, &err) || !answer(seal, root, &arena, &ret->body)) {
        ret->status = NODE_ERROR;
        buf_add_text(&ret->body, "{\"status\":400,\"message\":\"Bad request\"}");
    }
    json_decref(root);
    arena_release(&arena);
}
