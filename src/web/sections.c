/* SPDX-License-Identifier: Apache-2.0 */
/* The links in the header, by role. */
#include "web/web_impl.h"

static const struct {
    enum filing_role role;
    const char *url;
    enum text_key label;
} sections[] = {
    { FILING_CITIZEN, "/applications", T_SECTION_MINE },
    { FILING_CITIZEN, "/new", T_SECTION_NEW },
    { FILING_RECEPTION, "/reception", T_SECTION_RECEPTION },
    { FILING_HALL, "/hall", T_SECTION_HALL },
};

bool page_section(const struct page *p, int i, const char **ret_url, enum text_key *ret_label)
{
    const struct web_request *r = p->request;
    for (size_t n = 0; r->signed_in && n < sizeof sections / sizeof sections[0]; n++) {
        if (sections[n].role == r->session.role && i-- == 0) {
            *ret_url = sections[n].url;
            *ret_label = sections[n].label;
            return true;
        }
    }
    return false;
}
