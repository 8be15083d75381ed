/* SPDX-License-Identifier: Apache-2.0 */
/* A change of policy is signed by its author and by a second person, and the evidence of both is verified each time. */
#include "filing_bench.h"

#define FILE_DIGEST  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER_DIGEST "3210456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BY(author)   "\"author\":\"" author "\",\"signer\":\""
#define CHANGE(from, to)                                                                                                         \
    "UPDATE signature SET content = CAST(replace(content, '" from "', '" to "') AS BLOB) WHERE state = 'open'"

enum lack { NO_AUTHOR = 1, NO_SECOND = 2, NEITHER = NO_AUTHOR | NO_SECOND };

static void ask_policy(struct bench *b, const struct filing_actor *signer, const char *author, const char *digest)
{
    const struct filing_signing wanted = { .purpose = FILING_SIGN_POLICY,
                                           .policy_version = STR("2026-03"),
                                           .policy_digest = str_from(digest),
                                           .policy_author = person(author) };
    OK(&b->d, filing_signature_ask(b->d.db, &b->d.context, signer, &wanted, &b->request, b->ticket, &b->d.err));
}

/* What was asked for, perhaps changed in the database by somebody (`before`), is signed. */
static void sign_policy(struct bench *b, const struct filing_actor *signer, const char *before)
{
    const struct subscriber *key = signer == &b->aidos ? &aidos_key : &gulnar_key;
    if (before)
        OK(&b->d, db_exec(b->d.db, before, &b->d.err));
    OK(&b->d, filing_signature_find(b->d.db, &b->d.context, str_from(b->ticket), &b->d.arena, &b->s, &b->d.err));
    OK(&b->d, put(b, sign(b, key, b->s.content)));
    fetch(b, key);
    expect_result(b, signer, FILING_SIGNATURE_GOOD, EDS_OK);
}

static void signs(struct bench *b, const struct filing_actor *signer, const char *author)
{
    ask_policy(b, signer, author, FILE_DIGEST);
    sign_policy(b, signer, NULL);
}

/* Gulnar, for the file of Aidos. */
static void second_signs(struct bench *b, const char *before)
{
    ask_policy(b, &b->gulnar, AIDOS, FILE_DIGEST);
    sign_policy(b, &b->gulnar, before);
}

static bool is_approved(struct bench *b, const struct eds_trust *trust)
{
    struct filing_approval approval;
    return filing_policy_approval(b->d.db, trust, STR(FILE_DIGEST), &approval, &b->d.err);
}

static void not_approved(struct bench *b, enum lack lack, const char *why)
{
    static const char *const said[] = { [NO_AUTHOR] = "the author whom the second person names has not signed",
                                        [NO_SECOND] = "a second person, other than the author, has not signed",
                                        [NEITHER] = "nobody has signed exactly these bytes, neither the author" };
    struct filing_approval approval;
    REFUSED(&b->d, ERR_FORBIDDEN, filing_policy_approval(b->d.db, authority.trust, STR(FILE_DIGEST), &approval, &b->d.err));
    assert_int_equal(approval.author == 0, (lack & NO_AUTHOR) != 0);
    assert_int_equal(approval.second == 0, (lack & NO_SECOND) != 0);
    if (!strstr(b->d.err.text, said[lack]) || !strstr(b->d.err.text, why))
        fail_msg("%s, %s: %s", said[lack], why, b->d.err.text);
}

static void a_policy_needs_its_author_and_somebody_else(void **state)
{
    struct filing_approval approval;
    struct bench b;
    (void)state;
    bench_open(&b);
    not_approved(&b, NEITHER, "");
    signs(&b, &b.aidos, AIDOS);
    int64_t author = b.request;
    assert_non_null(strstr(b.s.content.p, "\"policy_sha256\":\"" FILE_DIGEST "\"," BY(AIDOS) AIDOS "\",\"signs_as\":\"author\""));
    not_approved(&b, NO_SECOND, "");
    ask_policy(&b, &b.gulnar, AIDOS, FILE_DIGEST);
    OK(&b.d, filing_signature_find(b.d.db, &b.d.context, str_from(b.ticket), &b.d.arena, &b.s, &b.d.err));
    assert_non_null(strstr(b.s.content.p, BY(AIDOS) GULNAR "\",\"signs_as\":\"second_person\""));
    OK(&b.d, put(&b, sign(&b, &gulnar_key, b.s.content)));
    not_approved(&b, NO_SECOND, ""); /* whether the certificate was revoked is not known yet */
    fetch(&b, &gulnar_key);
    OK(&b.d, filing_policy_approval(b.d.db, authority.trust, STR(FILE_DIGEST), &approval, &b.d.err));
    assert_int_equal(approval.author, author);
    assert_int_equal(approval.second, b.request);
    REFUSED(&b.d, ERR_FORBIDDEN, is_approved(&b, NULL));
    bench_close(&b);
}

static void a_second_person_alone_does_not_approve(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    signs(&b, &b.gulnar, AIDOS);
    not_approved(&b, NO_AUTHOR, "");
    signs(&b, &b.aidos, AIDOS); /* who comes first does not matter */
    OK(&b.d, is_approved(&b, authority.trust));
    bench_close(&b);
}

