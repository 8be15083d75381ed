/* SPDX-License-Identifier: Apache-2.0 */
/* The signed objects: an authority as the unit tests make it, with as many subscribers as there are objects. */
#include "eds_bench.h"
#include "eds_answers.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/file.h"
#include "eds/eds_impl.h"

enum { FILE_MAX = 1 << 20, CONTENT = 2000 };

static void path_of(char path[512], const char *folder, const char *kind, const char *what, int i)
{
    if (i < 0)
        snprintf(path, 512, "%s/%s-%s", folder, kind, what);
    else
        snprintf(path, 512, "%s/%s-%d.%s", folder, kind, i, what);
}

static void put(const char *folder, const char *kind, const char *what, int i, struct str bytes)
{
    char path[512];
    path_of(path, folder, kind, what, i);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, out), bytes.n);
    assert_int_equal(fclose(out), 0);
}

static struct str get(const char *folder, const char *kind, const char *what, int i, struct arena *arena)
{
    char path[512];
    struct str bytes;
    struct err err;
    path_of(path, folder, kind, what, i);
    assert_true(file_read(path, FILE_MAX, arena, &bytes, &err));
    return bytes;
}

/* An arranged trust folder. */
static void put_trust(const char *folder, const char *kind, struct str root, struct str authority)
{
    static const char *const below[] = { "trust", "trust/anchors", "trust/intermediates" };
    char path[512];
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        path_of(path, folder, kind, below[i], -1);
        assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
    }
    put(folder, kind, "trust/anchors/root.der", -1, root);
    put(folder, kind, "trust/intermediates/authority.der", -1, authority);
}

/* For the command line: root and issuing authority in one file. */
static void put_pem(const char *folder, const char *kind, const struct authority *a)
{
    char path[512];
    path_of(path, folder, kind, "trusted.pem", -1);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(PEM_write_X509(out, a->root.certificate), 1);
    assert_int_equal(PEM_write_X509(out, a->nca.certificate), 1);
    assert_int_equal(fclose(out), 0);
}

/* The signed attributes are signed as a SET. */
static struct str signed_set(struct arena *arena, struct str body)
{
    const unsigned char head[] = { DER_SET, 0x81, (unsigned char)body.n };
    struct buf set;
    assert_true(body.n <= 0xff);
    buf_init(&set, 1 << 16);
    if (body.n < 0x80) {
        buf_add(&set, &head[0], 1);
        buf_add(&set, &head[2], 1);
    } else {
        buf_add(&set, head, sizeof head);
    }
    buf_add_str(&set, body);
    return keep_buf(arena, &set);
}

static struct str stamp(struct authority *a, struct arena *arena, struct str object)
{
    struct str token = make_token(a, arena, &a->tsa, signature_value(a, arena, object), TSA_POLICY, AT);
    return with_token(a, arena, object, token);
}

static void make_one(struct authority *a, const char *folder, const char *kind, int i, struct str content)
{
    struct arena arena;
    struct cms cms;
    char detail[160];
    struct eds_profile profile = person_profile();
    arena_init(&arena, 0);
    struct subscriber person = subscribe(a, &profile, &a->nca);
    struct str object = sign_cms(a, &arena, &person, 1, content, (struct eds_cms_options){ .detached = false });
    assert_int_equal(cms_open(NULL, object, &arena, &cms, detail), EDS_OK);
    put(folder, kind, "cms", i, object);
    put(folder, kind, "stamped", i, stamp(a, &arena, object));
    put(folder, kind, "ocsp", i, good_ocsp(a, &arena, person.certificate));
    put(folder, kind, "certificate", i, x509_der(&arena, person.certificate));
    put(folder, kind, "attributes", i, signed_set(&arena, cms.signer[0].attributes));
    put(folder, kind, "value", i, cms.signer[0].signature);
    cms_release(&cms);
    subscriber_free(&person);
    arena_release(&arena);
}

void objects_make(const char *folder, const char *kind)
{
    struct authority a;
    struct arena arena;
    char content[CONTENT];
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (char)('a' + i % 26);
    arena_init(&arena, 0);
    authority_init(&a, strcmp(kind, "rsa") == 0 ? EDS_RSA_SHA256 : EDS_GOST_2015_512, NULL);
    put_trust(folder, kind, x509_der(&arena, a.root.certificate), x509_der(&arena, a.nca.certificate));
    put(folder, kind, "root", -1, x509_der(&arena, a.root.certificate));
    put(folder, kind, "authority", -1, x509_der(&arena, a.nca.certificate));
    put_pem(folder, kind, &a);
    for (int i = 0; i < OBJECTS; i++)
        make_one(&a, folder, kind, i, (struct str){ content, sizeof content });
    authority_release(&a);
    arena_release(&arena);
}

void objects_read(const char *folder, const char *kind, struct arena *arena, struct objects *ret)
{
    path_of(ret->trust, folder, kind, "trust", -1);
    ret->root = get(folder, kind, "root", -1, arena);
    ret->authority = get(folder, kind, "authority", -1, arena);
    for (int i = 0; i < OBJECTS; i++)
        ret->object[i] = (struct object){ .cms = get(folder, kind, "cms", i, arena),
                                          .stamped = get(folder, kind, "stamped", i, arena),
                                          .ocsp = get(folder, kind, "ocsp", i, arena),
                                          .certificate = get(folder, kind, "certificate", i, arena),
                                          .attributes = get(folder, kind, "attributes", i, arena),
                                          .value = get(folder, kind, "value", i, arena) };
}
