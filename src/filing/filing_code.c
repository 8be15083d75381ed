/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One-time codes: six digits, ten minutes, five attempts, three codes in ten minutes.
 * The table keeps a digest under a salt of its own; the text leaves the outbox when it is sent.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "filing/filing_impl.h"

#define CODE_DIGITS  6
#define CODE_RANGE   1000000U
#define CODE_LIFE_MS (10 * MINUTE_MS)
#define CODES_MAX    3
#define ATTEMPTS_MAX 5
#define SALT_SIZE    16
#define CODE_DIGEST  32

static void digest_code(const unsigned char salt[SALT_SIZE], struct str code, unsigned char ret[CODE_DIGEST])
{
    crypto_generichash(ret, CODE_DIGEST, (const unsigned char *)code.p, code.n, salt, SALT_SIZE);
}

static bool too_many(struct filing_work *w)
{
    static const char in_the_way[] = "SELECT sent_at FROM code WHERE filing = $1 AND person = $2 AND sent_at > $3 "
                                     "AND sent_at <= $5 ORDER BY sent_at DESC LIMIT 1 OFFSET $4";
    int64_t sent_at, since = w->context->now.ms - CODE_LIFE_MS;
    if (!filing_number_of(
            w->db, in_the_way,
            VALUES(v_int(w->c.id.n), v_iin(w->actor->person), v_int(since), v_int(CODES_MAX - 1), v_at(w->context->now)), 0,
            &sent_at, w->err))
        return true;
    if (sent_at == 0)
        return false;
    err_set(w->err, ERR_LIMIT, "error.too_many_codes: %s: %d codes were sent in ten minutes", w->c.number, CODES_MAX);
    err_again(w->err, sent_at - since);
    return true;
}

static bool store_code(struct filing_work *w, const char *purpose, struct str code)
{
    static const char spend[] = "UPDATE code SET spent = 1 WHERE filing = $1 AND person = $2";
    static const char insert[] = "INSERT INTO code (filing, person, purpose, salt, digest, sent_at, expires_at) "
                                 "VALUES ($1, $2, $3, $4, $5, $6, $7)";
    unsigned char salt[SALT_SIZE], digest[CODE_DIGEST];
    int64_t now = w->context->now.ms;
    randombytes_buf(salt, sizeof salt);
    digest_code(salt, code, digest);
    return filing_run(w->db, spend, VALUES(v_int(w->c.id.n), v_iin(w->actor->person)), w->err) &&
           filing_run(w->db, insert,
                      VALUES(v_int(w->c.id.n), v_iin(w->actor->person), v_text(purpose), v_bytes(salt, sizeof salt),
                             v_bytes(digest, sizeof digest), v_int(now), v_int(now + CODE_LIFE_MS)),
                      w->err);
}

bool filing_code_send(struct filing_work *w, const char *purpose)
{
    struct filing_answers answers;
    char code[CODE_DIGITS + 1];
    if (!filing_answers_load(w, &answers))
        return false;
    const struct registry_person *record = filing_person_of(&answers, w->actor->person);
    if (!record)
        return err_set(w->err, ERR_CONFLICT, "error.people_not_known_yet: %s: GBD FL has not answered about the person yet",
                       w->c.number);
    if (record->phone.n == 0)
        return err_set(w->err, ERR_CONFLICT, "error.no_phone: %s: GBD FL holds no telephone number for the person", w->c.number);
    if (too_many(w))
        return false;
    snprintf(code, sizeof code, "%0*u", CODE_DIGITS, randombytes_uniform(CODE_RANGE) % CODE_RANGE);
    enum text_key key = str_is(str_from(purpose), "sign") ? T_SMS_CODE_SIGN : T_SMS_CODE_CONSENT;
    bool ok = store_code(w, purpose, str_from(code)) && filing_withdraw(w, "code") &&
              filing_send_to(w, record, w->actor->person, key, str_from(code)) &&
              filing_audit(w, "code", filing_purpose_of(w), purpose);
    sodium_memzero(code, sizeof code);
    return ok;
}

struct live_code {
    int64_t id, attempts, expires_at;
    unsigned char salt[SALT_SIZE], digest[CODE_DIGEST];
};

static bool read_live(struct filing_work *w, const char *purpose, struct live_code *ret)
{
    static const char select[] =
        "SELECT id, attempts, expires_at, salt, digest FROM code WHERE filing = $1 AND person = $2 AND purpose = $3 "
        "AND spent = 0 ORDER BY id DESC LIMIT 1";
    struct db_query q;
    *ret = (struct live_code){ 0 };
    if (!filing_query(w->db, &q, select, VALUES(v_int(w->c.id.n), v_iin(w->actor->person), v_text(purpose)), w->err))
        return false;
    while (db_row(&q)) {
        struct str salt = db_str(&q, 3), digest = db_str(&q, 4);
        if (salt.n != SALT_SIZE || digest.n != CODE_DIGEST)
            continue;
        *ret = (struct live_code){ .id = db_int(&q, 0), .attempts = db_int(&q, 1), .expires_at = db_int(&q, 2) };
        memcpy(ret->salt, salt.p, SALT_SIZE);
        memcpy(ret->digest, digest.p, CODE_DIGEST);
    }
    return db_finish(&q, w->err);
}

static bool wrong(struct filing_work *w, const struct live_code *live)
{
    static const char count[] =
        "UPDATE code SET attempts = attempts + 1, spent = CASE WHEN attempts + 1 >= $2 THEN 1 ELSE 0 END WHERE id = $1";
    if (!filing_run(w->db, count, VALUES(v_int(live->id), v_int(ATTEMPTS_MAX)), w->err) ||
        !filing_audit(w, "wrong_code", filing_purpose_of(w), ""))
        return false;
    w->keep = true;
    if (live->attempts + 1 >= ATTEMPTS_MAX)
        return err_set(w->err, ERR_INPUT, "error.code_void: %s: %d wrong codes", w->c.number, ATTEMPTS_MAX);
    return err_set(w->err, ERR_INPUT, "error.code_wrong: %s: the code is another one", w->c.number);
}

bool filing_code_check(struct filing_work *w, const char *purpose, struct str code)
{
    struct live_code live;
    unsigned char digest[CODE_DIGEST];
    if (!read_live(w, purpose, &live))
        return false;
    if (live.id == 0)
        return err_set(w->err, ERR_INPUT, "error.code_void: %s: there is no code that could be entered", w->c.number);
    if (live.expires_at < w->context->now.ms)
        return err_set(w->err, ERR_INPUT, "error.code_expired: %s: the code's ten minutes are over", w->c.number);
    digest_code(live.salt, str_trim(code), digest);
    if (sodium_memcmp(digest, live.digest, CODE_DIGEST) != 0)
        return wrong(w, &live);
    return filing_run(w->db, "UPDATE code SET spent = 1 WHERE id = $1", VALUES(v_int(live.id)), w->err);
}
