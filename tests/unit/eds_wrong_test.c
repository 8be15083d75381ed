/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every object of the stand's table, in both branches where it makes sense: it must be decided at the step, and for the reason,
 * that the table says; what is in order must be valid.  The makers share no code with what is tested.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stand/authority_wrong.h"
#include "stand_trust.h"

static struct authority *authority;
static struct eds_trust *trust;
static struct moment now;
static struct err err;

static int open_all(void **state)
{
    (void)state;
    now = moment_now();
    if (!authority_make(STR("a secret of tests"), now, &authority, &err))
        return -1;
    return stand_trust(authority, &trust, &err) ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    eds_trust_free(trust);
    authority_free(authority);
    return 0;
}

static bool judge(const struct authority_wrong *wrong, enum authority_branch branch, const struct eds_verdict *verdict)
{
    const struct eds_step *step = eds_verdict_reason(verdict);
    enum eds_step_kind at = step ? step->kind : EDS_STEP_KINDS;
    enum eds_reason reason = step ? step->reason : EDS_OK;
    bool valid = verdict->valid == TRI_YES;
    if (at == wrong->step && reason == wrong->reason && valid == (wrong->reason == EDS_OK))
        return true;
    print_error("%s (%s, %s): expected %s %s, got %s %s" STR_FMT ", valid %d\n", wrong->name, authority_branch_name(branch),
                wrong->how, wrong->step == EDS_STEP_KINDS ? "nothing" : eds_step_name(wrong->step),
                eds_reason_name(wrong->reason), step ? eds_step_name(at) : "nothing", eds_reason_name(reason),
                step ? (int)step->detail.n : 0, step ? step->detail.p : "", verdict->valid);
    return false;
}

static size_t run_row(struct authority_desk *desk, const struct authority_wrong *wrong, size_t *ret_tried)
{
    size_t failed = 0;
    for (int branch = 0; branch < AUTHORITY_BRANCHES; branch++) {
        struct authority_object object;
        struct eds_verdict verdict;
        if (!((unsigned)wrong->branches & 1u << branch))
            continue;
        (*ret_tried)++;
        if (!authority_wrong_make(desk, wrong, (enum authority_branch)branch, &object)) {
            print_error("%s: cannot be made: %s\n", wrong->name, desk->err.text);
            failed++;
        } else {
            eds_verify(trust, &object.request, &desk->arena, &verdict);
            failed += !judge(wrong, (enum authority_branch)branch, &verdict);
        }
        authority_desk_clear(desk);
    }
    return failed;
}

static void run_table(const struct authority_wrong_table *table, size_t at_least)
{
    struct authority_desk desk;
    size_t failed = 0, tried = 0;
    authority_desk_open(&desk, authority, now);
    for (size_t i = 0; i < *table->rows; i++)
        failed += run_row(&desk, &table->row[i], &tried);
    authority_desk_close(&desk);
    assert_int_equal(failed, 0);
    assert_true(tried >= at_least);
}

static void test_certificates(void **state)
{
    (void)state;
    run_table(&authority_wrong_tables[0], 60);
}

static void test_data(void **state)
{
    (void)state;
    run_table(&authority_wrong_tables[1], 70);
}

static void test_answers(void **state)
{
    (void)state;
    run_table(&authority_wrong_tables[2], 60);
}

static void test_xml(void **state)
{
    (void)state;
    run_table(&authority_wrong_tables[3], 34);
}

static void test_messages(void **state)
{
    (void)state;
    run_table(&authority_wrong_tables[4], 60);
}

/* Parts of a Header are nobody's; but whatever bit is flipped, the Body that is read is the one that was signed. */
static void flip_bits(struct authority_desk *desk, struct eds_request request, struct str body)
{
    char *bytes = arena_copy(&desk->arena, request.signature.p, request.signature.n);
    struct arena scratch;
    request.signature.p = bytes;
    arena_init(&scratch, 0);
    for (size_t bit = 0; bit < 8 * request.signature.n; bit += 211) {
        struct eds_verdict verdict;
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        arena_reset(&scratch);
        eds_verify(trust, &request, &scratch, &verdict);
        assert_true(verdict.valid == TRI_NO || str_equal(verdict.content, body));
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
    }
    arena_release(&scratch);
}

