/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "tmplc.h"

/* ---- what stands where: tables ---- */

static bool listed(const char *const *list, const char *name)
{
    for (; *list; list++) {
        if (strcmp(*list, name) == 0)
            return true;
    }
    return false;
}

static const char *const forbidden_tags[] = { "script", "style", "iframe", "object", "embed", "base", "plaintext", "xmp", NULL };
static const char *const url_attributes[] = { "href", "src", "action", "formaction", "cite", "poster", NULL };
static const char *const closed_attributes[] = { "srcset", "srcdoc", "content", "http-equiv", "ping", "target", NULL };
static const char *const flag_attributes[] = { "checked", "selected",  "disabled", "required", "open",
                                               "hidden",  "autofocus", "readonly", NULL };

bool html_is_url(const char *attribute) { return listed(url_attributes, attribute); }
bool html_is_closed(const char *attribute) { return listed(closed_attributes, attribute); }
bool html_is_flag(const char *attribute) { return listed(flag_attributes, attribute); }

/* ---- following the HTML ---- */

static void check_tag(struct translation *t)
{
    if (listed(forbidden_tags, t->tag))
        fault(t, "<%s> is not allowed on our pages", t->tag);
}

static void check_attribute(struct translation *t)
{
    if (strncmp(t->attribute, "on", 2) == 0)
        fault(t, "event attribute '%s': pages work without scripts", t->attribute);
    if (strcmp(t->attribute, "style") == 0)
        fault(t, "attribute 'style' is refused by the content security policy; use a class");
}

bool html_is_space(char c) { return c == ' ' || c == '\t' || c == '\n'; }

static void grow_name(struct translation *t, char *name, size_t *n, char c)
{
    if (*n + 1 >= NAME_MAX_BYTES) {
        fault(t, "a tag or attribute name longer than %d bytes", NAME_MAX_BYTES - 1);
        return;
    }
    name[(*n)++] = (char)tolower((unsigned char)c);
    name[*n] = '\0';
}

static void begin_attribute(struct translation *t, char c)
{
    t->attribute_length = 0;
    t->place = ATTRIBUTE_NAME;
    if (!isalpha((unsigned char)c))
        fault(t, "'%c' cannot begin an attribute", c);
    grow_name(t, t->attribute, &t->attribute_length, c);
}

static void step_in_tag(struct translation *t, char c)
{
    if (c == '>')
        t->place = TEXT;
    else if (!html_is_space(c) && c != '/')
        begin_attribute(t, c);
}

static void step_text(struct translation *t, const char *s)
{
    if (*s != '<')
        return;
    if (s[1] == '!' && strncmp(s, "<!doctype html>", 15) != 0 && strncmp(s, "<!DOCTYPE html>", 15) != 0)
        fault(t, "comments are not sent to readers; write %%# at the beginning of a line");
    else if (s[1] != '!' && s[1] != '/' && !isalpha((unsigned char)s[1]))
        fault(t, "'<' that begins no tag; write &lt;");
    t->place = TAG_NAME;
    t->tag_length = 0;
    t->tag[0] = '\0';
    t->closing = s[1] == '/';
}

static void step_tag_name(struct translation *t, char c)
{
    if (c == '/' && t->tag_length == 0)
        return;
    if (c != '>' && c != '/' && !html_is_space(c)) {
        grow_name(t, t->tag, &t->tag_length, c);
        return;
    }
    check_tag(t);
    t->place = c == '>' ? TEXT : IN_TAG;
}

static void step_attribute_name(struct translation *t, char c)
{
    if (c != '=' && c != '>' && c != '/' && !html_is_space(c)) {
        grow_name(t, t->attribute, &t->attribute_length, c);
        return;
    }
    check_attribute(t);
    t->place = c == '=' ? BEFORE_VALUE : c == '>' ? TEXT : html_is_space(c) ? AFTER_NAME : IN_TAG;
}

static void step_after_name(struct translation *t, char c)
{
    if (c == '=')
        t->place = BEFORE_VALUE;
    else if (!html_is_space(c)) {
        t->place = IN_TAG;
        step_in_tag(t, c);
    }
}

static void step_before_value(struct translation *t, char c)
{
    if (html_is_space(c))
        return;
    if (c != '"' && c != '\'')
        fault(t, "the value of '%s' has to be quoted", t->attribute);
    t->quote = c;
    t->value_length = 0;
    t->place = VALUE;
}

void html_step(struct translation *t, const char *s)
{
    switch (t->place) {
    case TEXT: step_text(t, s); break;
    case TAG_NAME: step_tag_name(t, *s); break;
    case IN_TAG: step_in_tag(t, *s); break;
    case ATTRIBUTE_NAME: step_attribute_name(t, *s); break;
    case AFTER_NAME: step_after_name(t, *s); break;
    case BEFORE_VALUE: step_before_value(t, *s); break;
    case VALUE:
        t->value_length++;
        if (*s == t->quote)
            t->place = IN_TAG;
        break;
    }
}
