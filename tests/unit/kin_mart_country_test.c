/* SPDX-License-Identifier: Apache-2.0 */
/* The country against norms, against a plain count over the rows of the world with kin_verify. */
#include "kin_mart_city.h"

#include "base/decimal.h"
#include "kin/mart_impl.h"

/* ---- the plain count ---- */

struct plain {
    struct world *world;
    struct kin_source source;
    const struct kin_country_question *question;
    struct day day;
    struct kin_country_row *row; /* by district, in the order of coming */
    size_t rows, room;
};

static struct kin_country_row *plain_row(struct plain *p, struct str kato)
{
    char name[KIN_DISTRICT_DIGITS + 1] = "";
    if (kato.n > 0)
        memcpy(name, kato.p, kato.n < KIN_DISTRICT_DIGITS ? kato.n : KIN_DISTRICT_DIGITS);
    for (size_t i = 0; i < p->rows; i++) {
        if (strcmp(p->row[i].kato, name) == 0)
            return &p->row[i];
    }
    *MEM_PUSH(p->row, p->rows, p->room) = (struct kin_country_row){ 0 };
    memcpy(p->row[p->rows - 1].kato, name, sizeof name);
    return &p->row[p->rows - 1];
}

static bool plain_is_kin(const struct plain *p, struct iin a, const struct iin *owners, int count)
{
    for (enum kin_degree d = 0; d < KIN_DEGREES; d++)
        for (enum kin_side s = KIN_SIDE_NONE; s <= KIN_FATHER; s++) {
            struct kin_answer answer;
            if (kin_degree_has_side(d) == (s == KIN_SIDE_NONE))
                continue;
            kin_verify_any(&p->source, &p->question->kin, p->day, d, s, a, owners, count, &answer);
            if (answer.confirmed == TRI_YES)
                return true;
        }
    return false;
}

static int list_persons(const struct plain *p, const struct world_dwelling *d, struct iin *ret)
{
    struct world_run run = world_residents_of(p->world, d);
    int count = 0;
    for (int i = 0; i < run.count; i++) {
        const struct world_resident *r = world_resident_at(p->world, run.index[i]);
        bool counts = day_within(p->day, r->since, r->until) && world_alive(world_person(p->world, r->iin), p->day);
        for (int k = 0; k < count; k++)
            counts &= !iin_equal(ret[k], r->iin);
        if (counts)
            ret[count++] = r->iin;
    }
    return count;
}

#define SOME 4096
static void plain_norm(const struct plain *p, const struct world_dwelling *d, int64_t area, int64_t norm,
                       struct kin_country_norm *ret)
{
    struct iin resident[SOME], owner[SOME];
    int residents = list_persons(p, d, resident), owners = 0;
    struct world_run run = world_owners_of(p->world, d);
    for (int i = 0; i < run.count; i++) {
        owner[owners] = world_owner_at(p->world, run.index[i])->owner;
        owners += iin_kind_of(owner[owners]) == IIN_PERSON;
    }
    if (norm < 1 || area == DECIMAL_NONE)
        return;
    int64_t allowed = area / norm;
    if (allowed == 0 && p->question->allowed_at_least_one)
        allowed = 1;
    ret->reached += p->question->reached_above_allowed ? residents > allowed : residents >= allowed;
    if (residents <= allowed)
        return;
    ret->over++;
    for (int i = 0; i < residents; i++) {
        bool himself = false;
        for (int k = 0; k < owners; k++)
            himself |= iin_equal(owner[k], resident[i]);
        bool kin = !himself && plain_is_kin(p, resident[i], owner, owners);
        ret->over_residents++;
        ret->owners += himself;
        ret->kin += kin;
        ret->neither += !himself && !kin;
    }
}

static void plain_count(struct plain *p)
{
    size_t count;
    const struct world_dwelling *all = world_dwellings(p->world, &count);
    for (size_t i = 0; i < count; i++) {
        char prefix[16] = "";
        struct iin resident[SOME];
        if (p->question->kato.n > 0)
            memcpy(prefix, p->question->kato.p, p->question->kato.n);
        if (!str_starts(all[i].kato, prefix))
            continue;
        struct kin_country_row *row = plain_row(p, all[i].kato);
        int64_t area = p->question->useful_area ? all[i].useful_area : all[i].total_area;
        row->dwellings++;
        row->residents += (uint64_t)list_persons(p, &all[i], resident);
        row->without_area += area == DECIMAL_NONE;
        row->without_owner += world_owners_of(p->world, &all[i]).count == 0;
        for (int k = 0; k < p->question->norms; k++)
            plain_norm(p, &all[i], area, p->question->norm[k], &row->norm[k]);
    }
}

