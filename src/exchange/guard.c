/* SPDX-License-Identifier: Apache-2.0 */
/* Signing and checking of messages, and what is known of the certificates of others. */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "exchange/exchange.h"

enum { KNOWN = 8, IN_VAIN_MS = 10000, FILE_MAX = 1 << 16, QUESTION_MAX = 1 << 14 };

/* One certificate: the newest answer that said something, and when asking was in vain. */
struct known {
    unsigned char certificate[DIGEST_SIZE];
    struct buf answer;
    struct moment used_at, in_vain_at;
};

struct exchange_guard {
    struct exchange_guard_config config;
    pthread_mutex_t lock; /* of known */
    struct known known[KNOWN];
};

/* ---- opening ---- */

static bool in_date(const X509 *certificate, struct moment now)
{
    time_t at = (time_t)(now.ms / 1000);
    return X509_cmp_time(X509_get0_notBefore(certificate), &at) < 0 && X509_cmp_time(X509_get0_notAfter(certificate), &at) > 0;
}

bool exchange_guard_open(const struct exchange_guard_config *config, struct exchange_guard **ret, struct err *err)
{
    const struct eds_identity *own = &config->own;
    bool fits = X509_check_private_key(own->certificate, own->key) == 1;
    ERR_clear_error();
    if (!fits) {
        return err_set(err, ERR_INPUT, "the key is not the certificate's");
    }
    if (!in_date(own->certificate, config->clock())) {
        return err_set(err, ERR_INPUT, "our certificate is out of date");
    }
    struct exchange_guard *guard = mem_alloc(sizeof *guard);
    guard->config = *config;
    X509_up_ref(own->certificate);
    EVP_PKEY_up_ref(own->key);
    pthread_mutex_init(&guard->lock, NULL);
    for (int i = 0; i < KNOWN; i++) {
        buf_init(&guard->known[i].answer, EDS_ANSWER_MAX);
    }
    *ret = guard;
    return true;
}

bool exchange_guard_load(const char *key_file, const char *certificate_file, const struct exchange_guard_config *others,
                         struct exchange_guard **ret, struct err *err)
{
    struct arena arena;
    struct str bytes;
    struct exchange_guard_config config = *others;
    config.own = (struct eds_identity){ 0 };
    arena_init(&arena, 0);
    bool fine = (file_read(key_file, FILE_MAX, &arena, &bytes, err) && eds_key_read(bytes, &config.own.key, err)) ||
                err_prefix(err, "key of messages");
    fine = fine && ((file_read(certificate_file, FILE_MAX, &arena, &bytes, err) &&
                     eds_certificate_read(bytes, &config.own.certificate, err)) ||
                    err_prefix(err, "certificate of messages"));
    fine = fine && exchange_guard_open(&config, ret, err);
    X509_free(config.own.certificate);
    EVP_PKEY_free(config.own.key);
    arena_release(&arena);
    return fine;
}

void exchange_guard_close(struct exchange_guard *guard)
{
    if (!guard) {
        return;
    }
    for (int i = 0; i < KNOWN; i++) {
        buf_release(&guard->known[i].answer);
    }
    X509_free(guard->config.own.certificate);
    EVP_PKEY_free(guard->config.own.key);
    pthread_mutex_destroy(&guard->lock);
    free(guard);
}

bool exchange_guard_sign(struct exchange_guard *guard, struct str envelope, struct buf *ret, struct err *err)
{
    return eds_sign_wss(&guard->config.own, envelope, ret, err) || err_prefix(err, "signing the message");
}

/* ---- what is known ---- */

static bool is_of(const struct known *known, const unsigned char certificate[DIGEST_SIZE])
{
    return known->used_at.ms != 0 && memcmp(known->certificate, certificate, DIGEST_SIZE) == 0;
}

/* Its place, or that of the certificate met longest ago. */
static struct known *place_of(struct exchange_guard *guard, const unsigned char certificate[DIGEST_SIZE])
{
    struct known *place = &guard->known[0];
    for (int i = 0; i < KNOWN; i++) {
        struct known *known = &guard->known[i];
        if (is_of(known, certificate)) {
            return known;
        }
        if (known->used_at.ms < place->used_at.ms) {
            place = known;
        }
    }
    return place;
}

static size_t copy_answers(struct exchange_guard *guard, struct arena *arena, struct str ret[KNOWN])
{
    size_t count = 0;
    pthread_mutex_lock(&guard->lock);
    for (int i = 0; i < KNOWN; i++) {
        if (guard->known[i].answer.n > 0) {
            ret[count++] = arena_str(arena, buf_str(&guard->known[i].answer));
        }
    }
    pthread_mutex_unlock(&guard->lock);
    return count;
}

