/* SPDX-License-Identifier: Apache-2.0 */
/* Many ask while one writes, snapshots are taken and followed: nobody ever sees half of a change. */
#include "kin_live_world.h"

#include <pthread.h>
#include <time.h>

#define SECONDS      0.8
#define SECONDS_MOST 30.0
#define FAILED(what) ((void *)(uintptr_t)(what)) /* what a thread returns */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/*
 * The birth act of X says mother 1 and father 1, then mother 2 and father 2, and so on: never one of each.  Others have the
 * parents that X would have if his row were torn.  The dwelling belongs to one person, then to two others.
 */
enum { X, MOTHER_1, FATHER_1, MOTHER_2, FATHER_2, OF_1_1, OF_2_1, OF_1_2, OWNER_A, OWNER_B };

struct stage {
    struct street street;
    struct live_files files;
    struct kin_live *live;
    bool stop;
};
struct watcher {
    struct stage *stage;
    struct kin_live *live;
    bool vectors;
    uint64_t seen[2], torn; /* X as child of the first, of the second pair */
};

/* For a while, and until every one of them has seen both states. */
static void let_run(const struct watcher *w, int count)
{
    double begin = now();
    for (bool seen = false; now() < begin + SECONDS || (!seen && now() < begin + SECONDS_MOST);) {
        nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
        seen = true;
        for (int i = 0; i < count; i++)
            seen &= __atomic_load_n(&w[i].seen[0], __ATOMIC_RELAXED) > 0 && __atomic_load_n(&w[i].seen[1], __ATOMIC_RELAXED) > 0;
    }
}

static struct kin_record birth_says(const struct stage *s, enum kin_record_type type, int child, int mother, int father,
                                    const char *number)
{
    struct kin_record r = record_of_birth(number, day_from(STREET_DAY), s->street.person[child], s->street.person[mother],
                                          s->street.person[father]);
    r.type = type;
    return r;
}

static void *write_all_the_time(void *context)
{
    struct stage *s = context;
    uint64_t written = 0;
    struct err err;
    const struct kin_record record[] = {
        birth_says(s, KIN_RECORD_CORRECTION, X, MOTHER_2, FATHER_2, "two"),
        { .type = KIN_RECORD_OWNERS,
          .day = day_from(STREET_DAY),
          .other_day = DAY_NONE,
          .act_number = STR("o"),
          .other = str_from(s->street.rka[0]),
          .persons = 2,
          .person = { s->street.person[OWNER_A], s->street.person[OWNER_B] } },
        birth_says(s, KIN_RECORD_CORRECTION, X, MOTHER_1, FATHER_1, "one"),
        { .type = KIN_RECORD_OWNERS,
          .day = day_from(STREET_DAY),
          .other_day = DAY_NONE,
          .act_number = STR("o"),
          .other = str_from(s->street.rka[0]),
          .persons = 1,
          .person = { s->street.person[OWNER_A] } },
    };
    while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED)) {
        uint64_t sequence = 0;
        for (int i = 0; i < 30; i++) { /* ends with either state */
            while (!kin_live_put(s->live, &record[written % 4], &sequence, &err)) {
                if (err.kind != ERR_LIMIT || __atomic_load_n(&s->stop, __ATOMIC_RELAXED))
                    return err.kind == ERR_LIMIT ? NULL : FAILED("refused");
                nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL); /* a quick writer fills the room until a snapshot */
            }
            written++;
        }
        if (!kin_live_wait(s->live, sequence, &err))
            return FAILED("not written");
    }
    return NULL;
}

static void *snapshots_all_the_time(void *context)
{
    struct stage *s = context;
    struct err err;
    uint64_t sequence, before = 0;
    while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED)) {
        if (!kin_live_snapshot(s->live, &sequence, &err) || sequence < before)
            return FAILED("no snapshot");
        before = sequence;
    }
    return before > 0 ? NULL : FAILED("nothing happened");
}

static void *follow_all_the_time(void *context)
{
    struct watcher *w = context;
    struct err err;
    uint64_t before = 0;
    while (!__atomic_load_n(&w->stage->stop, __ATOMIC_RELAXED)) {
        uint64_t sequence = kin_live_follow(w->live, &err) ? kin_live_sequence(w->live) : 0;
        if (sequence < before || sequence == 0)
            return FAILED("went back");
        before = sequence;
    }
    return NULL;
}

static void watch_checks(struct watcher *w, const struct kin_mart *mart, const struct kin_check check[4])
{
    uint8_t ret[4];
    kin_mart_check_batch(mart, KIN_SCOPE_ALL, check, 4, ret);
    __atomic_fetch_add(&w->seen[0], ret[0] == KIN_CHECK_YES, __ATOMIC_RELAXED); /* sibling of who has both first parents */
    __atomic_fetch_add(&w->seen[1], ret[3] == KIN_CHECK_YES, __ATOMIC_RELAXED); /* child of mother 2 */
    w->torn += ret[1] == KIN_CHECK_YES || ret[2] == KIN_CHECK_YES;
    const struct iin *p = w->stage->street.person;
    w->torn += kin_mart_check(mart, KIN_SCOPE_ALL, KIN_FULL_SIBLING, KIN_SIDE_NONE, p[X], p[OF_2_1]);
    w->torn += kin_mart_check(mart, KIN_SCOPE_ALL, KIN_FULL_SIBLING, KIN_SIDE_NONE, p[X], p[OF_1_2]);
}

