/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the live mart: a copy of the snapshot in memory of our own, with room behind those sections that grow, and lists
 * beside it for what has no place in a section.
 *
 * One thread writes at a time (kin_live.lock).  What readers follow is published by one store, after what it refers to: a row
 * of 16 bytes (mart_row.h), a life or birth act of 8, a word anywhere else.  Nothing that was published is changed but by such
 * a store, and nothing is taken back: a list that changes is a new list.
 *
 * Facts are what the records tell (acts, lives, registrations); the columns of the fast path follow from them and are settled
 * again for each person that a record or a new day concerns (live_settle.c).  So a record that comes twice changes nothing.
 */
#ifndef KIN_LIVE_IMPL_H
#define KIN_LIVE_IMPL_H

#include "kin/kin_journal.h"

#include <pthread.h>
#include <sys/stat.h>

/* struct kin_birth_act.day: the act is number `number` of what the journal told. */
#define KIN_BIRTH_LIVE (INT32_MIN + 1)

struct kin_node { /* of a list: of marriages (their place), of registrations (dwelling slot + 1; 0: the list is empty) */
    uint32_t what, next;
};
/* Something grows up to its room; `used` is the writer's alone. */
#define KIN_GROWING(type, name)                                                                                                  \
    struct {                                                                                                                     \
        type *item;                                                                                                              \
        uint32_t used, room;                                                                                                     \
    } name

enum kin_due_kind { KIN_DUE_PERSON, KIN_DUE_BIRTH, KIN_DUE_MARRIAGE };
struct kin_due { /* what changes by itself on a day to come */
    int32_t day;
    uint32_t kind, what; /* slot, place in KIN_LATE_BIRTHS, place in KIN_MARRIAGES */
};

struct kin_overlay {
    struct kin_mart mart;
    struct kin_file_header *header; /* our own */
    dev_t device;                   /* of the snapshot */
    ino_t inode;
    int readers;
    struct kin_overlay *older;
    int32_t day;
    uint64_t sequence; /* of the last record in here */

    /* ---- sections as they are written ---- */
    struct kin_person_line *persons;
    struct kin_dwelling_line *dwellings;
    uint32_t *state;
    struct kin_life *life;
    struct kin_birth_act *birth_act;
    struct kin_late_birth *late_birth;
    struct kin_dwelling_record *record;
    uint64_t slots, dwelling_slots, residents, late_births;
    KIN_GROWING(char, text);
    KIN_GROWING(struct kin_marriage_act, marriage);
    KIN_GROWING(uint32_t, owner);
    KIN_GROWING(uint64_t, irregular); /* behind those of the file, unsorted; used is read by readers */

    /* ---- beside them ---- */
    KIN_GROWING(struct kin_birth_found, birth);
    KIN_GROWING(struct kin_node, node);
    uint32_t *marriages_of; /* by slot: first node, 0: none */
    uint32_t *stays_of;     /* by slot: first node, 0: as in the snapshot */
    void *beside[4];        /* mappings of what is beside */
    size_t beside_size[4];

    /* ---- the writer's notes ---- */
    struct kin_due *due; /* by day, from due_at on, as far as due_until */
    size_t dues, due_room, due_at;
    int32_t due_until;
    bool stays_listed;
    uint32_t *before, *after, *stays; /* registrations that count, of the person being settled; those being changed */
    size_t befores, before_room, afters, after_room, stays_room;
    uint32_t *dirty_owner; /* keys whose state changed: their dwellings' flags are due */
    size_t dirty_owners, dirty_room;
    uint32_t *owned_first; /* by the line of an owner's key: first of `owned`, 0: none; NULL: not made yet (live_owned.c) */
    struct kin_node *owned;
    size_t owneds, owned_room;
    bool replaying; /* owners are settled once, at the end */
    bool full;      /* something did not fit */
};

struct kin_live {
    char *mart_path, *journal_path;
    enum kin_live_mode mode;
    pthread_mutex_t lock; /* who writes; and over `now` and its readers */
    pthread_mutex_t take; /* over `now`, `older` and their readers */
    pthread_mutex_t snapshotting;
    struct kin_overlay *now;
    struct kin_journal *journal;
};

/* ---- for readers (live_open.c) ---- */

uint32_t kin_live_irregular_key(const struct kin_overlay *o, struct iin iin);
struct iin kin_live_irregular_iin(const struct kin_overlay *o, uint32_t key);
bool kin_live_birth(const struct kin_overlay *o, uint32_t number, struct kin_birth_found *ret);
uint32_t kin_live_first_marriage(const struct kin_overlay *o, uint32_t slot);
uint32_t kin_live_first_stay(const struct kin_overlay *o, uint32_t slot);
/* Steps to the next node; false: there is none. */
bool kin_live_marriage_node(const struct kin_overlay *o, uint32_t *node, uint32_t *ret_place);
bool kin_live_stay_node(const struct kin_overlay *o, uint32_t *node, uint32_t *ret_dwelling_slot);

