/* SPDX-License-Identifier: Apache-2.0 */
/* The signer as pages see it: NCALayer's JSON, TLS; what it signs is verified. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "base/digest.h"
#include "base/json.h"
#include "stand/authority_service.h"
#include "stand/signer_server.h"
#include "stand/websocket.h"
#include "stand_frames.h"
#include "stand_trust.h"

#define IIN   "123456789011"
#define OTHER "123456789012"
#define BIN   "123456789021"

static struct authority *authority;
static struct signer *signer;
static struct eds_trust *trust;
static struct err err;

static int open_all(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN); /* as the programs do */
    digest_setup();
    if (!authority_make(STR("a secret of tests"), moment_now(), &authority, &err))
        return -1;
    signer = signer_new(authority, NULL);
    return stand_trust(authority, &trust, &err) ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    eds_trust_free(trust);
    signer_free(signer);
    authority_free(authority);
    return 0;
}

static void control(const char *json) { assert_true(signer_control(signer, str_from(json), &err)); }

/* ---- NCALayer ---- */

static json_t *exchange(const char *frame)
{
    struct buf reply;
    json_t *root;
    buf_init(&reply, 1 << 20);
    assert_true(signer_reply(signer, str_from(frame), &reply));
    if (!json_parse(buf_str(&reply), &root, &err))
        fail_msg("%s: %s", err.text, reply.p);
    buf_release(&reply);
    return root;
}

/* Valid but for revocation, which nobody has asked about. */
static void assert_signed(struct str object, struct str content, enum eds_form form, enum eds_purpose purpose, const char *iin,
                          bool stamped)
{
    struct arena arena;
    struct eds_verdict verdict;
    arena_init(&arena, 0);
    const struct eds_request request = {
        .form = form, .signature = object, .content = content, .at = moment_now(), .purpose = purpose, .iin = iin
    };
    eds_verify(trust, &request, &arena, &verdict);
    const struct eds_step *step = eds_verdict_reason(&verdict);
    assert_int_equal(verdict.valid, TRI_UNKNOWN);
    assert_string_equal(eds_step_name(step->kind), "revocation");
    assert_int_equal(verdict.signer[0].timestamp_trusted, stamped);
    arena_release(&arena);
}

static struct str result_of(const json_t *reply) { return json_member(json_object_get(reply, "body"), "result"); }

#define BASICS "{\"module\":\"kz.gov.pki.knca.basics\",\"method\":\"sign\",\"args\":{\"allowedStorages\":null,"
#define SIGNS  "\"extKeyUsageOids\":[\"1.3.6.1.5.5.7.3.4\",\"1.2.398.3.3.4.1.1\"]"
#define ENTERS "\"extKeyUsageOids\":[\"1.3.6.1.5.5.7.3.2\",\"1.2.398.3.3.4.1.1\"]"

static void test_basics_cms(void **state)
{
    (void)state;
    json_t *reply = exchange(
        BASICS "\"format\":\"cms\",\"data\":\"U2FsZW0=\",\"signingParams\":{\"decode\":true,\"encapsulate\":false,"
               "\"digested\":false,\"tsaProfile\":{}},\"signerParams\":{" SIGNS ",\"iin\":\"" IIN "\"},\"locale\":\"kk\"}}");
    assert_true(json_is_true(json_object_get(reply, "status")));
    assert_true(str_starts(result_of(reply), "-----BEGIN CMS-----\n"));
    assert_signed(result_of(reply), STR("Salem"), EDS_CMS, EDS_PURPOSE_PERSON_SIGN, IIN, true);
    json_decref(reply);
    reply = exchange(
        BASICS "\"format\":\"cms\",\"data\":[\"U2FsZW0=\",\"RWtp\"],\"signingParams\":{\"decode\":true,\"encapsulate\":true},"
               "\"signerParams\":{" ENTERS ",\"iin\":\"" IIN "\"}}}");
    const json_t *many = json_object_get(json_object_get(reply, "body"), "result");
    assert_int_equal(json_array_size(many), 2);
    assert_signed(str_from(json_string_value(json_array_get(many, 1))), STR("Eki"), EDS_CMS, EDS_PURPOSE_PERSON_AUTH, IIN, false);
    json_decref(reply);
}

