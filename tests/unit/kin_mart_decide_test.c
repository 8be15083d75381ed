/* SPDX-License-Identifier: Apache-2.0 */
/* Whole decisions of the mart against law_decide over the same rows. */
#include "kin_mart_city.h"

#include "inquiry/inquiry.h"
#include "kin/mart_impl.h"

struct fixture {
    struct world *world;
    struct world_extract *extract;
    struct kin_mart *mart;
    struct day day;
    struct arena arena;
    struct inquiry *q;
    size_t outcomes[KIN_OUTCOMES];
};

static void begin(struct fixture *f, struct world *world, const char *day, enum kin_mart_mode mode)
{
    *f = (struct fixture){ .world = world, .extract = world_extract_make(world), .day = day_from(day) };
    f->mart = mart_of_world(world, f->day, mode);
    f->q = calloc(1, sizeof *f->q);
    arena_init(&f->arena, 0);
}

static void end(struct fixture *f)
{
    kin_mart_close(f->mart);
    world_extract_free(f->extract);
    world_free(f->world);
    arena_release(&f->arena);
    free(f->q);
}

static const uint8_t outcome_of_law[LAW_OUTCOMES] = {
    [LAW_TO_OPERATIONS_HALL] = KIN_TO_HALL,
    [LAW_TO_ONLINE] = KIN_OUTCOMES,
    [LAW_ACCEPT_IN_HALL] = KIN_OUTCOMES,
    [LAW_REFUSE_USE_ONLINE] = KIN_OUTCOMES,
    [LAW_TO_COUPON] = KIN_TO_COUPON,
    [LAW_CHOOSE_RELATION] = KIN_CHOOSE_RELATION,
    [LAW_PILOT_NOT_IN_FORCE] = KIN_OUTCOMES,
    [LAW_KINSHIP_NOT_CONFIRMED] = KIN_KINSHIP_NOT_CONFIRMED,
    [LAW_STUDY_NOT_CONFIRMED] = KIN_STUDY_NOT_CONFIRMED,
    [LAW_WAITING] = KIN_WAITING,
    [LAW_INVALID] = KIN_INVALID,
};

/* By the law, for an application whose text is in order. */
static struct kin_decision by_law(struct fixture *f, const struct kin_application *a)
{
    struct law_decision decision;
    struct inquiry_application application = { .channel = a->choice % 2 == 0 ? LAW_PORTAL : LAW_MOBILE,
                                               .service = a->applicant[9] % 2 == 0 ? LAW_RESIDENCE : LAW_TEMPORARY,
                                               .day = f->day,
                                               .rka = { a->rka, sizeof a->rka },
                                               .relation = { (enum law_degree)a->choice, (enum kin_side)a->side } };
    iin_parse((struct str){ a->applicant, sizeof a->applicant }, &application.applicant);
    arena_reset(&f->arena);
    inquiry_init(f->q, &f->arena, policy_default(), &application, 0);
    inquiry_decide_folder(f->q, f->extract, &decision);
    struct kin_decision ret = { .outcome = outcome_of_law[decision.outcome] };
    if (decision.has_norm && decision.per_person != DECIMAL_NONE) {
        ret.compared = true;
        ret.allowed = decision.allowed;
        ret.registered = (uint32_t)decision.registered;
        ret.reached = decision.reached;
    }
    return ret;
}

static int64_t norm_on(struct day day)
{
    struct policy_readings readings;
    policy_on(policy_default(), day, &readings);
    return readings.area_per_person;
}

static void hold_one(const struct kin_application *a, const struct kin_decision *x, const struct kin_decision *y, const char *way)
{
    if (x->outcome != y->outcome || x->allowed != y->allowed || x->registered != y->registered || x->compared != y->compared ||
        x->reached != y->reached)
        fail_msg("%s: %.12s in %.16s as %d %d: %d (%u of %lld) instead of %d (%u of %lld)", way, a->applicant, a->rka, a->choice,
                 a->side, y->outcome, y->registered, (long long)y->allowed, x->outcome, x->registered, (long long)x->allowed);
}

/* All at once, without vectors, and one by one. */
static void hold(struct fixture *f, const struct kin_application *a, size_t count)
{
    struct kin_decision *got = calloc(count, sizeof *got), *plain = calloc(count, sizeof *plain), single;
    struct kin_mart without = *f->mart;
    int64_t norm = norm_on(f->day);
    without.vectors = false;
    kin_mart_decide_batch(f->mart, norm, a, count, got);
    kin_mart_decide_batch(&without, norm, a, count, plain);
    for (size_t i = 0; i < count; i++) {
        struct kin_decision expected = by_law(f, &a[i]);
        hold_one(&a[i], &expected, &got[i], "batch");
        hold_one(&a[i], &expected, &plain[i], "plain batch");
        f->outcomes[expected.outcome]++;
        if (i % 16 != 0)
            continue;
        kin_mart_decide_batch(f->mart, norm, &a[i], 1, &single);
        hold_one(&a[i], &expected, &single, "alone");
    }
    free(got);
    free(plain);
}

