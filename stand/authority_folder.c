/* SPDX-License-Identifier: Apache-2.0 */
/* What the authority publishes, as files: the trust folder, lists, and keys of people. */
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <stdio.h>

#include "base/file.h"
#include "stand/authority_impl.h"
#include "world/world.h"

enum { FILE_MAX = 1 << 20 };

static bool write_at(const struct authority *authority, const char *folder, const char *name, const struct buf *bytes,
                     struct err *err)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", authority->folder, folder);
    if (!file_make_folder(path, err))
        return false;
    snprintf(path, sizeof path, "%s/%s%s%s", authority->folder, folder, *folder ? "/" : "", name);
    return file_write(path, buf_str(bytes), err);
}

/* ---- trust ---- */

static bool write_office(const struct authority *authority, enum authority_branch branch, enum authority_role office,
                         const char *folder, struct err *err)
{
    char name[64];
    struct buf der;
    buf_init(&der, FILE_MAX);
    snprintf(name, sizeof name, "%s_%s_test.cer", authority_role_name(office), authority_branch_name(branch));
    bool fine = eds_certificate_write(authority->office[branch][office].certificate, &der, err) &&
                write_at(authority, folder, name, &der, err);
    buf_release(&der);
    return fine;
}

static bool write_lists(struct authority *authority, enum authority_branch branch, struct err *err)
{
    struct buf der;
    bool fine = true;
    buf_init(&der, FILE_MAX);
    for (int list = 0; fine && list < AUTHORITY_LISTS; list++) {
        buf_clear(&der);
        fine = authority_crl(authority, branch, (enum authority_list)list, authority->now, AUTHORITY_OK, &der, err) &&
               write_at(authority, "crl", authority_list_file(branch, (enum authority_list)list), &der, err);
    }
    buf_release(&der);
    return fine;
}

static bool write_profile(const struct authority *authority, struct err *err)
{
    struct buf text;
    buf_init(&text, 4096);
    buf_addf(&text,
             "# Trust in the test certification authority.  Never for production, which refuses it.\n"
             "version = test-1\n"
             "ocsp_url = %s/ocsp/\n"
             "tsp_url = %s/tsp/\n",
             authority->url, authority->url);
    bool fine = write_at(authority, "", "profile", &text, err);
    buf_release(&text);
    return fine;
}

bool authority_write_trust(struct authority *authority, struct err *err)
{
    bool fine = write_profile(authority, err);
    for (int branch = 0; fine && branch < AUTHORITY_BRANCHES; branch++)
        fine = write_office(authority, (enum authority_branch)branch, AUTHORITY_ROOT, "anchors", err) &&
               write_office(authority, (enum authority_branch)branch, AUTHORITY_ISSUER, "intermediates", err) &&
               write_lists(authority, (enum authority_branch)branch, err);
    return fine;
}

/* ---- people ---- */

/* Three-key triple DES for both bags and SHA-1 in the MAC, as the national authority's files have for the key; its 40-bit RC2
 * for certificates is not in OpenSSL's default provider. */
static bool make_pkcs12(const struct authority *authority, enum authority_branch branch, const struct authority_holder *holder,
                        struct buf *ret, struct err *err)
{
    STACK_OF(X509) *above = sk_X509_new_null();
    unsigned char *der = NULL;
    if (above)
        sk_X509_push(above, authority->office[branch][AUTHORITY_ISSUER].certificate);
    PKCS12 *made = PKCS12_create(AUTHORITY_PASSWORD, NULL, holder->key, holder->certificate, above,
                                 NID_pbe_WithSHA1And3_Key_TripleDES_CBC, NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 2048, 1024, 0);
    bool fine = made && PKCS12_set_mac(made, AUTHORITY_PASSWORD, -1, NULL, 0, 1024, EVP_sha1()) == 1 &&
                authority_put(i2d_PKCS12(made, &der), &der, ret);
    PKCS12_free(made);
    sk_X509_free(above);
    ERR_clear_error();
    return fine || err_set(err, ERR_SYSTEM, "the PKCS #12 file cannot be made");
}

