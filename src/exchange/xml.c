/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/parser.h>
#include <string.h>

#include "base/markup.h"
#include "exchange/exchange.h"

enum { ATTRIBUTES_MAX = 128 };

/* ---- in ---- */

static bool contains(struct str text, const char *part) { return memmem(text.p, text.n, part, strlen(part)) != NULL; }

/* These are in no URI (RFC 3986, appendix A) but "&" and "'", which no schema of the gateway has; libxml2 writes a namespace
 * out without escaping it. */
static bool is_namespace_fine(const xmlNode *element)
{
    for (const xmlNs *ns = element->nsDef; ns; ns = ns->next) {
        if (ns->href && strpbrk((const char *)ns->href, "<>&\"'")) {
            return false;
        }
    }
    return true;
}

/* What is wrong with the tree; NULL: nothing. */
static const char *fault_of(const xmlNode *root)
{
    int depth = 0;
    const xmlNode *node = root;
    while (node) {
        if (node->type == XML_ELEMENT_NODE && !is_namespace_fine(node)) {
            return "a namespace with one of < > & \" '";
        }
        if (node->type == XML_ELEMENT_NODE && node->children) {
            if (++depth > EXCHANGE_DEPTH_MAX) {
                return "too many elements inside each other";
            }
            node = node->children;
            continue;
        }
        while (node != root && !node->next) {
            node = node->parent;
            depth--;
        }
        if (node == root) {
            break;
        }
        node = node->next;
    }
    return NULL;
}

/* Looked for before parsing, so that no declaration is ever worked on; the parser takes UTF-8 whatever the document says of
 * itself, so no other encoding can hide one. */
static bool harmless(struct str text, struct err *err)
{
    if (text.n == 0) {
        return err_set(err, ERR_INPUT, "XML: empty");
    }
    if (text.n > EXCHANGE_ENVELOPE_MAX) {
        return err_set(err, ERR_INPUT, "XML: longer than %zu bytes", EXCHANGE_ENVELOPE_MAX);
    }
    if (!markup_tags_fit(text, ATTRIBUTES_MAX)) {
        return err_set(err, ERR_INPUT, "XML: more than %d attributes in one tag", ATTRIBUTES_MAX);
    }
    if (contains(text, "<!DOCTYPE") || contains(text, "<!ENTITY")) {
        return err_set(err, ERR_INPUT, "XML: a DOCTYPE is not allowed");
    }
    if (!str_is_utf8(text) || memchr(text.p, '\0', text.n)) {
        return err_set(err, ERR_INPUT, "XML: not UTF-8");
    }
    return true;
}

bool xml_parse(struct str text, xmlDoc **ret, struct err *err)
{
    if (!harmless(text, err)) {
        return false;
    }
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC;
    xmlDoc *doc = xmlReadMemory(text.p, (int)text.n, NULL, "UTF-8", options);
    if (!doc) {
        return err_set(err, ERR_INPUT, "XML: not well-formed");
    }
    xmlNode *root = xmlDocGetRootElement(doc);
    const char *fault = !root ? "no element" : doc->intSubset || doc->extSubset ? "a DOCTYPE" : fault_of(root);
    if (fault) {
        xmlFreeDoc(doc);
        return err_set(err, ERR_INPUT, "XML: %s", fault);
    }
    *ret = doc;
    return true;
}

static xmlNode *from(xmlNode *node, const char *name)
{
    for (; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE && (!name || strcmp((const char *)node->name, name) == 0)) {
            return node;
        }
    }
    return NULL;
}

xmlNode *xml_first(const xmlNode *parent, const char *name) { return from(parent->children, name); }

xmlNode *xml_next(const xmlNode *node, const char *name) { return from(node->next, name); }

xmlNode *xml_element(const xmlNode *parent) { return from(parent->children, NULL); }

bool xml_single(const xmlNode *parent, const char *name, xmlNode **ret, struct err *err)
{
    xmlNode *found = xml_first(parent, name);
    if (found && xml_next(found, name)) {
        return err_set(err, ERR_INPUT, "%s: there twice", name);
    }
    *ret = found;
    return true;
}

bool xml_is(const xmlNode *node, const char *name, const char *name_space)
{
    if (!node || node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, name) != 0) {
        return false;
    }
    return !name_space || (node->ns && node->ns->href && strcmp((const char *)node->ns->href, name_space) == 0);
}

bool xml_text(const xmlNode *node, struct arena *arena, struct str *ret, struct err *err)
{
    size_t length = 0;
    for (const xmlNode *part = node->children; part; part = part->next) {
        if (part->type == XML_TEXT_NODE || part->type == XML_CDATA_SECTION_NODE) {
            length += part->content ? strlen((const char *)part->content) : 0;
        } else if (part->type != XML_COMMENT_NODE) {
            return err_set(err, ERR_INPUT, "%.60s: more than text in it", (const char *)node->name);
        }
    }
    char *text = arena_alloc(arena, length + 1);
    size_t n = 0;
    for (const xmlNode *part = node->children; part; part = part->next) {
        if (part->type != XML_COMMENT_NODE && part->content) {
            size_t part_length = strlen((const char *)part->content);
            memcpy(text + n, part->content, part_length);
            n += part_length;
        }
    }
    *ret = (struct str){ text, n };
    return true;
}

bool xml_cut_out(xmlNode *node, struct arena *arena, struct str *ret, struct err *err)
{
    xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlBuffer *out = xmlBufferCreate();
    xmlNode *copy = doc ? xmlDocCopyNode(node, doc, 1) : NULL;
    bool fine = false;
    if (out && copy) {
        doc->encoding = xmlStrdup((const xmlChar *)"UTF-8");
        xmlDocSetRootElement(doc, copy);
        fine = xmlNodeDump(out, doc, copy, 0, 0) >= 0;
    }
    if (fine) {
        *ret = arena_str(arena, (struct str){ (const char *)xmlBufferContent(out), (size_t)xmlBufferLength(out) });
    }
    xmlBufferFree(out);
    xmlFreeDoc(doc);
    return fine || err_set(err, ERR_SYSTEM, "XML: out of memory");
}

/* ---- out ---- */

static const char *const reference_of[256] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;", ['\r'] = "&#13;",
};

static const char *replacement(const struct str text, size_t at)
{
    unsigned char c = (unsigned char)text.p[at];
    bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    return control ? "\xEF\xBF\xBD" : reference_of[c];
}

void xml_escape(struct buf *out, struct str text)
{
    size_t start = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *instead = replacement(text, i);
        if (instead) {
            buf_add(out, text.p + start, i - start);
            buf_add_text(out, instead);
            start = i + 1;
        }
    }
    if (text.n > start) {
        buf_add(out, text.p + start, text.n - start);
    }
}

void xml_put(struct buf *out, const char *element, struct str text)
{
    buf_addf(out, "<%s>", element);
    xml_escape(out, text);
    buf_addf(out, "</%s>", element);
}
