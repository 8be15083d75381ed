/* SPDX-License-Identifier: Apache-2.0 */
/* A mart that is replaced while it is in use: by a new file, by a damaged one, by none. */
#include "kin_live_world.h"

#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "kin/kin_file.h"

static struct folder home;
static struct trouble people;
static struct world *world;
static char in_use[160], beside[160];

static void build(int32_t year, const char *path)
{
    struct err err;
    if (!kin_mart_build(world, &(struct kin_build_options){ .as_of = day_of(year, 3, 1) }, path, &err))
        fail_msg("%s", err.text);
}

static void put(int32_t year) { build(year, in_use); }

/* By rename, as a mart is put in place, with one byte changed or the end cut off. */
static void put_damaged(off_t change, off_t cut)
{
    build(2030, beside);
    int fd = open(beside, O_RDWR | O_CLOEXEC);
    struct stat about;
    unsigned char byte;
    assert_true(fd >= 0 && fstat(fd, &about) == 0);
    if (cut > 0)
        assert_int_equal(ftruncate(fd, about.st_size - cut), 0);
    if (change > 0) {
        assert_int_equal(pread(fd, &byte, 1, change), 1);
        byte ^= 1;
        assert_int_equal(pwrite(fd, &byte, 1, change), 1);
    }
    close(fd);
    assert_int_equal(rename(beside, in_use), 0);
}

static int year_of(const struct kin_mart *mart)
{
    struct kin_mart_info info;
    int year, month, day;
    assert_non_null(mart);
    kin_mart_info(mart, &info);
    day_split(info.as_of, &year, &month, &day);
    return year;
}

static int year_in_use(struct kin_follower *f)
{
    const struct kin_mart *mart = kin_follow_take(f);
    int year = mart == NULL ? 0 : year_of(mart);
    kin_follow_give(f, mart);
    return year;
}

static struct kin_follower *follow(void)
{
    struct kin_follower *f = NULL;
    struct err err;
    if (!kin_follow_start(in_use, NULL, &f, &err))
        fail_msg("%s", err.text);
    return f;
}

static void test_nothing_to_follow(void **state)
{
    (void)state;
    assert_null(kin_follow_take(NULL));
    kin_follow_give(NULL, NULL);
    kin_follow_stop(NULL);
    struct kin_follower *f = follow();
    assert_null(kin_follow_take(f));
    assert_false(kin_follow_look(f));
    kin_follow_stop(f);
}

static void test_a_new_file_comes_into_use(void **state)
{
    (void)state;
    put(2026);
    struct kin_follower *f = follow();
    const struct kin_mart *first = kin_follow_take(f), *again = kin_follow_take(f);
    assert_ptr_equal(first, again);
    assert_int_equal(year_of(first), 2026);
    put(2027);
    kin_follow_look(f); /* or the thread has looked already */
    assert_int_equal(year_in_use(f), 2027);
    kin_follow_give(f, again);
    /* Whoever reads the one before goes on reading it. */
    struct err err;
    assert_int_equal(year_of(first), 2026);
    assert_true(kin_mart_verify(first, &err));
    put(2028);
    kin_follow_look(f);
    kin_follow_give(f, first);
    assert_int_equal(year_in_use(f), 2028);
    assert_false(kin_follow_look(f));
    kin_follow_stop(f);
    unlink(in_use);
}

static void test_a_damaged_file_does_not(void **state)
{
    static const struct {
        off_t change, cut;
    } damages[] = { { KIN_FILE_PAGE + 64, 0 }, { 40, 0 }, { 0, 1 }, { 0, KIN_FILE_PAGE }, { 4095, 0 } };
    (void)state;
    put(2026);
    struct kin_follower *f = follow();
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        put_damaged(damages[i].change, damages[i].cut);
        assert_false(kin_follow_look(f));
        assert_int_equal(year_in_use(f), 2026);
    }
    unlink(in_use);
    assert_false(kin_follow_look(f));
    assert_int_equal(year_in_use(f), 2026);
    put(2027);
    kin_follow_look(f);
    assert_int_equal(year_in_use(f), 2027);
    kin_follow_stop(f);
    unlink(in_use);
}

static void test_it_is_seen_without_being_told(void **state)
{
    (void)state;
    put(2026);
    struct kin_follower *f = follow();
    put(2027);
    for (int i = 0; i < 3000 && year_in_use(f) != 2027; i++)
        usleep(10000);
    assert_int_equal(year_in_use(f), 2027);
    kin_follow_stop(f);
    unlink(in_use);
}

static bool knows_birth(struct kin_follower *f, struct iin child, struct day *ret_as_of)
{
    const struct kin_mart *mart = kin_follow_take(f);
    struct kin_mart_info info;
    struct kin_birth_entry birth;
    assert_non_null(mart);
    kin_mart_info(mart, &info);
    *ret_as_of = info.as_of;
    bool knows = kin_mart_birth(mart, child, &birth) && str_is(birth.act_number, "N-1");
    kin_follow_give(f, mart);
    return knows;
}

static void test_the_journal_is_followed(void **state)
{
    static const struct iin child = { 900101300017 };
    struct live_files files;
    struct kin_follower *f;
    struct err err;
    struct day as_of;
    (void)state;
    live_files_init(&files);
    assert_true(kin_follow_start(files.mart, files.journal, &f, &err));
    assert_null(kin_follow_take(f)); /* nothing yet */
    live_build(world, "2026-03-01", files.mart);
    kin_follow_look(f);
    assert_false(knows_birth(f, child, &as_of));
    assert_int_equal(as_of.n, day_of(2026, 3, 1).n);

    struct kin_live *writer = live_open(&files, KIN_LIVE_WRITE);
    struct kin_record record = record_of_birth("N-1", day_of(2026, 3, 2), child, people.person[0], (struct iin){ 0 });
    live_put(writer, &record);
    kin_follow_look(f);
    assert_true(knows_birth(f, child, &as_of));
    assert_int_equal(as_of.n, day_of(2026, 3, 2).n);
    /* A snapshot takes the place of the mart, and the journal begins anew. */
    uint64_t sequence;
    if (!kin_live_snapshot(writer, &sequence, &err))
        fail_msg("%s", err.text);
    kin_live_close(writer);
    kin_follow_look(f);
    assert_true(knows_birth(f, child, &as_of));
    /* What is no mart does not. */
    char wrong[80];
    snprintf(wrong, sizeof wrong, "%s/wrong", files.folder);
    struct err ignored;
    assert_true(file_write(wrong, STR("TIRKEUKM"), &ignored));
    assert_int_equal(rename(wrong, files.mart), 0);
    assert_false(kin_follow_look(f));
    assert_true(knows_birth(f, child, &as_of));
    kin_follow_stop(f);
    live_files_remove(&files);
}

static int set_up(void **state)
{
    (void)state;
    world = trouble_world(&people, &home, 7);
    folder_path(&home, "in_use", in_use);
    folder_path(&home, "beside", beside);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_free(world);
    folder_remove(&home);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_to_follow),       cmocka_unit_test(test_a_new_file_comes_into_use),
        cmocka_unit_test(test_a_damaged_file_does_not), cmocka_unit_test(test_it_is_seen_without_being_told),
        cmocka_unit_test(test_the_journal_is_followed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
