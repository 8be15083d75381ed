/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of tirkeu whatif as a table for a terminal, and as JSON. */
#include "cli/whatif.h"

#include "base/decimal.h"
#include "base/json.h"

/* ---- figures ---- */

static const struct {
    const char *name;
    size_t offset;
} figures[WHATIF_FIGURES] = {
    [WHATIF_REACHED] = { "reached", offsetof(struct kin_country_norm, reached) },
    [WHATIF_OVER] = { "over", offsetof(struct kin_country_norm, over) },
    [WHATIF_RESIDENTS] = { "residents", offsetof(struct kin_country_norm, over_residents) },
    [WHATIF_OWNERS] = { "owners", offsetof(struct kin_country_norm, owners) },
    [WHATIF_KIN] = { "kin", offsetof(struct kin_country_norm, kin) },
    [WHATIF_NEITHER] = { "neither", offsetof(struct kin_country_norm, neither) },
};

const char *whatif_figure_name(enum whatif_figure figure) { return figures[figure].name; }

int64_t whatif_figure_of(const struct kin_country_norm *norm, enum whatif_figure figure)
{
    uint64_t value;
    memcpy(&value, (const char *)norm + figures[figure].offset, sizeof value);
    return (int64_t)value;
}

int64_t whatif_change(const struct kin_country_row *now, const struct kin_country_row *tried, int norm, enum whatif_figure figure)
{
    return whatif_figure_of(&tried->norm[norm], figure) - whatif_figure_of(&now->norm[0], figure);
}

/* ---- the table ---- */

enum { COLUMN_DISTRICT, COLUMN_NORM, COLUMN_DWELLINGS, COLUMN_RESIDENTS, COLUMN_FIGURES };
static const enum whatif_figure changing[] = { WHATIF_REACHED, WHATIF_OVER, WHATIF_RESIDENTS, WHATIF_NEITHER };
#define CHANGES (int)(sizeof changing / sizeof *changing)
#define COLUMNS (COLUMN_FIGURES + WHATIF_FIGURES + CHANGES)
#define CELL    24
#define GAP     2

/* Two lines above each column. */
static const char *const titles[2][COLUMNS] = {
    { "", "norm", "", "", "", "over", "residents", "", "kin to", "", "change:", "over", "residents", "" },
    { "district", "m2", "dwellings", "residents", "reached", "the norm", "over it", "owners", "an owner", "neither", "reached",
      "the norm", "over it", "neither" },
};

struct table {
    int width[COLUMNS];
    struct buf *out; /* NULL: widths are being measured */
};
typedef char cells[COLUMNS][CELL];

/* The first column to the left, figures to the right. */
static void put_line(struct table *t, const cells cell)
{
    for (int i = 0; i < COLUMNS; i++) {
        int width = (int)strlen(cell[i]);
        if (t->out == NULL)
            t->width[i] = width > t->width[i] ? width : t->width[i];
        else if (i == COLUMN_DISTRICT)
            buf_addf(t->out, "%-*s", t->width[i], cell[i]);
        else
            buf_addf(t->out, "%*s", t->width[i] + GAP, cell[i]);
    }
    if (t->out != NULL)
        buf_add_char(t->out, '\n');
}

static void set_int(char cell[CELL], int64_t value) { snprintf(cell, CELL, "%lld", (long long)value); }

static const char *norm_text(int64_t norm, char ret[DECIMAL_TEXT])
{
    return norm == DECIMAL_NONE ? "none" : decimal_format_short(norm, ret);
}

static void put_row(struct table *t, const struct whatif *w, const char *name, const struct kin_country_row *now,
                    const struct kin_country_row *tried)
{
    for (int k = 0; k < w->norms; k++) {
        cells cell;
        char norm[DECIMAL_TEXT];
        snprintf(cell[COLUMN_DISTRICT], CELL, "%s", name);
        snprintf(cell[COLUMN_NORM], CELL, "%s", norm_text(w->norm[k], norm));
        set_int(cell[COLUMN_DWELLINGS], (int64_t)tried->dwellings);
        set_int(cell[COLUMN_RESIDENTS], (int64_t)tried->residents);
        for (int f = 0; f < WHATIF_FIGURES; f++)
            set_int(cell[COLUMN_FIGURES + f], whatif_figure_of(&tried->norm[k], (enum whatif_figure)f));
        for (int c = 0; c < CHANGES; c++) {
            int64_t change = whatif_change(now, tried, k, changing[c]);
            snprintf(cell[COLUMN_FIGURES + WHATIF_FIGURES + c], CELL, change > 0 ? "+%lld" : "%lld", (long long)change);
        }
        put_line(t, (const char(*)[CELL])cell);
    }
}

