/* SPDX-License-Identifier: Apache-2.0 */
/* A database, a small world behind it and a courier without a network: what the tests of the case drive. */
#ifndef TESTS_FILING_DESK_H
#define TESTS_FILING_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "filing/filing_service.h"
#include "world/world.h"

/* tests/data/filing_world */
#define AIDOS  "900512300071"
#define GULNAR "650220300070"
#define DANA   "950703300079" /* child of GULNAR */
#define TIMUR  "150911300072" /* under age */
#define RUSLAN "850117300072"
#define SAULE  "700405300078"
#define NURLAN "881230300075" /* no telephone */
#define ZHANAR "030814300070" /* student */
#define BOLAT  "620606300073" /* husband of GULNAR */
#define CLERK1 "910102300074"
#define CLERK2 "920203300075"

#define MESSAGES_MAX 64
struct desk {
    struct db *db;
    struct world *world;
    struct filing_context context;
    struct arena arena;
    struct err err;
    bool silent[REGISTRY_ASKS];
    bool no_births; /* civil acts: the part about births is silent */
    int asked[REGISTRY_ASKS];
    int mapped; /* answered by the mart */
    int messages;
    char phone[MESSAGES_MAX][24], message[MESSAGES_MAX][400];
    char code[8]; /* of the last message that has one */
};

static inline struct iin person(const char *text)
{
    struct iin iin = { 0 };
    if (iin_parse(str_from(text), &iin) == IIN_BAD)
        fail_msg("bad IIN %s", text);
    return iin;
}

static inline struct filing_actor citizen(const char *iin)
{
    return (struct filing_actor){ .person = person(iin), .role = FILING_CITIZEN, .channel = LAW_PORTAL };
}

static inline struct filing_actor clerk(enum filing_role role)
{
    return (struct filing_actor){ .person = person(role == FILING_HALL ? CLERK2 : CLERK1),
                                  .role = role,
                                  .channel = role == FILING_HALL ? LAW_HALL : LAW_RECEPTION };
}

