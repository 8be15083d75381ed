/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of the two desks share: reception (items 3 to 5 of the order) and operations hall (items 6 to 8). */
#ifndef WEB_PAGES_DESK_H
#define WEB_PAGES_DESK_H

#include "web/request.h"

/* "/reception" or "/hall": the desk of the clerk who is signed in. */
const char *desk_home(const struct page *p);
bool desk_is_hall(const struct page *p);

/* ---- the start page ---- */

/* What its form holds before anything is typed: empty, or what was entered before and has to be corrected. */
struct desk_entry {
    struct str service, months, applicant, owner, rka, address;
};
struct desk_start {
    struct desk_entry entry;
    struct filing_row *row; /* cases of this desk, of today only */
    int rows;
};

/* ---- from what was entered to a case ---- */

/* The persons and the dwelling travel as numbers of the clerk's own look-ups: no IIN ever stands in an address. */
struct desk_draft {
    enum law_service service;
    int months;                     /* temporary: 1 to 12; residence: 0 */
    struct filing_lookup found;     /* EGKN: the dwelling, or the owner's dwellings */
    struct filing_lookup applicant; /* GBD FL */
    struct filing_lookup owner;     /* hall: the owner's dwellings; its question holds the IIN that was entered */
    bool has_owner;
};
enum desk_finding {
    DESK_ASKING,
    DESK_SILENT, /* EGKN */
    DESK_NO_PERSON,
    DESK_NO_DWELLING,
    DESK_NOT_OWNER, /* the IIN that was entered is not among the owners of the dwelling */
    DESK_CHOICE     /* there is what a case needs; GBD FL may be silent about the applicant */
};
bool desk_draft_read(struct db *db, struct web_request *r, struct desk_draft *ret, struct err *err);
enum desk_finding desk_finding_of(const struct desk_draft *draft);
/* "Surname Name Patronymic", empty while GBD FL has not answered. */
struct str desk_applicant_name(struct page *p, const struct desk_draft *draft);

/* ---- a case at a desk ---- */

/* Its state in the clerk's words. */
const char *desk_state_word(struct page *p, enum filing_state state);
/* What to say to the visitor; NULL: the page itself says it. */
const char *desk_tell(struct page *p, const struct filing_view *v);
/* Item 8, or documents that are not in order. */
bool desk_refused_by_check(const struct filing_view *v);
/* The IIN that was entered is certainly not an owner's. */
bool desk_wrong_owner(const struct filing_view *v);
bool desk_may_cancel(enum filing_state state);
bool desk_has_slip(enum filing_state state);
/* The large words on the slip. */
enum text_key desk_slip_answer(const struct filing_view *v);
/* Only the reading "companies to the hall" brought the visitor there: no minor, no incapable person. */
bool desk_for_company(const struct filing_view *v);

#endif
