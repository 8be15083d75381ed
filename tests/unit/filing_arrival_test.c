/* SPDX-License-Identifier: Apache-2.0 */
/* What comes while a signature is verified outside of the transaction: only what was verified is stored. */
#include "filing_bench.h"

/* ---- verified ahead ---- */

/* OCSP was silent so often that lists are asked for as well: all that is out now. */
static void take_several(struct bench *b, struct filing_fetch *ret_ocsp, struct filing_fetch *ret_list)
{
    struct filing_fetch f[8];
    int count;
    b->answer = NOTHING;
    OK(&b->d, ask(b, &b->aidos, FILING_SIGN_APPLICATION));
    OK(&b->d, put(b, sign(b, &aidos_key, b->s.content)));
    for (int i = 0; i < 2; i++) {
        fetch(b, &aidos_key);
        desk_pass(&b->d, 60);
    }
    OK(&b->d, filing_fetches_take(b->d.db, &b->d.context, 8, 30000, &b->d.arena, f, &count, &b->d.err));
    *ret_ocsp = *ret_list = (struct filing_fetch){ 0 };
    for (int i = 0; i < count; i++)
        *(f[i].kind == FILING_FETCH_OCSP ? ret_ocsp : ret_list) = f[i];
    assert_true(ret_ocsp->id > 0 && ret_list->id > 0);
}

static struct str ocsp_answer(struct bench *b, const struct filing_fetch *f, bool good)
{
    const struct ocsp_options o = { .status = good ? V_OCSP_CERTSTATUS_GOOD : V_OCSP_CERTSTATUS_REVOKED,
                                    .reason = good ? NO_REASON : OCSP_REVOKED_STATUS_KEYCOMPROMISE,
                                    .revoked = { AT.ms - 1000 },
                                    .issued = b->d.context.now,
                                    .request = f->request };
    return make_ocsp(&authority, &b->d.arena, aidos_key.certificate, authority.nca.certificate, o);
}

static struct filing_check *check_ahead(struct bench *b, const struct signature_arrival *arrival)
{
    struct filing_check *check;
    OK(&b->d, signature_arrival_check(b->d.db, &b->d.context, arrival, &b->d.arena, &check, &b->d.err));
    assert_non_null(check);
    return check;
}

/* Changed: nothing at all was written.  Then both halves once more. */
static void store_after_all(struct bench *b, const struct signature_arrival *arrival, const struct filing_check *stale)
{
    bool changed;
    int64_t entries = desk_count(&b->d, "SELECT count(*) FROM audit");
    REFUSED(&b->d, ERR_CONFLICT, signature_arrival_store(b->d.db, &b->d.context, arrival, stale, &changed, &b->d.err));
    assert_true(changed);
    assert_int_equal(desk_count(&b->d, "SELECT count(*) FROM audit"), entries);
    expect_result(b, &b->aidos, FILING_SIGNATURE_CHECKING, EDS_REVOCATION_NO_ANSWER);
    assert_false(db_in_transaction(b->d.db));
    OK(&b->d, filing_fetch_done(b->d.db, &b->d.context, arrival->fetch, arrival->answer, arrival->trouble, &b->d.err));
}

static void another_answer_that_came_meanwhile_is_looked_at(void **state)
{
    struct bench b;
    struct filing_fetch ocsp, list;
    (void)state;
    bench_open(&b);
    take_several(&b, &ocsp, &list);
    const struct signature_arrival good = { &ocsp, ocsp_answer(&b, &ocsp, true), STR("") };
    struct filing_check *check = check_ahead(&b, &good);
    assert_int_equal(check->verdict.valid, TRI_YES);
    OK(&b.d, filing_fetch_done(b.d.db, &b.d.context, &list, STR("no list"), STR(""), &b.d.err));
    store_after_all(&b, &good, check);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_GOOD, EDS_OK);
    STATE_IS(&b.d, b.id, FILING_CONSENT);
    bench_close(&b);
}

