/* SPDX-License-Identifier: Apache-2.0 */
/* Records as XML: a field's element is a path, so neighbours that share a parent are written into the same one. */
#include <string.h>

#include "registry/wire_impl.h"

#define LIST_MAX 20000

/* ---- out ---- */

static int split_path(const char *path, struct str part[WIRE_PATH_MAX])
{
    struct str rest = str_from(path);
    int count = 0;
    while (str_split(&rest, '/', &part[count])) {
        if (++count == WIRE_PATH_MAX) {
            BUG("path %s is too long", path);
        }
    }
    return count;
}

static void close_one(struct wire_writer *writer)
{
    writer->depth--;
    buf_addf(writer->out, "</" STR_FMT ">", STR_ARG(writer->open[writer->depth]));
}

void wire_close(struct wire_writer *writer)
{
    while (writer->depth > 0) {
        close_one(writer);
    }
}

/* Closes what is not on the way to `part`, opens what is missing. */
static void move_to(struct wire_writer *writer, const struct str *part, int parts)
{
    int same = 0;
    while (same < parts && same < writer->depth && str_equal(part[same], writer->open[same])) {
        same++;
    }
    while (writer->depth > same) {
        close_one(writer);
    }
    while (writer->depth < parts) {
        struct str element = part[writer->depth];
        buf_addf(writer->out, "<" STR_FMT ">", STR_ARG(element));
        writer->open[writer->depth++] = element;
    }
}

/* Opens the parents of a leaf; returns the leaf's name. */
static struct str enter(struct wire_writer *writer, const char *path)
{
    struct str part[WIRE_PATH_MAX];
    int parts = split_path(path, part);
    move_to(writer, part, parts - 1);
    return part[parts - 1];
}

static void put_leaf(struct wire_writer *writer, const char *path, struct str text)
{
    struct str leaf = enter(writer, path);
    buf_addf(writer->out, "<" STR_FMT ">", STR_ARG(leaf));
    xml_escape(writer->out, text);
    buf_addf(writer->out, "</" STR_FMT ">", STR_ARG(leaf));
}

static void put_code(struct wire_writer *writer, const struct field *field, const void *at)
{
    unsigned value;
    memcpy(&value, at, sizeof value);
    if (value == 0 || value >= (unsigned)field->names->count) {
        return;
    }
    const struct name_row *row = &field->names->row[value];
    struct str leaf = enter(writer, field->element);
    buf_addf(writer->out, "<" STR_FMT ">", STR_ARG(leaf));
    xml_put(writer->out, "code", str_from(row->code));
    xml_put(writer->out, "nameRu", str_from(row->ru));
    xml_put(writer->out, "nameKz", str_from(row->kk));
    buf_addf(writer->out, "</" STR_FMT ">", STR_ARG(leaf));
}

static void put_list(struct wire_writer *writer, const struct field *field, const void *base)
{
    int count = *(const int *)((const char *)base + field->count_offset);
    const char *item = *(char *const *)field_at(field, base);
    for (int i = 0; i < count; i++) {
        struct str leaf = enter(writer, field->element);
        struct wire_writer inner = { .out = writer->out };
        buf_addf(writer->out, "<" STR_FMT ">", STR_ARG(leaf));
        wire_put(&inner, field->item, item + (size_t)i * field->item->size);
        wire_close(&inner);
        buf_addf(writer->out, "</" STR_FMT ">", STR_ARG(leaf));
    }
}

static void put_held(struct wire_writer *writer, const char *path)
{
    struct str part[WIRE_PATH_MAX];
    move_to(writer, part, split_path(path, part));
}

static void put_fixed(struct wire_writer *writer, const struct field *field)
{
    if (field->fixed) {
        put_leaf(writer, field->element, str_from(field->fixed));
    } else {
        put_held(writer, field->element);
    }
}

static void put_text(struct wire_writer *writer, const struct field *field, const void *at)
{
    char room[FIELD_TEXT_ROOM];
    struct str text = field_to_text(field, at, room);
    if (text.n == 0 && !(field->flags & FIELD_NEEDED)) {
        return;
    }
    if (field->type == FIELD_MIDNIGHT) {
        memcpy(room + text.n, "T00:00:00", sizeof "T00:00:00");
        text.n += sizeof "T00:00:00" - 1;
    }
    put_leaf(writer, field->element, text);
}

void wire_put(struct wire_writer *writer, const struct record *record, const void *base)
{
    for (int i = 0; i < record->fields; i++) {
        const struct field *field = &record->field[i];
        if (!field->element) {
            continue;
        }
        const void *at = field_at(field, base);
        switch (field->type) {
        case FIELD_FIXED: put_fixed(writer, field); break;
        case FIELD_LIST: put_list(writer, field, base); break;
        case FIELD_CODE: put_code(writer, field, at); break;
        case FIELD_HELD:
            if (!*(const bool *)at) {
                return;
            }
            put_held(writer, field->element);
            break;
        default: put_text(writer, field, at); break;
        }
    }
}

