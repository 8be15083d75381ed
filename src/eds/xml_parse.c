/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/xml.h"

#include <libxml/parser.h>

#include "base/markup.h"

/* ---- what the parser would not tell ---- */

static bool contains(struct str text, const char *part) { return memmem(text.p, text.n, part, strlen(part)) != NULL; }

/* The declaration is not signed: it may be written in a few ways only. */
static bool plain_declaration(struct str text)
{
    static const char *const encodings[] = { "", " encoding=\"UTF-8\"", " encoding=\"utf-8\"", " encoding='UTF-8'",
                                             " encoding='utf-8'" };
    static const char *const standalone[] = { "", " standalone=\"no\"", " standalone=\"yes\"", " standalone='no'",
                                              " standalone='yes'" };
    static const char *const versions[] = { "<?xml version=\"1.0\"", "<?xml version='1.0'" };
    char line[128];
    if (!str_starts(text, "<?xml ")) /* or with other white space */
        return !str_starts(text, "<?xml\t") && !str_starts(text, "<?xml\r") && !str_starts(text, "<?xml\n");
    for (size_t i = 0; i < 2 * 5 * 5; i++) {
        snprintf(line, sizeof line, "%s%s%s", versions[i % 2], encodings[i / 2 % 5], standalone[i / 10]);
        struct str rest = text;
        if (!str_starts(rest, line))
            continue;
        rest = (struct str){ rest.p + strlen(line), rest.n - strlen(line) };
        if (str_starts(rest, "?>") || str_starts(rest, " ?>"))
            return true;
    }
    return false;
}

/* Past "-->", "]]>", "?>". */
static size_t past(struct str text, size_t at, const char *end)
{
    const char *found = memmem(text.p + at, text.n - at, end, strlen(end));
    return found ? (size_t)(found - text.p) + strlen(end) : text.n;
}

static size_t past_tag(struct str text, size_t at, bool *ret_plain)
{
    char quote = '\0';
    for (; at < text.n; at++) {
        char c = text.p[at];
        if (c == '\t' || c == '\r')
            *ret_plain = false;
        if (quote ? c == quote : (c == '"' || c == '\''))
            quote = quote ? '\0' : c;
        else if (!quote && c == '>')
            return at + 1;
    }
    return at;
}

/* "&#xd;" is "&#xD;". */
static bool plain_reference(struct str text, size_t at)
{
    if (at + 2 >= text.n || text.p[at + 1] != '#' || text.p[at + 2] != 'x')
        return true;
    for (at += 3; at < text.n && text.p[at] != ';'; at++) {
        if (text.p[at] >= 'a' && text.p[at] <= 'f')
            return false;
    }
    return true;
}

/* White space inside of tags and the letters of references do not reach the canonical form: one way to write them. */
static bool plain_markup(struct str text)
{
    bool plain = true;
    size_t at = 0;
    while (plain && at < text.n) {
        struct str rest = { text.p + at, text.n - at };
        if (text.p[at] == '&') {
            plain = plain_reference(text, at++);
        } else if (text.p[at] != '<') {
            at++;
        } else if (str_starts(rest, "<!--")) {
            at = past(text, at, "-->");
        } else if (str_starts(rest, "<![CDATA[")) {
            at = past(text, at, "]]>");
        } else if (str_starts(rest, "<?")) {
            at = past(text, at, "?>");
        } else {
            size_t end = past_tag(text, at, &plain);
            for (; plain && at < end; at++)
                plain = text.p[at] != '&' || plain_reference(text, at);
        }
    }
    return plain;
}

/* What making a canonical form may come to.  libxml2 looks up every namespace in scope for every element, through all elements
 * around it. */
enum { ATTRIBUTES_MAX = 128, LOOKUPS_MAX = 1 << 27 };

static int declared(const xmlNode *element)
{
    int n = 0;
    for (const xmlNs *ns = element->nsDef; ns; ns = ns->next)
        n++;
    return n;
}

static bool too_laborious(const xmlNode *root)
{
    int64_t depth = 0, in_scope = 0, lookups = 0;
    for (const xmlNode *node = root; node && lookups <= LOOKUPS_MAX;) {
        if (node->type == XML_ELEMENT_NODE) {
            int64_t here = in_scope + declared(node);
            lookups += here * (here + depth + 1);
            if (node->children) {
                in_scope = here;
                depth++;
                node = node->children;
                continue;
            }
        }
        while (node != root && !node->next) {
            node = node->parent;
            in_scope -= declared(node);
            depth--;
        }
        node = node == root ? NULL : node->next;
    }
    return lookups > LOOKUPS_MAX;
}

