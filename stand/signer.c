/* SPDX-License-Identifier: Apache-2.0 */
/* Keys by person, and signing with them. */
#include "stand/signer.h"

#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "stand/signer_impl.h"
#include "world/world.h"

enum { REPLY_MAX = 1 << 24 };

struct signer *signer_new(struct authority *authority, const struct world *world)
{
    struct signer *signer = mem_alloc(sizeof *signer);
    pthread_mutex_init(&signer->lock, NULL);
    signer->authority = authority;
    signer->world = world;
    return signer;
}

void signer_free(struct signer *signer)
{
    if (!signer)
        return;
    pthread_mutex_destroy(&signer->lock);
    free(signer);
}

/* ---- who ---- */

static const struct world_person *find_person(const struct signer *signer, struct str iin)
{
    struct iin number;
    return signer->world && iin_parse(iin, &number) == IIN_PERSON ? world_person(signer->world, number) : NULL;
}

static const struct world_company *find_company(const struct signer *signer, struct str bin)
{
    struct iin number;
    return signer->world && iin_parse(bin, &number) == IIN_COMPANY ? world_company(signer->world, number) : NULL;
}

/* The same key and number, but for the time. */
static bool let_expire(struct signer *signer, const struct signer_wish *wish, enum authority_role role,
                       const struct authority_subject *subject, struct authority_holder *holder, struct err *err)
{
    static const int64_t day_ms = INT64_C(24) * 60 * 60 * 1000;
    struct authority_spec spec;
    X509 *made;
    authority_spec_of(signer->authority, wish->branch, role, subject, &spec);
    spec.not_after.ms = moment_now().ms - day_ms;
    spec.not_before.ms = spec.not_after.ms - 365 * day_ms;
    if (!authority_certify(&spec, holder->key, authority_office(signer->authority, wish->branch, AUTHORITY_ISSUER), &made, err))
        return false;
    X509_free(holder->certificate);
    holder->certificate = made;
    return true;
}

bool signer_key(struct signer *signer, const struct signer_wish *wish, struct authority_holder *ret, struct err *err)
{
    if (wish->iin.n != 12 || !str_is_digits(wish->iin) || (wish->bin.n > 0 && (wish->bin.n != 12 || !str_is_digits(wish->bin))))
        return err_set(err, ERR_INPUT, "no key: an IIN of 12 digits is needed");
    struct arena arena;
    arena_init(&arena, 4096);
    const struct world_person *person = find_person(signer, wish->iin);
    const struct world_company *company = find_company(signer, wish->bin);
    struct authority_subject subject = { .surname = "ТЕСТОВ", .name = "ТЕСТ", .iin = arena_text(&arena, wish->iin) };
    if (person) {
        subject.surname = arena_text(&arena, person->surname);
        subject.name = arena_text(&arena, person->name);
        subject.patronymic = arena_text(&arena, person->patronymic);
    }
    if (wish->bin.n > 0) {
        subject.bin = arena_text(&arena, wish->bin);
        subject.organisation = company ? arena_text(&arena, company->name) : "ЖШС «ТЕСТ»";
    }
    enum authority_role role = wish->bin.n > 0 ? AUTHORITY_HEAD : wish->sign_in ? AUTHORITY_PERSON_AUTH : AUTHORITY_PERSON_SIGN;
    bool fine = authority_issue(signer->authority, wish->branch, role, &subject, ret, err);
    if (fine && wish->expired && !let_expire(signer, wish, role, &subject, ret, err)) {
        authority_holder_release(ret);
        fine = false;
    }
    arena_release(&arena);
    return fine;
}

/* ---- signing ---- */

static bool stamp(struct signer *signer, enum authority_branch branch, struct str cms, struct buf *ret, struct err *err)
{
    struct buf value, request, reply, token;
    struct buf *all[] = { &value, &request, &reply, &token };
    char nonce[16];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_init(all[i], REPLY_MAX);
    digest_random(nonce, sizeof nonce);
    bool fine = eds_cms_signature_value(cms, 0, &value, err) &&
                eds_timestamp_request(buf_str(&value), branch == AUTHORITY_RSA ? EDS_RSA_SHA256 : EDS_GOST_2015_512,
                                      (struct str){ nonce, sizeof nonce }, &request, err);
    if (fine)
        authority_timestamp(signer->authority, buf_str(&request), moment_now(), AUTHORITY_OK, &reply);
    fine = fine && eds_timestamp_token(buf_str(&reply), buf_str(&request), &token, err) &&
           eds_cms_add_timestamp(cms, 0, buf_str(&token), ret, err);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_release(all[i]);
    return fine;
}

bool signer_cms(struct signer *signer, const struct signer_wish *wish, struct str data, const struct signer_form *form,
                struct buf *ret, struct err *err)
{
    struct authority_holder holder;
    struct buf plain;
    if (!signer_key(signer, wish, &holder, err))
        return false;
    const struct eds_identity identity = { .key = holder.key, .certificate = holder.certificate };
    const struct eds_cms_options options = { .detached = !form->encapsulate,
                                             .digested = form->digested,
                                             .signing_time = moment_now() };
    buf_init(&plain, REPLY_MAX);
    bool fine = eds_sign_cms(&identity, 1, data, &options, &plain, err);
    if (fine && form->timestamp)
        fine = stamp(signer, wish->branch, buf_str(&plain), ret, err);
    else if (fine)
        buf_add_str(ret, buf_str(&plain));
    buf_release(&plain);
    authority_holder_release(&holder);
    return fine;
}

bool signer_xml(struct signer *signer, const struct signer_wish *wish, struct str document, struct buf *ret, struct err *err)
{
    struct authority_holder holder;
    if (!signer_key(signer, wish, &holder, err))
        return false;
    const struct eds_identity identity = { .key = holder.key, .certificate = holder.certificate };
    bool fine = eds_sign_xml(&identity, document, ret, err);
    authority_holder_release(&holder);
    return fine;
}
