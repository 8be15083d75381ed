/* SPDX-License-Identifier: Apache-2.0 */
/* What has been revoked: in memory, and as lines "branch issuer serial where at" in revoked.txt of a folder. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "stand/authority_impl.h"

enum { REVOKED_FILE_MAX = 1 << 24 };

bool authority_serial_of(const X509 *certificate, unsigned char ret[AUTHORITY_SERIAL])
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
    if (ASN1_STRING_length(serial) != AUTHORITY_SERIAL)
        return false;
    memcpy(ret, ASN1_STRING_get0_data(serial), AUTHORITY_SERIAL);
    return true;
}

const struct authority_revoked *authority_find_revoked(const struct authority *authority, const struct authority_holder *issuer,
                                                       struct str serial, unsigned where)
{
    for (size_t i = 0; i < authority->revokeds; i++) {
        const struct authority_revoked *r = &authority->revoked[i];
        if (issuer == &authority->office[r->branch][r->root ? AUTHORITY_ROOT : AUTHORITY_ISSUER] &&
            serial.n == AUTHORITY_SERIAL && memcmp(r->serial, serial.p, serial.n) == 0 && (r->where & where))
            return r;
    }
    return NULL;
}

/* ---- the file ---- */

static void write_line(const struct authority_revoked *revoked, struct buf *out)
{
    char at[MOMENT_TEXT];
    buf_addf(out, "%s %s ", authority_branch_name(revoked->branch),
             authority_role_name(revoked->root ? AUTHORITY_ROOT : AUTHORITY_ISSUER));
    for (int i = 0; i < AUTHORITY_SERIAL; i++)
        buf_addf(out, "%02x", revoked->serial[i]);
    buf_addf(out, " %u %s\n", revoked->where, moment_format(revoked->at, at));
}

static bool append(const struct authority *authority, const struct authority_revoked *revoked, struct err *err)
{
    char path[512];
    struct buf line;
    if (!authority->folder)
        return true;
    buf_init(&line, 256);
    write_line(revoked, &line);
    snprintf(path, sizeof path, "%s/revoked.txt", authority->folder);
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    bool fine = file >= 0 && write(file, line.p, line.n) == (ssize_t)line.n;
    if (!fine)
        err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
    if (file >= 0)
        close(file);
    buf_release(&line);
    return fine;
}

static bool read_serial(struct str hex, unsigned char ret[AUTHORITY_SERIAL])
{
    char text[2 * AUTHORITY_SERIAL + 1];
    size_t n;
    if (hex.n != 2 * AUTHORITY_SERIAL)
        return false;
    memcpy(text, hex.p, hex.n);
    text[hex.n] = '\0';
    return OPENSSL_hexstr2buf_ex(ret, AUTHORITY_SERIAL, &n, text, '\0') == 1 && n == AUTHORITY_SERIAL;
}

static bool read_line(struct str line, struct authority_revoked *ret)
{
    struct str field[5];
    uint64_t where;
    for (int i = 0; i < 5; i++) {
        if (!str_split(&line, ' ', &field[i]))
            return false;
    }
    *ret = (struct authority_revoked){
        .branch = str_is(field[0], authority_branch_name(AUTHORITY_RSA)) ? AUTHORITY_RSA : AUTHORITY_GOST,
        .root = str_is(field[1], authority_role_name(AUTHORITY_ROOT)),
    };
    bool fine = read_serial(field[2], ret->serial) && str_to_u64(field[3], &where) && where <= AUTHORITY_EVERYWHERE &&
                moment_parse(field[4], &ret->at);
    ret->where = fine ? (unsigned)where : 0;
    return fine;
}

bool authority_load_revoked(struct authority *authority, struct err *err)
{
    char path[512];
    struct arena arena;
    struct str text = { 0 }, line;
    int number = 0;
    arena_init(&arena, 0);
    snprintf(path, sizeof path, "%s/revoked.txt", authority->folder);
    bool fine = file_read(path, REVOKED_FILE_MAX, &arena, &text, err) || err->kind == ERR_NOT_FOUND;
    while (fine && text.n > 0 && str_split(&text, '\n', &line)) {
        number++;
        if (line.n > 0 && !read_line(line, MEM_PUSH(authority->revoked, authority->revokeds, authority->revoked_room)))
            fine = err_set(err, ERR_INPUT, "%s:%d: not \"branch issuer serial where time\"", path, number);
    }
    arena_release(&arena);
    return fine;
}

/* ---- revoking ---- */

static bool issuer_of(const struct authority *authority, const X509 *certificate, struct authority_revoked *ret)
{
    for (int i = 0; i < AUTHORITY_BRANCHES * 2; i++) {
        ret->branch = (enum authority_branch)(i / 2);
        ret->root = i % 2 == 0;
        const struct authority_holder *issuer = &authority->office[ret->branch][ret->root ? AUTHORITY_ROOT : AUTHORITY_ISSUER];
        if (X509_NAME_cmp(X509_get_issuer_name(certificate), X509_get_subject_name(issuer->certificate)) == 0)
            return true;
    }
    return false;
}

bool authority_revoke(struct authority *authority, const X509 *certificate, struct moment at, unsigned where, struct err *err)
{
    struct authority_revoked revoked = { .at = at, .where = where };
    if (!authority_serial_of(certificate, revoked.serial) || !issuer_of(authority, certificate, &revoked))
        return err_set(err, ERR_NOT_FOUND, "not a certificate of this authority");
    pthread_mutex_lock(&authority->lock);
    bool fine = append(authority, &revoked, err);
    if (fine)
        *MEM_PUSH(authority->revoked, authority->revokeds, authority->revoked_room) = revoked;
    pthread_mutex_unlock(&authority->lock);
    return fine;
}
