/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed objects that must be refused, each right in all but one thing, and at which step they must be; and some that must be
 * accepted although they look odd.  One table; whoever verifies signatures goes through it (tests/unit/eds_wrong_test.c).
 *
 *     authority_desk_open(&desk, authority, now);
 *     for each row of authority_wrong_tables:
 *         authority_wrong_make(&desk, row, AUTHORITY_GOST, &object) ... eds_verify(trust, &object.request, ...)
 *
 * An object is a good one (an application signed by a citizen, with an OCSP answer) that is bent in up to four places: what the
 * certificate says, how the data is signed, the answers about it, the finished bytes.
 */
#ifndef STAND_AUTHORITY_WRONG_H
#define STAND_AUTHORITY_WRONG_H

#include "stand/authority.h"
#include "stand/authority_xml.h"

enum { AUTHORITY_DESK_HOLDERS = 64, AUTHORITY_DESK_ANSWERS = 4 };

/* Where objects are made. */
struct authority_desk {
    struct authority *authority;
    struct moment now;
    struct arena arena; /* bytes of the objects */
    struct authority_holder kept[AUTHORITY_DESK_HOLDERS];
    size_t holders;
    struct err err;
};
void authority_desk_open(struct authority_desk *desk, struct authority *authority, struct moment now);
void authority_desk_close(struct authority_desk *desk);
/* Forgets the objects made so far. */
void authority_desk_clear(struct authority_desk *desk);

struct authority_object {
    struct eds_request request;                                              /* ready for eds_verify */
    struct str answer[AUTHORITY_DESK_ANSWERS], list[AUTHORITY_DESK_ANSWERS]; /* what request.ocsp and .crl point at */
};

/* Everything from which an object is made, before it is. */
struct authority_draft {
    struct authority_desk *desk;
    enum authority_branch branch;
    enum authority_role role;
    struct authority_subject subject;
    struct authority_spec spec;
    const struct authority_holder *issuer;
    struct authority_holder signer[2]; /* the second one where two sign */
    struct authority_cms cms;
    enum authority_fault ocsp; /* how the answer about the signer is */
    bool no_answer;
};

enum authority_branches { AUTHORITY_BOTH = 3, AUTHORITY_GOST_ONLY = 1, AUTHORITY_RSA_ONLY = 2 };

struct authority_wrong {
    const char *name, *how;
    enum authority_branches branches;
    enum eds_step_kind step;  /* the verdict's first step that is not passed */
    enum eds_reason reason;   /* EDS_OK: the object is in order */
    enum authority_role role; /* ROOT, i.e. 0: a citizen's key for signing */
    void (*bend_spec)(struct authority_draft *draft);
    bool (*bend_key)(struct authority_draft *draft);
    void (*bend_cms)(struct authority_draft *draft);
    bool (*bend_object)(struct authority_draft *draft, struct authority_object *object);
};
enum { AUTHORITY_WRONG_TABLES = 5 };
struct authority_wrong_table {
    const struct authority_wrong *row;
    const size_t *rows;
};
extern const struct authority_wrong_table authority_wrong_tables[AUTHORITY_WRONG_TABLES];

bool authority_wrong_make(struct authority_desk *desk, const struct authority_wrong *wrong, enum authority_branch branch,
                          struct authority_object *ret);

/* ---- for the files of the table ---- */

/* The tables by what is wrong: certificate, signed data, answers, XML documents, messages of the state gateway. */
extern const struct authority_wrong authority_wrong_certificates[], authority_wrong_data[], authority_wrong_answers[],
    authority_wrong_xml[], authority_wrong_wss[];
extern const size_t authority_wrong_certificates_count, authority_wrong_data_count, authority_wrong_answers_count,
    authority_wrong_xml_count, authority_wrong_wss_count;

/* The desk releases it. */
struct authority_holder *authority_desk_keep(struct authority_desk *desk, struct authority_holder holder);
struct str authority_desk_copy(struct authority_desk *desk, const struct buf *bytes); /* and releases the buf */
/* An XML text as the object, without expected content; releases the text and returns `fine`. */
bool authority_desk_put(struct authority_draft *draft, struct authority_object *object, enum eds_form form, struct buf *text,
                        bool fine);
/* The same of a document: `before`, a signature like that over `digested`, `after`. */
bool authority_desk_put_xml(struct authority_draft *draft, struct authority_object *object, enum eds_form form,
                            const struct authority_xml *like, const char *digested, const char *before, const char *after);
/* An OCSP answer about the certificate; added to the object. */
bool authority_desk_ocsp(struct authority_draft *draft, X509 *certificate, enum authority_fault fault,
                         struct authority_object *object);
bool authority_desk_list(struct authority_draft *draft, enum authority_list list, enum authority_fault fault,
                         struct authority_object *object);
/* A timestamp token over bytes, by `signer` (NULL: the branch's). */
bool authority_desk_token(struct authority_draft *draft, struct str over, const struct authority_stamp *like, struct str *ret);

#endif
