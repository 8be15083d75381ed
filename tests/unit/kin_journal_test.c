/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal: what was acknowledged is there after any crash, what is torn is cut off, what is damaged is told.
 *
 * A process appends, says what was acknowledged, and is killed at any moment, again and again with the same files.
 * TIRKEU_KIN_KILLS: how often (make long: 1,000).
 */
#include "kin_live_world.h"

#include "base/file.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

/* ---- records that follow from their number ---- */

static char number_text[24];

static struct kin_record record_number(const struct street *s, uint64_t n)
{
    struct iin a = s->person[n % STREET_PERSONS], b = s->person[(n / 2 + 1) % STREET_PERSONS];
    snprintf(number_text, sizeof number_text, "act-%llu", (unsigned long long)n);
    switch (n % 4) {
    case 0: {
        struct kin_record r = record_of_move(KIN_RECORD_MOVE_IN, day_from(STREET_DAY), a, s->rka[n / 4 % STREET_DWELLINGS]);
        r.act_number = str_from(number_text);
        return r;
    }
    case 1: {
        struct kin_record r = record_of_birth(number_text, day_from(STREET_DAY), a, s->person[n / 8 % STREET_PERSONS],
                                              s->person[n / 16 % STREET_PERSONS]);
        r.type = KIN_RECORD_CORRECTION;
        return r;
    }
    case 2:
        return record_of_two(KIN_RECORD_MARRIAGE, number_text, day_from(STREET_DAY), a,
                             iin_equal(a, b) ? s->person[(n + 1) % STREET_PERSONS] : b);
    default: {
        struct kin_record r = record_of(KIN_RECORD_STUDENT, number_text, day_from(STREET_DAY), a);
        r.begins = n % 8 == 3;
        return r;
    }
    }
}

static bool same_record(const struct kin_record *a, const struct kin_record *b)
{
    bool same = a->type == b->type && a->day.n == b->day.n && a->other_day.n == b->other_day.n && a->begins == b->begins &&
                a->annulled == b->annulled && a->persons == b->persons && str_equal(a->act_number, b->act_number) &&
                str_equal(a->other, b->other);
    for (int i = 0; same && i < a->persons; i++)
        same = iin_equal(a->person[i], b->person[i]);
    return same;
}

struct reading {
    const struct street *street;
    uint64_t last;
};

static bool each_is_as_put(void *context, const struct kin_record *record, uint64_t sequence, struct err *err)
{
    struct reading *reading = context;
    struct kin_record expected = record_number(reading->street, sequence);
    if (sequence != reading->last + 1 || !same_record(record, &expected))
        return err_set(err, ERR_INPUT, "is another one");
    reading->last = sequence;
    return true;
}

/* Reads the whole journal; ERR text in *err when it is refused. */
static bool read_journal(const struct live_files *f, const struct street *s, bool write, uint64_t *ret_last, struct err *err)
{
    struct kin_mart *mart;
    assert_true(kin_mart_open(f->mart, KIN_MART_MAPPED, &mart, err));
    struct reading reading = { s, mart->header->sequence };
    const struct kin_journal_plan plan = { .path = f->journal,
                                           .lineage = kin_lineage(mart->header),
                                           .sequence = mart->header->sequence,
                                           .write = write,
                                           .each = each_is_as_put,
                                           .context = &reading };
    struct kin_journal *journal;
    kin_mart_close(mart);
    if (!kin_journal_open(&plan, &journal, err))
        return false;
    *ret_last = reading.last;
    kin_journal_close(journal);
    return true;
}

static void put_numbers(struct kin_live *live, const struct street *s, uint64_t count)
{
    for (uint64_t n = kin_live_sequence(live) + 1, end = n + count; n < end; n++) {
        struct kin_record r = record_number(s, n);
        live_put(live, &r);
    }
}

/* ---- torn and damaged ---- */

struct bytes {
    char *p;
    size_t n;
};

static struct bytes take(const char *path)
{
    struct arena arena;
    struct str text;
    struct err err;
    arena_init(&arena, 0);
    if (!file_read(path, 1 << 24, &arena, &text, &err))
        fail_msg("%s", err.text);
    struct bytes bytes = { malloc(text.n), text.n };
    memcpy(bytes.p, text.p, text.n);
    arena_release(&arena);
    return bytes;
}

