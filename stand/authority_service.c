/* SPDX-License-Identifier: Apache-2.0 */
#include "stand/authority_service.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "stand/signer_impl.h"

enum { FAULT_MS_MAX = 600000, SILENCE_MS = 60000 };

struct authority_service *authority_service_new(struct authority *authority, const struct world *world)
{
    struct authority_service *service = mem_alloc(sizeof *service);
    service->authority = authority;
    service->signer = signer_new(authority, world);
    pthread_mutex_init(&service->lock, NULL);
    return service;
}

void authority_service_free(struct authority_service *service)
{
    if (!service)
        return;
    signer_free(service->signer);
    pthread_mutex_destroy(&service->lock);
    free(service);
}

/* ---- replies ---- */

static void say(struct stand_reply *ret, int status, const char *type)
{
    ret->status = status;
    ret->type = type;
}

static void say_outcome(struct stand_reply *ret, bool fine, const struct err *err)
{
    struct json j;
    say(ret, fine ? 200 : 400, "application/json");
    buf_clear(&ret->body);
    json_init(&j, &ret->body);
    json_open_object(&j);
    json_put_text(&j, fine ? "status" : "error", fine ? "ok" : err->text);
    json_end(&j);
}

/* False: nothing more is to be said. */
static bool scripted(struct stand *stand, struct authority_service *service, enum authority_service_part part,
                     enum authority_fault *ret_fault, struct stand_reply *ret)
{
    pthread_mutex_lock(&service->lock);
    enum authority_fault fault = service->script[part].fault;
    int ms = service->script[part].ms;
    pthread_mutex_unlock(&service->lock);
    if (fault == AUTHORITY_SILENT && ms == 0)
        ms = SILENCE_MS;
    if ((ms > 0 && !stand_wait(stand, ms)) || fault == AUTHORITY_SILENT) {
        ret->status = 0;
        return false;
    }
    *ret_fault = fault;
    return true;
}

/* ---- what the authority answers ---- */

struct call {
    struct stand *stand;
    struct authority_service *service;
    const char *path; /* what follows the route's own */
    struct str body;
    struct stand_reply *reply;
};

static void serve_ocsp(struct call *call)
{
    enum authority_fault fault;
    if (!scripted(call->stand, call->service, AUTHORITY_SERVICE_OCSP, &fault, call->reply))
        return;
    say(call->reply, 200, "application/ocsp-response");
    authority_ocsp(call->service->authority, call->body, moment_now(), fault, &call->reply->body);
}

static void serve_tsp(struct call *call)
{
    enum authority_fault fault;
    if (!scripted(call->stand, call->service, AUTHORITY_SERVICE_TSP, &fault, call->reply))
        return;
    say(call->reply, 200, "application/timestamp-reply");
    authority_timestamp(call->service->authority, call->body, moment_now(), fault, &call->reply->body);
}

static void serve_list(struct call *call)
{
    enum authority_fault fault;
    struct err err;
    say(call->reply, 404, "text/plain");
    for (int i = 0; i < AUTHORITY_BRANCHES * AUTHORITY_LISTS; i++) {
        enum authority_branch branch = (enum authority_branch)(i / AUTHORITY_LISTS);
        enum authority_list list = (enum authority_list)(i % AUTHORITY_LISTS);
        if (strcmp(call->path, authority_list_file(branch, list)) != 0 ||
            !scripted(call->stand, call->service, AUTHORITY_SERVICE_CRL, &fault, call->reply))
            continue;
        if (fault == AUTHORITY_ERROR)
            say(call->reply, 500, "text/plain");
        else if (authority_crl(call->service->authority, branch, list, moment_now(), fault, &call->reply->body, &err))
            say(call->reply, 200, "application/pkix-crl");
    }
}

static void serve_certificate(struct call *call)
{
    char name[64];
    struct err err;
    say(call->reply, 404, "text/plain");
    for (int i = 0; i < AUTHORITY_BRANCHES * AUTHORITY_OFFICES; i++) {
        enum authority_branch branch = (enum authority_branch)(i / AUTHORITY_OFFICES);
        enum authority_role office = (enum authority_role)(i % AUTHORITY_OFFICES);
        snprintf(name, sizeof name, "%s_%s_test.cer", authority_role_name(office), authority_branch_name(branch));
        if (strcmp(call->path, name) == 0 &&
            eds_certificate_write(authority_office(call->service->authority, branch, office)->certificate, &call->reply->body,
                                  &err))
            say(call->reply, 200, "application/pkix-cert");
    }
}

static void serve_verifier(struct call *call)
{
    enum authority_fault fault;
    if (!scripted(call->stand, call->service, AUTHORITY_SERVICE_VERIFIER, &fault, call->reply))
        return;
    if (fault == AUTHORITY_ERROR || fault == AUTHORITY_GARBAGE) {
        say(call->reply, fault == AUTHORITY_ERROR ? 500 : 200, "application/json");
        buf_add_text(&call->reply->body, fault == AUTHORITY_ERROR ? "{\"status\":500,\"message\":\"Error\"}" : "no JSON");
        return;
    }
    stand_serve_ncanode(call->stand, call->body, call->reply);
}

static void serve_cms(struct call *call)
{
    struct err err;
    if (signer_request(call->service->signer, call->body, &call->reply->body, &err))
        say(call->reply, 200, "application/json");
    else
        say_outcome(call->reply, false, &err);
}

/* ---- what tests say ---- */

