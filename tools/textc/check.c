/* SPDX-License-Identifier: Apache-2.0 */
/* What the build refuses. */
#include <stdlib.h>
#include <string.h>

#include "textc.h"

/* The placeholders as bits; -1 for a brace that is not {0} to {9} or a backslash that is not \n. */
static int placeholders(const char *s)
{
    int ret = 0;
    for (; *s; s++) {
        if (*s == '\\' && *++s != 'n')
            return -1;
        if (*s == '}')
            return -1;
        if (*s == '{') {
            if (s[1] < '0' || s[1] > '9' || s[2] != '}')
                return -1;
            ret |= 1 << (s[1] - '0');
            s += 2;
        }
    }
    return ret;
}

static void check_entry(struct table *t, const struct entry *e)
{
    int first = -2;
    for (int language = 0; language < LANGUAGES; language++) {
        const char *text = e->text[language];
        if (!text || !*text) {
            fault(t, e->file, text ? e->text_line[language] : e->line, "[%s] has no %s text", e->key, codes[language]);
            continue;
        }
        int found = placeholders(text);
        if (found < 0)
            fault(t, e->file, e->text_line[language], "[%s] %s: a brace stands only in {0} to {9}, a backslash only in \\n",
                  e->key, codes[language]);
        else if (first >= 0 && found != first)
            fault(t, e->file, e->text_line[language], "[%s] %s has other placeholders than the language before it", e->key,
                  codes[language]);
        if (first < 0)
            first = found;
    }
}

static int by_enum_name(const void *a, const void *b)
{
    const struct entry *const *x = a, *const *y = b;
    char p[256], q[256];
    enum_name((*x)->key, p, sizeof p);
    enum_name((*y)->key, q, sizeof q);
    return strcmp(p, q);
}

static void check_names(struct table *t)
{
    const struct entry **order = grow(NULL, (t->count + 1) * sizeof *order);
    for (size_t i = 0; i < t->count; i++)
        order[i] = &t->entry[i];
    qsort(order, t->count, sizeof *order, by_enum_name);
    for (size_t i = 1; i < t->count; i++) {
        if (by_enum_name(&order[i - 1], &order[i]) == 0)
            fault(t, order[i]->file, order[i]->line, "[%s] is already there as [%s] in %s:%d", order[i]->key, order[i - 1]->key,
                  order[i - 1]->file, order[i - 1]->line);
    }
    free(order);
}

void check_table(struct table *t)
{
    for (size_t i = 0; i < t->count; i++)
        check_entry(t, &t->entry[i]);
    check_names(t);
}