static void give(const char *path, struct bytes bytes, size_t n)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes.p, 1, n, stream), n);
    assert_int_equal(fclose(stream), 0);
}

static off_t size_of(const char *path)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return about.st_size;
}

#define RECORDS 8
/* Eight records; ret_end[i]: where record i ends. */
static struct bytes eight(struct street *s, struct live_files *f, size_t ret_end[RECORDS + 1])
{
    street_files(s, f);
    struct kin_live *live = live_open(f, KIN_LIVE_WRITE);
    ret_end[0] = sizeof(struct kin_journal_header);
    for (int i = 1; i <= RECORDS; i++) {
        put_numbers(live, s, 1);
        ret_end[i] = (size_t)size_of(f->journal);
    }
    kin_live_close(live);
    return take(f->journal);
}

static void every_torn_tail(void **state)
{
    (void)state;
    struct street s;
    struct live_files f;
    struct err err;
    size_t end[RECORDS + 1];
    struct bytes bytes = eight(&s, &f, end);
    assert_int_equal(bytes.n, end[RECORDS]);
    for (size_t n = 0; n <= bytes.n; n++) {
        uint64_t whole = 0, last = 99;
        while (whole < RECORDS && end[whole + 1] <= n)
            whole++;
        give(f.journal, bytes, n);
        if (!read_journal(&f, &s, false, &last, &err))
            fail_msg("%zu bytes: %s", n, err.text);
        assert_int_equal(last, whole);
        assert_int_equal(size_of(f.journal), n); /* who only reads cuts nothing */
        assert_true(read_journal(&f, &s, true, &last, &err));
        assert_int_equal(last, whole);
        assert_int_equal(size_of(f.journal), n < end[0] ? end[0] : end[whole]);
    }
    /* A tail of garbage, and one of zeros, are cut; appending goes on behind. */
    for (int fill = 0; fill < 256; fill += 255) {
        struct bytes longer = { calloc(1, bytes.n + 100), bytes.n + 100 };
        memcpy(longer.p, bytes.p, bytes.n);
        memset(longer.p + bytes.n, fill, 100);
        give(f.journal, longer, longer.n);
        struct kin_live *live = live_open(&f, KIN_LIVE_WRITE);
        assert_int_equal(kin_live_sequence(live), RECORDS);
        put_numbers(live, &s, 1);
        kin_live_close(live);
        uint64_t last;
        assert_true(read_journal(&f, &s, false, &last, &err));
        assert_int_equal(last, RECORDS + 1);
        free(longer.p);
    }
    free(bytes.p);
    live_files_remove(&f);
}

