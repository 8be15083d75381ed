/* SPDX-License-Identifier: Apache-2.0 */
#include "stand/seal.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { FILE_MAX = 1 << 16, ANSWER_MAX = 1 << 16, DAY_MS = 24 * 60 * 60 * 1000 };

/* Codes of the gateway's public fault table, about the transport signature. */
#define FAULT_NOT_CURRENT "SCE005"
#define FAULT_WRONG       "SCE006"
#define FAULT_NOT_SIGNED  "SCE007"

struct stand_seal {
    struct authority *authority;
    struct eds_trust *trust;
    struct exchange_guard *guard;
    struct authority_holder own, other, expired; /* other: another key under our certificate */
};

/* ---- opening ---- */

static const struct authority_subject gateway = { .name = "SHEP-STAND", .organisation = "ШЭП TEST", .bin = STAND_SEAL_BIN };
static const struct authority_subject peer = { .name = "TIRKEU", .organisation = "TIRKEU TEST", .bin = "987654321012" };

static bool write_peer(struct authority *authority, const char *folder, struct err *err)
{
    struct authority_holder holder;
    struct buf key, certificate;
    char path[512];
    if (!authority_issue(authority, AUTHORITY_GOST, AUTHORITY_SYSTEM, &peer, &holder, err))
        return false;
    buf_init(&key, FILE_MAX);
    buf_init(&certificate, FILE_MAX);
    snprintf(path, sizeof path, "%s/keys/tirkeu.pem", folder);
    bool fine = eds_key_write(holder.key, &key, err) && file_write(path, buf_str(&key), err);
    snprintf(path, sizeof path, "%s/keys/tirkeu.cer", folder);
    fine = fine && eds_certificate_write(holder.certificate, &certificate, err) && file_write(path, buf_str(&certificate), err);
    buf_release(&key);
    buf_release(&certificate);
    authority_holder_release(&holder);
    return fine;
}

static bool make_expired(const struct authority *authority, EVP_PKEY *key, X509 **ret, struct err *err)
{
    struct authority_spec spec;
    authority_spec_of(authority, AUTHORITY_GOST, AUTHORITY_SYSTEM, &gateway, &spec);
    spec.not_after.ms = moment_now().ms - DAY_MS;
    return authority_certify(&spec, key, authority_office(authority, AUTHORITY_GOST, AUTHORITY_ISSUER), ret, err);
}

static bool make_holders(struct stand_seal *seal, struct err *err)
{
    if (!authority_issue(seal->authority, AUTHORITY_GOST, AUTHORITY_SYSTEM, &gateway, &seal->own, err) ||
        !authority_issue(seal->authority, AUTHORITY_GOST, AUTHORITY_SYSTEM, &peer, &seal->other, err) ||
        !make_expired(seal->authority, seal->own.key, &seal->expired.certificate, err))
        return false;
    X509_free(seal->other.certificate);
    seal->other.certificate = seal->own.certificate;
    seal->expired.key = seal->own.key;
    return X509_up_ref(seal->own.certificate) == 1 && EVP_PKEY_up_ref(seal->own.key) == 1;
}

static bool make_guard(struct stand_seal *seal, struct err *err)
{
    X509 *anchor[AUTHORITY_BRANCHES], *below[AUTHORITY_BRANCHES];
    for (int branch = 0; branch < AUTHORITY_BRANCHES; branch++) {
        anchor[branch] = authority_office(seal->authority, (enum authority_branch)branch, AUTHORITY_ROOT)->certificate;
        below[branch] = authority_office(seal->authority, (enum authority_branch)branch, AUTHORITY_ISSUER)->certificate;
    }
    if (!eds_trust_make(EDS_TEST, anchor, AUTHORITY_BRANCHES, below, AUTHORITY_BRANCHES, NULL, &seal->trust, err))
        return false;
    const struct exchange_guard_config config = { .own = { .key = seal->own.key, .certificate = seal->own.certificate },
                                                  .trust = seal->trust,
                                                  .clock = moment_now };
    return exchange_guard_open(&config, &seal->guard, err);
}

bool stand_seal_open(const char *folder, const char *url, struct stand_seal **ret, struct err *err)
{
    struct stand_seal *seal = mem_alloc(sizeof *seal);
    bool fine = authority_open(folder, url, moment_now(), &seal->authority, err) && authority_write_trust(seal->authority, err) &&
                make_holders(seal, err) && make_guard(seal, err) && write_peer(seal->authority, folder, err);
    if (fine)
        *ret = seal;
    else
        stand_seal_close(seal);
    return fine;
}