static void test_basics_xml(void **state)
{
    (void)state;
    json_t *reply = exchange(BASICS "\"format\":\"xml\",\"data\":\"<a>b</a>\",\"signingParams\":{},\"signerParams\":{" SIGNS
                                    ",\"iin\":\"" IIN "\",\"bin\":\"" BIN "\"}}}");
    assert_true(json_is_true(json_object_get(reply, "status")));
    assert_signed(result_of(reply), (struct str){ 0 }, EDS_XML, EDS_PURPOSE_ORGANISATION, IIN, false);
    json_decref(reply);
}

static void test_basics_refuses(void **state)
{
    (void)state;
    static const char *const frames[] = {
        "not JSON",
        "{\"module\":\"kz.gov.pki.knca.basics\",\"method\":\"erase\"}",
        BASICS "\"format\":\"cms\",\"data\":\"U2FsZW0=\",\"signerParams\":{}}}",
        BASICS "\"format\":\"pdf\",\"data\":\"U2FsZW0=\",\"signerParams\":{\"iin\":\"" IIN "\"}}}",
        BASICS "\"format\":\"cms\",\"data\":7,\"signerParams\":{\"iin\":\"" IIN "\"}}}",
        BASICS "\"format\":\"cms\",\"data\":\"?\",\"signingParams\":{\"decode\":true},\"signerParams\":{\"iin\":\"" IIN "\"}}}",
        BASICS "\"format\":\"xml\",\"data\":\"<a>\",\"signerParams\":{\"iin\":\"" IIN "\"}}}",
        BASICS "\"format\":\"cms\",\"data\":\"\",\"signerParams\":{\"iin\":\"12345\"}}}",
    };
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        json_t *reply = exchange(frames[i]);
        assert_true(json_is_false(json_object_get(reply, "status")));
        assert_true(str_is(json_member(reply, "code"), "INVOCATION_ERROR"));
        json_decref(reply);
    }
}

/* The digest that goes with the key, in base64. */
static struct str digest_of(struct arena *arena, enum authority_branch branch, struct str content)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n;
    struct buf text;
    const EVP_PKEY *key = authority_office(authority, branch, AUTHORITY_ISSUER)->key;
    assert_int_equal(EVP_Digest(content.p, content.n, digest, &n, eds_key_digest(key), NULL), 1);
    buf_init(&text, 256);
    digest_base64(&text, (struct str){ (const char *)digest, n });
    struct str copy = arena_str(arena, buf_str(&text));
    buf_release(&text);
    return copy;
}

/* A page that holds only the digest gets a detached signature over what was digested. */
static void test_digested(void **state)
{
    (void)state;
    static const char *const branches[] = { "gost", "rsa" };
    struct arena arena;
    arena_init(&arena, 0);
    for (int i = 0; i < 2; i++) {
        struct str digest = digest_of(&arena, (enum authority_branch)i, STR("Salem"));
        control(arena_printf(&arena, "{\"iin\":\"" IIN "\",\"branch\":\"%s\"}", branches[i]).p);
        json_t *reply =
            exchange(arena_printf(&arena,
                                  BASICS "\"format\":\"cms\",\"data\":\"" STR_FMT
                                         "\",\"signingParams\":{\"decode\":true,\"encapsulate\":false,\"digested\":true,"
                                         "\"tsaProfile\":{}},\"signerParams\":{" SIGNS "}}}",
                                  STR_ARG(digest))
                         .p);
        assert_signed(result_of(reply), STR("Salem"), EDS_CMS, EDS_PURPOSE_PERSON_SIGN, IIN, true);
        json_decref(reply);
        reply = exchange(arena_printf(&arena,
                                      "{\"module\":\"kz.gov.pki.knca.commonUtils\",\"method\":\"createCAdESFromBase64Hash\","
                                      "\"args\":[\"PKCS12\",\"AUTHENTICATION\",\"" STR_FMT "\"]}",
                                      STR_ARG(digest))
                             .p);
        assert_signed(json_member(reply, "responseObject"), STR("Salem"), EDS_CMS, EDS_PURPOSE_PERSON_AUTH, IIN, false);
        json_decref(reply);
    }
    json_t *reply = exchange(BASICS "\"format\":\"cms\",\"data\":\"U2FsZW0=\",\"signingParams\":{\"digested\":true},"
                                    "\"signerParams\":{" SIGNS "}}}");
    assert_true(json_is_false(json_object_get(reply, "status"))); /* no digest of that key */
    json_decref(reply);
    control("{}");
    arena_release(&arena);
}

