/* SPDX-License-Identifier: Apache-2.0 */
/* The fast way to rows: the records of a window by its index.  It never says that something is wrong; it stops before. */
#include "world/scan_impl.h"

#define FAR_ENOUGH 32 /* after so many records the fast way is worth trying at once again */

/* ---- records ---- */

enum outcome { WHOLE, CUT_OFF, ODD };

/* Fields of the record at *start, by the index from *entry on; both then stand at the next record. */
static inline enum outcome split(const char *window, const struct scan_index *index, int *entry, uint32_t *start, int width,
                                 struct str *field)
{
    int e = *entry;
    uint32_t from = *start;
    for (int i = 0; i < width; i++) {
        if (e >= index->count)
            return CUT_OFF;
        uint32_t to = index->at[e++];
        if (window[to] == '"') {
            /* Opened at the start of the field, and closed just before a comma or newline. */
            if (to != from)
                return ODD;
            if (e + 1 >= index->count)
                return CUT_OFF;
            from++;
            to = index->at[e];
            if (index->at[e + 1] != to + 1 || window[to + 1] == '"')
                return ODD;
            e += 2;
            field[i] = (struct str){ window + from, to - from };
            to++;
        } else {
            field[i] = (struct str){ window + from, to - from };
        }
        if ((window[to] == '\n') != (i == width - 1))
            return ODD;
        from = to + 1;
    }
    *entry = e;
    *start = from;
    return WHOLE;
}

/* A field that is not empty into the row, without looking anything up; false where the exact way must decide. */
static inline bool parse_alone(const struct world_column *column, struct str field, char *to)
{
    int word;
    switch (column->type) {
    case WORLD_TEXT: *(struct str *)(void *)to = field; return true; /* the window is simple */
    case WORLD_PERSON_IIN:
    case WORLD_IIN: return iin_parse(field, (struct iin *)(void *)to) == IIN_PERSON;
    case WORLD_IIN_OR_BIN: return iin_parse(field, (struct iin *)(void *)to) != IIN_BAD;
    case WORLD_BIN: return iin_parse(field, (struct iin *)(void *)to) == IIN_COMPANY;
    case WORLD_DAY: return day_parse(field, (struct day *)(void *)to);
    case WORLD_AREA: return decimal_parse(field, (int64_t *)(void *)to);
    case WORLD_WORD:
        word = world_word_find(column->words, field);
        if (word < 0)
            return false;
        memcpy(to, &column->words->word[word].value, sizeof(int));
        return true;
    default: return world_field_parse(NULL, column, field, to - column->offset) == NULL; /* looks nothing up */
    }
}

static inline bool parse_row(const struct scan_reader *r, const struct str *field, char *row)
{
    const struct world_layout *layout = r->file->layout;
    for (int i = 0; i < layout->columns; i++) {
        const struct world_column *column = &layout->column[i];
        struct str f = field[r->file->place[i]];
        if (column->type == WORLD_RKA && f.n > 0)
            continue; /* with the others that are looked up */
        if (f.n > 0) {
            if (!parse_alone(column, f, row + column->offset))
                return false;
        } else if (column->required) {
            return false;
        } else if (column->type == WORLD_DAY) {
            *(struct day *)(void *)(row + column->offset) = DAY_NONE;
        } else if (column->type == WORLD_AREA) {
            *(int64_t *)(void *)(row + column->offset) = DECIMAL_NONE;
        }
    }
    return !scan_spell_ends_early(&r->plan, row);
}

static bool look_up_dwelling(const struct scan_reader *r, char *row, int in_batch)
{
    const struct scan_known *known = r->known;
    struct str rka = r->rka[in_batch].rka;
    int32_t number = known->trusted_dwelling != NULL ? known->trusted_dwelling(rka)
                                                     : scan_dwellings_find(&known->dwellings, rka, r->rka[in_batch].code);
    *(int32_t *)(void *)(row + r->plan.rka->offset) = number;
    return number >= 0 || !known->held[WORLD_DWELLINGS];
}

static bool look_up_persons(const struct scan_reader *r, const char *row, struct scan_mark *mark)
{
    for (int i = 0; i < r->plan.persons; i++) {
        struct iin iin = scan_iin_in(row, r->plan.person[i]);
        if (iin_kind_of(iin) != IIN_PERSON)
            continue;
        size_t slot = scan_iins_find(&r->known->persons, iin);
        if (slot == SCAN_NO_SLOT)
            return false;
        if (i == r->plan.child)
            mark->slot = slot;
    }
    return true;
}