static struct kin_application application_of(struct str rka, struct iin applicant, int choice, enum kin_side side)
{
    struct kin_application a = { .choice = (uint8_t)choice, .side = (uint8_t)side };
    char text[IIN_TEXT];
    memcpy(a.rka, rka.p, sizeof a.rka);
    memcpy(a.applicant, iin_format(applicant, text), sizeof a.applicant);
    return a;
}

/* Every choice, with every side that it has. */
static size_t add_choices(struct kin_application *to, struct str rka, struct iin applicant)
{
    size_t n = 0;
    for (int choice = 0; choice < KIN_CHOICES; choice++) {
        bool sided = choice < KIN_DEGREES && kin_degree_has_side((enum kin_degree)choice);
        for (int side = sided ? KIN_MOTHER : KIN_SIDE_NONE; side <= (sided ? KIN_FATHER : KIN_SIDE_NONE); side++)
            to[n++] = application_of(rka, applicant, choice, (enum kin_side)side);
    }
    return n;
}
#define CHOICES_AND_SIDES 16

static void everybody_everywhere(void **state)
{
    (void)state;
    static const char *const days[] = { "2026-03-02", "2026-03-02", "2026-03-03", "2025-12-25", "2026-03-02" };
    struct kin_application *a = calloc(TROUBLE_PERSONS * CITY_DWELLINGS * CHOICES_AND_SIDES, sizeof *a);
    size_t outcomes[KIN_OUTCOMES] = { 0 };
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct city city;
        struct folder folder;
        struct fixture f;
        size_t count = 0;
        begin(&f, city_world(&city, &folder, seed), days[seed % 5], seed % 2 == 0 ? KIN_MART_FAST : KIN_MART_MAPPED);
        for (int d = 0; d < CITY_DWELLINGS; d++)
            for (int p = 0; p < TROUBLE_PERSONS && !city.irregular[d]; p++)
                count += add_choices(a + count, city.rka[d], city.people.person[p]);
        hold(&f, a, count);
        for (int i = 0; i < KIN_OUTCOMES; i++)
            outcomes[i] += f.outcomes[i];
        end(&f);
        folder_remove(&folder);
    }
    for (int i = 0; i < KIN_OUTCOMES; i++)
        assert_true(outcomes[i] > 1000);
    free(a);
}

/* Relatives of owners, residents and strangers of a town that looks like one. */
static void a_town(void **state)
{
    (void)state;
    struct folder folder;
    struct fixture f;
    struct chance c = { 11 };
    size_t persons, dwellings, count = 0;
    begin(&f, generated_world(&folder, 4000, 5), "2026-03-02", KIN_MART_FAST);
    const struct world_person *person = world_persons(f.world, &persons);
    const struct world_dwelling *dwelling = world_dwellings(f.world, &dwellings);
    struct kin_application *a = calloc((persons + 6000) * CHOICES_AND_SIDES, sizeof *a);
    size_t residents = world_count(f.world, WORLD_RESIDENTS);
    for (size_t i = 0; i < residents && i < persons; i++) {
        const struct world_resident *r = world_resident_at(f.world, (int32_t)i);
        if (dwelling[r->dwelling].rka.n == 16)
            count += add_choices(a + count, dwelling[r->dwelling].rka, r->iin);
    }
    for (size_t i = 0; i < 6000; i++) {
        const struct world_dwelling *d = &dwelling[chance_below(&c, (unsigned)dwellings)];
        if (d->rka.n == 16)
            count += add_choices(a + count, d->rka, person[chance_below(&c, (unsigned)persons)].iin);
    }
    hold(&f, a, count);
    assert_true(f.outcomes[KIN_TO_COUPON] > 1000 && f.outcomes[KIN_KINSHIP_NOT_CONFIRMED] > 1000);
    free(a);
    end(&f);
    folder_remove(&folder);
}

