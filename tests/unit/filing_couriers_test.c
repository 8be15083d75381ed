/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several couriers at once bring answers about the same signatures, silence and nonsense among them, each on a connection of its
 * own.  Verdicts are made outside of transactions: in the end every signature is good all the same, once, and its step was taken
 * once.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "filing_bench.h"

enum { CASES = 12, COURIERS = 3, ROUNDS_MAX = 4000, LEASE_MS = 30000, STEP_MS = 4000 };

static char folder[] = "/tmp/tirkeu-couriers-XXXXXX", database[64];
static _Atomic int64_t passed_ms; /* the clock of all of them */
static atomic_int answered;

struct courier {
    pthread_t thread;
    unsigned seed;
    struct db *db;
    struct arena arena;
    struct err err;
    bool failed;
};

static struct filing_context context_now(void)
{
    return (struct filing_context){ .policy = policy_default(),
                                    .legal_day = day_of(2026, 3, 2),
                                    .now = AT_PLUS(passed_ms / 1000),
                                    .demonstration = true,
                                    .trust = authority.trust };
}

/* A responder helps every third time, a list never. */
static struct str answer_of(struct courier *c, const struct filing_context *context, const struct filing_fetch *f)
{
    const struct ocsp_options good = { .status = V_OCSP_CERTSTATUS_GOOD, .issued = context->now, .request = f->request };
    int luck = rand_r(&c->seed) % 3;
    if (luck == 0)
        return (struct str){ NULL, 0 };
    if (luck == 1 || f->kind != FILING_FETCH_OCSP)
        return STR("nothing of the kind");
    return make_ocsp(&authority, &c->arena, aidos_key.certificate, authority.nca.certificate, good);
}

static bool work_once(struct courier *c)
{
    struct filing_fetch f[2];
    struct filing_context context = context_now();
    int count;
    if (!filing_fetches_take(c->db, &context, 2, LEASE_MS, &c->arena, f, &count, &c->err))
        return false;
    for (int i = 0; i < count; i++) {
        if (filing_fetch_done(c->db, &context, &f[i], answer_of(c, &context, &f[i]), STR("no answer in time"), &c->err))
            answered++;
        else if (c->err.kind != ERR_CONFLICT) /* that is: another one was faster */
            return false;
    }
    passed_ms += STEP_MS;
    arena_reset(&c->arena);
    return true;
}

static void *work(void *of)
{
    static const char open[] = "SELECT count(*) FROM signature WHERE state = 'checking'";
    struct courier *c = of;
    int64_t left = 1;
    for (int i = 0; left > 0 && !c->failed; i++) {
        c->failed = i == ROUNDS_MAX || !work_once(c) || !filing_number_of(c->db, open, NULL, 0, 0, &left, &c->err);
    }
    return NULL;
}

static void sign_all(struct bench *b)
{
    for (int i = 0; i < CASES; i++) {
        struct filing_coupon coupon = desk_coupon();
        b->id = desk_begin(&b->d, AIDOS, "D1");
        desk_serve(&b->d);
        OK(&b->d, filing_save_coupon(b->d.db, &b->d.context, &b->aidos, b->id, &coupon, &b->d.err));
        OK(&b->d, ask(b, &b->aidos, FILING_SIGN_APPLICATION));
        OK(&b->d, put(b, sign(b, &aidos_key, b->s.content)));
    }
}

static void run_couriers(void)
{
    struct courier courier[COURIERS] = { 0 };
    for (int i = 0; i < COURIERS; i++) {
        struct courier *c = &courier[i];
        c->seed = (unsigned)i + 1;
        arena_init(&c->arena, 0);
        assert_true(db_open(database, false, &c->db, &c->err));
    }
    for (int i = 0; i < COURIERS; i++)
        assert_int_equal(pthread_create(&courier[i].thread, NULL, work, &courier[i]), 0);
    for (int i = 0; i < COURIERS; i++)
        pthread_join(courier[i].thread, NULL);
    for (int i = 0; i < COURIERS; i++) {
        if (courier[i].failed)
            fail_msg("courier %d: %s", i, courier[i].err.text);
        db_close(courier[i].db);
        arena_release(&courier[i].arena);
    }
}

static void many_couriers_settle_each_signature_once(void **state)
{
    struct bench b = { .aidos = citizen(AIDOS) };
    int64_t records;
    (void)state;
    desk_open(&b.d, database);
    b.d.context = context_now();
    sign_all(&b);
    run_couriers();
    assert_true(answered > CASES);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature WHERE state = 'good'"), CASES);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM filing WHERE state = 'consent' AND signed_level = 'eds'"), CASES);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM filing_event WHERE state = 'consent'"), CASES);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature_fetch WHERE state IN ('open', 'silent')"), 0);
    OK(&b.d, filing_records_verify(b.d.db, authority.trust, &records, &b.d.err));
    assert_int_equal(records, CASES);
    desk_audit_is_whole(&b.d);
    desk_close(&b.d);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(many_couriers_settle_each_signature_once) };
    if (!mkdtemp(folder))
        return 1;
    snprintf(database, sizeof database, "%s/a.db", folder);
    int failed = bench_run(tests, 1);
    for (int i = 0; i < 3; i++) {
        static const char *const ends[] = { "", "-wal", "-shm" };
        char name[80];
        snprintf(name, sizeof name, "%s%s", database, ends[i]);
        unlink(name);
    }
    return rmdir(folder) == 0 ? failed : 1;
}