void stand_seal_close(struct stand_seal *seal)
{
    if (!seal)
        return;
    exchange_guard_close(seal->guard);
    eds_trust_free(seal->trust);
    authority_holder_release(&seal->own);
    authority_holder_release(&seal->other);
    authority_holder_release(&seal->expired);
    authority_free(seal->authority);
    free(seal);
}

const struct eds_trust *stand_seal_trust(const struct stand_seal *seal) { return seal->trust; }

struct authority *stand_seal_authority(const struct stand_seal *seal) { return seal->authority; }

/* ---- requests ---- */

static const char *fault_code(enum eds_reason reason)
{
    static const struct {
        enum eds_reason reason;
        const char *code;
    } rows[] = {
        { EDS_SIGNERS_NONE, FAULT_NOT_SIGNED },           { EDS_CHAIN_EXPIRED, FAULT_NOT_CURRENT },
        { EDS_CHAIN_NOT_YET, FAULT_NOT_CURRENT },         { EDS_REVOCATION_REVOKED, FAULT_NOT_CURRENT },
        { EDS_REVOCATION_NOT_ISSUED, FAULT_NOT_CURRENT },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].reason == reason)
            return rows[i].code;
    }
    return FAULT_WRONG;
}

/* The authority is in this very process: it is asked without the network. */
static void ask_authority(struct stand_seal *seal, const struct exchange_checked *checked)
{
    struct buf answer;
    buf_init(&answer, ANSWER_MAX);
    authority_ocsp(seal->authority, checked->question, moment_now(), AUTHORITY_OK, &answer);
    exchange_guard_learn(seal->guard, checked, buf_str(&answer));
    buf_release(&answer);
}

bool stand_seal_check(struct stand_seal *seal, struct str envelope, struct arena *arena, struct str *ret, const char **ret_code)
{
    struct exchange_checked checked;
    exchange_guard_check(seal->guard, envelope, arena, &checked);
    if (checked.good == TRI_UNKNOWN && checked.url.n > 0) {
        ask_authority(seal, &checked);
        exchange_guard_check(seal->guard, envelope, arena, &checked);
    }
    *ret = checked.envelope;
    *ret_code = fault_code(checked.reason);
    return checked.good == TRI_YES;
}

/* ---- replies ---- */

static void sign(const struct authority_holder *holder, struct buf *reply)
{
    const struct eds_identity identity = { .key = holder->key, .certificate = holder->certificate };
    struct buf made;
    struct err err;
    buf_init(&made, reply->limit);
    if (eds_sign_wss(&identity, buf_str(reply), &made, &err)) {
        buf_clear(reply);
        buf_add_str(reply, buf_str(&made));
    }
    buf_release(&made);
}

/* Another last digit. */
static void change(char *from, char *to)
{
    while (to > from && !(to[-1] >= '0' && to[-1] <= '9'))
        to--;
    if (to > from)
        to[-1] = to[-1] == '9' ? '0' : (char)(to[-1] + 1);
}

static bool find_body(const struct buf *reply, char **ret_from, char **ret_to)
{
    static const char closing[] = "</S:Body>";
    char *from = strstr(reply->p, "<S:Body"), *to = from ? strstr(from, closing) : NULL;
    if (!to)
        return false;
    *ret_from = from;
    *ret_to = to + sizeof closing - 1;
    return true;
}

/* The signed Body hides in the Header, a changed one stands in its place. */
static void wrap(struct buf *reply)
{
    char *from, *to;
    char *header = strstr(reply->p, "</S:Header>");
    struct buf made;
    if (!header || !find_body(reply, &from, &to))
        return;
    buf_init(&made, reply->limit);
    buf_add(&made, reply->p, (size_t)(header - reply->p));
    buf_add_text(&made, "<w:Wrapper xmlns:w=\"urn:wrapper\">");
    buf_add(&made, from, (size_t)(to - from));
    buf_add_text(&made, "</w:Wrapper></S:Header><S:Body");
    change(from, to);
    buf_add_text(&made, strchr(from, '>'));
    buf_clear(reply);
    buf_add_str(reply, buf_str(&made));
    buf_release(&made);
}

void stand_seal_put(struct stand_seal *seal, enum stand_mode mode, struct buf *reply)
{
    char *from, *to;
    if (mode == STAND_UNSIGNED || reply->n == 0)
        return;
    sign(mode == STAND_OTHER_KEY ? &seal->other : mode == STAND_EXPIRED ? &seal->expired : &seal->own, reply);
    if (mode == STAND_WRAPPED)
        wrap(reply);
    else if (mode == STAND_CHANGED && find_body(reply, &from, &to))
        change(from, to);
}
