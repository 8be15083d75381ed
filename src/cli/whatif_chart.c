/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bar chart: residents of dwellings over the norm, a group of bars for each district, a bar for each norm.
 *
 * Every bar is labelled with its norm and its figure, so that colour carries nothing alone; a title and a description say in
 * words what the picture shows.  No scripts, no fonts or files of others.
 */
#include "cli/whatif.h"

#include "base/decimal.h"

#define WIDTH      960
#define MARGIN     24
#define HEAD       72 /* title and subtitle */
#define BAR        18
#define BAR_GAP    4
#define GROUP_GAP  14
#define LEFT       190 /* where bars begin: district and norm stand before */
#define RIGHT      100 /* for the figure behind the longest bar */
#define NORM_RIGHT (LEFT - 8)

/* Each at least 4.5 : 1 against white. */
static const char *const colours[] = { "#1d5b8f", "#a34700", "#2a6f46", "#7a3b94", "#7d5f00", "#a12d44", "#3c5a66", "#5b5b00" };
#define COLOURS (int)(sizeof colours / sizeof *colours)

static const char *label(int64_t norm, char ret[DECIMAL_TEXT])
{
    return norm == DECIMAL_NONE ? "no norm" : decimal_format_short(norm, ret);
}
static const char *unit(int64_t norm) { return norm == DECIMAL_NONE ? "" : " m²"; }

static uint64_t longest(const struct whatif *w)
{
    uint64_t most = 1;
    for (int i = 0; i < w->tried.districts; i++)
        for (int k = 0; k < w->norms; k++)
            most = w->tried.district[i].norm[k].over_residents > most ? w->tried.district[i].norm[k].over_residents : most;
    return most;
}

static void put_words(const struct whatif *w, struct buf *out)
{
    char day[DAY_TEXT], norm[DECIMAL_TEXT];
    buf_addf(out, "<title id=\"title\">Residents of dwellings over the norm, by district, on %s</title>\n<desc id=\"desc\">",
             day_format(w->as_of, day));
    for (int k = 0; k < w->norms; k++) {
        const struct kin_country_norm *n = &w->tried.total.norm[k];
        buf_addf(out,
                 "%s%s: %llu dwellings over the norm with %llu residents, of whom %llu are owners, %llu kin to an owner, %llu "
                 "neither. ",
                 label(w->norm[k], norm), unit(w->norm[k]), (unsigned long long)n->over, (unsigned long long)n->over_residents,
                 (unsigned long long)n->owners, (unsigned long long)n->kin, (unsigned long long)n->neither);
    }
    buf_addf(out, "A group of bars for each of %d districts, named by the first four digits of its KATO.</desc>\n",
             w->tried.districts);
}

static void put_bar(const struct whatif *w, int district, int k, int y, uint64_t most, struct buf *out)
{
    const struct kin_country_norm *n = &w->tried.district[district].norm[k];
    char norm[DECIMAL_TEXT];
    uint64_t length = n->over_residents * (WIDTH - LEFT - RIGHT) / most;
    buf_addf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s%s</text>", NORM_RIGHT, y + BAR - 4, label(w->norm[k], norm),
             unit(w->norm[k]));
    buf_addf(out, "<rect x=\"%d\" y=\"%d\" width=\"%llu\" height=\"%d\" fill=\"%s\"/>", LEFT, y, (unsigned long long)length, BAR,
             colours[k % COLOURS]);
    buf_addf(out, "<text x=\"%llu\" y=\"%d\">%llu</text>\n", LEFT + (unsigned long long)length + 6, y + BAR - 4,
             (unsigned long long)n->over_residents);
}

void whatif_chart_write(const struct whatif *w, struct buf *out)
{
    int group = w->norms * (BAR + BAR_GAP) + GROUP_GAP, height = HEAD + w->tried.districts * group + MARGIN;
    char day[DAY_TEXT];
    uint64_t most = longest(w);
    buf_addf(out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" lang=\"en\" role=\"img\" aria-labelledby=\"title desc\" width=\"%d\" "
             "height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"14\" fill=\"#1a1a1a\">\n",
             WIDTH, height, WIDTH, height);
    put_words(w, out);
    buf_addf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, height);
    buf_addf(out, "<text x=\"%d\" y=\"32\" font-size=\"20\" font-weight=\"bold\">Residents of dwellings over the norm</text>\n",
             MARGIN);
    buf_addf(out, "<text x=\"%d\" y=\"54\">%s, by district (KATO) and norm a person</text>\n", MARGIN, day_format(w->as_of, day));
    for (int i = 0; i < w->tried.districts; i++) {
        const char *kato = w->tried.district[i].kato;
        int y = HEAD + i * group;
        buf_addf(out, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>\n", MARGIN, y + BAR - 4,
                 kato[0] != 0 ? kato : "no KATO");
        for (int k = 0; k < w->norms; k++)
            put_bar(w, i, k, y + k * (BAR + BAR_GAP), most, out);
    }
    buf_add_text(out, "</svg>\n");
}