/* More registered than the line of a dwelling counts, and the norm just there. */
#define BARRACKS 1100
static struct world *barracks(struct folder *f, struct iin person[BARRACKS])
{
    struct buf persons, residents, errors;
    buf_init(&persons, 1 << 20);
    buf_init(&residents, 1 << 20);
    buf_add_text(&persons, "iin,surname,name,patronymic,sex,born,died,capable,phone\n");
    buf_add_text(&residents, "rka,iin,kind,since,until\n");
    uint64_t eleven = 90010130001;
    for (int i = 0; i < BARRACKS; eleven++) {
        int check = iin_check_digit(eleven);
        if (check < 0)
            continue;
        person[i].n = eleven * 10 + (uint64_t)check;
        buf_addf(&persons, "%012llu,A,B,,M,1990-01-01,,yes,\n", (unsigned long long)person[i].n);
        static const int registered[] = { 1022, 1023, 1024, 1099 };
        for (int d = 0; d < 4; d++) {
            if (i < registered[d])
                buf_addf(&residents, "000000000000000%d,%012llu,residence,,\n", d + 1, (unsigned long long)person[i].n);
        }
        i++;
    }
    folder_init(f);
    folder_put(f, "persons.csv", buf_str(&persons));
    folder_put(f, "residents.csv", buf_str(&residents));
    folder_put(f, "dwellings.csv",
               STR("rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\n"
                   "0000000000000001,,711310000,A,A,15330,\n0000000000000002,,711310000,A,A,15330,\n"
                   "0000000000000003,,711310000,A,A,15360,\n0000000000000004,,711310000,A,A,16485,\n"));
    buf_clear(&residents);
    buf_addf(&residents, "rka,owner,share\n");
    for (int d = 1; d <= 4; d++)
        buf_addf(&residents, "000000000000000%d,%012llu,\n", d, (unsigned long long)person[BARRACKS - 1].n);
    folder_put(f, "owners.csv", buf_str(&residents));
    folder_put(f, "incapacity.csv", STR("iin,since,until,court_act\n"));
    struct world *world = folder_load(f, &errors);
    if (world == NULL)
        fail_msg("%.400s", errors.p);
    buf_release(&errors);
    buf_release(&persons);
    buf_release(&residents);
    return world;
}

static void many_in_one_dwelling(void **state)
{
    (void)state;
    static struct iin person[BARRACKS];
    struct folder folder;
    struct fixture f;
    struct kin_application *a = calloc(BARRACKS * 4, sizeof *a);
    size_t count = 0;
    begin(&f, barracks(&folder, person), "2026-03-02", KIN_MART_FAST);
    for (int p = 0; p < BARRACKS; p += 1 + (p < 1000) * 9)
        for (int d = 1; d <= 4; d++) {
            char rka[17];
            snprintf(rka, sizeof rka, "%016d", d);
            a[count++] = application_of(str_from(rka), person[p], KIN_CHOICE_NONE, KIN_SIDE_NONE);
        }
    hold(&f, a, count);
    assert_true(f.outcomes[KIN_TO_COUPON] > 100 && f.outcomes[KIN_CHOOSE_RELATION] > 50);
    free(a);
    end(&f);
    folder_remove(&folder);
}

/* What is refused before anything is looked up. */
static void wrong_applications(void **state)
{
    (void)state;
    struct city city;
    struct folder folder;
    struct fixture f;
    struct kin_application a[10];
    struct kin_decision got[10];
    begin(&f, city_world(&city, &folder, 3), "2026-03-02", KIN_MART_FAST);
    for (int i = 0; i < 10; i++)
        a[i] = application_of(city.rka[6], city.people.person[0], KIN_CHOICE_NONE, KIN_SIDE_NONE);
    a[0].applicant[2] = 'x';
    a[1].applicant[11] = a[1].applicant[11] == '0' ? '1' : '0';
    memcpy(a[2].applicant, "120140000017", 12); /* a company */
    memcpy(a[3].applicant, "000000000000", 12);
    a[4].rka[15] = 'x';
    memcpy(a[5].rka, "7777777777777777", 16);
    a[6].choice = KIN_CHOICES;
    a[7].choice = KIN_HALF_SIBLING;
    a[8].side = KIN_MOTHER;
    a[9].choice = KIN_GRANDCHILD;
    a[9].side = 3;
    struct kin_mart without = *f.mart;
    without.vectors = false;
    for (int way = 0; way < 2; way++) {
        kin_mart_decide_batch(way == 0 ? f.mart : &without, 1500, a, 10, got);
        for (int i = 0; i < 10; i++)
            assert_int_equal(got[i].outcome, KIN_INVALID);
    }
    end(&f);
    folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_everywhere),
        cmocka_unit_test(a_town),
        cmocka_unit_test(many_in_one_dwelling),
        cmocka_unit_test(wrong_applications),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
