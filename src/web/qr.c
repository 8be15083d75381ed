/* SPDX-License-Identifier: Apache-2.0 */
/* A QR code (ISO/IEC 18004) as SVG, by libqrencode: one path of dark runs, with the quiet zone of four modules. */
#include <qrencode.h>

#include "web/qr.h"

enum { QUIET = 4, SVG_MAX = 1 << 18 };

static void put_row(struct buf *out, const unsigned char *row, int width, int y)
{
    for (int x = 0; x < width; x++) {
        int run = 0;
        while (x + run < width && (row[x + run] & 1))
            run++;
        if (run > 0)
            buf_addf(out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
        x += run;
    }
}

bool qr_svg(const char *text, struct buf *out)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return false;
    int all = code->width + 2 * QUIET;
    buf_addf(out,
             "<svg class=\"code\" xmlns=\"http://www.w3.org/2000/svg\" width=\"264\" height=\"264\" viewBox=\"0 0 %d %d\" "
             "shape-rendering=\"crispEdges\" aria-hidden=\"true\" focusable=\"false\"><path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/>"
             "<path fill=\"#000\" d=\"",
             all, all, all, all, all);
    for (int y = 0; y < code->width; y++)
        put_row(out, code->data + y * code->width, code->width, y);
    buf_add_text(out, "\"/></svg>");
    QRcode_free(code);
    return !out->over;
}