static void put_all(struct table *t, const struct whatif *w)
{
    for (int i = 0; i < 2; i++) {
        cells cell;
        for (int c = 0; c < COLUMNS; c++)
            snprintf(cell[c], CELL, "%s", titles[i][c]);
        put_line(t, (const char(*)[CELL])cell);
    }
    for (int i = 0; i < w->tried.districts; i++) {
        const char *kato = w->tried.district[i].kato;
        put_row(t, w, kato[0] != 0 ? kato : "-", &w->now.district[i], &w->tried.district[i]);
    }
    put_row(t, w, "total", &w->now.total, &w->tried.total);
}

void whatif_table_write(const struct whatif *w, struct buf *out)
{
    char day[DAY_TEXT], norm[DECIMAL_TEXT];
    struct table t = { .out = NULL };
    buf_addf(out, "On %s; changes against the built-in policy, whose norm is %s%s.\n\n", day_format(w->as_of, day),
             norm_text(w->built_in, norm), w->built_in == DECIMAL_NONE ? "" : " m2 a person");
    put_all(&t, w);
    t.out = out;
    put_all(&t, w);
    if (w->tried.total.without_area + w->tried.total.without_owner > 0)
        buf_addf(out, "\nDwellings without area on record: %llu; without owner: %llu.\n",
                 (unsigned long long)w->tried.total.without_area, (unsigned long long)w->tried.total.without_owner);
}

/* ---- JSON ---- */

static void put_norm(struct json *j, const char *key, int64_t norm)
{
    char text[DECIMAL_TEXT];
    json_put_text(j, key, norm == DECIMAL_NONE ? NULL : decimal_format_short(norm, text));
}

static void put_members(struct json *j, const struct whatif *w, const struct kin_country_row *now,
                        const struct kin_country_row *tried)
{
    json_put_int(j, "dwellings", (int64_t)tried->dwellings);
    json_put_int(j, "residents", (int64_t)tried->residents);
    json_put_int(j, "without_area", (int64_t)tried->without_area);
    json_put_int(j, "without_owner", (int64_t)tried->without_owner);
    json_key(j, "norms");
    json_open_array(j);
    for (int k = 0; k < w->norms; k++) {
        json_open_object(j);
        put_norm(j, "norm", w->norm[k]);
        for (int f = 0; f < WHATIF_FIGURES; f++)
            json_put_int(j, figures[f].name, whatif_figure_of(&tried->norm[k], (enum whatif_figure)f));
        json_key(j, "change");
        json_open_object(j);
        for (int f = 0; f < WHATIF_FIGURES; f++)
            json_put_int(j, figures[f].name, whatif_change(now, tried, k, (enum whatif_figure)f));
        json_end(j);
        json_end(j);
    }
    json_end(j);
}

void whatif_json_write(const struct whatif *w, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_open_object(&j);
    json_key(&j, "as_of");
    json_day(&j, w->as_of);
    json_put_text(&j, "kato", w->kato);
    put_norm(&j, "built_in_norm", w->built_in);
    json_key(&j, "districts");
    json_open_array(&j);
    for (int i = 0; i < w->tried.districts; i++) {
        json_open_object(&j);
        json_put_text(&j, "kato", w->tried.district[i].kato);
        put_members(&j, w, &w->now.district[i], &w->tried.district[i]);
        json_end(&j);
    }
    json_end(&j);
    json_key(&j, "total");
    json_open_object(&j);
    put_members(&j, w, &w->now.total, &w->tried.total);
    json_end(&j);
    json_end(&j);
    buf_add_char(out, '\n');
}