/* ---- the comparison ---- */

static struct kin_country_row *row_named(struct plain *p, const char *kato) { return plain_row(p, str_from(kato)); }

static void hold(struct world *world, const struct kin_mart *mart, const struct kin_country_question *question,
                 struct kin_country_norm *ret_sum)
{
    struct plain p = { .world = world, .source = world_source(world), .question = question, .day = { mart->header->as_of } };
    struct kin_country country;
    struct kin_country_question alone = *question;
    struct err err;
    plain_count(&p);
    assert_true(kin_mart_country(mart, question, &country, &err));
    assert_int_equal(country.districts, p.rows);
    for (int i = 0; i < country.districts; i++) {
        const struct kin_country_row *got = &country.district[i], *expected = row_named(&p, got->kato);
        assert_true(i == 0 || strcmp(country.district[i - 1].kato, got->kato) < 0);
        if (memcmp(got, expected, sizeof *got) != 0)
            fail_msg("district %s: %llu over, %llu owners, %llu kin, %llu neither instead of %llu, %llu, %llu, %llu", got->kato,
                     (unsigned long long)got->norm[0].over, (unsigned long long)got->norm[0].owners,
                     (unsigned long long)got->norm[0].kin, (unsigned long long)got->norm[0].neither,
                     (unsigned long long)expected->norm[0].over, (unsigned long long)expected->norm[0].owners,
                     (unsigned long long)expected->norm[0].kin, (unsigned long long)expected->norm[0].neither);
        ret_sum->over += got->norm[0].over;
        ret_sum->owners += got->norm[0].owners;
        ret_sum->kin += got->norm[0].kin;
        ret_sum->neither += got->norm[0].neither;
    }
    struct kin_country again;
    alone.threads = 1;
    assert_true(kin_mart_country(mart, &alone, &again, &err));
    assert_memory_equal(&again.total, &country.total, sizeof again.total);
    kin_country_release(&country);
    kin_country_release(&again);
    free(p.row);
}

static const struct kin_country_question questions[] = {
    { .norm = { 1500, 1200, 1800, DECIMAL_NONE }, .norms = 4, .kin = { .in_law_scope = KIN_SCOPE_ALL }, .threads = 3 },
    { .norm = { 1500 }, .norms = 1, .kin = { .in_law_scope = 0 }, .kato = { "71", 2 } },
    { .norm = { 2500, 1 }, .norms = 2, .useful_area = true, .allowed_at_least_one = true, .kin = { .in_law_scope = 0x25 } },
    { .norm = { 1500 },
      .norms = 1,
      .reached_above_allowed = true,
      .kin = { .in_law_scope = KIN_SCOPE_ALL, .full_sibling_known_parents = true, .half_sibling_only_half = true } },
    { .norm = { 1500 },
      .norms = 1,
      .kin = { .in_law_scope = 1u << KIN_FULL_SIBLING, .full_sibling_known_parents = true },
      .kato = { "7113", 4 } },
    { .norm = { 1500 }, .norms = 1, .kin = { .in_law_scope = 1u << KIN_HALF_SIBLING, .half_sibling_only_half = true } },
    { .norm = { 1500 }, .norms = 1, .kin = { .in_law_scope = KIN_SCOPE_ALL, .spouse_single = true }, .threads = 2 },
    { .norm = { 1500 }, .norms = 1, .kin = { .in_law_scope = KIN_SCOPE_ALL, .in_law_both_ways = true, .extended = true } },
};
#define QUESTIONS (sizeof questions / sizeof *questions)

static void cities_full_of_trouble(void **state)
{
    (void)state;
    struct kin_country_norm sum = { 0 };
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct city city;
        struct folder folder;
        struct world *world = city_world(&city, &folder, seed + 100);
        struct kin_mart *mart = mart_of_world(world, day_from("2026-03-02"), seed % 2 == 0 ? KIN_MART_FAST : KIN_MART_MAPPED);
        for (size_t i = 0; i < QUESTIONS; i++)
            hold(world, mart, &questions[i], &sum);
        kin_mart_close(mart);
        world_free(world);
        folder_remove(&folder);
    }
    assert_true(sum.over > 500 && sum.owners > 50 && sum.kin > 100 && sum.neither > 500);
}