static bool asked_in_vain(struct exchange_guard *guard, struct str certificate, struct moment now)
{
    unsigned char digest[DIGEST_SIZE];
    digest_bytes(certificate, digest);
    pthread_mutex_lock(&guard->lock);
    const struct known *known = place_of(guard, digest);
    bool in_vain = is_of(known, digest) && now.ms - known->in_vain_at.ms < IN_VAIN_MS;
    pthread_mutex_unlock(&guard->lock);
    return in_vain;
}

static void keep(struct exchange_guard *guard, struct str certificate, struct str answer, struct moment now)
{
    unsigned char digest[DIGEST_SIZE];
    digest_bytes(certificate, digest);
    pthread_mutex_lock(&guard->lock);
    struct known *known = place_of(guard, digest);
    if (!is_of(known, digest)) {
        buf_clear(&known->answer);
        memcpy(known->certificate, digest, DIGEST_SIZE);
    }
    known->used_at = now;
    known->in_vain_at = answer.p ? (struct moment){ INT64_MIN / 2 } : now;
    if (answer.p) {
        buf_clear(&known->answer);
        buf_add_str(&known->answer, answer);
    }
    pthread_mutex_unlock(&guard->lock);
}

/* ---- checking ---- */

/* Canonical XML of the Body carries the namespaces that it uses. */
static struct str around(struct str body, struct arena *arena)
{
    static const char opening[] = "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\">",
                      closing[] = "</S:Envelope>";
    struct buf out;
    buf_init(&out, body.n + sizeof opening + sizeof closing);
    buf_add_text(&out, opening);
    buf_add_str(&out, body);
    buf_add_text(&out, closing);
    struct str envelope = arena_str(arena, buf_str(&out));
    buf_release(&out);
    return envelope;
}

static void put_question(struct exchange_guard *guard, const struct eds_missing *missing, struct arena *arena,
                         struct exchange_checked *ret)
{
    struct buf question;
    struct err ignored;
    if (missing->url.n == 0 || asked_in_vain(guard, missing->certificate, guard->config.clock())) {
        return;
    }
    digest_random(ret->nonce, sizeof ret->nonce);
    buf_init(&question, QUESTION_MAX);
    if (eds_ocsp_request(missing->certificate, missing->issuer, (struct str){ ret->nonce, sizeof ret->nonce }, &question,
                         &ignored)) {
        ret->question = arena_str(arena, buf_str(&question));
        ret->url = missing->url;
        ret->certificate = missing->certificate;
        ret->issuer = missing->issuer;
    }
    buf_release(&question);
}

void exchange_guard_check(struct exchange_guard *guard, struct str message, struct arena *arena, struct exchange_checked *ret)
{
    struct str answer[KNOWN];
    struct eds_verdict verdict;
    struct eds_request request = { .form = EDS_WSS,
                                   .signature = message,
                                   .at = guard->config.clock(),
                                   .purpose = EDS_PURPOSE_SYSTEM,
                                   .bin = guard->config.peer_bin,
                                   .ocsp = answer,
                                   .ocsps = copy_answers(guard, arena, answer) };
    eds_verify(guard->config.trust, &request, arena, &verdict);
    const struct eds_step *reason = eds_verdict_reason(&verdict);
    *ret = (struct exchange_checked){ .good = verdict.valid, .reason = reason ? reason->reason : EDS_OK };
    if (verdict.valid == TRI_YES) {
        ret->envelope = around(verdict.content, arena);
    }
    for (size_t i = 0; verdict.valid == TRI_UNKNOWN && i < verdict.missings && ret->url.n == 0; i++) {
        if (verdict.missing[i].kind == EDS_MISSING_OCSP) {
            put_question(guard, &verdict.missing[i], arena, ret);
        }
    }
}

/* Whether the answer says something about this certificate, with the nonce that was sent. */
static bool says_something(struct exchange_guard *guard, const struct exchange_checked *asked, struct str answer,
                           struct moment now)
{
    struct arena arena;
    struct eds_verdict verdict;
    struct eds_request request = { .form = EDS_CERTIFICATE,
                                   .signature = asked->certificate,
                                   .at = now,
                                   .ocsp = &answer,
                                   .ocsps = 1,
                                   .ocsp_nonce = { asked->nonce, sizeof asked->nonce } };
    bool said = false;
    arena_init(&arena, 0);
    eds_verify(guard->config.trust, &request, &arena, &verdict);
    for (size_t i = 0; i < verdict.steps; i++) {
        said |= verdict.step[i].kind == EDS_STEP_REVOCATION && verdict.step[i].result != TRI_UNKNOWN;
    }
    arena_release(&arena);
    return said;
}

void exchange_guard_learn(struct exchange_guard *guard, const struct exchange_checked *asked, struct str answer)
{
    struct moment now = guard->config.clock();
    bool useful = answer.p && says_something(guard, asked, answer, now);
    keep(guard, asked->certificate, useful ? answer : (struct str){ NULL, 0 }, now);
}
