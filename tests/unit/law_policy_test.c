/* SPDX-License-Identifier: Apache-2.0 */
/* Run from the root of the project: the ledger is compared with docs/readings.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/decimal.h"
#include "base/digest.h"
#include "base/file.h"
#include "law/policy.h"

enum { TEXT_LIMIT = 1 << 20 };

/* The errors of a policy text, or "" when it is in order. */
static const char *errors_of(const char *text, struct arena *arena)
{
    struct buf errors;
    const struct policy *policy;
    buf_init(&errors, TEXT_LIMIT);
    bool good = policy_parse("p", str_from(text), arena, &policy, &errors);
    assert_int_equal(good, errors.n == 0);
    const char *said = arena_text(arena, buf_str(&errors));
    buf_release(&errors);
    return said;
}

static const struct policy *parsed(const char *text, struct arena *arena)
{
    struct buf errors;
    const struct policy *policy = NULL;
    buf_init(&errors, TEXT_LIMIT);
    if (!policy_parse("p", str_from(text), arena, &policy, &errors))
        fail_msg("%s", errors.p);
    buf_release(&errors);
    return policy;
}

static struct policy_readings on(const struct policy *policy, int year, int month, int day)
{
    struct policy_readings readings;
    policy_on(policy, day_of(year, month, day), &readings);
    assert_int_equal(readings.day.n, day_of(year, month, day).n);
    return readings;
}

static void defaults_are_those_of_the_contract(void **state)
{
    (void)state;
    const struct policy *p = policy_default();
    struct policy_readings r = on(p, 2026, 3, 2);
    assert_true(r.pilot_in_force);
    assert_string_equal(r.edition, "pilot-2025");
    assert_int_equal(r.area_per_person, 1500);
    assert_int_equal(r.majority_years, 18);
    assert_true(r.offer_in_law && r.offer_owner);
    assert_int_equal(r.kin.in_law_scope, 1u << KIN_CHILD | 1u << KIN_PARENT | 1u << KIN_FULL_SIBLING | 1u << KIN_HALF_SIBLING |
                                             1u << KIN_GRANDPARENT | 1u << KIN_GRANDCHILD);
    assert_false(r.norm_in_hall || r.useful_area || r.allowed_at_least_one || r.reached_above_allowed || r.residence_only);
    assert_false(r.all_living_owners || r.temporary_online || r.married_minor_is_adult || r.company_to_hall ||
                 r.student_any_form);
    assert_false(r.no_strangers || r.grandparent_either_side || r.grandchild_either_side || r.kin.either_side);
    assert_false(r.kin.in_law_both_ways || r.kin.extended || r.kin.full_sibling_known_parents || r.kin.half_sibling_only_half ||
                 r.kin.spouse_single);
}

static void dates_hold_to_the_day(void **state)
{
    (void)state;
    const struct policy *p = policy_default();
    assert_false(on(p, 1800, 1, 1).pilot_in_force);
    assert_false(on(p, 2025, 11, 10).pilot_in_force);
    assert_null(on(p, 2025, 11, 10).edition);
    assert_true(on(p, 2025, 11, 11).pilot_in_force);
    assert_int_equal(on(p, 2025, 12, 25).area_per_person, DECIMAL_NONE);
    assert_int_equal(on(p, 2025, 12, 26).area_per_person, 1500);
    assert_true(on(p, 2026, 6, 30).pilot_in_force);
    assert_false(on(p, 2026, 7, 1).pilot_in_force);
    assert_int_equal(on(p, 2199, 12, 31).area_per_person, 1500);
}

static void a_section_replaces_the_whole_time_line(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    const struct policy *p =
        parsed("\xef\xbb\xbf# norms to come\r\n[norm.area_per_person]\r\nvalue = \"13.5\"\r\nfrom = 2026-01-10\r\n"
               "to = 2026-02-10\r\n\r\n; later\r\nvalue=18\r\nfrom=2026-03-01\r\n[student]\nfrom = 2026-02-01\n"
               "value = any_form\n[norm.area_per_person]\nvalue = none\nfrom = 2026-02-11\nto = 2026-02-28\n",
               &arena);
    assert_int_equal(on(p, 2026, 1, 9).area_per_person, DECIMAL_NONE);
    assert_int_equal(on(p, 2026, 1, 10).area_per_person, 1350);
    assert_int_equal(on(p, 2026, 2, 10).area_per_person, 1350);
    assert_int_equal(on(p, 2026, 2, 11).area_per_person, DECIMAL_NONE);
    assert_int_equal(on(p, 2026, 3, 1).area_per_person, 1800);
    assert_false(on(p, 2026, 1, 31).student_any_form);
    assert_true(on(p, 2026, 2, 1).student_any_form);
    assert_true(on(p, 2026, 2, 1).pilot_in_force);
    arena_release(&arena);
}

