/* SPDX-License-Identifier: Apache-2.0 */
#include "base/markup.h"

#include <string.h>

/* Past the end that this kind of markup has; 0: a tag. */
static size_t past_other(struct str text, size_t at)
{
    static const struct {
        const char *begin, *end;
    } kinds[] = { { "<!--", "-->" }, { "<![CDATA[", "]]>" }, { "<?", "?>" } };
    struct str rest = { text.p + at, text.n - at };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!str_starts(rest, kinds[i].begin))
            continue;
        const char *end = memmem(rest.p, rest.n, kinds[i].end, strlen(kinds[i].end));
        return end ? (size_t)(end - text.p) + strlen(kinds[i].end) : text.n;
    }
    return 0;
}

static size_t past_tag(struct str text, size_t at, size_t *ret_attributes)
{
    char quote = '\0';
    for (*ret_attributes = 0; at < text.n; at++) {
        char c = text.p[at];
        if (quote ? c == quote : (c == '"' || c == '\''))
            quote = quote ? '\0' : c;
        else if (!quote && c == '>')
            return at + 1;
        *ret_attributes += !quote && c == '=';
    }
    return at;
}

bool markup_tags_fit(struct str text, size_t most)
{
    size_t at = 0, attributes = 0;
    while (attributes <= most && at < text.n) {
        const char *next = memchr(text.p + at, '<', text.n - at);
        if (!next)
            return true;
        at = (size_t)(next - text.p);
        size_t past = past_other(text, at);
        at = past ? past : past_tag(text, at, &attributes);
    }
    return attributes <= most;
}
