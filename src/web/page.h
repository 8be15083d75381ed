/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What templates are made of: text that is escaped by default, messages of the text table, dates and numbers in the
 * reader's language.  Templates (pages/ *.html, made into C by tools/tmplc) call these; language: src/web/README.md.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/iin.h"
#include "text/text.h"

struct web_request;
struct web_demo_person;
struct page {
    struct web_request *request;
    struct arena *arena;
    struct buf *out;
    enum text_language language;
    int refresh; /* seconds until the page loads itself again, 0: never; set it in `show` */
    bool wide;   /* offices: tables need the room */
};

/* HTML that may go out as it is; only page.c and page_phone.c make one. */
struct html {
    struct str s;
};

/* ---- what the translated templates call ---- */

void page_raw(struct page *p, const char *html, size_t n);
void page_escape(struct page *p, struct str s);
void page_put_url(struct page *p, struct str s); /* a whole address: of this server, or "#" in its place */
void page_put_url_part(struct page *p, struct str s);
void page_flag(struct page *p, const char *name, bool on);
void page_attribute(struct page *p, const char *name, struct str value); /* left out when the value is empty */
void page_html(struct page *p, struct html html);
void page_say(struct page *p, enum text_key key, int count, const struct str *arguments);

struct str page_str_of_str(struct page *p, struct str s);
struct str page_str_of_text(struct page *p, const char *s);
struct str page_str_of_int(struct page *p, long long n);
/* Texts and whole numbers as struct str. */
#define page_str(p, x)                                                                                                           \
    _Generic((x), struct str: page_str_of_str, char *: page_str_of_text, const char *: page_str_of_text, default: page_str_of_int)((p), (x))
#define page_text(p, x)     page_escape((p), page_str((p), (x)))
#define page_url(p, x)      page_put_url((p), page_str((p), (x)))
#define page_url_part(p, x) page_put_url_part((p), page_str((p), (x)))

/* ---- for expressions in templates ---- */

const char *page_word(const struct page *p, enum text_key key);
/* "<family>.<name>": page_named(p, "state", "asking"); the build's tests see that each is there. */
const char *page_named(struct page *p, const char *family, const char *name);
struct str page_fill(struct page *p, enum text_key key, int count, const struct str *arguments);
/* A number with the word it needs: of the keys one, few, many; {0} is the number. */
struct str page_count(struct page *p, long n, enum text_key one, enum text_key few, enum text_key many);
struct str page_day(struct page *p, struct day day);            /* "2 March 2026"; "" for none */
struct str page_moment(struct page *p, struct moment moment);   /* "2 March 2026, 14:05" in Kazakhstan (UTC+5) */
struct str page_time(struct page *p, struct moment moment);     /* "14:05" */
struct str page_area(struct page *p, int64_t hundredths);       /* "35.70 m²", with a comma in kk and ru */
struct str page_area_short(struct page *p, int64_t hundredths); /* "15 m²" */
struct str page_iin(struct page *p, struct iin iin);
struct str page_address(struct page *p, struct str kk, struct str ru); /* of the language; Kazakh where the other is empty */

/* ---- forms: what was typed, what is wrong ---- */

/* What the reader typed in a form that is shown again, else `otherwise`. */
struct str page_typed(struct page *p, const char *field, struct str otherwise);
bool page_chosen(struct page *p, const char *field, const char *value, struct str otherwise);
bool page_has_errors(const struct page *p);
const char *page_error_of(struct page *p, const char *field); /* NULL: this field is right */
/* The i-th error of the form for the summary; false at the end. */
bool page_error_at(struct page *p, int i, const char **ret_field, const char **ret_text);
/* How a field looks; see pages/field.html. */
struct field_look {
    const char *name;
    enum text_key label, hint;
    bool has_hint;
    bool heading;                                           /* radio buttons: the label is the heading of the page */
    bool digits;                                            /* the numeric keyboard of a telephone */
    struct str value;                                       /* when nothing was typed yet */
    const char *type, *width, *autocomplete, *least, *most; /* NULL: text, full, off, none */
    int longest;                                            /* characters, 0: 200 */
};
struct str field_described(struct page *p, const struct field_look *f); /* ids of hint and error */
struct str field_id(struct page *p, const char *name, const char *value, const char *suffix);
/* The i-th section of the reader's role in the header; false at the end (sections.c). */
bool page_section(const struct page *p, int i, const char **ret_url, enum text_key *ret_label);
const char *page_csrf(const struct page *p);
/* This page with one parameter of its query changed; without it when the value is NULL. */
struct str page_here(struct page *p, const char *name, const char *value);
bool page_refreshes(const struct page *p); /* by itself; the reader may have stopped it */
bool page_refresh_stopped(const struct page *p);
const char *page_asset(const struct page *p, const char *name);
struct html page_script(struct page *p, const char *asset);
/* "wss://127.0.0.1:13579": NCALayer on the reader's own computer. */
const char *page_signer_address(struct page *p);
/* A telephone can be told an address of ours; the code that it scans, and the link on the same device. */
bool page_has_phone_signing(struct page *p);
struct signature_view;
struct html page_phone_code(struct page *p, const struct signature_view *v);
struct html page_phone_link(struct page *p, const struct signature_view *v);
/* Electronic signatures are in use here. */
bool page_has_signatures(const struct page *p);
/* Who is signed in; NULL: nobody. Demonstration: the name, else the IIN. */
const char *page_user(struct page *p);
/* Demonstration: the person who is signed in, NULL for others; and whether /phone has anything to show. */
const struct web_demo_person *page_demo_person(const struct page *p);
bool page_has_phone(const struct page *p);
bool page_is_demonstration(const struct page *p);
struct day page_legal_day(const struct page *p);

#endif
