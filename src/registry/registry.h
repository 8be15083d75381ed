/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state registers: typed questions, typed answers.
 *
 * One file per register (gbdfl.c, zags.c, ...) turns a question into the register's message and its
 * message into an answer, and - for the stand, which sits on the other side of the wire - the same
 * the other way round.  folder.c answers every question straight from a world folder.  Contracts:
 * docs/registers/.
 */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "base/arena.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/iin.h"
#include "base/json.h"
#include "base/tri.h"
#include "exchange/exchange.h"
#include "world/world.h"

enum registry_id {
    REGISTRY_GBDFL,
    REGISTRY_ZAGS,
    REGISTRY_UKIMET,
    REGISTRY_ESOBES,
    REGISTRY_EGKN,
    REGISTRY_NOBD,
    REGISTRY_EPVO,
    REGISTRY_SMS,
    REGISTRIES
};

enum registry_ask {
    REGISTRY_PERSON,       /* GBD FL: person by IIN                          in: person */
    REGISTRY_HEAD_COUNT,   /* GBD FL: how many are registered                in: rka, day, except */
    REGISTRY_RESIDENTS,    /* GBD FL: who is registered                      in: rka, day */
    REGISTRY_REGISTER,     /* GBD FL: record a registration                  in: person, rka, kind, since, until, reference */
    REGISTRY_FAMILY,       /* IS ZAGS: family acts by IIN                    in: person */
    REGISTRY_FAMILY_MART,  /* Smart Data Ukimet: the same, a day old         in: person */
    REGISTRY_CAPACITY,     /* E-Sobes: incapable by a court act              in: person, day */
    REGISTRY_DWELLING,     /* EGKN: dwelling, area, owners                   in: rka */
    REGISTRY_DWELLINGS_OF, /* EGKN: search                                   in: person (owner, IIN or BIN), text (part of the
                              address, may be empty) */
    REGISTRY_STUDY_NOBD,   /* NOBD: study on a day                           in: person, day */
    REGISTRY_STUDY_EPVO,   /* EPVO: the same */
    REGISTRY_MESSAGE,      /* SMS gateway                                    in: phone, text, reference */
    REGISTRY_ASKS
};

enum registry_id registry_of(enum registry_ask ask);
const char *registry_name(enum registry_id id);       /* "gbdfl" */
const char *registry_ask_name(enum registry_ask ask); /* "person", "head_count", ... */
bool registry_ask_parse(struct str name, enum registry_ask *ret);

struct registry_question {
    enum registry_ask ask;
    struct iin person, except;
    struct str rka;
    struct day day;
    enum world_kind kind;    /* REGISTER */
    struct day since, until; /* REGISTER */
    struct str text, phone;  /* MESSAGE, DWELLINGS_OF */
    struct str reference;    /* our own number of the action: repeating it changes nothing */
};
/* Two questions that have the same answer. */
bool registry_question_same(const struct registry_question *a, const struct registry_question *b);

/* ---- answers ---- */

enum registry_status {
    REGISTRY_ANSWERED,
    REGISTRY_SILENT /* no answer in time, a fault, an unknown status code: never a refusal */
};

struct registry_person {
    bool held; /* false: not on record */
    struct str surname, name, patronymic, phone;
    struct day born, died;
    enum world_sex sex;
    enum world_capable capable;
    struct str residence_rka; /* where registered now (kind residence), empty: nowhere */
    struct day residence_since;
};
struct registry_resident {
    struct iin iin;
    enum world_kind kind;
    struct day since, until;
};
struct registry_residents {
    struct registry_resident *item;
    int count;
};
struct registry_head_count {
    int registered, residence; /* both kinds; kind residence only */
};
/* A marriage of the list has ended: by a source that holds the day, but not the act that ended it. */
struct registry_ending {
    int marriage; /* its place in the list */
    struct day day;
};
/* The acts that concern a person: the own birth and the births of the person's children, marriages, divorces.
 * Each part may be silent by itself.  From the mapped mart: the own birth, marriages, and endings in place of divorces. */
