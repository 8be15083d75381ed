/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process that carries cases through is killed again and again at any moment; the next one goes on with the same database.
 * Every other case is signed with an electronic signature, the others with a code.
 * In the end every case is registered, each exactly once, and the audit is whole.
 * Two files stand for the outside: the telephones (SMS) and the register (references of registrations).
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "eds_answers.h"
#include "filing_desk.h"
#include "filing/filing_signature.h"
#include "base/file.h"

enum { FILINGS = 10, KILLS = 150, ENOUGH = 20, LEASE_MS = 1500 };
#define SPEED 60 /* the case's clock runs faster than ours, so that leases and codes run out */

static char folder[] = "/tmp/tirkeu-crash-XXXXXX", database[64], phones[64], register_log[64];
static struct authority authority;
static struct subscriber applicant_key;
static struct moment began;
static int lives; /* steps until the process kills itself; 0: never */

static struct moment fast_now(void)
{
    int64_t passed = moment_now().ms - began.ms;
    return (struct moment){ began.ms + passed * SPEED };
}

/* After every step: perhaps the last one. */
static void step_over(void)
{
    if (lives > 0 && --lives == 0)
        raise(SIGKILL);
}

static void append(const char *path, const char *line, size_t n)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (fd < 0 || write(fd, line, n) != (ssize_t)n)
        _exit(3);
    close(fd);
}

static struct str read_all(struct desk *d, const char *path)
{
    struct str text = STR("");
    struct err err;
    return file_read(path, 1 << 20, &d->arena, &text, &err) ? text : STR("");
}

/* The last code that the telephones got for this case. */
static struct str last_code(struct desk *d, const char *number, const char *phone)
{
    struct str rest = read_all(d, phones), line, code = STR("");
    while (str_split(&rest, '\n', &line)) {
        const char *text = arena_text(&d->arena, line);
        if (strstr(text, number) && str_starts(line, phone)) {
            for (const char *p = text; *p; p++) {
                if (strspn(p, "0123456789") == 6 && p > text && p[-1] == '\t')
                    code = (struct str){ p, 6 };
            }
        }
    }
    return code;
}

static bool answer_one(struct desk *d, const struct filing_job *job)
{
    struct registry_answer answer;
    struct buf line;
    buf_init(&line, 4096);
    if (job->question.ask == REGISTRY_MESSAGE)
        buf_addf(&line, STR_FMT "\t" STR_FMT "\n", STR_ARG(job->question.phone), STR_ARG(job->question.text));
    if (job->question.ask == REGISTRY_REGISTER)
        buf_addf(&line, STR_FMT "\n", STR_ARG(job->question.reference));
    if (line.n > 0)
        append(job->question.ask == REGISTRY_MESSAGE ? phones : register_log, line.p, line.n);
    buf_release(&line);
    step_over(); /* it went out, and nobody knows */
    d->messages = 0;
    desk_answer(d, &job->question, &answer);
    return filing_job_done(d->db, &d->context, job, &answer, &d->err) || d->err.kind == ERR_CONFLICT;
}

static void serve(struct desk *d)
{
    struct filing_job job[4];
    int count;
    do {
        d->context.now = fast_now();
        if (!filing_jobs_take(d->db, &d->context, 4, LEASE_MS, &d->arena, job, &count, &d->err))
            _exit(4);
        if (count > 0)
            step_over();
        for (int i = 0; i < count; i++) {
            if (!answer_one(d, &job[i]))
                _exit(5);
            step_over();
        }
    } while (count > 0);
}

/* What signatures lack: the responder says good. */
static void fetch(struct desk *d)
{
    struct filing_fetch f[4];
    int count;
    d->context.now = fast_now();
    if (!filing_fetches_take(d->db, &d->context, 4, LEASE_MS, &d->arena, f, &count, &d->err))
        _exit(8);
    for (int i = 0; i < count; i++) {
        const struct ocsp_options good = { .status = V_OCSP_CERTSTATUS_GOOD, .issued = d->context.now, .request = f[i].request };
        step_over(); /* asked, and nobody knows */
        struct str answer = { NULL, 0 };
        if (f[i].kind == FILING_FETCH_OCSP)
            answer = make_ocsp(&authority, &d->arena, applicant_key.certificate, authority.nca.certificate, good);
        if (!filing_fetch_done(d->db, &d->context, &f[i], answer, STR("no answer"), &d->err) && d->err.kind != ERR_CONFLICT)
            _exit(9);
        step_over();
    }
}