static void another_list_that_came_meanwhile_is_looked_at(void **state)
{
    struct bench b;
    struct filing_fetch ocsp, list;
    (void)state;
    bench_open(&b);
    take_several(&b, &ocsp, &list);
    const struct signature_arrival good = { &ocsp, ocsp_answer(&b, &ocsp, true), STR("") };
    OK(&b.d, filing_fetch_done(b.d.db, &b.d.context, &list, STR("no list"), STR(""), &b.d.err));
    struct filing_check *check = check_ahead(&b, &good);
    OK(&b.d, db_exec(b.d.db, "UPDATE revocation_list SET fetched_at = fetched_at + 1", &b.d.err));
    store_after_all(&b, &good, check);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_GOOD, EDS_OK);
    bench_close(&b);
}

/* A verdict that was good when it was made does not bring back what somebody else has refused or withdrawn. */
static void what_was_settled_meanwhile_stays_settled(void **state)
{
    struct bench b;
    struct filing_fetch ocsp, list;
    bool changed;
    (void)state;
    for (int withdrawn = 0; withdrawn < 2; withdrawn++) {
        bench_open(&b);
        take_several(&b, &ocsp, &list);
        const struct signature_arrival good = { &ocsp, ocsp_answer(&b, &ocsp, true), STR("") };
        struct filing_check *check = check_ahead(&b, &good);
        if (withdrawn) {
            desk_sign(&b.d, AIDOS, b.id); /* with a code after all */
        } else {
            struct filing_fetch other = ocsp;
            OK(&b.d, filing_fetch_done(b.d.db, &b.d.context, &other, ocsp_answer(&b, &other, false), STR(""), &b.d.err));
        }
        bool stored = signature_arrival_store(b.d.db, &b.d.context, &good, check, &changed, &b.d.err);
        assert_int_equal(stored, withdrawn); /* nobody waits for it; or the lease is over */
        assert_false(changed);
        expect_result(&b, &b.aidos, withdrawn ? FILING_SIGNATURE_WITHDRAWN : FILING_SIGNATURE_REFUSED,
                      withdrawn ? EDS_REVOCATION_NO_ANSWER : EDS_REVOCATION_REVOKED);
        assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature WHERE record IS NOT NULL"), 0);
        STATE_IS(&b.d, b.id, withdrawn ? FILING_CONSENT : FILING_SIGNING);
        bench_close(&b);
    }
}

static void only_what_was_verified_is_put(void **state)
{
    struct bench b;
    struct filing_check *check, *none;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    const struct filing_access access = { .ticket = str_from(b.ticket) };
    struct str right = sign(&b, &aidos_key, b.s.content), wrong = sign(&b, &gulnar_key, b.s.content);
    OK(&b.d, filing_signature_check(b.d.db, &b.d.context, &access, b.request, right, &b.d.arena, &check, &b.d.err));
#define PUT(cms, with) filing_signature_put(b.d.db, &b.d.context, &access, b.request, cms, with, &b.result, &b.d.err)
    REFUSED(&b.d, ERR_CONFLICT, PUT(wrong, check));
    REFUSED(&b.d, ERR_CONFLICT, PUT(right, NULL));
    desk_pass(&b.d, 1);
    REFUSED(&b.d, ERR_CONFLICT, PUT(right, check)); /* at another time */
    desk_pass(&b.d, -1);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_OPEN, EDS_OK);
    OK(&b.d, PUT(right, check));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_CHECKING, EDS_REVOCATION_NO_ANSWER);
    OK(&b.d, filing_signature_check(b.d.db, &b.d.context, &access, b.request, right, &b.d.arena, &none, &b.d.err));
    assert_null(none); /* it came already */
    OK(&b.d, PUT(right, none));
    REFUSED(&b.d, ERR_CONFLICT, PUT(wrong, none));

    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    char large[FILING_CMS_MAX + 1] = { 0 };
    const struct str too_large = { large, sizeof large };
    OK(&b.d, filing_signature_check(b.d.db, &b.d.context, &access, b.request, too_large, &b.d.arena, &none, &b.d.err));
    assert_null(none);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_answer_that_came_meanwhile_is_looked_at),
        cmocka_unit_test(another_list_that_came_meanwhile_is_looked_at),
        cmocka_unit_test(what_was_settled_meanwhile_stays_settled),
        cmocka_unit_test(only_what_was_verified_is_put),
    };
    return bench_run(tests, sizeof tests / sizeof *tests);
}
