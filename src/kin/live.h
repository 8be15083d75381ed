/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A live mart is a mart in private memory that civil acts and registrations change as they come in.  Every question of
 * kin/mart.h but kin_mart_country can be asked of it; its day of the extract is the last day that the journal tells of.  Every
 * record goes into the journal first and is synced there; then it changes memory; then it is acknowledged.  After a crash the
 * snapshot and the journal give back every record that was acknowledged.
 *
 *     struct kin_live *live;
 *     if (!kin_live_open("country.mart", "country.journal", KIN_LIVE_WRITE, &live, &err)) ...
 *     if (!kin_live_put(live, &record, &sequence, &err) || !kin_live_wait(live, sequence, &err)) ...
 *     const struct kin_mart *mart = kin_live_take(live);
 *     ... ask ...
 *     kin_live_give(live, mart);
 *
 * Threads: everything here may be called from any thread at once.  Who asks takes no lock and never waits for who writes: a row
 * is seen as it was before a record or after it, a birth act likewise together with its number.  Several questions in a row may
 * fall on both sides of a record; a whole decision reads the dwelling and the applicant one after the other.  What needs one
 * instant, kin_mart_country, is asked of a snapshot.
 */
#ifndef KIN_LIVE_H
#define KIN_LIVE_H

#include "kin/mart.h"

enum kin_record_type {
    KIN_RECORD_BIRTH = 1, /* person: child, mother, father; other_day: when born, without it the day of the act */
    KIN_RECORD_MARRIAGE,  /* person: husband, wife */
    KIN_RECORD_DIVORCE, /* person: husband, wife; other: the marriage act, without it all their marriages of that day or before */
    KIN_RECORD_DEATH,   /* person: who died on the day */
    /* The birth act was entered or amended late: it says this from its own day on, whatever it said before.  person: child,
     * mother, father; other_day: the day of the act, without it that on record, or the day of the correction. */
    KIN_RECORD_CORRECTION,
    KIN_RECORD_ANNULMENT,  /* of the act `annulled`, as if it had never been.  act_number: of a birth or marriage that act's own,
                            * of  a divorce that of the marriage; person: the child, a spouse, the dead */
    KIN_RECORD_MOVE_IN,    /* person; other: RKA; registered there from now on, besides where he is */
    KIN_RECORD_MOVE_OUT,   /* person; other: RKA */
    KIN_RECORD_OWNERS,     /* other: RKA; person: all its owners from now on, IIN or BIN */
    KIN_RECORD_STUDENT,    /* person; begins or ends: full-time in the capital */
    KIN_RECORD_INCAPACITY, /* person; begins or ends */
    KIN_RECORD_TYPES
};
const char *kin_record_name(enum kin_record_type type); /* "birth", "move_in", ... */
bool kin_record_parse(struct str name, enum kin_record_type *ret);

#define KIN_RECORD_PERSONS  64
#define KIN_RECORD_TEXT_MAX 200 /* bytes */
struct kin_record {
    enum kin_record_type type;
    struct day day;        /* of the act */
    struct day other_day;  /* DAY_NONE: none */
    struct str act_number; /* never empty */
    struct str other;
    enum kin_record_type annulled; /* 0: none */
    bool begins;
    int persons;
    struct iin person[KIN_RECORD_PERSONS];
};

enum kin_live_mode {
    KIN_LIVE_READ, /* follows what another process writes; an absent journal is an empty one */
    KIN_LIVE_WRITE /* one process at a time: ERR_CONFLICT; makes the journal, cuts off its torn tail */
};
struct kin_live;
bool kin_live_open(const char *mart, const char *journal, enum kin_live_mode mode, struct kin_live **ret, struct err *err);
void kin_live_close(struct kin_live *live); /* when nobody asks any more */

/* The mart of this moment.  What was taken has to be given back: a mart that a new snapshot has replaced lives until then. */
const struct kin_mart *kin_live_take(struct kin_live *live);
void kin_live_give(struct kin_live *live, const struct kin_mart *mart);

/* Checks the record against the mart and puts it in line; ERR_INPUT says what is wrong with it, and then nothing was written.  A
 * record more than KIN_LIVE_AHEAD days after all others is taken for a slip of the pen. */
bool kin_live_put(struct kin_live *live, const struct kin_record *record, uint64_t *ret_sequence, struct err *err);
#define KIN_LIVE_AHEAD 366
/* Returns when the record is durable and in memory, and so all before it.  Many who wait share one sync; whoever has many
 * records puts them all and waits for the last. */
bool kin_live_wait(struct kin_live *live, uint64_t sequence, struct err *err);
uint64_t kin_live_sequence(struct kin_live *live); /* of the last record in memory */

/* Writes the present state as a mart in the place of the snapshot, and drops from the journal what is in it.  A child process
 * writes; asking and writing go on meanwhile.  Returns when it is done: true, with its sequence number. */
bool kin_live_snapshot(struct kin_live *live, uint64_t *ret_sequence, struct err *err);

/* KIN_LIVE_READ: takes in what was appended since, and a new snapshot that was renamed into the place of the one in use (by
 * device and inode).  For one thread that does this every second or so; on failure the mart in use stays. */
bool kin_live_follow(struct kin_live *live, struct err *err);

#endif