static bool too_deep(const xmlNode *root)
{
    int depth = 0;
    for (const xmlNode *node = root; node;) {
        if (node->type == XML_ELEMENT_NODE && node->children) {
            if (++depth > XML_DEPTH_MAX)
                return true;
            node = node->children;
            continue;
        }
        while (node != root && !node->next) {
            node = node->parent;
            depth--;
        }
        node = node == root ? NULL : node->next;
    }
    return false;
}

enum eds_reason dsig_open(struct str text, xmlDoc **ret)
{
    const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC;
    if (text.n > EDS_XML_MAX)
        return EDS_FORM_TOO_LARGE;
    if (str_starts(text, "\xef\xbb\xbf"))
        text = (struct str){ text.p + 3, text.n - 3 };
    if (text.n == 0 || !str_is_utf8(text) || memchr(text.p, '\0', text.n) || contains(text, "<!DOCTYPE") ||
        contains(text, "<!ENTITY"))
        return EDS_FORM_UNREADABLE;
    if (!plain_declaration(text) || !plain_markup(text))
        return EDS_FORM_MALLEABLE;
    if (!markup_tags_fit(text, ATTRIBUTES_MAX))
        return EDS_FORM_TOO_LARGE;
    xmlDoc *doc = xmlReadMemory(text.p, (int)text.n, NULL, "UTF-8", options);
    xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    if (!root || doc->intSubset || doc->extSubset || too_deep(root)) {
        xmlFreeDoc(doc);
        return EDS_FORM_UNREADABLE;
    }
    if (too_laborious(root)) {
        xmlFreeDoc(doc);
        return EDS_FORM_TOO_LARGE;
    }
    *ret = doc;
    return EDS_OK;
}

/* ---- the tree ---- */

bool dsig_is(const xmlNode *node, const char *name, const char *name_space)
{
    return node && node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0 && node->ns && node->ns->href &&
           strcmp((const char *)node->ns->href, name_space) == 0;
}

static xmlNode *element_from(xmlNode *node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

xmlNode *dsig_element(const xmlNode *parent) { return element_from(parent->children); }

xmlNode *dsig_sibling(const xmlNode *node) { return element_from(node->next); }

xmlNode *dsig_child(const xmlNode *parent, const char *name, const char *name_space)
{
    xmlNode *child = dsig_element(parent);
    while (child && !dsig_is(child, name, name_space))
        child = dsig_sibling(child);
    return child;
}

xmlNode *dsig_walk(const xmlNode *root, xmlNode *node)
{
    if ((node->type == XML_ELEMENT_NODE || node->type == XML_DOCUMENT_NODE) && node->children)
        return node->children;
    while (node != root && !node->next)
        node = node->parent;
    return node == root ? NULL : node->next;
}

/* Not tabs: between them and a carriage return the parser may see no difference. */
static bool is_blank(const xmlNode *node)
{
    return (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) &&
           (!node->content || node->content[strspn((const char *)node->content, " \n\r")] == '\0');
}

bool dsig_only_elements(const xmlNode *node)
{
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type != XML_ELEMENT_NODE && !is_blank(child))
            return false;
    }
    return true;
}

bool dsig_has_comments(const xmlNode *root)
{
    for (xmlNode *node = (xmlNode *)(uintptr_t)root; node; node = dsig_walk(root, node)) {
        if (node->type == XML_COMMENT_NODE)
            return true;
    }
    return false;
}

char *dsig_attribute(const xmlNode *node, const char *name) { return (char *)xmlGetNoNsProp(node, (const xmlChar *)name); }

bool dsig_attribute_is(const xmlNode *node, const char *name, const char *value)
{
    char *given = dsig_attribute(node, name);
    bool same = given && strcmp(given, value) == 0;
    xmlFree(given);
    return same;
}

bool dsig_base64(const xmlNode *node, struct arena *arena, struct str *ret)
{
    struct buf text;
    bool plain = true;
    buf_init(&text, EDS_XML_MAX);
    for (const xmlNode *part = node->children; part; part = part->next) {
        plain &= part->type == XML_TEXT_NODE;
        if (plain && part->content)
            buf_add_text(&text, (const char *)part->content);
    }
    bool fine = plain && !text.over && text.n > 0 && !memchr(text.p, '\t', text.n) && base64_strict(buf_str(&text), arena, ret);
    buf_release(&text);
    return fine;
}
