/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decide, ask, decide again: from the law's questions to register questions or kinship steps, and
 * from answers back to facts.  No storage, no network: the caller asks and hands the answers in.
 *
 *     inquiry_init(&q, &arena, policy, &application, 0);
 *     for (;;) {
 *         inquiry_decide(&q, &decision);          // asks for what it lacks
 *         if (q.questions == 0) break;            // final for what is known
 *         ... ask q.question[0..questions), inquiry_answer() each ...
 *     }
 */
#ifndef INQUIRY_INQUIRY_H
#define INQUIRY_INQUIRY_H

#include "law/law.h"
#include "registry/registry.h"
#define INQUIRY_ID_MAX 64
struct inquiry_application {
    struct str id; /* echoed; p NULL: could not be read */
    enum law_service service;
    enum law_channel channel;
    struct day day;
    struct iin applicant;
    struct str rka;
    struct law_relation relation;
};

/* Why an application cannot be decided. */
struct inquiry_fault {
    enum law_reason_code code;
    const char *field; /* static or in the arena; NULL when no field can be named */
};

/* Reads one application (docs/world.md).  False: *ret_fault says what is wrong; ret->id is set where it could be
 * read, ret->day is DAY_NONE unless it could be.  Texts live in the arena. */
bool inquiry_application_read(struct str json, struct arena *arena, struct inquiry_application *ret,
                              struct inquiry_fault *ret_fault);

enum inquiry_flag {
    INQUIRY_MART_FIRST = 1, /* ask Ukimet about acts, IS ZAGS only before a refusal or where Ukimet is silent */
    INQUIRY_FORESEE = 2     /* also ask what later steps will probably need, in the same go */
};

#define INQUIRY_QUESTIONS_MAX 96

struct inquiry_source;
struct inquiry {
    const struct inquiry_source *source; /* where facts come from: answers, or a folder */
    struct inquiry_application application;
    struct policy_readings readings; /* on the day of the application */
    unsigned flags;
    struct arena *arena;
    struct inquiry_pair {
        const struct registry_question *question;
        const struct registry_answer *answer;
    } * pair; /* grows in the arena */
    int pairs, pair_room;
    struct registry_question question[INQUIRY_QUESTIONS_MAX]; /* what to ask next */
    int questions;
    const struct world_extract *folder; /* only where that is the source */
    int32_t dwelling;                   /* its row there */
    struct law_facts facts;             /* of the last inquiry_decide */
    struct law_owner *owner;            /* behind facts.owner */
    struct iin *owner_who, who;         /* the owners and the applicant as the source numbers them */
    struct kin_answer kin;              /* behind facts.kin */
};

void inquiry_init(struct inquiry *q, struct arena *arena, const struct policy *policy,
                  const struct inquiry_application *application, unsigned flags);
/* Both must outlive the inquiry.  A later answer to the same question replaces the earlier one. */
void inquiry_answer(struct inquiry *q, const struct registry_question *question, const struct registry_answer *answer);
/* Decides on what is known; q->question[] is what has to be asked for a definite decision (none: it is final,
 * be it `waiting` because a register was silent).  The decision points into the inquiry. */
void inquiry_decide(struct inquiry *q, struct law_decision *ret);

/* The same over a world folder, which needs no questions: facts are read straight from its extract.  What `tirkeu decide` does
 * for each line. */
void inquiry_decide_folder(struct inquiry *q, const struct world_extract *folder, struct law_decision *ret);

#endif
