/* SPDX-License-Identifier: Apache-2.0 */
/* With a mart: who answered and how old it was, and what an applicant is told who chose a wrong degree. */
#include "filing_desk.h"
#include "world_folder.h"

#include "base/file.h"
#include "kin/mart.h"

static struct desk desk;
static struct folder extract;
static struct kin_follower *mart;

static const char *const files[] = {
    "persons.csv", "births.csv", "marriages.csv", "divorces.csv", "dwellings.csv", "owners.csv"
};

/* The mart knows of one birth that the registers of the desk do not hold: Ruslan's, a son of Bolat, who is Gulnar's husband. */
static void copy_registers(void)
{
    struct arena arena;
    arena_init(&arena, 0);
    folder_init(&extract);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct str content;
        struct err err;
        if (!file_read(arena_printf(&arena, "tests/data/filing_world/%s", files[i]).p, 1 << 20, &arena, &content, &err))
            fail_msg("%s", err.text);
        if (i == 1)
            content = arena_printf(&arena, STR_FMT "B-9,1985-01-20," RUSLAN ",," BOLAT "\n", STR_ARG(content));
        folder_put(&extract, files[i], content);
    }
    arena_release(&arena);
}

static int open_desk(void **state)
{
    char path[160];
    struct buf errors;
    struct err err;
    desk_open(&desk, ":memory:");
    copy_registers();
    struct world *world = folder_load(&extract, &errors);
    if (world == NULL)
        fail_msg("%s", errors.p);
    folder_path(&extract, "kinship.mart", path);
    if (!kin_mart_build(world, &(struct kin_build_options){ .as_of = day_of(2026, 3, 1) }, path, &err) ||
        !kin_follow_start(path, NULL, &mart, &err))
        fail_msg("%s", err.text);
    unlink(path);
    world_free(world);
    buf_release(&errors);
    desk.context.mart = mart;
    *state = &desk;
    return 0;
}

static int close_desk(void **state)
{
    desk_audit_is_whole(*state);
    desk_close(*state);
    kin_follow_stop(mart);
    folder_remove(&extract);
    return 0;
}

/* D2: Gulnar's, in Astana, past the norm. */
static struct filing_id begin_and_choose(struct desk *d, const char *applicant, enum law_degree degree)
{
    struct filing_id id = desk_begin(d, applicant, "D2");
    desk_serve(d);
    STATE_IS(d, id, FILING_CHOOSING);
    desk_choose(d, applicant, id, degree);
    return id;
}

static int64_t looks(struct desk *d) { return desk_count(d, "SELECT count(*) FROM other_degree"); }
static int64_t audited(struct desk *d)
{
    return desk_count(d, "SELECT count(*) FROM audit WHERE action = 'other_degree' AND purpose = 'applicant'");
}

static void choose_other_degree(struct desk *d, const char *applicant, struct filing_id id, enum law_degree degree)
{
    struct filing_actor actor = citizen(applicant);
    OK(d, filing_choose_other(d->db, &d->context, &actor, id, &d->err));
    desk_choose(d, applicant, id, degree);
    STATE_IS(d, id, FILING_NOT_CONFIRMED);
}

static void confirmed_by_the_mart(void **state)
{
    struct desk *d = *state;
    struct filing_actor dana = citizen(DANA);
    d->silent[REGISTRY_FAMILY] = d->silent[REGISTRY_FAMILY_MART] = true;
    struct filing_id id = begin_and_choose(d, DANA, LAW_CHILD);
    struct filing_view v = desk_view(d, &dana, id);
    assert_int_equal(v.state, FILING_COUPON);
    assert_true(d->mapped > 0);
    assert_int_equal(d->asked[REGISTRY_FAMILY] + d->asked[REGISTRY_FAMILY_MART], 0);
    assert_int_equal(v.kin_sources, 1);
    assert_int_equal(v.kin_source[0].ask, REGISTRY_FAMILY_MART);
    assert_true(v.kin_source[0].confirmed);
    assert_int_equal(v.kin_source[0].as_of.n, day_of(2026, 3, 1).n);
    assert_int_equal(filing_source_text(&v.kin_source[0]), T_SOURCE_MART);
    assert_int_equal(filing_source_day(&v.kin_source[0]).n, day_of(2026, 3, 1).n);
    assert_int_equal(v.other.degree, LAW_NO_DEGREE);
    assert_int_equal(looks(d), 0);
}