/* Before 2022 there was one module only; the frame around the modules answers for those that it has not got. */
static void test_old_one(void **state)
{
    (void)state;
    static const char basics[] = BASICS "\"format\":\"cms\",\"data\":\"U2FsZW0=\",\"signerParams\":{\"iin\":\"" IIN "\"}}}";
    static const struct {
        const char *control, *frame;
    } rows[] = { { "{\"old\":true}", basics },
                 { "{\"old\":true,\"mode\":\"cancel\"}", basics },
                 { "{}", "{\"module\":\"kz.gov.pki.knca.other\"}" } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        control(rows[i].control);
        json_t *reply = exchange(rows[i].frame);
        assert_int_equal(json_object_size(reply), 2);
        assert_true(json_is_false(json_object_get(reply, "success")));
        assert_true(str_is(json_member(reply, "errorCode"), "MODULE_NOT_FOUND"));
        json_decref(reply);
    }
    control("{\"old\":true,\"iin\":\"" IIN "\"}");
    json_t *reply = exchange("{\"module\":\"kz.gov.pki.knca.commonUtils\",\"method\":\"createCAdESFromBase64\","
                             "\"args\":[\"PKCS12\",\"SIGNATURE\",\"U2FsZW0=\",false]}");
    assert_signed(json_member(reply, "responseObject"), STR("Salem"), EDS_CMS, EDS_PURPOSE_PERSON_SIGN, IIN, false);
    json_decref(reply);
    control("{}");
}

static void test_heartbeat(void **state)
{
    (void)state;
    struct buf reply;
    buf_init(&reply, 1000);
    assert_true(signer_reply(signer, STR("--heartbeat--"), &reply));
    assert_true(str_is(buf_str(&reply), "--heartbeat--"));
    buf_release(&reply);
}

static void test_expired(void **state)
{
    (void)state;
    struct buf reply;
    struct arena arena;
    struct eds_verdict verdict;
    json_t *root;
    arena_init(&arena, 0);
    buf_init(&reply, 1 << 20);
    assert_true(signer_request(signer, STR("{\"iin\":\"" IIN "\",\"data\":\"U2FsZW0=\",\"expired\":true}"), &reply, &err));
    assert_true(json_parse(buf_str(&reply), &root, &err));
    const struct eds_request request = {
        .form = EDS_CMS, .signature = json_member(root, "cms"), .content = STR("Salem"), .at = moment_now(), .iin = IIN
    };
    eds_verify(trust, &request, &arena, &verdict);
    assert_string_equal(eds_reason_name(eds_verdict_reason(&verdict)->reason), "chain_expired");
    json_decref(root);
    buf_release(&reply);
    arena_release(&arena);
}

#define PLAIN                                                                                                                    \
    BASICS "\"format\":\"cms\",\"data\":\"U2FsZW0=\",\"signingParams\":{\"decode\":true},\"signerParams\":{\"iin\":\"" IIN "\"}" \
           "}}"

