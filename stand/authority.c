/* SPDX-License-Identifier: Apache-2.0 */
/* The authority itself: its four offices in each branch, in memory or kept in a folder. */
#include "stand/authority.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "stand/authority_impl.h"

enum { FILE_MAX = 1 << 16, DAY_S = 24 * 60 * 60 };
#define FIRST_URL "http://127.0.0.1:8590"

static struct authority *new_authority(struct moment now, const char *folder)
{
    struct authority *authority = mem_alloc(sizeof *authority);
    eds_setup();
    pthread_mutex_init(&authority->lock, NULL);
    authority->now = now;
    authority->folder = folder ? strdup(folder) : NULL;
    snprintf(authority->url, sizeof authority->url, "%s", FIRST_URL);
    return authority;
}

void authority_free(struct authority *authority)
{
    if (!authority)
        return;
    for (int branch = 0; branch < AUTHORITY_BRANCHES; branch++) {
        for (int office = 0; office < AUTHORITY_OFFICES; office++)
            authority_holder_release(&authority->office[branch][office]);
    }
    for (int i = 0; i < AUTHORITY_RSA_KEYS; i++)
        EVP_PKEY_free(authority->rsa[i]);
    pthread_mutex_destroy(&authority->lock);
    free(authority->revoked);
    free(authority->folder);
    free(authority);
}

const struct authority_holder *authority_office(const struct authority *authority, enum authority_branch branch,
                                                enum authority_role office)
{
    return &authority->office[branch][office];
}

static bool make_office(struct authority *authority, enum authority_branch branch, enum authority_role office, struct err *err)
{
    return authority_issue(authority, branch, office, NULL, &authority->office[branch][office], err);
}

bool authority_make(struct str secret, struct moment now, struct authority **ret, struct err *err)
{
    struct authority *authority = new_authority(now, NULL);
    memcpy(authority->secret, secret.p, secret.n < AUTHORITY_SECRET ? secret.n : AUTHORITY_SECRET);
    for (int i = 0; i < AUTHORITY_BRANCHES * AUTHORITY_OFFICES; i++) {
        if (!make_office(authority, (enum authority_branch)(i / AUTHORITY_OFFICES), (enum authority_role)(i % AUTHORITY_OFFICES),
                         err)) {
            authority_free(authority);
            return false;
        }
    }
    *ret = authority;
    return true;
}

/* ---- a folder ---- */

static const char *place(const struct authority *authority, const char *name, char ret[512])
{
    snprintf(ret, 512, "%s/%s", authority->folder, name);
    return ret;
}

static bool read_secret(struct authority *authority, struct arena *arena, struct err *err)
{
    char path[512];
    struct str bytes = { 0 };
    place(authority, "keys/secret", path);
    if (file_read(path, AUTHORITY_SECRET, arena, &bytes, err) && bytes.n == AUTHORITY_SECRET) {
        memcpy(authority->secret, bytes.p, AUTHORITY_SECRET);
        return true;
    }
    if (bytes.n != 0 || err->kind != ERR_NOT_FOUND)
        return err_set(err, ERR_INPUT, "%s: not %d bytes", path, AUTHORITY_SECRET);
    if (RAND_bytes(authority->secret, AUTHORITY_SECRET) != 1)
        return err_set(err, ERR_SYSTEM, "no random bytes");
    return file_write(path, (struct str){ (const char *)authority->secret, AUTHORITY_SECRET }, err);
}

static bool in_date(const struct authority *authority, const X509 *certificate)
{
    time_t now = (time_t)(authority->now.ms / 1000), soon = now + DAY_S;
    return X509_cmp_time(X509_get0_notBefore(certificate), &now) < 0 && X509_cmp_time(X509_get0_notAfter(certificate), &soon) > 0;
}

/* The certificate that would be made now has the same public parts, apart from when it was made. */
static bool names_same_places(const struct authority *authority, enum authority_branch branch, enum authority_role office,
                              X509 *certificate)
{
    struct authority_spec spec;
    authority_spec_of(authority, branch, office, NULL, &spec);
    if (!*spec.crl)
        return true;
    CRL_DIST_POINTS *points = X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
    const DIST_POINT *point = points ? sk_DIST_POINT_value(points, 0) : NULL;
    const GENERAL_NAME *name = point && point->distpoint ? sk_GENERAL_NAME_value(point->distpoint->name.fullname, 0) : NULL;
    const char *expected = spec.crl + strlen("URI:");
    bool same = name && name->type == GEN_URI && ASN1_STRING_length(name->d.ia5) == (int)strlen(expected) &&
                memcmp(ASN1_STRING_get0_data(name->d.ia5), expected, strlen(expected)) == 0;
    CRL_DIST_POINTS_free(points);
    return same;
}

