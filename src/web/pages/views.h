/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers hand to templates where a filing view alone does not do. */
#ifndef WEB_PAGES_VIEWS_H
#define WEB_PAGES_VIEWS_H

#include "filing/filing.h"
#include "filing/filing_signature.h"

struct page;

struct mine_list {
    struct filing_row *row;
    int rows;
    struct iin reader;
};

struct phone_message {
    struct moment at;
    struct str phone, text;
};
struct phone_view {
    struct phone_message *message; /* newest first */
    int messages;
};

/* A request for a signature, and the page of what is signed. */
struct signature_view {
    struct filing_signature s;
    const char *home;
    char phone[FILING_PHONE]; /* the link for a telephone; only on its page */
};
const char *signature_usages(const struct filing_signature *s); /* extended key usages that fit, separated by spaces */
struct str signature_base64(struct page *p, struct str bytes);

/* What a state means for the reader: which of the four colours its tag has. The word says the same. */
const char *state_tone(enum filing_state state);
/* "Residence", "Temporary, 6 months". */
struct str service_line(struct page *p, enum law_service service, int months);

/* The questions of a case, added up by what is asked. */
struct ask_row {
    enum registry_ask ask;
    int questions, answered, silent, attempts;
    struct moment asked_at, answered_at; /* first, last */
    struct day as_of;
};
/* ret has room for REGISTRY_ASKS; messages to people are left out. */
int ask_rows(const struct filing_view *v, struct ask_row *ret);

enum step_state { STEP_DONE, STEP_NOW, STEP_LATER };
#define CASE_STEPS 6
/* False where the way has ended before registration. */
bool case_steps(enum filing_state state, enum step_state ret[CASE_STEPS]);
bool case_may_cancel(enum filing_state state);

/* "Confirmed by the acts of civil status in the Smart Data Ukimet mart as of 1 March 2026". */
struct str source_line(struct page *p, const struct filing_source_view *source);
/* "grandchild through the mother"; view->other is a degree. */
const char *other_word(struct page *p, const struct filing_view *v);

/* "your", or the last four digits: a reader is not shown other people's numbers. */
/* Whose record is missing: "your mother", or by the end of the IIN. */
struct str missing_word(struct page *p, const struct filing_view *v, const struct kin_missing *missing);
struct str person_word(struct page *p, const struct filing_view *v, struct iin person);
/* "10.3", "order 6" as the last part of a text key: "10.3", "order_6". */
const char *paragraph_key(struct page *p, const char *paragraph);
/* The word of a stored code, "" for none. */
struct str check_word(struct page *p, const char *family, struct str code);
int minutes_left(const struct page *p, struct moment until);

#endif