static void confirmed_live_where_there_is_no_mart(void **state)
{
    struct desk *d = *state;
    struct filing_actor dana = citizen(DANA);
    d->context.mart = NULL;
    d->silent[REGISTRY_FAMILY_MART] = true;
    struct filing_id id = begin_and_choose(d, DANA, LAW_CHILD);
    struct filing_view v = desk_view(d, &dana, id);
    assert_int_equal(v.state, FILING_COUPON);
    assert_int_equal(v.kin_sources, 1);
    assert_int_equal(v.kin_source[0].ask, REGISTRY_FAMILY);
    assert_true(day_is_none(v.kin_source[0].as_of));
    assert_int_equal(v.kin_source[0].answered_at.ms, d->context.now.ms);
    assert_int_equal(filing_source_text(&v.kin_source[0]), T_SOURCE_CONFIRMED);
}

static void a_wrong_degree_is_answered_with_the_right_one(void **state)
{
    struct desk *d = *state;
    struct filing_actor dana = citizen(DANA), system = { .role = FILING_SYSTEM };
    struct filing_id id = begin_and_choose(d, DANA, LAW_PARENT);
    struct filing_view v = desk_view(d, &dana, id);
    assert_int_equal(v.state, FILING_NOT_CONFIRMED);
    assert_int_equal(v.kin_sources, 1);
    assert_int_equal(v.kin_source[0].ask, REGISTRY_FAMILY);
    assert_int_equal(filing_source_text(&v.kin_source[0]), T_SOURCE_NOT_CONFIRMED);
    assert_int_equal(v.other.degree, LAW_CHILD);
    assert_int_equal(v.other.side, KIN_SIDE_NONE);
    assert_int_equal(v.other_as_of.n, day_of(2026, 3, 1).n);
    assert_int_equal(desk_view(d, &system, id).other.degree, LAW_NO_DEGREE); /* for the applicant's eyes only */
    assert_int_equal(looks(d), 1);
    assert_int_equal(audited(d), 1);
    OK(d, filing_choose_on_record(d->db, &d->context, &dana, id, &d->err));
    desk_serve(d);
    v = desk_view(d, &dana, id);
    assert_int_equal(v.state, FILING_COUPON);
    assert_int_equal(v.relation.degree, LAW_CHILD);
    assert_int_equal(v.kin_source[0].ask, REGISTRY_FAMILY_MART);
    assert_int_equal(v.other.degree, LAW_NO_DEGREE);
}

/* Who comes back to choose again still sees it there. */
static void it_is_told_where_the_relation_is_chosen(void **state)
{
    struct desk *d = *state;
    struct filing_actor dana = citizen(DANA);
    d->context.mart = NULL; /* as of a courier without one */
    struct filing_id id = begin_and_choose(d, DANA, LAW_PARENT);
    assert_int_equal(desk_view(d, &dana, id).other.degree, LAW_NO_DEGREE);
    REFUSED(d, ERR_CONFLICT, filing_choose_on_record(d->db, &d->context, &dana, id, &d->err));
    d->context.mart = mart;
    OK(d, filing_choose_other(d->db, &d->context, &dana, id, &d->err));
    struct filing_view v = desk_view(d, &dana, id);
    assert_int_equal(v.state, FILING_CHOOSING);
    assert_int_equal(v.other.degree, LAW_CHILD);
    struct filing_actor gulnar = citizen(GULNAR);
    REFUSED(d, ERR_FORBIDDEN, filing_choose_on_record(d->db, &d->context, &gulnar, id, &d->err));
    OK(d, filing_choose_on_record(d->db, &d->context, &dana, id, &d->err));
    desk_serve(d);
    STATE_IS(d, id, FILING_COUPON);
}