static bool read_key(const char *path, struct arena *arena, EVP_PKEY **ret, struct err *err)
{
    struct str bytes;
    return file_read(path, FILE_MAX, arena, &bytes, err) && eds_key_read(bytes, ret, err);
}

/* Of this key, by this issuer's key, in date, naming the right places; else another one is made for the key. */
static bool read_certificate(struct authority *authority, enum authority_branch branch, enum authority_role office,
                             const char *path, struct arena *arena)
{
    struct err err;
    struct str bytes;
    const struct authority_holder *issuer = authority_issuer_of(authority, branch, office);
    EVP_PKEY *key = authority->office[branch][office].key;
    X509 *read = NULL;
    bool fine = file_read(path, FILE_MAX, arena, &bytes, &err) && eds_certificate_read(bytes, &read, &err) &&
                in_date(authority, read) && X509_check_private_key(read, key) == 1 &&
                X509_verify(read, issuer ? issuer->key : key) == 1 && names_same_places(authority, branch, office, read);
    if (!fine) {
        X509_free(read);
        return false;
    }
    authority->office[branch][office].certificate = read;
    return true;
}

static bool write_key(EVP_PKEY *key, const char *path, struct err *err)
{
    struct buf pem;
    buf_init(&pem, FILE_MAX);
    bool fine = eds_key_write(key, &pem, err) && file_write(path, buf_str(&pem), err);
    buf_release(&pem);
    return fine;
}

static bool write_certificate(X509 *certificate, const char *path, struct err *err)
{
    struct buf der;
    buf_init(&der, FILE_MAX);
    bool fine = eds_certificate_write(certificate, &der, err) && file_write(path, buf_str(&der), err);
    buf_release(&der);
    return fine;
}

static bool open_office(struct authority *authority, enum authority_branch branch, enum authority_role office,
                        struct arena *arena, struct err *err)
{
    char key_path[512], path[512], name[64];
    struct authority_holder *holder = &authority->office[branch][office];
    snprintf(name, sizeof name, "keys/%s-%s.pem", authority_branch_name(branch), authority_role_name(office));
    place(authority, name, key_path);
    snprintf(name, sizeof name, "keys/%s-%s.cer", authority_branch_name(branch), authority_role_name(office));
    place(authority, name, path);
    if (!read_key(key_path, arena, &holder->key, err) &&
        !(authority_key_of(authority, branch, office, NULL, &holder->key, err) && write_key(holder->key, key_path, err)))
        return false;
    return read_certificate(authority, branch, office, path, arena) ||
           (authority_certify_key(authority, branch, office, NULL, holder->key, &holder->certificate, err) &&
            write_certificate(holder->certificate, path, err));
}

static bool open_url(struct authority *authority, const char *url, struct arena *arena, struct err *err)
{
    char path[512];
    struct str kept;
    place(authority, "keys/url", path);
    if (url) {
        snprintf(authority->url, sizeof authority->url, "%s", url);
        return file_write(path, str_from(url), err);
    }
    if (file_read(path, sizeof authority->url - 1, arena, &kept, err))
        snprintf(authority->url, sizeof authority->url, STR_FMT, STR_ARG(kept));
    else if (err->kind != ERR_NOT_FOUND)
        return false;
    return true;
}

static bool open_offices(struct authority *authority, const char *url, struct err *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    bool fine = read_secret(authority, &arena, err) && open_url(authority, url, &arena, err);
    for (int i = 0; fine && i < AUTHORITY_BRANCHES * AUTHORITY_OFFICES; i++)
        fine = open_office(authority, (enum authority_branch)(i / AUTHORITY_OFFICES),
                           (enum authority_role)(i % AUTHORITY_OFFICES), &arena, err);
    arena_release(&arena);
    return fine;
}

/* Two processes that open one folder at once must not make two authorities. */
static bool open_locked(struct authority *authority, const char *url, struct err *err)
{
    char path[512];
    if (!file_make_folder(place(authority, "keys", path), err))
        return false;
    if (chmod(path, 0700) != 0)
        return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
    int lock = open(place(authority, "keys/lock", path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX) != 0) {
        err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
        if (lock >= 0)
            close(lock);
        return false;
    }
    bool fine = open_offices(authority, url, err) && authority_load_revoked(authority, err);
    close(lock);
    return fine;
}

bool authority_open(const char *folder, const char *url, struct moment now, struct authority **ret, struct err *err)
{
    struct authority *authority = new_authority(now, folder);
    if (!open_locked(authority, url, err)) {
        authority_free(authority);
        return false;
    }
    *ret = authority;
    return true;
}
