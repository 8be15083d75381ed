/* SPDX-License-Identifier: Apache-2.0 */
#include "web/page.h"

#include <stdio.h>
#include <string.h>

#include "web/request.h"
#include "web/web_impl.h"

#define UTC_OFFSET_MINUTES 300 /* all of Kazakhstan since 1 March 2024 */

/* ---- escaping ---- */

void page_raw(struct page *p, const char *html, size_t n) { buf_add(p->out, html, n); }

static const char *entity_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void page_escape(struct page *p, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *entity = entity_of(s.p[i]);
        if (!entity)
            continue;
        buf_add(p->out, s.p + from, i - from);
        buf_add_text(p->out, entity);
        from = i + 1;
    }
    if (from < s.n)
        buf_add(p->out, s.p + from, s.n - from);
}

/* "/path", "?query" or "#place": nothing that leads to another server or is a script. */
static bool is_own_address(struct str s)
{
    if (s.n == 0 || !strchr("/?#", s.p[0]) || (s.n > 1 && s.p[0] == '/' && (s.p[1] == '/' || s.p[1] == '\\')))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] <= 0x20 || s.p[i] == 0x7f)
            return false;
    }
    return true;
}

void page_put_url(struct page *p, struct str s)
{
    if (is_own_address(s))
        page_escape(p, s);
    else
        buf_add_char(p->out, '#');
}

void page_put_url_part(struct page *p, struct str s) { pairs_encode(p->out, s); }

void page_flag(struct page *p, const char *name, bool on)
{
    if (on)
        buf_add_text(p->out, name);
}

void page_attribute(struct page *p, const char *name, struct str value)
{
    if (value.n == 0)
        return;
    buf_addf(p->out, "%s=\"", name);
    page_escape(p, value);
    buf_add_char(p->out, '"');
}

void page_html(struct page *p, struct html html) { buf_add_str(p->out, html.s); }

/* ---- texts ---- */

struct str page_fill(struct page *p, enum text_key key, int count, const struct str *arguments)
{
    struct buf out;
    buf_init(&out, 8192);
    text_fill(&out, key, p->language, count, arguments);
    struct str filled = arena_str(p->arena, buf_str(&out));
    buf_release(&out);
    return filled;
}

void page_say(struct page *p, enum text_key key, int count, const struct str *arguments)
{
    page_escape(p, count ? page_fill(p, key, count, arguments) : str_from(text_of(key, p->language)));
}

struct str page_str_of_str(struct page *p, struct str s)
{
    (void)p;
    return s;
}

struct str page_str_of_text(struct page *p, const char *s)
{
    (void)p;
    return str_from(s);
}

struct str page_str_of_int(struct page *p, long long n) { return arena_printf(p->arena, "%lld", n); }

const char *page_word(const struct page *p, enum text_key key) { return text_of(key, p->language); }

const char *page_named(struct page *p, const char *family, const char *name)
{
    enum text_key key;
    const char *full = arena_printf(p->arena, "%s.%s", family, name).p;
    if (!text_find(full, &key))
        BUG("no text '%s'", full);
    return text_of(key, p->language);
}

struct str page_count(struct page *p, long n, enum text_key one, enum text_key few, enum text_key many)
{
    const enum text_key keys[] = { one, few, many };
    struct str number = arena_printf(p->arena, "%ld", n);
    return page_fill(p, keys[text_plural(p->language, n)], 1, &number);
}

/* ---- dates and numbers ---- */

struct str page_day(struct page *p, struct day day)
{
    if (day_is_none(day))
        return STR("");
    int year, month, number;
    struct buf out;
    day_split(day, &year, &month, &number);
    buf_init(&out, 256);
    text_day(&out, year, month, number, p->language);
    struct str words = arena_str(p->arena, buf_str(&out));
    buf_release(&out);
    return words;
}

struct str page_time(struct page *p, struct moment moment)
{
    int64_t minutes = moment.ms / 60000 + UTC_OFFSET_MINUTES;
    int minute = (int)(((minutes % 1440) + 1440) % 1440);
    return arena_printf(p->arena, "%02d:%02d", minute / 60, minute % 60);
}

struct str page_moment(struct page *p, struct moment moment)
{
    struct str day = page_day(p, moment_day(moment, UTC_OFFSET_MINUTES));
    return arena_printf(p->arena, STR_FMT ", " STR_FMT, STR_ARG(day), STR_ARG(page_time(p, moment)));
}

static struct str area_words(struct page *p, char *text)
{
    char *point = strchr(text, '.');
    if (point && p->language != TEXT_EN)
        *point = ',';
    struct str number = str_from(text);
    return page_fill(p, T_UNIT_AREA, 1, &number);
}

struct str page_area(struct page *p, int64_t hundredths)
{
    char text[DECIMAL_TEXT];
    if (hundredths == DECIMAL_NONE)
        return STR("");
    decimal_format(hundredths, text);
    return area_words(p, text);
}

