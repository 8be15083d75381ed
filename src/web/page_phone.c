/* SPDX-License-Identifier: Apache-2.0 */
/* What a telephone is shown: the code, and the link that opens the application on the same device. */
#include "web/mobile.h"
#include "web/pages/views.h"
#include "web/qr.h"
#include "web/request.h"

enum { SVG_MAX = 1 << 18 };

bool page_has_phone_signing(struct page *p) { return mobile_is_offered(p->request); }

struct html page_phone_code(struct page *p, const struct signature_view *v)
{
    struct buf svg;
    buf_init(&svg, SVG_MAX);
    if (!qr_svg(mobile_code(p->request, v->s.id, v->phone), &svg))
        buf_clear(&svg);
    struct html html = { arena_str(p->arena, buf_str(&svg)) };
    buf_release(&svg);
    return html;
}

struct html page_phone_link(struct page *p, const struct signature_view *v)
{
    /* Our own letters, digits and escapes: nothing in it has a meaning in HTML but the ampersands. */
    struct buf out;
    const char *url = mobile_launch_url(p->request, v->s.id, v->phone);
    buf_init(&out, 4096);
    buf_add_text(&out, "<a class=\"button\" rel=\"noreferrer\" href=\"");
    for (; *url; url++) {
        if (*url == '&')
            buf_add_text(&out, "&amp;");
        else
            buf_add_char(&out, *url);
    }
    buf_addf(&out, "\">%s</a>", text_of(T_MOBILE_LAUNCH, p->language));
    struct html html = { arena_str(p->arena, buf_str(&out)) };
    buf_release(&out);
    return html;
}