static void test_scripted(void **state)
{
    (void)state;
    struct buf reply;
    control("{\"mode\":\"cancel\"}");
    json_t *root = exchange(PLAIN);
    assert_true(json_is_true(json_object_get(root, "status")));
    assert_int_equal(json_object_size(json_object_get(root, "body")), 0);
    json_decref(root);
    control("{\"mode\":\"error\"}");
    root = exchange(PLAIN);
    assert_true(json_is_false(json_object_get(root, "status")));
    json_decref(root);
    buf_init(&reply, 1 << 16);
    control("{\"mode\":\"silent\"}");
    assert_false(signer_reply(signer, STR(PLAIN), &reply));
    control("{\"mode\":\"garbage\"}");
    assert_true(signer_reply(signer, STR(PLAIN), &reply));
    assert_int_equal(reply.p[0], '<');
    buf_release(&reply);
    control("{\"iin\":\"" OTHER "\",\"branch\":\"rsa\"}"); /* somebody else's key */
    root = exchange(PLAIN);
    assert_signed(result_of(root), STR("Salem"), EDS_CMS, EDS_PURPOSE_PERSON_SIGN, OTHER, false);
    json_decref(root);
    control("{}");
    assert_false(signer_control(signer, STR("{\"mode\":\"asleep\"}"), &err));
    assert_false(signer_control(signer, STR("{\"iin\":\"1\"}"), &err));
}

#define OLD(method, args) "{\"module\":\"kz.gov.pki.knca.commonUtils\",\"method\":\"" method "\",\"args\":" args "}"

static void test_common_utils(void **state)
{
    (void)state;
    json_t *reply = exchange(OLD("getActiveTokens", "[]"));
    assert_true(str_is(json_member(reply, "code"), "200"));
    json_decref(reply);
    reply = exchange(OLD("createCAdESFromBase64", "[\"PKCS12\",\"SIGNATURE\",\"U2FsZW0=\",true]"));
    assert_true(str_is(json_member(reply, "code"), "500")); /* nobody was named */
    json_decref(reply);
    control("{\"iin\":\"" IIN "\"}");
    reply = exchange(OLD("getKeyInfo", "[\"PKCS12\"]"));
    assert_true(str_starts(json_member(json_object_get(reply, "responseObject"), "algorithm"), "GOST"));
    json_decref(reply);
    reply = exchange(OLD("createCAdESFromBase64", "[\"PKCS12\",\"SIGNATURE\",\"U2FsZW0=\",true]"));
    assert_signed(json_member(reply, "responseObject"), STR("Salem"), EDS_CMS, EDS_PURPOSE_PERSON_SIGN, IIN, false);
    json_decref(reply);
    reply = exchange(OLD("createCMSSignatureFromBase64", "[\"PKCS12\",\"AUTHENTICATION\",\"U2FsZW0=\",false]"));
    assert_signed(json_member(reply, "responseObject"), STR("Salem"), EDS_CMS, EDS_PURPOSE_PERSON_AUTH, IIN, true);
    json_decref(reply);
    reply = exchange(OLD("signXml", "[\"PKCS12\",\"SIGNATURE\",\"<a>b</a>\",\"\",\"\"]"));
    assert_signed(json_member(reply, "responseObject"), (struct str){ 0 }, EDS_XML, EDS_PURPOSE_PERSON_SIGN, IIN, false);
    json_decref(reply);
    reply = exchange(OLD("signXmls", "[\"PKCS12\",\"SIGNATURE\",[\"<a>b</a>\",\"<c/>\"],\"\",\"\"]"));
    const json_t *many = json_object_get(reply, "responseObject");
    assert_int_equal(json_array_size(many), 2);
    for (size_t i = 0; i < 2; i++)
        assert_signed(str_from(json_string_value(json_array_get(many, i))), (struct str){ 0 }, EDS_XML, EDS_PURPOSE_PERSON_SIGN,
                      IIN, false);
    json_decref(reply);
    static const char *const wrong[] = {
        OLD("signXml", "[\"PKCS12\",\"SIGNATURE\",555,\"\",\"\"]"),
        OLD("signXml", "[\"PKCS12\",\"SIGNATURE\",\"<a>\",\"\",\"\"]"),
        OLD("signXml", "[\"PKCS12\",\"SIGNATURE\",\"<a>b</a>\",\"/a\",\"\"]"), /* a part of it */
        OLD("signXmls", "[\"PKCS12\",\"SIGNATURE\",\"<a>b</a>\",\"\",\"\"]"),  /* not a list */
        OLD("signXmls", "[\"PKCS12\",\"SIGNATURE\",[\"<a>b</a>\",7],\"\",\"\"]"),
        OLD("signXmls", "[\"PKCS12\",\"SIGNATURE\",[\"<a>b</a>\",\"<a>\"],\"\",\"\"]"), /* all or none */
        OLD("createCAdESFromBase64Hash", "[\"PKCS12\",\"SIGNATURE\",\"\"]"),
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        reply = exchange(wrong[i]);
        assert_true(str_is(json_member(reply, "code"), "500"));
        assert_null(json_object_get(reply, "responseObject"));
        json_decref(reply);
    }
    control("{\"mode\":\"cancel\"}");
    reply = exchange(OLD("signXml", "[\"PKCS12\",\"SIGNATURE\",\"<a>b</a>\",\"\",\"\"]"));
    assert_true(str_is(json_member(reply, "message"), "action.canceled"));
    json_decref(reply);
    control("{}");
}

