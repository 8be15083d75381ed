/* SPDX-License-Identifier: Apache-2.0 */
/* Private to tirkeu whatif: what was counted, and the forms in which it is shown. */
#ifndef CLI_WHATIF_H
#define CLI_WHATIF_H

#include "kin/mart.h"

struct whatif {
    struct day as_of;
    const char *kato;            /* prefix, "" for all */
    int64_t norm[KIN_NORMS_MAX]; /* tried; hundredths of m2, DECIMAL_NONE: no norm in force */
    int norms;
    int64_t built_in;         /* the norm of the built-in policy on that day */
    struct kin_country now;   /* under the built-in policy: one norm */
    struct kin_country tried; /* the same districts, every norm */
};

/* The numbers of a row for one norm, and what changes from now: one list for the table and for JSON. */
enum whatif_figure { WHATIF_REACHED, WHATIF_OVER, WHATIF_RESIDENTS, WHATIF_OWNERS, WHATIF_KIN, WHATIF_NEITHER, WHATIF_FIGURES };
const char *whatif_figure_name(enum whatif_figure figure); /* "reached", ... */
int64_t whatif_figure_of(const struct kin_country_norm *norm, enum whatif_figure figure);
/* Tried less now. */
int64_t whatif_change(const struct kin_country_row *now, const struct kin_country_row *tried, int norm,
                      enum whatif_figure figure);

void whatif_table_write(const struct whatif *w, struct buf *out);
void whatif_json_write(const struct whatif *w, struct buf *out);
/* An SVG chart: residents of dwellings over the norm, by district and norm. */
void whatif_chart_write(const struct whatif *w, struct buf *out);

#endif