static void nothing_is_told_where_nothing_is_on_record(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_id id = begin_and_choose(d, AIDOS, LAW_CHILD);
    assert_int_equal(desk_view(d, &aidos, id).other.degree, LAW_NO_DEGREE);
    REFUSED(d, ERR_CONFLICT, filing_choose_on_record(d->db, &d->context, &aidos, id, &d->err));
    assert_int_equal(looks(d), 1);
    assert_int_equal(audited(d), 1);
}

static void only_a_refusal_of_kinship_is_answered(void **state)
{
    struct desk *d = *state;
    struct filing_actor dana = citizen(DANA);
    struct filing_id id = begin_and_choose(d, DANA, LAW_STUDENT);
    STATE_IS(d, id, FILING_NOT_CONFIRMED);
    assert_int_equal(desk_view(d, &dana, id).other.degree, LAW_NO_DEGREE);
    assert_int_equal(looks(d), 0);
}

static void there_are_only_so_many_looks(void **state)
{
    static const enum law_degree wrong[] = { LAW_SPOUSE, LAW_FULL_SIBLING, LAW_PARENT };
    struct desk *d = *state;
    struct filing_actor dana = citizen(DANA);
    struct filing_id id = begin_and_choose(d, DANA, LAW_PARENT);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(desk_view(d, &dana, id).other.degree, LAW_CHILD);
        choose_other_degree(d, DANA, id, wrong[i]);
    }
    assert_int_equal(looks(d), 3);
    assert_int_equal(desk_view(d, &dana, id).other.degree, LAW_NO_DEGREE);
    /* Ten a day over all cases, and again the day after. */
    for (int cases = 1; cases <= 4; cases++) {
        struct filing_id more = begin_and_choose(d, DANA, LAW_PARENT);
        for (int i = 0; i < 2; i++)
            choose_other_degree(d, DANA, more, wrong[i]);
    }
    assert_int_equal(looks(d), 10);
    desk_pass(d, 25 * 60 * 60);
    begin_and_choose(d, DANA, LAW_PARENT);
    assert_int_equal(looks(d), 11);
}

static void in_laws_by_the_mart(void **state)
{
    struct desk *d = *state;
    struct filing_actor ruslan = citizen(RUSLAN);
    struct filing_id id = begin_and_choose(d, RUSLAN, LAW_CHILD);
    assert_int_equal(desk_view(d, &ruslan, id).other.degree, LAW_IN_LAW);
}

/* What the policy does not offer is not told either. */
static void the_policy_of_the_day_decides_what_is_told(void **state)
{
    static const char *const policies[] = {
        "[list.zhekemenshik]\nvalue = owner\nfrom = 1800-01-01\n",
        "[in_law.scope]\nvalue = parent\nfrom = 1800-01-01\n",
    };
    struct desk *d = *state;
    struct filing_actor ruslan = citizen(RUSLAN);
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        struct buf errors;
        buf_init(&errors, 65536);
        if (!policy_parse("policy.ini", str_from(policies[i]), &d->arena, &d->context.policy, &errors))
            fail_msg("%s", errors.p);
        buf_release(&errors);
        struct filing_id id = begin_and_choose(d, RUSLAN, LAW_CHILD);
        assert_int_equal(desk_view(d, &ruslan, id).other.degree, LAW_NO_DEGREE);
    }
    assert_int_equal(looks(d), 2);
}

#define WITH_DESK(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DESK(confirmed_by_the_mart),
        WITH_DESK(confirmed_live_where_there_is_no_mart),
        WITH_DESK(a_wrong_degree_is_answered_with_the_right_one),
        WITH_DESK(it_is_told_where_the_relation_is_chosen),
        WITH_DESK(nothing_is_told_where_nothing_is_on_record),
        WITH_DESK(only_a_refusal_of_kinship_is_answered),
        WITH_DESK(there_are_only_so_many_looks),
        WITH_DESK(in_laws_by_the_mart),
        WITH_DESK(the_policy_of_the_day_decides_what_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