static const char *const part_names[AUTHORITY_SERVICE_PARTS] = { [AUTHORITY_SERVICE_OCSP] = "ocsp",
                                                                 [AUTHORITY_SERVICE_TSP] = "tsp",
                                                                 [AUTHORITY_SERVICE_CRL] = "crl",
                                                                 [AUTHORITY_SERVICE_VERIFIER] = "verifier" };

static bool read_fault(struct str name, enum authority_fault *ret)
{
    for (int i = 0; i < AUTHORITY_FAULTS; i++) {
        if (str_is(name, authority_fault_name((enum authority_fault)i))) {
            *ret = (enum authority_fault)i;
            return true;
        }
    }
    return false;
}

static bool set_faults(struct authority_service *service, const json_t *root, struct err *err)
{
    enum authority_fault fault;
    struct str part = json_member(root, "service");
    const json_t *ms = json_object_get(root, "ms");
    json_int_t wait = ms ? json_integer_value(ms) : 0;
    bool known = false;
    if (!read_fault(json_member(root, "mode"), &fault) || (ms && !json_is_integer(ms)) || wait < 0 || wait > FAULT_MS_MAX)
        return err_set(err, ERR_INPUT,
                       "mode: not one of ok silent slow error garbage other_nonce stale other_signer "
                       "other_certificate unknown_status; or ms: not a number from 0 to 600000");
    pthread_mutex_lock(&service->lock);
    for (int i = 0; i < AUTHORITY_SERVICE_PARTS; i++) {
        if (str_is(part, "all") || str_is(part, part_names[i])) {
            known = true;
            service->script[i].fault = fault;
            service->script[i].ms = (int)wait;
        }
    }
    pthread_mutex_unlock(&service->lock);
    return known || err_set(err, ERR_INPUT, "service: not \"all\", \"ocsp\", \"tsp\", \"crl\" or \"verifier\"");
}

/* {"certificate": base64 of DER} or {"iin"}: the person's GOST key for signing, with "signIn" the one for signing in; "where":
 * "ocsp", "crl", "delta", else all. */
static bool revoke(struct authority_service *service, const json_t *root, struct arena *arena, struct err *err)
{
    static const struct {
        const char *name;
        unsigned where;
    } places[] = { { "ocsp", AUTHORITY_BY_OCSP }, { "crl", AUTHORITY_BY_CRL }, { "delta", AUTHORITY_BY_DELTA } };
    struct authority_holder holder = { 0 };
    struct str der, given = json_member(root, "certificate"), iin = json_member(root, "iin");
    const struct authority_subject subject = { .surname = "ТЕСТОВ", .name = "ТЕСТ", .iin = arena_text(arena, iin) };
    enum authority_role role = json_is_true(json_object_get(root, "signIn")) ? AUTHORITY_PERSON_AUTH : AUTHORITY_PERSON_SIGN;
    unsigned where = AUTHORITY_EVERYWHERE;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (str_is(json_member(root, "where"), places[i].name))
            where = places[i].where;
    }
    bool fine = given.n > 0 ? signer_read_base64(given, arena, &der) && eds_certificate_read(der, &holder.certificate, err)
                            : iin.n == 12 && authority_issue(service->authority, AUTHORITY_GOST, role, &subject, &holder, err);
    fine = fine ? authority_revoke(service->authority, holder.certificate, moment_now(), where, err)
                : err_set(err, ERR_INPUT, "neither \"certificate\" in base64 nor \"iin\" of 12 digits");
    authority_holder_release(&holder);
    return fine;
}

static void told(struct call *call, bool revoking)
{
    json_t *root;
    struct err err;
    struct arena arena;
    bool fine = json_parse(call->body, &root, &err);
    if (fine) {
        arena_init(&arena, 0);
        fine = revoking ? revoke(call->service, root, &arena, &err) : set_faults(call->service, root, &err);
        arena_release(&arena);
        json_decref(root);
    }
    say_outcome(call->reply, fine, &err);
}

static void serve_faults(struct call *call) { told(call, false); }
static void serve_revoke(struct call *call) { told(call, true); }

/* ---- routes ---- */

static const struct {
    const char *method, *path;
    bool prefix, loopback_only;
    void (*serve)(struct call *call);
} routes[] = {
    { "POST", "/ocsp/", false, false, serve_ocsp },
    { "POST", "/ocsp", false, false, serve_ocsp },
    { "POST", "/tsp/", false, false, serve_tsp },
    { "POST", "/tsp", false, false, serve_tsp },
    { "GET", "/crl/", true, false, serve_list },
    { "GET", "/cert/", true, false, serve_certificate },
    { "POST", "/ncanode/cms/verify", false, false, serve_verifier },
    { "POST", "/signer/cms", false, true, serve_cms },
    { "POST", "/stand/authority/faults", false, true, serve_faults },
    { "POST", "/stand/authority/revoke", false, true, serve_revoke },
};

bool authority_service_answer(struct stand *stand, struct authority_service *service, const char *method, const char *path,
                              bool loopback, struct str body, struct stand_reply *ret)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        size_t n = strlen(routes[i].path);
        if (strncmp(path, routes[i].path, n) != 0 || (!routes[i].prefix && path[n] != '\0') ||
            strcmp(method, routes[i].method) != 0)
            continue;
        if (routes[i].loopback_only && !loopback)
            say(ret, 403, "text/plain");
        else
            routes[i].serve(&(struct call){ stand, service, path + n, body, ret });
        return true;
    }
    return false;
}