static void every_other_value_sets_its_reading(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    for (int s = 0; s < POLICY_SETTINGS; s++) {
        const struct policy_row *row = policy_row((enum policy_setting)s);
        struct str rest = str_from(row->values), word;
        int differ = 0;
        while (s != POLICY_MINOR && s != POLICY_NORM_AREA_PER_PERSON && str_split(&rest, ' ', &word)) {
            const char *text = arena_printf(&arena, "[%s]\nvalue = " STR_FMT "\nfrom = 1800-01-01\n", row->name, STR_ARG(word)).p;
            struct policy_readings mine = on(parsed(text, &arena), 2026, 3, 2), other = on(policy_default(), 2026, 3, 2);
            differ += memcmp(&mine, &other, sizeof mine) != 0;
        }
        if (s != POLICY_MINOR && s != POLICY_NORM_AREA_PER_PERSON && differ == 0)
            fail_msg("no value of %s changes anything", row->name);
    }
    arena_release(&arena);
}

static void scope_is_a_list(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct policy_readings r =
        on(parsed("[in_law.scope]\nvalue = parent, child half_sibling\nfrom = 1800-01-01\n", &arena), 2026, 3, 2);
    assert_int_equal(r.kin.in_law_scope, 1u << KIN_CHILD | 1u << KIN_PARENT | 1u << KIN_HALF_SIBLING);
    r = on(parsed("[in_law.scope]\nvalue = none\nfrom = 1800-01-01\n", &arena), 2026, 3, 2);
    assert_int_equal(r.kin.in_law_scope, 0);
    arena_release(&arena);
}

static const struct {
    const char *text, *errors;
} wrong[] = {
    { "[norm]\nvalue = 15\nfrom = 2026-01-01\n",
      "p:1: unknown section 'norm'; sections are named after the settings: tirkeu policy show\n" },
    { "value = 15\n", "p:1: the key 'value' stands outside a section\n" },
    { "[student]\nvalue = part_time\nfrom = 2026-01-01\n",
      "p:2: unknown value 'part_time' of student: expected one of: full_time any_form\n" },
    { "[student]\nworth = any_form\nvalue = any_form\nfrom = 2026-01-01\n",
      "p:2: unknown key 'worth': expected value, from or to\n" },
    { "[student]\nfrom = 2026-01-01\n", "p:2: [student] has no value here: a span needs value and from\n" },
    { "[student]\nvalue = any_form\n", "p:2: [student] has no from here: a span needs value and from\n" },
    { "[student]\n", "p:1: [student] states no value: a span needs value and from\n" },
    { "[student]\nvalue = any_form\nfrom = 2026-02-29\n",
      "p:3: from is '2026-02-29': there is no such day; write it like 2026-03-02 (1800 to 2199)\n" },
    { "[student]\nvalue = any_form\nfrom = 2026-02-02\nto = 2026-02-01\n", "p:4: to is before from\n" },
    { "[student]\nvalue = any_form\nfrom = 2026-02-02\nfrom = 2026-02-03\n",
      "p:4: from is repeated in this span; a further span begins with value\n" },
    { "[student]\nvalue = any_form\nfrom = 2026-02-02\nto = 2026-02-10\nvalue = full_time\nfrom = 2026-02-10\n",
      "p:5: this span of [student] overlaps the one of line 2\n" },
    { "[student]\nvalue = any_form\nfrom = 2026-02-02\n\n[student]\nvalue = full_time\nfrom = 2026-01-01\n",
      "p:6: this span of [student] overlaps the one of line 2\n" },
    { "hello\n", "p:1: 'hello' is neither a [section] nor key = value\n" },
    { "[student\nvalue = x\n", "p:1: a section is like [norm.area_per_person], with nothing after it\n" },
    { "[student]\nvalue = \"any_form\nfrom = 2026-01-01\n", "p:2: the quotes of the value are not closed at its end\n" },
    { "[student]\n\x1b[31m\n",
      "p:2: (unreadable) is neither a [section] nor key = value\np:1: [student] states no value: a span needs value "
      "and from\n" },
};