static void sign_electronically(struct desk *d, const struct filing_view *v, const struct filing_actor *actor)
{
    const struct filing_signing wanted = { .purpose = FILING_SIGN_APPLICATION, .filing = v->id };
    const struct filing_access access = { .actor = actor };
    struct filing_signature_result result;
    struct filing_signature s;
    struct filing_check *check;
    int64_t id;
    if (v->signature.result.state == FILING_SIGNATURE_CHECKING)
        return;
    if (!filing_signature_ask(d->db, &d->context, actor, &wanted, &id, NULL, &d->err) ||
        !filing_signature_read(d->db, &d->context, &access, id, &d->arena, &s, &d->err))
        return;
    step_over();
    struct str cms = sign_cms(&authority, &d->arena, &applicant_key, 1, s.content, (struct eds_cms_options){ .detached = true });
    if (!filing_signature_check(d->db, &d->context, &access, id, cms, &d->arena, &check, &d->err))
        return;
    step_over(); /* verified, and not yet put */
    filing_signature_put(d->db, &d->context, &access, id, cms, check, &result, &d->err);
}

static void sign(struct desk *d, const struct filing_view *v)
{
    struct filing_actor actor = { .person = v->applicant, .role = FILING_CITIZEN, .channel = LAW_PORTAL };
    if (v->id.n % 2) {
        sign_electronically(d, v, &actor);
        return;
    }
    struct str code = last_code(d, v->number, "+7701");
    if (code.n && filing_sign(d->db, &d->context, &actor, v->id, code, &d->err))
        return;
    filing_send_code(d->db, &d->context, &actor, v->id, &d->err);
}

static void consent(struct desk *d, const struct filing_view *v)
{
    struct filing_actor actor = citizen(GULNAR);
    struct str code = last_code(d, v->number, "+77010000002");
    if (code.n && filing_consent(d->db, &d->context, &actor, v->id, true, code, &d->err))
        return;
    filing_send_code(d->db, &d->context, &actor, v->id, &d->err);
}

static void go_on(struct desk *d, struct filing_id id, bool *ret_done)
{
    struct filing_actor system = { .role = FILING_SYSTEM };
    struct filing_coupon coupon = desk_coupon();
    struct filing_view v;
    d->context.now = fast_now();
    if (!filing_read(d->db, &d->context, &system, id, &d->arena, &v, &d->err))
        _exit(6);
    struct filing_actor actor = { .person = v.applicant, .role = FILING_CITIZEN, .channel = LAW_PORTAL };
    if (v.state == FILING_COUPON && !filing_save_coupon(d->db, &d->context, &actor, id, &coupon, &d->err))
        _exit(7);
    if (v.state == FILING_SIGNING)
        sign(d, &v);
    if (v.state == FILING_CONSENT)
        consent(d, &v);
    *ret_done = v.state == FILING_REGISTERED;
    if (v.state == FILING_COUPON || v.state == FILING_SIGNING || v.state == FILING_CONSENT)
        step_over();
}

_Noreturn static void work(void)
{
    static const char *const dwellings[] = { "D10", "D1" };
    struct desk d;
    alarm(100); /* a case that does not come to its end fails the test, it does not hang it */
    desk_open(&d, database);
    d.context.trust = authority.trust;
    for (;;) {
        int64_t filings = desk_count(&d, "SELECT count(*) FROM filing");
        int done = 0;
        d.context.now = fast_now();
        if (filings < FILINGS)
            desk_begin(&d, AIDOS, dwellings[filings % 2]);
        step_over();
        serve(&d);
        fetch(&d);
        for (int64_t id = 1; id <= filings; id++) {
            bool registered;
            go_on(&d, (struct filing_id){ id }, &registered);
            done += registered;
        }
        arena_reset(&d.arena);
        if (done == FILINGS)
            _exit(0);
    }
}

