/* SPDX-License-Identifier: Apache-2.0 */
/* Style sheet and pictures: compiled in, with the digest in the name, so that browsers may keep them for good. */
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "web/web_impl.h"

extern const struct base_embedded web_assets[];
extern const int web_assets_count;

static const struct {
    const char *suffix, *type;
} types[] = {
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".svg", "image/svg+xml" },
};

static struct str bytes_of(const struct base_embedded *file) { return (struct str){ (const char *)file->bytes, file->size }; }

static void open_asset(struct web_asset *asset, const struct base_embedded *file)
{
    char digest[DIGEST_HEX];
    const char *point = strrchr(file->name, '.');
    digest_hex(bytes_of(file), digest);
    asset->file = file;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (point && strcmp(point, types[i].suffix) == 0)
            asset->type = types[i].type;
    }
    if (!asset->type)
        BUG("no content type for the asset %s", file->name);
    snprintf(asset->path, sizeof asset->path, "/assets/%.*s-%.16s%s", (int)(point - file->name), file->name, digest, point);
}

void web_assets_open(struct web *web)
{
    if (web_assets_count > WEB_ASSETS_MAX)
        BUG("more than %d assets", WEB_ASSETS_MAX);
    for (int i = 0; i < web_assets_count; i++)
        open_asset(&web->asset[web->assets++], &web_assets[i]);
}

const char *web_asset_path(const struct web *web, const char *name)
{
    for (int i = 0; i < web->assets; i++) {
        if (strcmp(web->asset[i].file->name, name) == 0)
            return web->asset[i].path;
    }
    BUG("no asset '%s'", name);
}

bool web_asset_serve(const struct web *web, struct http_request *http)
{
    for (int i = 0; i < web->assets; i++) {
        const struct web_asset *asset = &web->asset[i];
        if (http->method != HTTP_GET || !str_is(http->path, asset->path))
            continue;
        web_set_security_headers(http, NULL, true);
        http_set_header(http, "Content-Type", asset->type);
        http_set_header(http, "ETag", arena_printf(&http->arena, "\"%s\"", asset->path).p);
        http_answer_fixed(http, 200, bytes_of(asset->file));
        return true;
    }
    return false;
}
