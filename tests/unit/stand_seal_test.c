/* SPDX-License-Identifier: Apache-2.0 */
/* Signed messages over HTTP: the client with a guard and the stand with an authority, in one process; what is wrong is silence.
 */
#include "registry_world.h"

#include <openssl/x509.h>

#include "base/digest.h"
#include "stand/seal.h"

struct fixture {
    char world[64], folder[80], url[120];
    struct stand stand;
    struct stand_http *http;
    struct eds_trust *trust;
    struct exchange_guard *guard;
    struct exchange *exchange;
    struct arena arena;
    char message_id[DIGEST_UUID];
};

static const char *inside(struct fixture *f, const char *name) { return arena_printf(&f->arena, "%s/%s", f->folder, name).p; }

static void open_guard(struct fixture *f, const char *bin)
{
    struct err err;
    if (!eds_trust_open(f->folder, EDS_TEST, &f->trust, &err))
        fail_msg("%s", err.text);
    const struct exchange_guard_config config = { .trust = f->trust, .peer_bin = bin, .clock = moment_now };
    if (!exchange_guard_load(inside(f, "keys/tirkeu.pem"), inside(f, "keys/tirkeu.cer"), &config, &f->guard, &err))
        fail_msg("%s", err.text);
}

static void close_guard(struct fixture *f)
{
    if (f->exchange)
        exchange_close(f->exchange);
    exchange_guard_close(f->guard);
    eds_trust_free(f->trust);
    f->exchange = NULL;
    f->guard = NULL;
    f->trust = NULL;
}

static void open_exchange(struct fixture *f, struct exchange_guard *guard)
{
    struct err err;
    const char *gateway = arena_printf(&f->arena, "%s/bip-sync-wss-gost/", f->url).p;
    const struct exchange_config config = { .gateway = gateway, .guard = guard, .breaker_failures = 1000 };
    if (f->exchange)
        exchange_close(f->exchange);
    assert_true(exchange_open(&config, &f->exchange, &err));
}

static int setup(void **state)
{
    struct fixture *f = *state = mem_alloc(sizeof *f);
    struct err err;
    int port;
    arena_init(&f->arena, 0);
    world_folder(f->world, 0);
    snprintf(f->folder, sizeof f->folder, "%s-authority", f->world);
    const struct stand_options options = {
        .world = f->world, .authority = f->folder, .host = STR("127.0.0.1"), .legal_day = day_text("2026-03-02")
    };
    assert_true(stand_open(&options, &f->stand, &err));
    assert_true(stand_http_start(&f->stand, &f->http, &port, &err));
    snprintf(f->url, sizeof f->url, "http://127.0.0.1:%d", port);
    if (!stand_seal(&f->stand, f->url, &err))
        fail_msg("%s", err.text);
    open_guard(f, STAND_SEAL_BIN);
    open_exchange(f, f->guard);
    digest_uuid(f->message_id);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    close_guard(f);
    stand_stop(&f->stand);
    stand_http_stop(f->http);
    stand_close(&f->stand);
    remove_folder(f->world);
    assert_int_equal(system(arena_printf(&f->arena, "rm -r '%s'", f->folder).p), 0);
    arena_release(&f->arena);
    free(f);
    return 0;
}

/* ---- asking ---- */

static struct registry_question person(void) { return ask_of(REGISTRY_PERSON, FATHER, NULL, NULL); }

static void put_request(struct fixture *f, enum exchange_form form, struct buf *out)
{
    struct registry_question question = person();
    struct exchange_sender sender = exchange_sender(f->exchange);
    struct exchange_message message;
    struct err err;
    assert_true(registry_request(&question, sender, f->message_id, moment_now(), out));
    if (form == EXCHANGE_ESCAPED) {
        assert_true(exchange_read(buf_str(out), &f->arena, &message, &err));
        message.form = form;
        buf_clear(out);
        exchange_write(&message, out);
    }
}

static void send_person(struct fixture *f, int64_t id, enum exchange_form form)
{
    struct buf envelope;
    struct err err;
    buf_init(&envelope, EXCHANGE_ENVELOPE_MAX);
    put_request(f, form, &envelope);
    const struct exchange_call call = {
        .id = id, .endpoint = REGISTRY_GBDFL, .service_id = registry_service_id(REGISTRY_PERSON), .envelope = buf_str(&envelope)
    };
    assert_true(exchange_send(f->exchange, &call, &err));
    buf_release(&envelope);
}

static struct exchange_reply wait_reply(struct fixture *f)
{
    struct exchange_reply reply;
    assert_int_equal(exchange_poll(f->exchange, 9000, -1, &reply, 1), 1);
    return reply;
}

static struct exchange_reply ask_person(struct fixture *f)
{
    send_person(f, 1, EXCHANGE_TYPED);
    return wait_reply(f);
}

static void assert_answered(struct fixture *f, const struct exchange_reply *reply)
{
    struct registry_answer answer;
    struct registry_question question = person();
    if (reply->outcome != EXCHANGE_REPLIED)
        fail_msg("%s", reply->trouble);
    registry_reply(reply->envelope, &question, f->message_id, &f->arena, &answer);
    if (answer.status != REGISTRY_ANSWERED)
        fail_msg("%s", arena_text(&f->arena, answer.trouble));
    assert_true(answer.person.held);
}