static void errors_name_the_line(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_string_equal(errors_of(wrong[i].text, &arena), wrong[i].errors);
    assert_string_equal(errors_of("", &arena), "");
    arena_release(&arena);
}

static void norms_have_limits(void **state)
{
    (void)state;
    static const char *const good[] = { "0.01", "1000", "1000.00", "13.5" };
    static const char *const bad[] = { "0", "0.00", "1000.01", "-1", "15.123", "15,5", "", "1e3", "\"\"" };
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_string_equal(
            errors_of(arena_printf(&arena, "[norm.area_per_person]\nvalue = %s\nfrom = 2026-01-01\n", good[i]).p, &arena), "");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *said =
            errors_of(arena_printf(&arena, "[norm.area_per_person]\nvalue = %s\nfrom = 2026-01-01\n", bad[i]).p, &arena);
        assert_true(str_starts(str_from(said), "p:2: unknown value '"));
    }
    arena_release(&arena);
}

static void all_errors_are_reported(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    const char *said =
        errors_of("x\n[nothing]\nvalue = 1\n[minor]\nvalue = 0\nfrom = never\n[student]\nto = 2026-01-01\n", &arena);
    int count = 0;
    for (const char *p = said; *p; p++)
        count += *p == '\n';
    assert_int_equal(count, 5);
    arena_release(&arena);
}

static void what_is_written_reads_the_same(void **state)
{
    (void)state;
    struct arena arena;
    struct buf first, second;
    arena_init(&arena, 0);
    buf_init(&first, TEXT_LIMIT);
    buf_init(&second, TEXT_LIMIT);
    policy_write(policy_default(), DAY_NONE, &first);
    const struct policy *again = parsed(first.p, &arena);
    policy_write(again, DAY_NONE, &second);
    assert_string_equal(first.p, second.p);
    assert_string_equal(policy_version(again), policy_version(policy_default()));
    assert_int_equal(strlen(policy_version(again)), 16);
    assert_string_not_equal(policy_version(parsed("[minor]\nvalue = 21\nfrom = 2026-01-01\n", &arena)), policy_version(again));
    buf_release(&first);
    buf_release(&second);
    arena_release(&arena);
}

/* Also on a day without a span: what is shown for a day holds on that day wherever it is read. */
static void one_day_reads_the_same(void **state)
{
    (void)state;
    static const int days[][3] = { { 1800, 1, 1 }, { 2025, 11, 11 }, { 2025, 12, 26 },
                                   { 2026, 3, 2 }, { 2026, 7, 1 },   { 2030, 1, 1 } };
    struct arena arena;
    struct buf text;
    arena_init(&arena, 0);
    buf_init(&text, TEXT_LIMIT);
    const struct policy *p =
        parsed("[student]\nvalue = any_form\nfrom = 2026-02-01\nto = 2026-05-01\n[pilot.in_force]\nvalue = on\n"
               "from = 2030-01-01\n",
               &arena);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        struct day day = day_of(days[i][0], days[i][1], days[i][2]);
        struct policy_readings mine, other;
        buf_clear(&text);
        policy_write(p, day, &text);
        policy_on(p, day, &mine);
        policy_on(parsed(text.p, &arena), day, &other);
        assert_memory_equal(&mine, &other, sizeof mine);
    }
    buf_release(&text);
    arena_release(&arena);
}

static void the_ledger_is_up_to_date(void **state)
{
    (void)state;
    struct arena arena;
    struct buf ledger;
    struct str file;
    struct err err;
    arena_init(&arena, 0);
    buf_init(&ledger, TEXT_LIMIT);
    policy_ledger_write(&ledger);
    if (!file_read("docs/readings.md", TEXT_LIMIT, &arena, &file, &err))
        fail_msg("%s", err.text);
    if (!str_equal(file, buf_str(&ledger)))
        fail_msg("docs/readings.md differs from the table: make ledger");
    buf_release(&ledger);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_contract),
        cmocka_unit_test(dates_hold_to_the_day),
        cmocka_unit_test(a_section_replaces_the_whole_time_line),
        cmocka_unit_test(every_other_value_sets_its_reading),
        cmocka_unit_test(scope_is_a_list),
        cmocka_unit_test(errors_name_the_line),
        cmocka_unit_test(norms_have_limits),
        cmocka_unit_test(all_errors_are_reported),
        cmocka_unit_test(what_is_written_reads_the_same),
        cmocka_unit_test(one_day_reads_the_same),
        cmocka_unit_test(the_ledger_is_up_to_date),
    };
    digest_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
