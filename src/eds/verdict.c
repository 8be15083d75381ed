/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict: its steps as they are taken, the one that decided, and all of it as JSON. */
#include "eds/eds_impl.h"

#include <stdio.h>

#include "base/json.h"

static struct eds_step *next_step(struct check *check)
{
    if (check->verdict->steps >= CHECK_STEPS(check->most))
        BUG("more than %zu steps", (size_t)CHECK_STEPS(check->most));
    return &check->step[check->verdict->steps++];
}

bool check_step(struct check *check, enum eds_step_kind kind, int signer, enum tri result, enum eds_reason reason,
                const char *format, ...)
{
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    *next_step(check) = (struct eds_step){ kind, signer, result, true, reason, arena_str(check->arena, str_from(text)) };
    return result != TRI_NO;
}

void check_told(struct check *check, enum eds_step_kind kind, int signer, enum tri result, enum eds_reason reason)
{
    *next_step(check) = (struct eds_step){ kind, signer, result, false, reason, STR("") };
}

void check_missing(struct check *check, struct eds_missing missing)
{
    if (check->verdict->missings < CHECK_MISSINGS(check->most))
        check->missing[check->verdict->missings++] = missing;
}

struct str check_bytes(struct check *check, const void *bytes, size_t n)
{
    return (struct str){ arena_copy(check->arena, n ? bytes : "", n), n };
}

const struct eds_step *eds_verdict_reason(const struct eds_verdict *verdict)
{
    const struct eds_step *unknown = NULL;
    for (size_t i = 0; i < verdict->steps; i++) {
        const struct eds_step *step = &verdict->step[i];
        if (step->weighs && step->result == TRI_NO)
            return step;
        if (step->weighs && step->result == TRI_UNKNOWN && !unknown)
            unknown = step;
    }
    return unknown;
}

/* ---- JSON ---- */

static void put_moment(struct json *json, const char *key, bool known, struct moment at)
{
    char text[MOMENT_TEXT];
    json_put_text(json, key, known ? moment_format(at, text) : NULL);
}

static void put_tri(struct json *json, const char *key, enum tri value)
{
    json_key(json, key);
    if (value == TRI_UNKNOWN)
        json_nil(json);
    else
        json_bool(json, value == TRI_YES);
}

static void put_list(struct json *json, const char *key, struct str commas)
{
    struct str part;
    json_key(json, key);
    json_open_array(json);
    while (commas.n > 0 && str_split(&commas, ',', &part))
        json_str(json, part);
    json_end(json);
}

static void put_or_null(struct json *json, const char *key, struct str value)
{
    json_key(json, key);
    if (value.n)
        json_str(json, value);
    else
        json_nil(json);
}

static void put_signer(struct json *json, const struct eds_signer *signer)
{
    json_open_object(json);
    json_put_str(json, "subject", signer->subject);
    put_or_null(json, "common_name", signer->common_name);
    put_or_null(json, "iin", signer->iin);
    put_or_null(json, "bin", signer->bin);
    put_or_null(json, "organisation", signer->organisation);
    json_put_str(json, "issuer", signer->issuer);
    json_put_str(json, "serial", signer->serial);
    json_put_text(json, "algorithm", eds_algorithm_name(signer->algorithm));
    put_list(json, "key_usage", signer->key_usage);
    put_list(json, "extended_key_usage", signer->extended_key_usage);
    put_moment(json, "not_before", true, signer->not_before);
    put_moment(json, "not_after", true, signer->not_after);
    put_moment(json, "signing_time", signer->has_signing_time, signer->signing_time);
    put_moment(json, "timestamp", signer->has_timestamp, signer->timestamp);
    json_put_bool(json, "timestamp_trusted", signer->timestamp_trusted);
    put_moment(json, "verified_at", true, signer->verified_at);
    json_end(json);
}

static void put_step(struct json *json, const struct eds_step *step)
{
    static const char *const results[] = { [TRI_NO] = "failed", [TRI_UNKNOWN] = "unknown", [TRI_YES] = "passed" };
    json_open_object(json);
    json_put_text(json, "step", eds_step_name(step->kind));
    json_key(json, "signer");
    if (step->signer < 0)
        json_nil(json);
    else
        json_int(json, step->signer);
    json_put_text(json, "result", results[step->result]);
    json_put_text(json, "reason", eds_reason_name(step->reason));
    json_put_bool(json, "weighs", step->weighs);
    if (step->detail.n > 0)
        json_put_str(json, "detail", step->detail);
    json_end(json);
}

static void put_missing(struct json *json, const struct eds_missing *missing)
{
    static const char *const kinds[] = { [EDS_MISSING_OCSP] = "ocsp",
                                         [EDS_MISSING_CRL] = "crl",
                                         [EDS_MISSING_TIMESTAMP] = "timestamp",
                                         [EDS_MISSING_VERDICT] = "verdict" };
    json_open_object(json);
    json_put_text(json, "kind", kinds[missing->kind]);
    json_put_int(json, "signer", missing->signer);
    put_or_null(json, "url", missing->url);
    json_end(json);
}

void eds_verdict_json(const struct eds_verdict *verdict, struct buf *out)
{
    static const char *const forms[] = {
        [EDS_ANY] = "unknown",  [EDS_CMS] = "cms", [EDS_XML] = "xml", [EDS_WSS] = "wss", [EDS_CERTIFICATE] = "certificate",
        [EDS_RECORD] = "record"
    };
    const struct eds_step *why = eds_verdict_reason(verdict);
    struct json json;
    json_init(&json, out);
    json_open_object(&json);
    put_tri(&json, "valid", verdict->valid);
    json_put_text(&json, "form", forms[verdict->form]);
    json_put_text(&json, "step", why ? eds_step_name(why->kind) : NULL);
    json_put_text(&json, "reason", why ? eds_reason_name(why->reason) : NULL);
    put_moment(&json, "at", true, verdict->at);
    json_put_text(&json, "policy", verdict->policy_version);
    json_key(&json, "signers");
    json_open_array(&json);
    for (size_t i = 0; i < verdict->signers; i++)
        put_signer(&json, &verdict->signer[i]);
    json_end(&json);
    json_key(&json, "steps");
    json_open_array(&json);
    for (size_t i = 0; i < verdict->steps; i++)
        put_step(&json, &verdict->step[i]);
    json_end(&json);
    json_key(&json, "missing");
    json_open_array(&json);
    for (size_t i = 0; i < verdict->missings; i++)
        put_missing(&json, &verdict->missing[i]);
    json_end(&json);
    json_end(&json);
}