struct registry_family {
    bool births_silent, marriages_silent, divorces_silent;
    struct world_birth *birth;
    int births;
    struct world_marriage *marriage;
    int marriages;
    struct world_divorce *divorce;
    int divorces;
    struct registry_ending *ending;
    int endings;
};
struct registry_capacity {
    bool incapable;
    struct str court_act;
    struct day since, until;
};
struct registry_owner {
    struct iin id;          /* IIN or BIN */
    struct str share, name; /* name: of a company only */
    struct iin head;        /* of a company: who consents for it */
};
struct registry_dwelling {
    bool held;
    struct str rka, cadastral_number, kato, address_kk, address_ru;
    int64_t total_area, useful_area; /* DECIMAL_NONE: not on record */
    bool owners_silent;
    struct registry_owner *owner;
    int owners;
};
struct registry_dwellings {
    struct registry_dwelling *item; /* without owners */
    int count;
    bool more; /* there were more than the limit of 50 */
};
struct registry_study {
    struct str institution, kato;
    enum world_form form;
    struct day since, until;
};
struct registry_studies {
    struct registry_study *item;
    int count;
};
struct registry_done {
    bool done;
    struct str message; /* why not */
};

struct registry_answer {
    enum registry_ask ask;
    enum registry_status status;
    struct moment asked_at, answered_at; /* 0 when answered from a folder */
    struct day as_of;                    /* the data are of this day (the mart's is a day old) */
    struct str message_id;               /* of the exchange; empty for a folder or a mart */
    struct str trouble;                  /* SILENT: what happened, for the log and the case; no personal data */
    union {
        struct registry_person person;
        struct registry_head_count head_count;
        struct registry_residents residents;
        struct registry_family family;
        struct registry_capacity capacity;
        struct registry_dwelling dwelling;
        struct registry_dwellings dwellings;
        struct registry_studies studies;
        struct registry_done done;
    };
};

/* Stored form of a question and an answer in a case: JSON, byte-stable.  Texts of what is read live in the arena. */
void registry_question_write(const struct registry_question *question, struct buf *out);
bool registry_question_read(struct str json, struct arena *arena, struct registry_question *ret, struct err *err);
void registry_answer_write(const struct registry_answer *answer, struct buf *out);
bool registry_answer_read(struct str json, struct arena *arena, struct registry_answer *ret, struct err *err);

/* ---- the folder: every register answered from a world ---- */

/* Never fails: an absent file gives REGISTRY_SILENT (or the silent part of it).  Arrays live in the arena, texts in the world. */
void registry_folder_ask(struct world *world, const struct registry_question *question, struct arena *arena,
                         struct registry_answer *ret);

/* ---- the mart: Smart Data Ukimet as a mapped file ---- */

struct kin_follower;
/* A question for REGISTRY_FAMILY_MART answered at once, as of the extract's day.  False: ask over the wire - there is no mart
 * (NULL, or no file that is whole), it was made without one of the registers of acts, the person is not in it, or the question
 * is another one.  Everything is copied into the arena. */
bool registry_mart_ask(struct kin_follower *mart, const struct registry_question *question, struct arena *arena,
                       struct registry_answer *ret);

/* ---- the wire: SHEP envelopes, tables of elements in gbdfl.c, zags.c, ...; contracts in docs/registers/ ---- */

const char *registry_service_id(enum registry_ask ask); /* SHEP serviceId, "GBDFL_UniversalServiceSync" */
bool registry_service_parse(struct str service_id, enum registry_ask *ret);

/* Our side.  The envelope of a question; false only when it does not fit into the buf's limit. */
bool registry_request(const struct registry_question *question, struct exchange_sender sender, const char *message_id,
                      struct moment now, struct buf *ret_envelope);
/* Never fails: a fault, an unknown code, another message's answer, anything malformed becomes REGISTRY_SILENT with `trouble`
 * (codes and element names, no personal data).  asked_at and answered_at are the caller's to fill in. */
void registry_reply(struct str envelope, const struct registry_question *question, const char *message_id, struct arena *arena,
                    struct registry_answer *ret);
/* The same for a call that brought no envelope. */
void registry_reply_silent(const struct registry_question *question, const char *message_id, const char *trouble,
                           struct arena *arena, struct registry_answer *ret);

/* The register's side (the stand, tests): a request that exchange_read has read, and the response to it (REGISTRY_ANSWERED). */
bool registry_request_read(const struct exchange_message *request, struct arena *arena, struct registry_question *ret,
                           struct err *err);
bool registry_response(const struct exchange_message *request, const struct registry_question *question,
                       const struct registry_answer *answer, const char *message_id, struct moment now, struct buf *ret_envelope);

#endif