static void a_town(void **state)
{
    (void)state;
    struct folder folder;
    struct kin_country_norm sum = { 0 };
    struct world *world = generated_world(&folder, 3000, 9);
    struct kin_mart *mart = mart_of_world(world, day_from("2026-03-02"), KIN_MART_FAST);
    for (size_t i = 0; i < QUESTIONS; i++)
        hold(world, mart, &questions[i], &sum);
    assert_true(sum.over > 500 && sum.owners > 500 && sum.kin > 500 && sum.neither > 50);
    kin_mart_close(mart);
    world_free(world);
    folder_remove(&folder);
}

static void questions_that_are_none(void **state)
{
    (void)state;
    struct city city;
    struct folder folder;
    struct world *world = city_world(&city, &folder, 1);
    struct kin_mart *mart = mart_of_world(world, day_from("2026-03-02"), KIN_MART_FAST);
    struct kin_country_question wrong[] = { questions[0], questions[0], questions[0], questions[0] };
    struct kin_country country;
    struct err err;
    wrong[0].norms = 0;
    wrong[1].norms = KIN_NORMS_MAX + 1;
    wrong[2].kato = STR("71x");
    wrong[3].kato = STR("7113100001");
    for (size_t i = 0; i < 4; i++) {
        assert_false(kin_mart_country(mart, &wrong[i], &country, &err));
        assert_int_equal(err.kind, ERR_INPUT);
    }
    wrong[0] = questions[0];
    wrong[0].kato = STR("99");
    assert_true(kin_mart_country(mart, &wrong[0], &country, &err));
    assert_int_equal(country.districts, 0);
    assert_int_equal(country.total.dwellings, 0);
    kin_country_release(&country);
    kin_mart_close(mart);
    world_free(world);
    folder_remove(&folder);
}

/* ---- wrong contents ---- */

static void spoil(const char *path, struct chance *c)
{
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    unsigned words = (unsigned)((ftell(f) - KIN_FILE_PAGE) / 4);
    for (int i = 0; i < 3000; i++) {
        uint32_t word = chance_below(c, 3) == 0   ? UINT32_MAX
                        : chance_below(c, 2) == 0 ? chance_below(c, 100)
                                                  : chance_below(c, 1u << 31);
        fseek(f, KIN_FILE_PAGE + 4 * (long)chance_below(c, words), SEEK_SET);
        fwrite(&word, sizeof word, 1, f);
    }
    fclose(f);
}

/* Answers may be wrong then, but nothing is read that is not in the file: the mapping ends where the file does. */
static void wrong_contents_lead_nowhere(void **state)
{
    (void)state;
    struct chance c = { 3 };
    int opened = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct city city;
        struct folder folder;
        char path[] = "/tmp/kin_mart_test_XXXXXX";
        struct err err;
        struct kin_mart *mart;
        struct kin_country country;
        struct world *world = city_world(&city, &folder, seed);
        close(mkstemp(path));
        assert_true(kin_mart_build(world, &(struct kin_build_options){ .as_of = day_from("2026-03-02") }, path, &err));
        spoil(path, &c);
        bool open = kin_mart_open(path, KIN_MART_MAPPED, &mart, &err);
        for (size_t i = 0; open && i < QUESTIONS; i++) {
            assert_true(kin_mart_country(mart, &questions[i], &country, &err));
            kin_country_release(&country);
        }
        for (int i = 0; open && i < TROUBLE_PERSONS * CITY_DWELLINGS * 12; i++) {
            struct kin_application a = { .choice = (uint8_t)(i % 12), .side = (uint8_t)(i % 3) };
            struct kin_decision decision;
            char iin[IIN_TEXT];
            memcpy(a.rka, city.text[i % CITY_DWELLINGS], sizeof a.rka);
            memcpy(a.applicant, iin_format(city.people.person[i % TROUBLE_PERSONS], iin), sizeof a.applicant);
            kin_mart_decide_batch(mart, 1500, &a, 1, &decision);
        }
        if (open)
            kin_mart_close(mart);
        opened += open;
        unlink(path);
        world_free(world);
        folder_remove(&folder);
    }
    assert_true(opened > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cities_full_of_trouble),
        cmocka_unit_test(a_town),
        cmocka_unit_test(questions_that_are_none),
        cmocka_unit_test(wrong_contents_lead_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