/* ---- in ---- */

/* Follows all but the last part of a path; NULL when an element on the way is not there. */
static bool follow(const xmlNode *node, const char *path, char leaf[64], const xmlNode **ret, struct err *err)
{
    struct str part[WIRE_PATH_MAX];
    int parts = split_path(path, part);
    for (int i = 0; i < parts; i++) {
        if (part[i].n >= 64) {
            BUG("element name in %s is too long", path);
        }
        memcpy(leaf, part[i].p, part[i].n);
        leaf[part[i].n] = '\0';
        xmlNode *next = NULL;
        if (i == parts - 1) {
            break;
        }
        if (!xml_single(node, leaf, &next, err)) {
            return false;
        }
        if (!next) {
            node = NULL;
            break;
        }
        node = next;
    }
    *ret = node;
    return true;
}

static bool take_code(const struct field *field, const xmlNode *node, struct arena *arena, void *ret_at, struct err *err)
{
    xmlNode *code;
    struct str text;
    if (!xml_single(node, "code", &code, err)) {
        return false;
    }
    if (!code || !xml_text(code, arena, &text, err)) {
        return err_set(err, ERR_INPUT, "%s: no code", field->element);
    }
    text = str_trim(text);
    for (unsigned i = 1; i < (unsigned)field->names->count; i++) {
        if (str_is(text, field->names->row[i].code)) {
            memcpy(ret_at, &i, sizeof i);
            return true;
        }
    }
    return err_set(err, ERR_INPUT, "%s: unknown code", field->element);
}

static bool take_value(const struct field *field, const xmlNode *node, struct arena *arena, void *base, struct err *err)
{
    struct str text;
    if (field->type == FIELD_FIXED) {
        return true;
    }
    if (field->type == FIELD_HELD) {
        *(bool *)field_in(field, base) = true;
        return true;
    }
    if (field->type == FIELD_CODE) {
        return take_code(field, node, arena, field_in(field, base), err);
    }
    if (!xml_text(node, arena, &text, err)) {
        return false;
    }
    if (field->type != FIELD_TEXT) {
        text = str_trim(text);
    }
    if (text.n == 0 && !(field->flags & FIELD_NEEDED)) {
        return true; /* an empty element is the same as none */
    }
    return field_from_text(field, field->element, text, field_in(field, base), err);
}

static bool take_list(const struct field *field, const xmlNode *parent, const char *leaf, struct arena *arena, void *base,
                      struct err *err)
{
    size_t count = 0;
    for (xmlNode *node = xml_first(parent, leaf); node; node = xml_next(node, leaf)) {
        count++;
    }
    if (count > LIST_MAX) {
        return err_set(err, ERR_INPUT, "%s: more than %d", field->element, LIST_MAX);
    }
    char *item = count ? arena_alloc(arena, count * field->item->size) : NULL;
    size_t i = 0;
    for (xmlNode *node = xml_first(parent, leaf); node; node = xml_next(node, leaf), i++) {
        record_init(field->item, item + i * field->item->size);
        if (!wire_take(field->item, node, arena, item + i * field->item->size, err)) {
            return err_prefix(err, "%s %zu", leaf, i + 1);
        }
    }
    *(char **)field_in(field, base) = item;
    *(int *)(void *)((char *)base + field->count_offset) = (int)count;
    return true;
}

static bool take_field(const struct field *field, const xmlNode *node, struct arena *arena, void *base, struct err *err)
{
    char leaf[64];
    const xmlNode *parent;
    xmlNode *found = NULL;
    if (!follow(node, field->element, leaf, &parent, err)) {
        return false;
    }
    if (field->type == FIELD_LIST) {
        return !parent || take_list(field, parent, leaf, arena, base, err);
    }
    if (parent && !xml_single(parent, leaf, &found, err)) {
        return false;
    }
    if (!found) {
        bool optional = !(field->flags & FIELD_NEEDED) || field->type == FIELD_HELD;
        return optional || err_set(err, ERR_INPUT, "%s: missing", field->element);
    }
    return take_value(field, found, arena, base, err);
}

bool wire_take(const struct record *record, const xmlNode *node, struct arena *arena, void *ret_base, struct err *err)
{
    for (int i = 0; i < record->fields; i++) {
        const struct field *field = &record->field[i];
        if (!field->element || (field->type == FIELD_FIXED && !(field->flags & FIELD_NEEDED))) {
            continue;
        }
        if (!take_field(field, node, arena, ret_base, err)) {
            return false;
        }
        if (field->type == FIELD_HELD && !*(bool *)field_in(field, ret_base)) {
            break; /* the rest of the record is inside the element that is not there */
        }
    }
    return true;
}