/* ---- the overlay ---- */

/* A live copy of the snapshot; `journal_bytes` is what has to find room besides what is to come. */
bool kin_overlay_open(const char *path, uint64_t journal_bytes, struct kin_overlay **ret, struct err *err);
void kin_overlay_close(struct kin_overlay *o);

/* ---- facts (live_find.c, live_acts.c, live_apply.c) ---- */

/* Given by the journal, in order; the context is the overlay.  False: no room (a snapshot has to be taken). */
bool kin_live_apply(struct kin_overlay *o, const struct kin_record *record, uint64_t sequence, struct err *err);
/* Calls up the lines of memory that the record will be looked for in, then those that hang on what was found there. */
void kin_live_call_up(void *overlay, const struct kin_record *record, enum kin_journal_step step);
/* Is there room for `records` more? */
bool kin_live_has_room(const struct kin_overlay *o, uint64_t records);
/* UINT32_MAX: not there. */
uint32_t kin_live_slot(const struct kin_overlay *o, struct iin person);
uint32_t kin_live_dwelling(const struct kin_overlay *o, struct str rka);
/* The marriages of a person that a divorce or annulment is about.  number empty: those with the other person. */
bool kin_live_find_marriage(const struct kin_overlay *o, struct iin person, struct str number, struct kin_marriage_act *ret,
                            uint32_t *ret_place);
/* The dwellings where a person is registered, dead or alive, in no order; false: not there. */
bool kin_live_stays(struct kin_overlay *o, uint32_t slot, uint32_t dwelling_slot);
/* Offset in KIN_TEXT; the key of a number that may be new; a free row for it (UINT32_MAX: none).  o->full when there is no room.
 */
uint32_t kin_live_add_text(struct kin_overlay *o, struct str text);
uint32_t kin_live_enter_key(struct kin_overlay *o, struct iin iin);
uint32_t kin_live_free_slot(struct kin_overlay *o, uint32_t key);

void kin_live_birth_act(struct kin_overlay *o, const struct kin_record *r);
void kin_live_correction(struct kin_overlay *o, const struct kin_record *r);
void kin_live_marriage(struct kin_overlay *o, const struct kin_record *r);
void kin_live_divorce(struct kin_overlay *o, const struct kin_record *r);
void kin_live_annulment(struct kin_overlay *o, const struct kin_record *r);
void kin_live_annul_death(struct kin_overlay *o, const struct kin_record *r);
void kin_live_enter_birth(struct kin_overlay *o, uint32_t slot, const struct kin_birth_found *birth);

/* What the record has against it, the field named; ERR_INPUT (live_check.c). */
bool kin_live_refuses(struct kin_overlay *o, const struct kin_record *record, struct err *err);

/* ---- columns (live_settle.c) ---- */

/* Around every change of a person's life, state or registrations. */
void kin_settle_begin(struct kin_overlay *o, uint32_t slot);
void kin_settle_end(struct kin_overlay *o, uint32_t slot);
void kin_settle_spouse(struct kin_overlay *o, uint32_t slot);
/* His own and that of everybody he was married to. */
void kin_settle_marriages(struct kin_overlay *o, uint32_t slot);
uint32_t kin_owner_flags(const struct kin_overlay *o, uint32_t key);
/* Flags of the dwellings whose owners' states have changed (live_owned.c). */
void kin_settle_owners(struct kin_overlay *o);
/* He owns it from now on, besides what he owns. */
void kin_owned_enter(struct kin_overlay *o, uint32_t key, uint32_t dwelling_slot);
/* Keys of the natural owners, 0 behind the last. */
const uint32_t *kin_owner_keys(const struct kin_overlay *o, uint64_t dwelling_slot, uint32_t alone[2]);

/* A list of its own for the person's registrations, as they are. */
void kin_stays_own(struct kin_overlay *o, uint32_t slot);
/* Registers him there, or no longer (live_stays.c). */
void kin_stays_change(struct kin_overlay *o, uint32_t slot, uint32_t dwelling_slot, bool add);
/* Into *list, which grows: where he is registered, each once. */
size_t kin_stays_list(struct kin_overlay *o, uint32_t slot, uint32_t **list, size_t *room);

/* The mart goes on to a later day: what was dated ahead comes into force, children come of age (live_day.c). */
void kin_live_advance(struct kin_overlay *o, int32_t day);
/* Of somebody new: when he comes of age. */
void kin_live_expect(struct kin_overlay *o, uint32_t slot);

/* 0: no room. */
uint32_t kin_new_node(struct kin_overlay *o, uint32_t what, uint32_t next);

/* ---- a snapshot of the overlay (live_snapshot.c) ---- */

bool kin_overlay_write(struct kin_overlay *o, const char *path, struct err *err);

#endif