/* Both profiles give the Body to be read, and nothing else; the older one is told. */
static void test_profiles_of_messages(void **state)
{
    (void)state;
    static const struct {
        const char *name, *body;
        enum eds_reason form;
    } rows[] = {
        { "good_wss", "<soap:Body xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:wsu=", EDS_OK },
        { "good_old_wss", "<soap:Body xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" Id=\"id-1\">",
          EDS_FORM_OLD_PROFILE },
    };
    const struct authority_wrong_table *table = &authority_wrong_tables[4];
    struct authority_desk desk;
    size_t seen = 0;
    authority_desk_open(&desk, authority, now);
    for (size_t i = 0; i < *table->rows * 2; i++) {
        struct authority_object object;
        struct eds_verdict verdict;
        const struct authority_wrong *row = &table->row[i / 2];
        if (strcmp(row->name, rows[i % 2].name) != 0)
            continue;
        assert_true(authority_wrong_make(&desk, row, AUTHORITY_GOST, &object));
        object.request.form = EDS_ANY;
        eds_verify(trust, &object.request, &desk.arena, &verdict);
        assert_int_equal(verdict.form, EDS_WSS);
        assert_true(str_starts(verdict.content, rows[i % 2].body));
        assert_memory_equal(verdict.content.p + verdict.content.n - 12, "</soap:Body>", 12);
        flip_bits(&desk, object.request, verdict.content);
        for (size_t k = 0; k < verdict.steps; k++)
            seen += verdict.step[k].kind == EDS_STEP_FORM && verdict.step[k].signer == 0 &&
                    verdict.step[k].reason == rows[i % 2].form;
    }
    assert_int_equal(seen, 2);
    authority_desk_close(&desk);
}

/* Names are what failures are reported by. */
static void test_names_are_different(void **state)
{
    (void)state;
    const char *seen[256];
    size_t n = 0;
    for (size_t t = 0; t < AUTHORITY_WRONG_TABLES; t++) {
        for (size_t i = 0; i < *authority_wrong_tables[t].rows; i++) {
            const char *name = authority_wrong_tables[t].row[i].name;
            for (size_t k = 0; k < n; k++)
                assert_string_not_equal(seen[k], name);
            assert_true(n < sizeof seen / sizeof *seen);
            seen[n++] = name;
        }
    }
}

/* The test authority has no place in production: neither its roots nor, beside true ones, its issuing authority. */
static void test_production_refuses(void **state)
{
    (void)state;
    struct eds_trust *production;
    for (int branch = 0; branch < AUTHORITY_BRANCHES; branch++) {
        X509 *root = authority_office(authority, (enum authority_branch)branch, AUTHORITY_ROOT)->certificate;
        X509 *issuer = authority_office(authority, (enum authority_branch)branch, AUTHORITY_ISSUER)->certificate;
        assert_false(eds_trust_make(EDS_PRODUCTION, &root, 1, NULL, 0, NULL, &production, &err));
        assert_false(eds_trust_make(EDS_PRODUCTION, &root, 1, &issuer, 1, NULL, &production, &err));
    }
}

/* Everybody who may sign something, each for what they may. */
static void test_every_role_signs(void **state)
{
    (void)state;
    static const struct {
        enum authority_role role;
        enum eds_purpose purpose;
    } rows[] = {
        { AUTHORITY_PERSON_SIGN, EDS_PURPOSE_PERSON_SIGN }, { AUTHORITY_PERSON_REMOTE, EDS_PURPOSE_PERSON_SIGN },
        { AUTHORITY_PERSON_AUTH, EDS_PURPOSE_PERSON_AUTH }, { AUTHORITY_PERSON_REMOTE, EDS_PURPOSE_PERSON_AUTH },
        { AUTHORITY_HEAD, EDS_PURPOSE_ORGANISATION },       { AUTHORITY_RIGHT_TO_SIGN, EDS_PURPOSE_ORGANISATION },
        { AUTHORITY_EMPLOYEE, EDS_PURPOSE_ORGANISATION },   { AUTHORITY_CLERK, EDS_PURPOSE_ORGANISATION },
        { AUTHORITY_SYSTEM, EDS_PURPOSE_SYSTEM },           { AUTHORITY_CLERK, EDS_PURPOSE_ANY },
        { AUTHORITY_PERSON_SIGN, EDS_PURPOSE_ANY },
    };
    struct authority_desk desk;
    authority_desk_open(&desk, authority, now);
    for (size_t i = 0; i < sizeof rows / sizeof *rows * AUTHORITY_BRANCHES; i++) {
        const struct authority_wrong good = { .name = "role",
                                              .how = authority_role_name(rows[i / 2].role),
                                              .branches = AUTHORITY_BOTH,
                                              .step = EDS_STEP_KINDS,
                                              .role = rows[i / 2].role };
        enum authority_branch branch = (enum authority_branch)(i % 2);
        struct authority_object object;
        struct eds_verdict verdict;
        assert_true(authority_wrong_make(&desk, &good, branch, &object));
        object.request.purpose = rows[i / 2].purpose;
        eds_verify(trust, &object.request, &desk.arena, &verdict);
        assert_true(judge(&good, branch, &verdict));
        authority_desk_clear(&desk);
    }
    authority_desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_data),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_xml),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_profiles_of_messages),
        cmocka_unit_test(test_names_are_different),
        cmocka_unit_test(test_production_refuses),
        cmocka_unit_test(test_every_role_signs),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
