/* SPDX-License-Identifier: Apache-2.0 */
/* A change of policy is approved by a second person, and its evidence is verified each time. */
#include "filing_bench.h"

#define FILE_DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct filing_signing policy_by(const char *author)
{
    return (struct filing_signing){ .purpose = FILING_SIGN_POLICY,
                                    .policy_version = STR("2026-03"),
                                    .policy_digest = STR(FILE_DIGEST),
                                    .policy_author = person(author) };
}

/* Asked for, perhaps changed in the database by somebody (`before`), signed by Gulnar. */
static void approve_policy(struct bench *b, const char *before)
{
    struct filing_signing wanted = policy_by(AIDOS);
    OK(&b->d, filing_signature_ask(b->d.db, &b->d.context, &b->gulnar, &wanted, &b->request, b->ticket, &b->d.err));
    if (before)
        OK(&b->d, db_exec(b->d.db, before, &b->d.err));
    OK(&b->d, filing_signature_find(b->d.db, &b->d.context, str_from(b->ticket), &b->d.arena, &b->s, &b->d.err));
    OK(&b->d, put(b, sign(b, &gulnar_key, b->s.content)));
    fetch(b, &gulnar_key);
    expect_result(b, &b->gulnar, FILING_SIGNATURE_GOOD, EDS_OK);
}

static bool is_approved(struct bench *b, const struct eds_trust *trust)
{
    int64_t signature;
    return filing_policy_approval(b->d.db, trust, STR(FILE_DIGEST), &signature, &b->d.err);
}

static void not_approved(struct bench *b, const char *why)
{
    REFUSED(&b->d, ERR_FORBIDDEN, is_approved(b, authority.trust));
    if (!strstr(b->d.err.text, why))
        fail_msg("%s: %s", why, b->d.err.text);
}

static void a_policy_needs_somebody_else(void **state)
{
    struct filing_signing wanted = policy_by(GULNAR);
    struct bench b;
    (void)state;
    bench_open(&b);
    not_approved(&b, "nobody has signed exactly these bytes");
    REFUSED(&b.d, ERR_INPUT, filing_signature_ask(b.d.db, &b.d.context, &b.gulnar, &wanted, &b.request, b.ticket, &b.d.err));
    wanted = policy_by(AIDOS);
    OK(&b.d, filing_signature_ask(b.d.db, &b.d.context, &b.gulnar, &wanted, &b.request, b.ticket, &b.d.err));
    OK(&b.d, filing_signature_find(b.d.db, &b.d.context, str_from(b.ticket), &b.d.arena, &b.s, &b.d.err));
    assert_non_null(
        strstr(b.s.content.p, "\"policy_sha256\":\"" FILE_DIGEST "\",\"author\":\"" AIDOS "\",\"approver\":\"" GULNAR));
    OK(&b.d, put(&b, sign(&b, &gulnar_key, b.s.content)));
    not_approved(&b, "nobody"); /* whether the certificate was revoked is not known yet */
    fetch(&b, &gulnar_key);
    OK(&b.d, is_approved(&b, authority.trust));
    REFUSED(&b.d, ERR_FORBIDDEN, is_approved(&b, NULL));
    bench_close(&b);
}

/* Whoever can write to the database gets no approval out of that. */
static void an_approval_is_its_evidence(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    approve_policy(&b, "UPDATE signature SET content = CAST(replace(content, '" AIDOS "', '" GULNAR "') AS BLOB)");
    not_approved(&b, "is the author's own");
    approve_policy(
        &b, "UPDATE signature SET content = CAST(replace(content, '\"author\"', '\"nobody\"') AS BLOB) WHERE state = 'open'");
    not_approved(&b, "does not say who wrote the file");
    approve_policy(&b, "UPDATE signature SET content = CAST(replace(content, '0123', '3210') AS BLOB) WHERE state = 'open'");
    not_approved(&b, "is of other bytes");
    approve_policy(&b, NULL);
    OK(&b.d, is_approved(&b, authority.trust));
    OK(&b.d, db_exec(b.d.db, "UPDATE signature SET record = replace(record, '\"valid\":', ' \"valid\":')", &b.d.err));
    not_approved(&b, "is not the one in the audit");
    OK(&b.d, db_exec(b.d.db, "UPDATE signature SET record = NULL", &b.d.err));
    not_approved(&b, "its evidence is gone");
    desk_audit_is_whole(&b.d);
    desk_close(&b.d);
}

/* The evidence is verified by the trust of today. */
static void an_approval_by_another_authority_does_not_count(void **state)
{
    static struct authority other;
    struct bench b;
    (void)state;
    authority_init(&other, EDS_RSA_SHA256, NULL);
    bench_open(&b);
    approve_policy(&b, NULL);
    REFUSED(&b.d, ERR_FORBIDDEN, is_approved(&b, other.trust));
    assert_non_null(strstr(b.d.err.text, "does not verify"));
    bench_close(&b);
    authority_release(&other);
}

static void evidence_that_was_touched_is_found(void **state)
{
    struct bench b;
    int64_t records;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    fetch(&b, &aidos_key);
    OK(&b.d, filing_records_verify(b.d.db, authority.trust, &records, &b.d.err));
    assert_int_equal(records, 1);
    OK(&b.d, db_exec(b.d.db, "UPDATE signature SET record = replace(record, 'D1', 'D2')", &b.d.err));
    OK(&b.d, db_exec(b.d.db, "UPDATE signature SET record = record || ' '", &b.d.err));
    REFUSED(&b.d, ERR_INPUT, filing_records_verify(b.d.db, NULL, &records, &b.d.err));
    OK(&b.d, db_exec(b.d.db, "UPDATE signature SET record = NULL", &b.d.err));
    REFUSED(&b.d, ERR_INPUT, filing_records_verify(b.d.db, NULL, &records, &b.d.err));
    desk_close(&b.d);
}

/* The key that Aidos signs in with would sign whatever a page hands it. */
static void a_key_for_signing_in_approves_nothing(void **state)
{
    struct filing_signing wanted = policy_by(GULNAR);
    struct bench b;
    (void)state;
    bench_open(&b);
    OK(&b.d, filing_signature_ask(b.d.db, &b.d.context, &b.aidos, &wanted, &b.request, b.ticket, &b.d.err));
    OK(&b.d, filing_signature_find(b.d.db, &b.d.context, str_from(b.ticket), &b.d.arena, &b.s, &b.d.err));
    OK(&b.d, put(&b, sign(&b, &aidos_auth, b.s.content)));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_REFUSED, EDS_PURPOSE_OTHER);
    not_approved(&b, "nobody has signed exactly these bytes");
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_for_signing_in_approves_nothing),
        cmocka_unit_test(a_policy_needs_somebody_else),
        cmocka_unit_test(an_approval_is_its_evidence),
        cmocka_unit_test(an_approval_by_another_authority_does_not_count),
        cmocka_unit_test(evidence_that_was_touched_is_found),
    };
    return bench_run(tests, sizeof tests / sizeof *tests);
}