static void watch_act(struct watcher *w, const struct kin_mart *mart)
{
    const struct iin *p = w->stage->street.person;
    struct kin_source source = kin_mart_source(mart);
    struct kin_birth birth;
    if (source.birth(source.context, p[X], day_from(STREET_DAY), &birth) != KIN_HELD)
        w->torn++;
    bool one = str_is(birth.act_number, "one"), two = str_is(birth.act_number, "two");
    w->torn += one + two != 1 || !iin_equal(birth.mother, p[one ? MOTHER_1 : MOTHER_2]) ||
               !iin_equal(birth.father, p[one ? FATHER_1 : FATHER_2]);
}

static void watch_owners(struct watcher *w, const struct kin_mart *mart, uint32_t slot)
{
    const struct iin *p = w->stage->street.person;
    struct kin_dwelling_seen seen =
        kin_dwelling_load(mart, &mart->dwellings[slot / KIN_LINE_DWELLINGS], (int)(slot % KIN_LINE_DWELLINGS));
    uint32_t a = kin_mart_key(mart, p[OWNER_A]), b = kin_mart_key(mart, p[OWNER_B]);
    const uint32_t *list = KIN_ITEMS(mart, KIN_OWNER_LIST, uint32_t);
    bool several = (seen.area & KIN_DWELLING_LIST) != 0;
    w->torn += several ? seen.owner >= mart->section[KIN_OWNER_LIST].count || list[seen.owner] != a ||
                             list[seen.owner + 1] != b || list[seen.owner + 2] != 0
                       : seen.owner != a;
}

static void fill_checks(const struct stage *s, struct kin_check check[4])
{
    static const int pairs[4][3] = { { X, OF_1_1, KIN_FULL_SIBLING },
                                     { X, OF_2_1, KIN_FULL_SIBLING },
                                     { X, OF_1_2, KIN_FULL_SIBLING },
                                     { X, MOTHER_2, KIN_CHILD } };
    memset(check, 0, 4 * sizeof *check);
    for (int i = 0; i < 4; i++) {
        char text[IIN_TEXT];
        memcpy(check[i].applicant, iin_format(s->street.person[pairs[i][0]], text), 12);
        memcpy(check[i].owner, iin_format(s->street.person[pairs[i][1]], text), 12);
        check[i].degree = (uint8_t)pairs[i][2];
    }
}

static void *watch_all_the_time(void *context)
{
    struct watcher *w = context;
    struct kin_check check[4];
    fill_checks(w->stage, check);
    while (!__atomic_load_n(&w->stage->stop, __ATOMIC_RELAXED)) {
        const struct kin_mart *mart = kin_live_take(w->live);
        struct kin_mart either = *mart;
        either.vectors = w->vectors && mart->vectors;
        uint32_t slot = kin_live_dwelling(mart->live, str_from(w->stage->street.rka[0]));
        for (int i = 0; i < 200; i++) {
            watch_checks(w, &either, check);
            watch_act(w, mart);
            watch_owners(w, mart, slot);
        }
        kin_live_give(w->live, mart);
    }
    return NULL;
}

static void begin(struct stage *s)
{
    memset(s, 0, sizeof *s);
    street_files(&s->street, &s->files);
    s->live = live_open(&s->files, KIN_LIVE_WRITE);
    const struct kin_record first[] = {
        birth_says(s, KIN_RECORD_BIRTH, X, MOTHER_1, FATHER_1, "one"),
        birth_says(s, KIN_RECORD_BIRTH, OF_1_1, MOTHER_1, FATHER_1, "b"),
        birth_says(s, KIN_RECORD_BIRTH, OF_2_1, MOTHER_2, FATHER_1, "b"),
        birth_says(s, KIN_RECORD_BIRTH, OF_1_2, MOTHER_1, FATHER_2, "b"),
        { .type = KIN_RECORD_OWNERS,
          .day = day_from(STREET_DAY),
          .other_day = DAY_NONE,
          .act_number = STR("o"),
          .other = str_from(s->street.rka[0]),
          .persons = 1,
          .person = { s->street.person[OWNER_A] } },
    };
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        live_put(s->live, &first[i]);
}

