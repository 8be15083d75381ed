/* SPDX-License-Identifier: Apache-2.0 */
/* The test authority over HTTP: sign, find out what is missing, ask for it, verify again; faults and revocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/json.h"
#include "stand/authority_service.h"

#define IIN "123456789011"

static struct err err;
static struct stand stand;
static struct authority *kept; /* in a folder */
static struct authority_service *service;

static struct str call(struct arena *arena, const char *method, const char *path, struct str body, int status)
{
    struct stand_reply reply = { 0 };
    buf_init(&reply.body, 1 << 20);
    assert_true(authority_service_answer(&stand, service, method, path, true, body, &reply));
    if (reply.status != status)
        fail_msg("%s: %d %s", path, reply.status, reply.body.p ? reply.body.p : "");
    struct str copy = arena_str(arena, buf_str(&reply.body));
    buf_release(&reply.body);
    return copy;
}

static enum tri verify_with_ocsp(struct arena *arena, const struct eds_trust *folder, struct str cms)
{
    struct eds_verdict verdict;
    struct buf request;
    struct eds_request asked = { .form = EDS_CMS,
                                 .signature = cms,
                                 .content = STR("Salem"),
                                 .at = moment_now(),
                                 .purpose = EDS_PURPOSE_PERSON_SIGN,
                                 .iin = IIN };
    eds_verify(folder, &asked, arena, &verdict);
    assert_int_equal(verdict.valid, TRI_UNKNOWN);
    assert_int_equal(verdict.missing[0].kind, EDS_MISSING_OCSP);
    assert_true(str_is(verdict.missing[0].url, "http://127.0.0.1:7/ocsp/"));
    buf_init(&request, 1 << 16);
    asked.ocsp_nonce = STR("a nonce");
    assert_true(eds_ocsp_request(verdict.missing[0].certificate, verdict.missing[0].issuer, asked.ocsp_nonce, &request, &err));
    struct str answer = call(arena, "POST", "/ocsp/", buf_str(&request), 200);
    buf_release(&request);
    asked.ocsp = &answer;
    asked.ocsps = 1;
    eds_verify(folder, &asked, arena, &verdict);
    return verdict.valid;
}

static void open_service(char *folder, struct eds_trust **ret)
{
    assert_non_null(mkdtemp(folder));
    pthread_mutex_init(&stand.lock, NULL);
    pthread_cond_init(&stand.stopped, NULL);
    if (!authority_open(folder, "http://127.0.0.1:7", moment_now(), &kept, &err) || !authority_write_trust(kept, &err))
        fail_msg("%s", err.text);
    service = authority_service_new(kept, NULL);
    if (!eds_trust_open(folder, EDS_TEST, ret, &err))
        fail_msg("%s", err.text);
    assert_false(eds_trust_open(folder, EDS_PRODUCTION, ret, &err));
}

static void test_service(void **state)
{
    (void)state;
    char folder[] = "/tmp/tirkeu-authority-XXXXXX", command[64];
    struct eds_trust *from_folder;
    struct arena arena;
    json_t *reply;
    arena_init(&arena, 0);
    open_service(folder, &from_folder);
    struct str text = call(&arena, "POST", "/signer/cms", STR("{\"iin\":\"" IIN "\",\"data\":\"U2FsZW0=\",\"tsa\":true}"), 200);
    assert_true(json_parse(text, &reply, &err));
    struct str cms = json_member(reply, "cms");
    assert_int_equal(verify_with_ocsp(&arena, from_folder, cms), TRI_YES);
    call(&arena, "POST", "/stand/authority/faults", STR("{\"service\":\"ocsp\",\"mode\":\"stale\"}"), 200);
    assert_int_equal(verify_with_ocsp(&arena, from_folder, cms), TRI_UNKNOWN);
    call(&arena, "POST", "/stand/authority/faults", STR("{\"service\":\"all\",\"mode\":\"silent\",\"ms\":1}"), 200);
    call(&arena, "GET", "/crl/nca_rsa_test.crl", STR(""), 0);
    call(&arena, "POST", "/tsp/", STR(""), 0);
    call(&arena, "POST", "/stand/authority/faults", STR("{\"service\":\"all\",\"mode\":\"ok\"}"), 200);
    call(&arena, "POST", "/stand/authority/faults", STR("{\"service\":\"all\",\"mode\":\"odd\"}"), 400);
    call(&arena, "POST", "/stand/authority/faults", STR("{\"service\":\"odd\",\"mode\":\"ok\"}"), 400);
    call(&arena, "GET", "/crl/nca_rsa_test.crl", STR(""), 200);
    call(&arena, "GET", "/cert/nca_gost_test.cer", STR(""), 200);
    call(&arena, "GET", "/crl/none.crl", STR(""), 404);
    /* The signature is stamped with a time before this: it stays valid; one made afterwards is not. */
    call(&arena, "POST", "/stand/authority/revoke", STR("{\"iin\":\"12\"}"), 400);
    call(&arena, "POST", "/stand/authority/revoke", STR("{\"iin\":\"" IIN "\"}"), 200);
    usleep(1100000);
    text = call(&arena, "POST", "/signer/cms", STR("{\"iin\":\"" IIN "\",\"data\":\"U2FsZW0=\",\"tsa\":true}"), 200);
    json_decref(reply);
    assert_true(json_parse(text, &reply, &err));
    assert_int_equal(verify_with_ocsp(&arena, from_folder, json_member(reply, "cms")), TRI_NO);
    json_decref(reply);
    eds_trust_free(from_folder);
    authority_service_free(service);
    authority_free(kept);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_service) };
    digest_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