static pid_t start(int steps)
{
    pid_t child = fork();
    lives = steps;
    if (child == 0)
        work();
    assert_true(child > 0);
    return child;
}

static void check_end(struct desk *d)
{
    assert_int_equal(desk_count(d, "SELECT count(*) FROM filing"), FILINGS);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM filing WHERE state = 'registered'"), FILINGS);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM question WHERE purpose = 'register'"), FILINGS);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM question WHERE purpose = 'register' AND state = 'answered'"), FILINGS);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM filing_event WHERE state = 'registered'"), FILINGS);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM filing_event WHERE state = 'registering'"), FILINGS);
    assert_int_equal(
        desk_count(d, "SELECT count(*) FROM (SELECT count(*) AS n FROM filing_event GROUP BY filing, state HAVING n > 1) "),
        desk_count(d, "SELECT count(*) FROM (SELECT count(*) AS n FROM filing_event WHERE state IN ('asking', 'waiting') "
                      "GROUP BY filing, state HAVING n > 1)"));
    /* The register saw each case, some perhaps twice, always with the same reference. */
    struct str rest = read_all(d, register_log), line;
    bool seen[FILINGS + 1] = { false };
    while (str_split(&rest, '\n', &line)) {
        struct filing_id id;
        if (line.n == 0)
            continue;
        assert_true(filing_number_parse(line, &id) && id.n >= 1 && id.n <= FILINGS);
        seen[id.n] = true;
    }
    for (int i = 1; i <= FILINGS; i++)
        assert_true(seen[i]);
    int64_t records;
    OK(d, filing_records_verify(d->db, authority.trust, &records, &d->err));
    assert_int_equal(records, FILINGS / 2);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM filing WHERE signed_level = 'eds'"), FILINGS / 2);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM signature WHERE state IN ('open', 'checking')"), 0);
    desk_audit_is_whole(d);
}

static void killed_between_any_two_steps(void **state)
{
    (void)state;
    unsigned seed = 12345;
    int status = 0, kills = 0;
    struct desk d;
    /* Every other process dies by itself after so many steps, the others at any instruction. */
    for (int i = 0; i < KILLS; i++) {
        bool by_clock = i % 2 == 1;
        pid_t child = start(by_clock ? 0 : 2 + i / 2 % 5);
        struct timespec pause = { .tv_nsec = (3 + rand_r(&seed) % 8) * 1000000L };
        if (by_clock) {
            nanosleep(&pause, NULL);
            kill(child, SIGKILL);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        if (WIFEXITED(status))
            break;
        kills++;
    }
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    assert_true(kills >= ENOUGH);
    pid_t child = start(0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    desk_open(&d, database);
    check_end(&d);
    desk_close(&d);
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(database, sizeof database, "%s/case.db", folder);
    snprintf(phones, sizeof phones, "%s/phones", folder);
    snprintf(register_log, sizeof register_log, "%s/register", folder);
    began = moment_now();
    return 0;
}

static int remove_folder(void **state)
{
    static const char *const names[] = { "case.db", "case.db-wal", "case.db-shm", "phones", "register" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[80];
        snprintf(name, sizeof name, "%s/%s", folder, names[i]);
        unlink(name);
    }
    return rmdir(folder);
}

int main(void)
{
    struct eds_profile profile = person_profile();
    eds_setup();
    authority_init(&authority, EDS_RSA_SHA256, NULL);
    profile.iin = AIDOS;
    applicant_key = subscribe(&authority, &profile, &authority.nca);
    const struct CMUnitTest tests[] = { cmocka_unit_test(killed_between_any_two_steps) };
    int failed = cmocka_run_group_tests(tests, make_folder, remove_folder);
    subscriber_free(&applicant_key);
    authority_release(&authority);
    return failed;
}