bool authority_read_pkcs12(struct str bytes, struct authority_holder *ret, struct err *err)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    struct authority_holder read = { 0 };
    PKCS12 *file = bytes.n <= FILE_MAX ? d2i_PKCS12(NULL, &p, (long)bytes.n) : NULL;
    bool fine =
        file && PKCS12_parse(file, AUTHORITY_PASSWORD, &read.key, &read.certificate, NULL) == 1 && read.key && read.certificate;
    PKCS12_free(file);
    ERR_clear_error();
    if (!fine) {
        authority_holder_release(&read);
        return err_set(err, ERR_INPUT, "not a PKCS #12 file with a key of ours");
    }
    *ret = read;
    return true;
}

static bool write_holder(struct authority *authority, enum authority_branch branch, enum authority_role role,
                         const struct authority_subject *subject, const char *folder, struct err *err)
{
    struct authority_holder holder;
    struct buf file;
    char name[64];
    if (!authority_issue(authority, branch, role, subject, &holder, err))
        return false;
    buf_init(&file, FILE_MAX);
    snprintf(name, sizeof name, "%s-%s-%s.p12", subject->bin ? subject->bin : subject->iin, authority_branch_name(branch),
             authority_role_name(role));
    bool fine = make_pkcs12(authority, branch, &holder, &file, err) && write_at(authority, folder, name, &file, err);
    buf_release(&file);
    authority_holder_release(&holder);
    return fine;
}

static void describe(const struct world_person *person, struct arena *arena, char iin[IIN_TEXT], struct authority_subject *ret)
{
    *ret = (struct authority_subject){
        .surname = arena_text(arena, person->surname),
        .name = arena_text(arena, person->name),
        .patronymic = arena_text(arena, person->patronymic),
        .iin = iin_format(person->iin, iin),
    };
}

static bool write_persons(struct authority *authority, const struct world *world, size_t people, struct arena *arena,
                          struct err *err)
{
    size_t count;
    const struct world_person *person = world_persons(world, &count);
    bool fine = true;
    for (size_t i = 0; fine && i < count && people > 0; i++) {
        char iin[IIN_TEXT];
        struct authority_subject subject;
        if (!day_is_none(person[i].died))
            continue;
        people--;
        describe(&person[i], arena, iin, &subject);
        fine = write_holder(authority, AUTHORITY_GOST, AUTHORITY_PERSON_SIGN, &subject, "persons", err) &&
               write_holder(authority, AUTHORITY_GOST, AUTHORITY_PERSON_AUTH, &subject, "persons", err) &&
               write_holder(authority, AUTHORITY_RSA, AUTHORITY_PERSON_SIGN, &subject, "persons", err);
    }
    return fine;
}

static bool write_heads(struct authority *authority, const struct world *world, size_t people, struct arena *arena,
                        struct err *err)
{
    size_t count;
    const struct world_company *company = world_companies(world, &count);
    bool fine = true;
    for (size_t i = 0; fine && i < count && i < people; i++) {
        char iin[IIN_TEXT], bin[IIN_TEXT];
        struct authority_subject subject;
        const struct world_person *head = world_person(world, company[i].head);
        if (!head)
            continue;
        describe(head, arena, iin, &subject);
        subject.organisation = arena_text(arena, company[i].name);
        subject.bin = iin_format(company[i].bin, bin);
        fine = write_holder(authority, AUTHORITY_GOST, AUTHORITY_HEAD, &subject, "organisations", err);
    }
    return fine;
}

bool authority_write_people(struct authority *authority, const struct world *world, size_t people, struct err *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    bool fine = write_persons(authority, world, people, &arena, err) && write_heads(authority, world, people, &arena, err);
    arena_release(&arena);
    return fine;
}