/* ---- TLS ---- */

static SSL *connect_to(SSL_CTX *tls, int port, int *ret_descriptor)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port),
                                   .sin_addr = { htonl(INADDR_LOOPBACK) } };
    *ret_descriptor = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(*ret_descriptor, (struct sockaddr *)&address, sizeof address), 0);
    SSL *ssl = SSL_new(tls);
    SSL_set_fd(ssl, *ret_descriptor);
    assert_int_equal(SSL_connect(ssl), 1);
    return ssl;
}

static void write_text(SSL *ssl, struct str text)
{
    size_t n;
    assert_int_equal(SSL_write_ex(ssl, text.p, text.n, &n), 1);
}

static void read_until(SSL *ssl, struct buf *into, const char *expected)
{
    char chunk[4096];
    size_t n;
    while (!memmem(into->p ? into->p : "", into->n, expected, strlen(expected))) {
        assert_int_equal(SSL_read_ex(ssl, chunk, sizeof chunk, &n), 1);
        buf_add(into, chunk, n);
    }
}

static void hang_up(SSL *ssl, int descriptor)
{
    SSL_free(ssl);
    close(descriptor);
}

static void test_over_tls(void **state)
{
    (void)state;
    struct signer_server *server;
    struct buf in, out;
    int port, descriptor;
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    buf_init(&in, 1 << 20);
    buf_init(&out, 1 << 20);
    assert_true(signer_server_start(signer, STR("127.0.0.1"), 0, &server, &port, &err));
    SSL *ssl = connect_to(tls, port, &descriptor);
    write_text(ssl, STR("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nupgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
    read_until(ssl, &in, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    read_until(ssl, &in, "{\"result\":{\"version\":");
    masked(&out, 0x81, STR(PLAIN));
    write_text(ssl, buf_str(&out));
    read_until(ssl, &in, "-----END CMS-----\\n\"}}");
    int second;
    SSL *plain = connect_to(tls, port, &second);
    write_text(plain,
               STR("POST /signer/cms HTTP/1.1\r\nContent-Length: 43\r\n\r\n{\"iin\":\"" IIN "\",\"data\":\"U2FsZW0=\"}   "));
    buf_clear(&in);
    read_until(plain, &in, "{\"cms\":\"");
    hang_up(plain, second);
    plain = connect_to(tls, port, &second);
    write_text(plain, STR("POST /signer/control HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]"));
    buf_clear(&in);
    read_until(plain, &in, "HTTP/1.1 ");
    hang_up(plain, second);
    signer_server_stop(server); /* with the first still open */
    hang_up(ssl, descriptor);
    SSL_CTX_free(tls);
    buf_release(&in);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_basics_cms), cmocka_unit_test(test_basics_xml),   cmocka_unit_test(test_basics_refuses),
        cmocka_unit_test(test_scripted),   cmocka_unit_test(test_common_utils), cmocka_unit_test(test_over_tls),
        cmocka_unit_test(test_digested),   cmocka_unit_test(test_old_one),      cmocka_unit_test(test_heartbeat),
        cmocka_unit_test(test_expired),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