/* False: something is not on record, or not so. */
static bool look_up(struct scan_reader *r, size_t index, int in_batch)
{
    char *row = scan_row_at(r, index);
    struct scan_mark *mark = &r->chunk->mark[index];
    if (r->plan.act != NULL)
        mark->hash = scan_text_hash(scan_str_in(row, r->plan.act));
    if (r->plan.rka != NULL && !look_up_dwelling(r, row, in_batch))
        return false;
    if (r->known->held[WORLD_PERSONS] && !look_up_persons(r, row, mark))
        return false;
    return r->file->file != WORLD_DIVORCES ||
           scan_divorce_wrong(r->known, (const struct world_divorce *)(const void *)row, &r->chunk->arena) == NULL;
}

static void prefetch(struct scan_reader *r, const char *row, const struct str *field, int in_batch)
{
    if (r->plan.rka != NULL) {
        struct str rka = field[r->file->place[r->plan.rka - r->file->layout->column]];
        r->rka[in_batch].rka = rka;
        r->rka[in_batch].code = scan_rka_code(rka);
        scan_dwellings_prefetch(&r->known->dwellings, r->rka[in_batch].code);
    }
    for (int i = 0; i < r->plan.persons; i++)
        scan_iins_prefetch(&r->known->persons, scan_iin_in(row, r->plan.person[i]));
}

/* Where the fast way is in its window. */
struct walk {
    const char *window;
    int entry;      /* of the index */
    uint32_t start; /* of the next record */
    uint32_t end;   /* records start before */
    int line;
    enum outcome stopped; /* WHOLE: not */
};

/* Splits and parses up to a batch of records; they are not counted before they are settled. */
static int parse_batch(struct scan_reader *r, struct walk *w)
{
    struct scan_chunk *c = r->chunk;
    struct str field[CSV_FIELDS_MAX];
    int n = 0;
    while (n < SCAN_BATCH && w->start < w->end) {
        uint32_t start = w->start;
        if (w->window[start] == '\n') {
            w->entry++, w->start++, w->line++;
            continue;
        }
        int entry = w->entry;
        char *row = scan_new_row(r, c->next + start, w->line);
        w->stopped = split(w->window, c->index, &entry, &start, r->file->width, field);
        if (w->stopped == WHOLE && !parse_row(r, field, row))
            w->stopped = ODD;
        if (w->stopped != WHOLE)
            break;
        prefetch(r, row, field, n++);
        c->count++;
        w->entry = entry, w->start = start, w->line++;
    }
    c->count -= (size_t)n;
    return n;
}

/* Looks up what the rows refer to; the walk goes back to the first one that the exact way must read. */
static void settle_batch(struct scan_reader *r, struct walk *w, int n)
{
    struct scan_chunk *c = r->chunk;
    for (int i = 0; i < n; i++, c->count++)
        if (!look_up(r, c->count, i)) {
            w->start = (uint32_t)(c->mark[c->count].at - c->next);
            w->line = c->mark[c->count].line;
            w->stopped = ODD;
            return;
        }
}

/* Records from chunk->next on, as far as the fast way goes. */
void scan_read_window(struct scan_reader *r)
{
    struct scan_chunk *c = r->chunk;
    size_t left = c->limit - c->next, n = left < SCAN_WINDOW ? left : SCAN_WINDOW, rows = c->count;
    struct walk w = { .window = r->file->text.p + c->next, .line = c->lines };
    if (c->index == NULL)
        c->index = mem_alloc(sizeof *c->index);
    scan_index_make(w.window, n, c->index);
    if (!c->index->simple) {
        r->exact_until = c->next + n;
        return;
    }
    w.end = c->end - c->next < n ? (uint32_t)(c->end - c->next) : (uint32_t)n;
    while (w.stopped == WHOLE && w.start < w.end)
        settle_batch(r, &w, parse_batch(r, &w));
    c->next += w.start;
    c->lines = w.line;
    if (c->count - rows >= FAR_ENOUGH)
        r->caution = 1;
    /* A record that the window cut off is whole in the next one, if it is not the first. */
    if (w.stopped == ODD || (w.stopped == CUT_OFF && w.start == 0)) {
        r->exact_until = c->next + r->caution;
        r->caution = r->caution * 2 < SCAN_WINDOW ? r->caution * 2 : SCAN_WINDOW;
    }
}