struct str page_area_short(struct page *p, int64_t hundredths)
{
    char text[DECIMAL_TEXT];
    if (hundredths == DECIMAL_NONE)
        return STR("");
    decimal_format_short(hundredths, text);
    return area_words(p, text);
}

struct str page_iin(struct page *p, struct iin iin)
{
    char text[IIN_TEXT];
    return arena_str(p->arena, str_from(iin_format(iin, text)));
}

struct str page_address(struct page *p, struct str kk, struct str ru)
{
    struct str wanted = p->language == TEXT_KK ? kk : ru;
    return wanted.n > 0 ? wanted : p->language == TEXT_KK ? ru : kk;
}

/* ---- forms ---- */

static int shown_index(const struct page *p, const char *field)
{
    return p->request->shown_form ? form_index(p->request->shown_form, field) : -1;
}

struct str page_typed(struct page *p, const char *field, struct str otherwise)
{
    int i = shown_index(p, field);
    return i >= 0 ? p->request->form.typed[i] : otherwise;
}

bool page_chosen(struct page *p, const char *field, const char *value, struct str otherwise)
{
    return str_is(page_typed(p, field, otherwise), value);
}

bool page_has_errors(const struct page *p) { return p->request->shown_form && p->request->form.errors > 0; }

const char *page_error_of(struct page *p, const char *field)
{
    int i = shown_index(p, field);
    return i >= 0 && p->request->form.failed[i] ? text_of(p->request->form.error[i], p->language) : NULL;
}

bool page_error_at(struct page *p, int i, const char **ret_field, const char **ret_text)
{
    const struct form *form = p->request->shown_form;
    for (int n = 0; form && n < form->fields; n++) {
        if (p->request->form.failed[n] && i-- == 0) {
            *ret_field = form->field[n].name;
            *ret_text = text_of(p->request->form.error[n], p->language);
            return true;
        }
    }
    return false;
}

struct str field_described(struct page *p, const struct field_look *f)
{
    bool wrong = page_error_of(p, f->name) != NULL;
    if (f->has_hint && wrong)
        return arena_printf(p->arena, "%s-hint %s-error", f->name, f->name);
    if (f->has_hint || wrong)
        return arena_printf(p->arena, "%s-%s", f->name, wrong ? "error" : "hint");
    return STR("");
}

struct str field_id(struct page *p, const char *name, const char *value, const char *suffix)
{
    return arena_printf(p->arena, "%s-%s%s", name, value, suffix);
}

/* ---- the frame ---- */

const char *page_csrf(const struct page *p) { return p->request->signed_in ? p->request->session.csrf : ""; }

struct str page_here(struct page *p, const char *name, const char *value)
{
    const struct web_request *r = p->request;
    struct buf out;
    buf_init(&out, 8192);
    buf_add_str(&out, r->http->path);
    char mark = '?';
    for (int i = 0; i <= r->query.count; i++) {
        bool last = i == r->query.count;
        struct str key = last ? str_from(name) : r->query.pair[i].name;
        if (last ? !value : str_is(key, name))
            continue;
        buf_add_char(&out, mark);
        buf_add_str(&out, key);
        buf_add_char(&out, '=');
        pairs_encode(&out, last ? str_from(value) : r->query.pair[i].value);
        mark = '&';
    }
    struct str url = arena_str(p->arena, buf_str(&out));
    buf_release(&out);
    return url;
}

bool page_refresh_stopped(const struct page *p) { return p->refresh > 0 && pairs_have(&p->request->query, "still"); }
bool page_refreshes(const struct page *p)
{
    return p->refresh > 0 && !page_refresh_stopped(p) && p->request->http->method == HTTP_GET;
}

const char *page_asset(const struct page *p, const char *name) { return web_asset_path(p->request->web, name); }

struct html page_script(struct page *p, const char *asset)
{
    return (struct html){ arena_printf(p->arena, "<script src=\"%s\" defer></script>", page_asset(p, asset)) };
}

#define NCALAYER_PORT 13579
const char *page_signer_address(struct page *p)
{
    unsigned port = p->request->config->signer_port;
    return arena_printf(p->arena, "wss://127.0.0.1:%u", port ? port : NCALAYER_PORT).p;
}

bool page_has_signatures(const struct page *p) { return p->request->config->trust != NULL; }

const struct web_demo_person *page_demo_person(const struct page *p)
{
    const struct web_request *r = p->request;
    return r->signed_in ? web_demo_person_of(r->config, r->session.person) : NULL;
}

const char *page_user(struct page *p)
{
    const struct web_demo_person *person = page_demo_person(p);
    if (person)
        return person->name;
    return p->request->signed_in ? page_iin(p, p->request->session.person).p : NULL;
}

bool page_has_phone(const struct page *p) { return p->request->config->demonstration && p->request->config->sms_log; }

bool page_is_demonstration(const struct page *p) { return p->request->config->demonstration; }

struct day page_legal_day(const struct page *p) { return p->request->context.legal_day; }
