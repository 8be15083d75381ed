/* SPDX-License-Identifier: Apache-2.0 */
/* Signing and scripting over plain HTTP, and base64. */
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/json.h"
#include "stand/signer_impl.h"

enum { DATA_MAX = 1 << 23 };

void signer_add_base64(struct buf *out, struct str bytes, size_t line)
{
    unsigned char text[68];
    for (size_t at = 0; at < bytes.n; at += 48) {
        size_t n = bytes.n - at < 48 ? bytes.n - at : 48;
        int length = EVP_EncodeBlock(text, (const unsigned char *)bytes.p + at, (int)n);
        buf_add(out, text, (size_t)length);
        if (line > 0)
            buf_add_char(out, '\n');
    }
}

/* White space is skipped; whatever else is no base64 is refused. */
bool signer_read_base64(struct str text, struct arena *arena, struct str *ret)
{
    struct str kept = { arena_alloc(arena, text.n + 1), 0 };
    char *to = (char *)(uintptr_t)kept.p;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '\n' && text.p[i] != '\r' && text.p[i] != ' ')
            to[kept.n++] = text.p[i];
    }
    unsigned char *out = arena_alloc(arena, kept.n / 4 * 3 + 4);
    int n = kept.n % 4 == 0 && kept.n < DATA_MAX ? EVP_DecodeBlock(out, (const unsigned char *)kept.p, (int)kept.n) : -1;
    for (size_t i = kept.n; n > 0 && i > 0 && i > kept.n - 2 && kept.p[i - 1] == '='; i--)
        n--;
    *ret = (struct str){ (const char *)out, n > 0 ? (size_t)n : 0 };
    return n >= 0;
}

static bool flag(const json_t *object, const char *key) { return json_is_true(json_object_get(object, key)); }

static bool read_branch(struct str name, enum authority_branch *ret)
{
    if (name.n == 0)
        return true;
    for (int i = 0; i < AUTHORITY_BRANCHES; i++) {
        if (str_is(name, authority_branch_name((enum authority_branch)i))) {
            *ret = (enum authority_branch)i;
            return true;
        }
    }
    return false;
}

static bool sign_request(struct signer *signer, const json_t *root, struct arena *arena, struct buf *cms, struct err *err)
{
    struct signer_wish wish = { .iin = json_member(root, "iin"),
                                .bin = json_member(root, "bin"),
                                .sign_in = flag(root, "signIn"),
                                .expired = flag(root, "expired") };
    const struct signer_form form = { .encapsulate = flag(root, "encapsulate"),
                                      .timestamp = flag(root, "tsa"),
                                      .digested = flag(root, "digested") };
    struct str data;
    if (!read_branch(json_member(root, "branch"), &wish.branch) || !signer_read_base64(json_member(root, "data"), arena, &data))
        return err_set(err, ERR_INPUT, "branch: not \"gost\" or \"rsa\", or data: not base64");
    return signer_cms(signer, &wish, data, &form, cms, err);
}

bool signer_request(struct signer *signer, struct str json, struct buf *ret, struct err *err)
{
    json_t *root;
    struct arena arena;
    struct buf cms;
    if (!json_parse(json, &root, err))
        return false;
    arena_init(&arena, 0);
    buf_init(&cms, 2 * DATA_MAX);
    bool fine = sign_request(signer, root, &arena, &cms, err);
    if (fine) {
        buf_add_text(ret, "{\"cms\":\"");
        signer_add_base64(ret, buf_str(&cms), 0);
        buf_add_text(ret, "\"}");
    }
    buf_release(&cms);
    arena_release(&arena);
    json_decref(root);
    return fine;
}

static const char *const mode_names[] = { [SIGNER_OK] = "ok",
                                          [SIGNER_CANCEL] = "cancel",
                                          [SIGNER_ERROR] = "error",
                                          [SIGNER_SILENT] = "silent",
                                          [SIGNER_GARBAGE] = "garbage" };

static bool read_mode(struct str name, enum signer_mode *ret)
{
    *ret = SIGNER_OK;
    for (size_t i = 0; i < sizeof mode_names / sizeof *mode_names; i++) {
        if (str_is(name, mode_names[i])) {
            *ret = (enum signer_mode)i;
            return true;
        }
    }
    return name.n == 0;
}

bool signer_control(struct signer *signer, struct str json, struct err *err)
{
    json_t *root;
    enum signer_mode mode;
    enum authority_branch branch = AUTHORITY_GOST;
    if (!json_parse(json, &root, err))
        return false;
    struct str iin = json_member(root, "iin");
    bool fine = read_mode(json_member(root, "mode"), &mode) && read_branch(json_member(root, "branch"), &branch) &&
                (iin.n == 0 || (iin.n == 12 && str_is_digits(iin)));
    if (fine) {
        pthread_mutex_lock(&signer->lock);
        signer->mode = mode;
        signer->branch = branch;
        signer->old = flag(root, "old");
        snprintf(signer->iin, sizeof signer->iin, STR_FMT, STR_ARG(iin));
        pthread_mutex_unlock(&signer->lock);
    }
    json_decref(root);
    return fine ||
           err_set(err, ERR_INPUT,
                   "mode: \"ok\", \"cancel\", \"error\", \"silent\" or \"garbage\"; branch: \"gost\" or \"rsa\"; iin: 12 digits");
}