static void one_person_twice_does_not_approve(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    signs(&b, &b.gulnar, GULNAR);
    signs(&b, &b.gulnar, GULNAR);
    not_approved(&b, NO_SECOND, "");
    signs(&b, &b.gulnar, AIDOS); /* and names another author */
    not_approved(&b, NO_AUTHOR, "");
    bench_close(&b);
}

static void a_second_person_who_names_another_author_does_not_count(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    signs(&b, &b.aidos, AIDOS);
    signs(&b, &b.gulnar, DANA);
    not_approved(&b, NO_AUTHOR, "");
    signs(&b, &b.gulnar, GULNAR); /* two authors are no second person */
    not_approved(&b, NO_AUTHOR, "");
    signs(&b, &b.gulnar, AIDOS);
    OK(&b.d, is_approved(&b, authority.trust));
    bench_close(&b);
}

static void two_authors_approve_nothing(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    signs(&b, &b.aidos, AIDOS);
    signs(&b, &b.gulnar, GULNAR);
    not_approved(&b, NO_SECOND, "");
    bench_close(&b);
}

static void both_have_to_sign_the_same_bytes(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    ask_policy(&b, &b.aidos, AIDOS, OTHER_DIGEST);
    sign_policy(&b, &b.aidos, NULL);
    signs(&b, &b.gulnar, AIDOS);
    not_approved(&b, NO_AUTHOR, "");
    ask_policy(&b, &b.gulnar, AIDOS, OTHER_DIGEST);
    sign_policy(&b, &b.gulnar, NULL);
    not_approved(&b, NO_AUTHOR, "");
    OK(&b.d, db_exec(b.d.db, "UPDATE signature SET subject = '" FILE_DIGEST "'", &b.d.err));
    not_approved(&b, NO_AUTHOR, "is of other bytes");
    bench_close(&b);
}

/* What was signed in one role is no signature in the other. */
static void a_role_does_not_stand_for_the_other(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    signs(&b, &b.aidos, AIDOS);
    second_signs(&b, CHANGE("second_person", "author"));
    not_approved(&b, NO_SECOND, "is in another role");
    second_signs(&b, CHANGE("signs_as", "as"));
    not_approved(&b, NO_SECOND, "is in another role");
    bench_close(&b);
}

static void touch(struct bench *b, int64_t id, const char *record)
{
    char sql[160];
    snprintf(sql, sizeof sql, "UPDATE signature SET record = %s WHERE id = %lld", record, (long long)id);
    OK(&b->d, db_exec(b->d.db, sql, &b->d.err));
}

/* Whoever can write to the database gets no approval out of that. */
static void an_approval_is_its_evidence(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    signs(&b, &b.aidos, AIDOS);
    int64_t author = b.request;
    second_signs(&b, CHANGE(AIDOS, GULNAR));
    not_approved(&b, NO_SECOND, "is in another role");
    second_signs(&b, CHANGE(GULNAR, DANA));
    not_approved(&b, NO_SECOND, "does not say who wrote the file and who signs it");
    second_signs(&b, CHANGE("\"author\"", "\"nobody\""));
    not_approved(&b, NO_SECOND, "does not say who wrote the file");
    second_signs(&b, CHANGE("0123", "3210"));
    not_approved(&b, NO_SECOND, "is of other bytes");
    second_signs(&b, NULL);
    OK(&b.d, is_approved(&b, authority.trust));
    touch(&b, author, "replace(record, '\"valid\":', ' \"valid\":')");
    not_approved(&b, NO_AUTHOR, "");
    touch(&b, b.request, "replace(record, '\"valid\":', ' \"valid\":')");
    not_approved(&b, NEITHER, "is not the one in the audit");
    touch(&b, b.request, "NULL");
    not_approved(&b, NEITHER, "its evidence is gone");
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
    signs(&b, &b.aidos, AIDOS);
    second_signs(&b, NULL);
    OK(&b.d, is_approved(&b, authority.trust));
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
    struct bench b;
    (void)state;
    bench_open(&b);
    ask_policy(&b, &b.aidos, GULNAR, FILE_DIGEST);
    OK(&b.d, filing_signature_find(b.d.db, &b.d.context, str_from(b.ticket), &b.d.arena, &b.s, &b.d.err));
    OK(&b.d, put(&b, sign(&b, &aidos_auth, b.s.content)));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_REFUSED, EDS_PURPOSE_OTHER);
    not_approved(&b, NEITHER, "");
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_for_signing_in_approves_nothing),
        cmocka_unit_test(a_policy_needs_its_author_and_somebody_else),
        cmocka_unit_test(a_second_person_alone_does_not_approve),
        cmocka_unit_test(one_person_twice_does_not_approve),
        cmocka_unit_test(a_second_person_who_names_another_author_does_not_count),
        cmocka_unit_test(two_authors_approve_nothing),
        cmocka_unit_test(both_have_to_sign_the_same_bytes),
        cmocka_unit_test(a_role_does_not_stand_for_the_other),
        cmocka_unit_test(an_approval_is_its_evidence),
        cmocka_unit_test(an_approval_by_another_authority_does_not_count),
        cmocka_unit_test(evidence_that_was_touched_is_found),
    };
    return bench_run(tests, sizeof tests / sizeof *tests);
}