static void script(struct fixture *f, enum stand_mode mode)
{
    pthread_mutex_lock(&f->stand.lock);
    f->stand.fault[REGISTRY_GBDFL].mode = mode;
    pthread_mutex_unlock(&f->stand.lock);
}

/* ---- tests ---- */

/* Sixteen at once, of which the first replies wait for what the responder says. */
static void signed_both_ways(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 16; i++)
        send_person(f, i, i % 2 ? EXCHANGE_ESCAPED : EXCHANGE_TYPED);
    for (int i = 0; i < 16; i++) {
        struct exchange_reply reply = wait_reply(f);
        assert_answered(f, &reply);
        /* what is read is the signed Body and nothing around it */
        assert_true(str_starts(reply.envelope, "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"><S:Body "));
        assert_null(memmem(reply.envelope.p, reply.envelope.n, "Header", 6));
    }
}

static void wrong_replies(void **state)
{
    static const struct {
        enum stand_mode mode;
        const char *trouble;
    } rows[] = {
        { STAND_UNSIGNED, "signers_none" },   { STAND_OTHER_KEY, "signature_wrong" },
        { STAND_EXPIRED, "chain_expired" },   { STAND_CHANGED, "content_digest" },
        { STAND_WRAPPED, "form_wrapped" },    { STAND_ERROR, "" },
        { STAND_GARBAGE, "form_unreadable" }, { STAND_OK, "" },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        script(f, rows[i].mode);
        struct exchange_reply reply = ask_person(f);
        if (*rows[i].trouble == '\0') {
            assert_int_equal(reply.outcome, EXCHANGE_REPLIED);
            continue;
        }
        assert_int_equal(reply.outcome, EXCHANGE_UNREACHED);
        assert_int_equal(reply.envelope.n, 0);
        if (!strstr(reply.trouble, rows[i].trouble))
            fail_msg("%s: %s", rows[i].trouble, reply.trouble);
    }
}

static void wrong_requests(void **state)
{
    struct fixture *f = *state;
    struct registry_question question = person();
    struct registry_answer answer;
    open_exchange(f, NULL);
    struct exchange_reply reply = ask_person(f);
    assert_int_equal(reply.outcome, EXCHANGE_REPLIED);
    registry_reply(reply.envelope, &question, f->message_id, &f->arena, &answer);
    assert_true(str_is(answer.trouble, "gbdfl: fault SCE007"));
    struct buf envelope, sealed;
    struct stand_reply said = { 0 };
    struct err err;
    buf_init(&envelope, EXCHANGE_ENVELOPE_MAX);
    buf_init(&sealed, EXCHANGE_ENVELOPE_MAX);
    buf_init(&said.body, EXCHANGE_ENVELOPE_MAX);
    put_request(f, EXCHANGE_TYPED, &envelope);
    assert_true(exchange_guard_sign(f->guard, buf_str(&envelope), &sealed, &err));
    stand_serve(&f->stand, buf_str(&sealed), &said);
    assert_int_equal(said.status, 200);
    *strstr(sealed.p, FATHER) = '7';
    stand_serve(&f->stand, buf_str(&sealed), &said);
    assert_non_null(strstr(said.body.p, "SCE006"));
    buf_release(&envelope);
    buf_release(&sealed);
    buf_release(&said.body);
}

static void whose_certificate(void **state)
{
    struct fixture *f = *state;
    close_guard(f);
    open_guard(f, "111111111111");
    open_exchange(f, f->guard);
    assert_non_null(strstr(ask_person(f).trouble, "identity_other_bin"));
    close_guard(f);
    open_guard(f, NULL);
    open_exchange(f, f->guard);
    struct exchange_reply reply = ask_person(f);
    assert_answered(f, &reply);
}

/* Of the gateway's certificate, in the test authority. */
static void revoke_gateway(struct fixture *f)
{
    struct eds_verdict verdict;
    struct buf reply;
    struct err err;
    X509 *certificate;
    buf_init(&reply, EXCHANGE_ENVELOPE_MAX);
    buf_add_text(&reply, "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"><S:Body/></S:Envelope>");
    stand_seal_put(f->stand.seal, STAND_OK, &reply);
    struct eds_request request = { .form = EDS_WSS, .signature = buf_str(&reply), .at = moment_now() };
    eds_verify(f->trust, &request, &f->arena, &verdict);
    assert_int_equal(verdict.signers, 1);
    assert_true(eds_certificate_read(verdict.signer[0].certificate, &certificate, &err));
    assert_true(authority_revoke(stand_seal_authority(f->stand.seal), certificate, (struct moment){ moment_now().ms - 5000 },
                                 AUTHORITY_EVERYWHERE, &err));
    X509_free(certificate);
    buf_release(&reply);
}

static void revocation(void **state)
{
    struct fixture *f = *state;
    struct err err;
    revoke_gateway(f);
    struct exchange_reply reply = ask_person(f);
    assert_answered(f, &reply); /* what was learned before holds for its time */
    close_guard(f);
    open_guard(f, STAND_SEAL_BIN);
    open_exchange(f, f->guard);
    assert_non_null(strstr(ask_person(f).trouble, "revocation_revoked"));
    /* a responder that is down: nothing is believed, nothing is stuck, and it is not asked for every reply */
    close_guard(f);
    assert_true(file_write(inside(f, "profile"), STR("version = down\nocsp_url = http://127.0.0.1:1/\n"), &err));
    open_guard(f, STAND_SEAL_BIN);
    open_exchange(f, f->guard);
    for (int i = 0; i < 4; i++)
        send_person(f, i, EXCHANGE_TYPED);
    for (int i = 0; i < 4; i++)
        assert_non_null(strstr(wait_reply(f).trouble, "revocation_no_answer"));
}

/* The external verifier's client against the stand's: what is good, what was changed after signing. */
static void external_verifier(void **state)
{
    static const struct authority_subject citizen = { .surname = "ТЕСТОВ", .name = "ТЕСТ", .iin = "123456789011" };
    struct fixture *f = *state;
    struct authority_holder holder;
    struct eds_policy policy = eds_policy_default;
    struct eds_trust *trust;
    struct eds_verdict verdict;
    struct stand_reply said = { 0 };
    struct buf cms, question;
    struct err err;
    const struct authority *authority = stand_seal_authority(f->stand.seal);
    X509 *const anchor = authority_office(authority, AUTHORITY_GOST, AUTHORITY_ROOT)->certificate;
    X509 *const issuer = authority_office(authority, AUTHORITY_GOST, AUTHORITY_ISSUER)->certificate;
    policy.verifier_url = "http://127.0.0.1/ncanode";
    assert_true(eds_trust_make(EDS_TEST, &anchor, 1, &issuer, 1, &policy, &trust, &err));
    assert_true(
        authority_issue(stand_seal_authority(f->stand.seal), AUTHORITY_GOST, AUTHORITY_PERSON_SIGN, &citizen, &holder, &err));
    const struct eds_identity own = { .key = holder.key, .certificate = holder.certificate };
    const struct eds_cms_options detached = { .detached = true, .signing_time = moment_now() };
    buf_init(&cms, 1 << 20);
    buf_init(&question, 1 << 20);
    buf_init(&said.body, 1 << 20);
    assert_true(eds_sign_cms(&own, 1, STR("bytes"), &detached, &cms, &err));
    for (int changed = 0; changed < 2; changed++) {
        cms.p[cms.n - 1] = (char)(cms.p[cms.n - 1] ^ changed); /* the signature's own last byte */
        struct eds_request request = { .form = EDS_CMS,
                                       .signature = buf_str(&cms),
                                       .content = STR("bytes"),
                                       .at = moment_now(),
                                       .purpose = EDS_PURPOSE_PERSON_SIGN,
                                       .iin = citizen.iin };
        buf_clear(&question);
        buf_clear(&said.body);
        assert_true(eds_external_request(&request, &question, &err));
        stand_serve_ncanode(&f->stand, buf_str(&question), &said);
        assert_int_equal(said.status, 200);
        request.external = buf_str(&said.body);
        eds_verify(trust, &request, &f->arena, &verdict);
        assert_int_equal(verdict.valid, changed ? TRI_NO : TRI_YES);
        assert_true(!changed || eds_verdict_reason(&verdict)->reason == EDS_SIGNATURE_WRONG);
    }
    stand_serve_ncanode(&f->stand, STR("{}"), &said);
    assert_int_equal(said.status, 400);
    buf_release(&cms);
    buf_release(&question);
    buf_release(&said.body);
    authority_holder_release(&holder);
    eds_trust_free(trust);
}

static void identity(void **state)
{
    struct fixture *f = *state;
    struct exchange_guard *guard;
    struct err err;
    const struct exchange_guard_config config = { .trust = f->trust, .clock = moment_now };
    assert_false(exchange_guard_load(inside(f, "keys/gost-root.pem"), inside(f, "keys/tirkeu.cer"), &config, &guard, &err));
    assert_non_null(strstr(err.text, "not the certificate's"));
    assert_false(exchange_guard_load(inside(f, "keys/none.pem"), inside(f, "keys/tirkeu.cer"), &config, &guard, &err));
    assert_false(exchange_guard_load(inside(f, "keys/tirkeu.pem"), inside(f, "keys/tirkeu.pem"), &config, &guard, &err));
}

/* The authority is made once: it takes eight RSA keys. */
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_both_ways),  cmocka_unit_test(wrong_replies), cmocka_unit_test(wrong_requests),
        cmocka_unit_test(external_verifier), cmocka_unit_test(identity),      cmocka_unit_test(whose_certificate),
        cmocka_unit_test(revocation),
    };
    digest_setup();
    eds_setup();
    exchange_setup();
    return cmocka_run_group_tests(tests, setup, teardown);
}