#define OK(d, call)                                                                                                              \
    do {                                                                                                                         \
        if (!(call))                                                                                                             \
            fail_msg("%s: %s", #call, (d)->err.text);                                                                            \
    } while (0)
#define REFUSED(d, expected, call)                                                                                               \
    do {                                                                                                                         \
        if (call)                                                                                                                \
            fail_msg("%s went through", #call);                                                                                  \
        if ((d)->err.kind != (expected))                                                                                         \
            fail_msg("%s: kind %d: %s", #call, (int)(d)->err.kind, (d)->err.text);                                               \
    } while (0)

static inline void desk_open(struct desk *d, const char *database)
{
    struct buf errors;
    digest_setup();
    *d = (struct desk){ .context = { .policy = policy_default(),
                                     .legal_day = day_of(2026, 3, 2),
                                     .now = { INT64_C(1772442000000) },
                                     .demonstration = true } };
    arena_init(&d->arena, 0);
    buf_init(&errors, 65536);
    if (!world_load("tests/data/filing_world", &d->world, &errors))
        fail_msg("world: %s", errors.p);
    buf_release(&errors);
    OK(d, db_open(database, false, &d->db, &d->err));
    OK(d, filing_migrate(d->db, &d->err));
}

static inline void desk_close(struct desk *d)
{
    db_close(d->db);
    world_free(d->world);
    arena_release(&d->arena);
}

static inline void desk_pass(struct desk *d, int64_t seconds) { d->context.now.ms += seconds * 1000; }

static inline void keep_message(struct desk *d, const struct registry_question *q)
{
    assert_true(d->messages < MESSAGES_MAX);
    snprintf(d->phone[d->messages], sizeof d->phone[0], STR_FMT, STR_ARG(q->phone));
    snprintf(d->message[d->messages], sizeof d->message[0], STR_FMT, STR_ARG(q->text));
    for (const char *p = d->message[d->messages]; *p; p++) {
        if (strspn(p, "0123456789") == 6 && (p == d->message[d->messages] || p[-1] == ' '))
            snprintf(d->code, sizeof d->code, "%.6s", p);
    }
    d->messages++;
}

static inline void desk_answer(struct desk *d, const struct registry_question *q, struct registry_answer *ret)
{
    if (registry_mart_ask(d->context.mart, q, &d->arena, ret)) {
        d->mapped++;
        return;
    }
    *ret = (struct registry_answer){ .ask = q->ask, .status = REGISTRY_ANSWERED, .as_of = d->context.legal_day };
    d->asked[q->ask]++;
    if (d->silent[q->ask]) {
        ret->status = REGISTRY_SILENT;
        ret->trouble = STR("no answer in time");
    } else if (q->ask == REGISTRY_MESSAGE) {
        keep_message(d, q);
        ret->done = (struct registry_done){ .done = true, .message = STR("") };
    } else {
        registry_folder_ask(d->world, q, &d->arena, ret);
        if (d->no_births && (q->ask == REGISTRY_FAMILY || q->ask == REGISTRY_FAMILY_MART))
            ret->family = (struct registry_family){ .births_silent = true };
    }
}

/* Works off everything that is due; the number of answers. */
static inline int desk_serve(struct desk *d)
{
    enum { ROOM = 16 };
    struct filing_job job[ROOM];
    int count, all = 0;
    for (;;) {
        OK(d, filing_jobs_take(d->db, &d->context, ROOM, 30000, &d->arena, job, &count, &d->err));
        if (count == 0)
            return all;
        for (int i = 0; i < count; i++) {
            struct registry_answer answer;
            desk_answer(d, &job[i].question, &answer);
            OK(d, filing_job_done(d->db, &d->context, &job[i], &answer, &d->err));
            all++;
        }
        assert_true(all < 2000);
    }
}

static inline struct filing_view desk_view(struct desk *d, const struct filing_actor *actor, struct filing_id id)
{
    struct filing_view view;
    OK(d, filing_read(d->db, &d->context, actor, id, &d->arena, &view, &d->err));
    return view;
}

static inline enum filing_state desk_state(struct desk *d, struct filing_id id)
{
    struct filing_actor system = { .role = FILING_SYSTEM };
    return desk_view(d, &system, id).state;
}

#define STATE_IS(d, id, expected) assert_string_equal(filing_state_name(desk_state((d), (id))), filing_state_name(expected))

static inline struct filing_id desk_begin(struct desk *d, const char *applicant, const char *rka)
{
    struct filing_actor actor = citizen(applicant);
    struct filing_opening opening = {
        .service = LAW_RESIDENCE, .channel = LAW_PORTAL, .applicant = actor.person, .rka = str_from(rka)
    };
    struct filing_id id;
    OK(d, filing_open(d->db, &d->context, &actor, &opening, &id, &d->err));
    return id;
}

static inline struct filing_coupon desk_coupon(void)
{
    return (struct filing_coupon){ .reason = STR("work"),
                                   .education = STR("higher"),
                                   .marital = STR("single"),
                                   .occupation = STR("employed"),
                                   .arrives_with = STR("alone"),
                                   .previous_place = STR("Қарағанды"),
                                   .arrived = day_of(2026, 3, 1) };
}

/* Coupon, code, signature. */
static inline void desk_sign(struct desk *d, const char *applicant, struct filing_id id)
{
    struct filing_actor actor = citizen(applicant);
    struct filing_coupon coupon = desk_coupon();
    OK(d, filing_save_coupon(d->db, &d->context, &actor, id, &coupon, &d->err));
    OK(d, filing_send_code(d->db, &d->context, &actor, id, &d->err));
    desk_serve(d);
    OK(d, filing_sign(d->db, &d->context, &actor, id, str_from(d->code), &d->err));
}

static inline void desk_consent(struct desk *d, const char *owner, struct filing_id id)
{
    struct filing_actor actor = citizen(owner);
    desk_serve(d);
    OK(d, filing_send_code(d->db, &d->context, &actor, id, &d->err));
    desk_serve(d);
    OK(d, filing_consent(d->db, &d->context, &actor, id, true, str_from(d->code), &d->err));
}

static inline void desk_choose(struct desk *d, const char *applicant, struct filing_id id, enum law_degree degree)
{
    struct filing_actor actor = citizen(applicant);
    struct law_relation relation = { .degree = degree };
    OK(d, filing_choose_relation(d->db, &d->context, &actor, id, relation, &d->err));
    desk_serve(d);
}

static inline int64_t desk_count(struct desk *d, const char *sql)
{
    struct db_query q;
    int64_t n = 0;
    OK(d, db_query(d->db, &q, sql, &d->err));
    while (db_row(&q))
        n = db_int(&q, 0);
    OK(d, db_finish(&q, &d->err));
    return n;
}

static inline void desk_audit_is_whole(struct desk *d)
{
    int64_t entries;
    OK(d, filing_audit_verify(d->db, &entries, &d->err));
    assert_true(entries > 0);
}

/* ---- for cmocka: *state is a desk over an empty database in memory ---- */

static inline int desk_setup(void **state)
{
    static struct desk desk;
    desk_open(&desk, ":memory:");
    *state = &desk;
    return 0;
}

/* For tests that break the audit on purpose. */
static inline int desk_teardown(void **state)
{
    desk_close(*state);
    return 0;
}

static inline int desk_teardown_whole(void **state)
{
    desk_audit_is_whole(*state);
    return desk_teardown(state);
}

#endif