static void nobody_sees_half(void **state)
{
    (void)state;
    struct stage s;
    begin(&s);
    struct kin_live *follower = live_open(&s.files, KIN_LIVE_READ);
    struct watcher w[3] = { { .stage = &s, .live = s.live, .vectors = true },
                            { .stage = &s, .live = s.live },
                            { .stage = &s, .live = follower, .vectors = true } };
    void *(*const work[])(void *) = { write_all_the_time, snapshots_all_the_time, follow_all_the_time,
                                      watch_all_the_time, watch_all_the_time,     watch_all_the_time };
    void *const context[] = { &s, &s, &w[2], &w[0], &w[1], &w[2] };
    pthread_t thread[6];
    for (int i = 0; i < 6; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, work[i], context[i]), 0);
    let_run(w, 3);
    __atomic_store_n(&s.stop, true, __ATOMIC_RELAXED);
    for (int i = 0; i < 6; i++) {
        void *failed = NULL;
        assert_int_equal(pthread_join(thread[i], &failed), 0);
        if (failed != NULL)
            fail_msg("thread %d: %s", i, (const char *)failed);
    }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(w[i].torn, 0);
        assert_true(w[i].seen[0] > 0);
        assert_true(w[i].seen[1] > 0);
    }
    struct err err;
    for (int i = 0; i < 3 && kin_live_sequence(follower) < kin_live_sequence(s.live); i++)
        assert_true(kin_live_follow(follower, &err));
    assert_int_equal(kin_live_sequence(follower), kin_live_sequence(s.live));
    kin_live_close(follower);
    kin_live_close(s.live);
    live_files_remove(&s.files);
}

/* ---- rows, as fast as they can be changed ---- */

static void *toggle_row(void *context)
{
    struct stage *s = context;
    const struct kin_mart *mart = kin_live_take(s->live);
    const struct iin *p = s->street.person;
    uint32_t key[5];
    for (int i = 0; i < 5; i++)
        key[i] = kin_mart_key(mart, p[i]);
    uint32_t slot = kin_live_slot(mart->live, p[X]);
    struct kin_person_row *row = &mart->live->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS];
    const struct kin_person_row one = { key[X], key[MOTHER_1], key[FATHER_1], 0 },
                                two = { key[X], key[MOTHER_2], key[FATHER_2], 0 };
    while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED)) {
        kin_row_store(row, two);
        kin_row_store(row, one);
    }
    kin_live_give(s->live, mart);
    return NULL;
}

static void *check_all_the_time(void *context)
{
    struct watcher *w = context;
    struct kin_check check[4];
    fill_checks(w->stage, check);
    const struct kin_mart *mart = kin_live_take(w->live);
    struct kin_mart either = *mart;
    either.vectors = w->vectors && mart->vectors;
    while (!__atomic_load_n(&w->stage->stop, __ATOMIC_RELAXED))
        watch_checks(w, &either, check);
    kin_live_give(w->live, mart);
    return NULL;
}

static void no_row_is_torn(void **state)
{
    (void)state;
    struct stage s;
    begin(&s);
    struct watcher w[2] = { { .stage = &s, .live = s.live, .vectors = true }, { .stage = &s, .live = s.live } };
    pthread_t thread[3];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, check_all_the_time, &w[i]), 0);
    assert_int_equal(pthread_create(&thread[2], NULL, toggle_row, &s), 0);
    let_run(w, 2);
    __atomic_store_n(&s.stop, true, __ATOMIC_RELAXED);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(w[i].torn, 0);
        assert_true(w[i].seen[0] > 0 && w[i].seen[1] > 0);
    }
    kin_live_close(s.live);
    live_files_remove(&s.files);
}

/* ---- rows on processors without one instruction for them ---- */

struct rows {
    _Alignas(64) struct kin_person_row row[8];
    bool stop;
};

static void *store_rows(void *context)
{
    struct rows *rows = context;
    for (uint32_t n = 1; !__atomic_load_n(&rows->stop, __ATOMIC_RELAXED); n++)
        kin_row_store_counted(&rows->row[n % 8], (struct kin_person_row){ n, n, n, n });
    return NULL;
}

static void *load_rows(void *context)
{
    struct rows *rows = context;
    uintptr_t torn = 0;
    for (uint32_t n = 0; !__atomic_load_n(&rows->stop, __ATOMIC_RELAXED); n++) {
        struct kin_person_row row = kin_row_load_counted(&rows->row[n % 8]);
        torn += row.key != row.mother || row.key != row.father || row.key != row.spouse;
    }
    return (void *)torn;
}

static void rows_by_counters(void **state)
{
    (void)state;
    static struct rows rows;
    pthread_t thread[4];
    memset(&rows, 0, sizeof rows);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, i < 2 ? store_rows : load_rows, &rows), 0);
    nanosleep(&(struct timespec){ .tv_nsec = 300000000 }, NULL);
    __atomic_store_n(&rows.stop, true, __ATOMIC_RELAXED);
    for (int i = 0; i < 4; i++) {
        void *torn = NULL;
        assert_int_equal(pthread_join(thread[i], &torn), 0);
        assert_null(torn);
    }
    assert_true(rows.row[0].key > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_sees_half),
        cmocka_unit_test(no_row_is_torn),
        cmocka_unit_test(rows_by_counters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