static void damage_in_the_middle(void **state)
{
    (void)state;
    struct street s;
    struct live_files f;
    struct err err;
    size_t end[RECORDS + 1];
    struct bytes bytes = eight(&s, &f, end);
    for (size_t at = 0; at < end[RECORDS - 1]; at++) {
        uint64_t last;
        int record = 0;
        char where[32];
        while (end[record] <= at)
            record++;
        snprintf(where, sizeof where, "offset %zu", at < end[0] ? 0 : end[record - 1]);
        bytes.p[at] ^= 0x10;
        give(f.journal, bytes, bytes.n);
        bytes.p[at] ^= 0x10;
        assert_false(read_journal(&f, &s, true, &last, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        if (at >= end[0] && strstr(err.text, where) == NULL)
            fail_msg("byte %zu: %s instead of %s", at, err.text, where);
        assert_int_equal(size_of(f.journal), bytes.n);
    }
    free(bytes.p);
    live_files_remove(&f);
}

/* A record that was left out, and one that comes twice. */
static void numbers_without_gaps(void **state)
{
    (void)state;
    struct street s;
    struct live_files f;
    struct err err;
    size_t end[RECORDS + 1];
    struct bytes bytes = eight(&s, &f, end);
    struct bytes gap = { malloc(bytes.n * 2), 0 };
    uint64_t last;
    memcpy(gap.p, bytes.p, end[3]);
    memcpy(gap.p + end[3], bytes.p + end[4], bytes.n - end[4]);
    give(f.journal, gap, bytes.n - (end[4] - end[3]));
    assert_false(read_journal(&f, &s, true, &last, &err));
    assert_non_null(strstr(err.text, "record 5 where 4 has to"));
    memcpy(gap.p, bytes.p, bytes.n);
    memcpy(gap.p + bytes.n, bytes.p + end[7], bytes.n - end[7]);
    give(f.journal, gap, bytes.n + bytes.n - end[7]);
    assert_false(read_journal(&f, &s, true, &last, &err));
    assert_non_null(strstr(err.text, "record 8 where 9 has to"));
    free(gap.p);
    free(bytes.p);
    live_files_remove(&f);
}

static void one_mart_one_writer(void **state)
{
    (void)state;
    struct street s, t;
    struct live_files f, g;
    struct err err;
    struct kin_live *live, *other;
    uint64_t sequence;
    street_files(&s, &f);
    live = live_open(&f, KIN_LIVE_WRITE);
    put_numbers(live, &s, 3);
    assert_false(kin_live_open(f.mart, f.journal, KIN_LIVE_WRITE, &other, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    other = live_open(&f, KIN_LIVE_READ);
    assert_int_equal(kin_live_sequence(other), 3);
    struct kin_record r = record_number(&s, 4);
    assert_false(kin_live_put(other, &r, &sequence, &err));
    assert_int_equal(err.kind, ERR_FORBIDDEN);
    assert_false(kin_live_snapshot(other, &sequence, &err));
    kin_live_close(other);
    kin_live_close(live);
    /* The journal of another mart. */
    struct folder folder;
    struct world *world = street_world(&t, &folder);
    live_files_init(&g);
    live_build(world, "2026-03-01", g.mart);
    world_free(world);
    folder_remove(&folder);
    assert_false(kin_live_open(g.mart, f.journal, KIN_LIVE_READ, &other, &err));
    assert_non_null(strstr(err.text, "belongs to another mart"));
    assert_false(kin_live_open(f.mart, f.mart, KIN_LIVE_READ, &other, &err));
    assert_non_null(strstr(err.text, "is not a journal"));
    /* A snapshot that is older than the journal's beginning. */
    struct bytes old = take(f.mart);
    live = live_open(&f, KIN_LIVE_WRITE);
    assert_true(kin_live_snapshot(live, &sequence, &err));
    assert_int_equal(sequence, 3);
    kin_live_close(live);
    assert_int_equal(size_of(f.journal), sizeof(struct kin_journal_header));
    give(f.mart, old, old.n);
    assert_false(kin_live_open(f.mart, f.journal, KIN_LIVE_WRITE, &live, &err));
    assert_non_null(strstr(err.text, "begins behind record 3"));
    free(old.p);
    live_files_remove(&f);
    live_files_remove(&g);
}

/* ---- many threads ---- */

#define WRITERS     8
#define PER_WRITER  100
#define WRITER_LAST (WRITERS * PER_WRITER)

struct writer {
    struct kin_live *live;
    struct street *street;
    int index;
    uint64_t sequence[PER_WRITER];
};

static void *write_many(void *context)
{
    struct writer *w = context;
    struct err err;
    for (int i = 0; i < PER_WRITER; i++) {
        char number[24];
        snprintf(number, sizeof number, "%d/%d", w->index, i);
        struct kin_record r = record_of(KIN_RECORD_STUDENT, number, day_from(STREET_DAY), w->street->person[w->index]);
        r.begins = i % 2 == 0;
        if (!kin_live_put(w->live, &r, &w->sequence[i], &err) || !kin_live_wait(w->live, w->sequence[i], &err) ||
            kin_live_sequence(w->live) < w->sequence[i])
            w->sequence[i] = 0;
    }
    return NULL;
}

static void many_writers_one_sync(void **state)
{
    (void)state;
    struct street s;
    struct live_files f;
    struct writer w[WRITERS];
    pthread_t thread[WRITERS];
    bool seen[WRITER_LAST + 1] = { false };
    street_files(&s, &f);
    struct kin_live *live = live_open(&f, KIN_LIVE_WRITE);
    for (int i = 0; i < WRITERS; i++) {
        w[i] = (struct writer){ .live = live, .street = &s, .index = i };
        assert_int_equal(pthread_create(&thread[i], NULL, write_many, &w[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    for (int i = 0; i < WRITERS; i++)
        for (int k = 0; k < PER_WRITER; k++) {
            assert_in_range(w[i].sequence[k], 1, WRITER_LAST);
            assert_false(seen[w[i].sequence[k]]);
            seen[w[i].sequence[k]] = true;
            assert_true(k == 0 || w[i].sequence[k] > w[i].sequence[k - 1]);
        }
    assert_int_equal(kin_live_sequence(live), WRITER_LAST);
    kin_live_close(live);
    live = live_open(&f, KIN_LIVE_WRITE);
    assert_int_equal(kin_live_sequence(live), WRITER_LAST);
    kin_live_close(live);
    live_files_remove(&f);
}

/* ---- killed ---- */

/* Groups of one to four; now and then a snapshot, so that the kill falls into it as well. */
_Noreturn static void append_for_ever(const struct live_files *f, const struct street *s, int pipe_end, unsigned seed)
{
    struct kin_live *live;
    struct err err;
    if (!kin_live_open(f->mart, f->journal, KIN_LIVE_WRITE, &live, &err))
        _exit(3);
    uint64_t n = kin_live_sequence(live);
    for (;;) {
        uint64_t sequence = 0, snapshot;
        for (unsigned group = 1 + (unsigned)rand_r(&seed) % 4; group > 0; group--) {
            struct kin_record r = record_number(s, ++n);
            if (!kin_live_put(live, &r, &sequence, &err) || sequence != n)
                _exit(4);
        }
        if (!kin_live_wait(live, sequence, &err))
            _exit(5);
        if (write(pipe_end, &sequence, sizeof sequence) != (ssize_t)sizeof sequence)
            _exit(6);
        if (rand_r(&seed) % 16 == 0 && !kin_live_snapshot(live, &snapshot, &err))
            _exit(7);
    }
}

/* Returns the last record that was acknowledged before the kill; 0: none was. */
static uint64_t run_and_kill(const struct live_files *f, const struct street *s, unsigned *seed)
{
    int pipe_end[2], status;
    uint64_t sequence, last = 0;
    assert_int_equal(pipe(pipe_end), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(pipe_end[0]);
        append_for_ever(f, s, pipe_end[1], *seed);
    }
    close(pipe_end[1]);
    /* Some are killed while they open, most some acknowledgements and a random time later. */
    int acknowledgements = rand_r(seed) % 8;
    for (int i = 0; i < acknowledgements && read(pipe_end[0], &sequence, sizeof sequence) == (ssize_t)sizeof sequence; i++)
        last = sequence;
    struct timespec pause = { .tv_nsec = rand_r(seed) % 1500000 };
    nanosleep(&pause, NULL);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status))
        fail_msg("ended by itself with %d", WEXITSTATUS(status));
    while (read(pipe_end[0], &sequence, sizeof sequence) == (ssize_t)sizeof sequence)
        last = sequence;
    close(pipe_end[0]);
    return last;
}

static void killed_at_any_moment(void **state)
{
    (void)state;
    const char *wanted = getenv("TIRKEU_KIN_KILLS");
    uint64_t kills = 40, acknowledged = 0;
    unsigned seed = 20260302;
    struct street s;
    struct live_files f;
    struct err err;
    if (wanted != NULL)
        assert_true(str_to_u64(str_from(wanted), &kills));
    street_files(&s, &f);
    for (uint64_t i = 0; i < kills; i++) {
        uint64_t last = run_and_kill(&f, &s, &seed), there = 0;
        acknowledged = last > acknowledged ? last : acknowledged;
        if (!read_journal(&f, &s, false, &there, &err)) /* and each record in it is the one that was put */
            fail_msg("after kill %llu: %s", (unsigned long long)i, err.text);
        if (there < acknowledged)
            fail_msg("after kill %llu: record %llu was acknowledged, the last that is there is %llu", (unsigned long long)i,
                     (unsigned long long)acknowledged, (unsigned long long)there);
        acknowledged = there; /* what is there stays there */
    }
    struct kin_live *live = live_open(&f, KIN_LIVE_WRITE);
    assert_int_equal(kin_live_sequence(live), acknowledged);
    kin_live_close(live);
    assert_true(acknowledged > kills / 2);
    live_files_remove(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_torn_tail),     cmocka_unit_test(damage_in_the_middle),  cmocka_unit_test(numbers_without_gaps),
        cmocka_unit_test(one_mart_one_writer), cmocka_unit_test(many_writers_one_sync), cmocka_unit_test(killed_at_any_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
