/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "filing_desk.h"

enum { THREADS = 4, STEPS = 50 };

static char folder[] = "/tmp/tirkeu-writer-XXXXXX", database[64], wake[64];
static struct desk desk;

struct one {
    struct filing_id id;
    enum { OPENS, FAILS_AFTER_OPENING, BREAKS_AFTER_OPENING } kind;
    bool done, ok, seen;
    enum err_kind err;
    struct db *reader;
};

static bool run(struct db *db, void *context, struct err *err)
{
    struct one *one = context;
    struct filing_actor actor = citizen(AIDOS);
    struct filing_opening opening = {
        .service = LAW_RESIDENCE, .channel = LAW_PORTAL, .applicant = actor.person, .rka = STR("D1")
    };
    if (!filing_open(db, &desk.context, &actor, &opening, &one->id, err))
        return false;
    if (one->kind == FAILS_AFTER_OPENING)
        return err_set(err, ERR_INPUT, "something is wrong");
    return one->kind == OPENS || err_set(err, ERR_SYSTEM, "the disk is full");
}

static void done(void *context, bool ok, const struct err *err)
{
    struct one *one = context;
    struct db_query q;
    struct err ignored;
    one->ok = ok;
    one->err = ok ? ERR_NONE : err->kind;
    /* It is committed: another connection sees it. */
    if (db_query(one->reader, &q, "SELECT 1 FROM filing WHERE id = $1", &ignored)) {
        db_bind_int(&q, 1, one->id.n);
        while (db_row(&q))
            one->seen = true;
        db_finish(&q, &ignored);
    }
    one->done = true;
}

struct batch {
    struct filing_writer *writer;
    struct one one[STEPS];
};

static void *submit(void *context)
{
    struct batch *batch = context;
    for (int i = 0; i < STEPS; i++)
        filing_writer_submit(batch->writer, (struct filing_step){ .run = run, .done = done, .context = &batch->one[i] });
    return NULL;
}

static void many_threads(void **state)
{
    (void)state;
    static struct batch batch[THREADS];
    struct filing_writer *writer;
    struct db *reader;
    pthread_t thread[THREADS];
    OK(&desk, filing_writer_start(database, NULL, &writer, &desk.err));
    OK(&desk, db_open(database, true, &reader, &desk.err));
    for (int t = 0; t < THREADS; t++) {
        batch[t].writer = writer;
        for (int i = 0; i < STEPS; i++)
            batch[t].one[i].reader = reader;
        assert_int_equal(pthread_create(&thread[t], NULL, submit, &batch[t]), 0);
    }
    for (int t = 0; t < THREADS; t++)
        pthread_join(thread[t], NULL);
    filing_writer_stop(writer); /* finishes what waits */
    for (int t = 0; t < THREADS; t++) {
        for (int i = 0; i < STEPS; i++)
            assert_true(batch[t].one[i].done && batch[t].one[i].ok && batch[t].one[i].seen);
    }
    db_close(reader);
    assert_int_equal(desk_count(&desk, "SELECT count(*) FROM filing"), THREADS * STEPS);
    desk_audit_is_whole(&desk);
}

static void a_step_undoes_itself_only(void **state)
{
    (void)state;
    struct one one[] = {
        { .kind = OPENS }, { .kind = BREAKS_AFTER_OPENING }, { .kind = FAILS_AFTER_OPENING }, { .kind = OPENS }
    };
    struct filing_writer *writer;
    struct db *reader;
    int64_t before = desk_count(&desk, "SELECT count(*) FROM filing");
    OK(&desk, filing_writer_start(database, NULL, &writer, &desk.err));
    OK(&desk, db_open(database, true, &reader, &desk.err));
    for (int i = 0; i < 4; i++) {
        one[i].reader = reader;
        filing_writer_submit(writer, (struct filing_step){ .run = run, .done = done, .context = &one[i] });
    }
    filing_writer_stop(writer);
    db_close(reader);
    assert_true(one[0].ok && one[3].ok && !one[1].ok && !one[2].ok);
    assert_int_equal(one[1].err, ERR_SYSTEM);
    assert_int_equal(one[2].err, ERR_INPUT);
    assert_int_equal(desk_count(&desk, "SELECT count(*) FROM filing"), before + 3);
    desk_audit_is_whole(&desk);
}

static void wakes_the_courier(void **state)
{
    (void)state;
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct one one = { .kind = OPENS };
    struct filing_writer *writer;
    char byte[4];
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", wake);
    assert_int_equal(bind(fd, (const struct sockaddr *)(const void *)&address, sizeof address), 0);
    OK(&desk, filing_writer_start(database, wake, &writer, &desk.err));
    OK(&desk, db_open(database, true, &one.reader, &desk.err));
    filing_writer_submit(writer, (struct filing_step){ .run = run, .done = done, .context = &one });
    filing_writer_stop(writer);
    assert_int_equal(recv(fd, byte, sizeof byte, MSG_DONTWAIT), 1);
    assert_int_equal(recv(fd, byte, sizeof byte, MSG_DONTWAIT), -1);
    close(fd);
    db_close(one.reader);
}

static void old_schema_is_refused(void **state)
{
    (void)state;
    struct filing_writer *writer;
    REFUSED(&desk, ERR_INPUT, filing_writer_start(":memory:", NULL, &writer, &desk.err));
    assert_non_null(strstr(desk.err.text, "tirkeu migrate"));
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(database, sizeof database, "%s/case.db", folder);
    snprintf(wake, sizeof wake, "%s/wake", folder);
    desk_open(&desk, database);
    return 0;
}

static int remove_folder(void **state)
{
    static const char *const names[] = { "case.db", "case.db-wal", "case.db-shm", "wake" };
    (void)state;
    desk_close(&desk);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[80];
        snprintf(name, sizeof name, "%s/%s", folder, names[i]);
        unlink(name);
    }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(many_threads), cmocka_unit_test(a_step_undoes_itself_only),
                                        cmocka_unit_test(wakes_the_courier), cmocka_unit_test(old_schema_is_refused) };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
