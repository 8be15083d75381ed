/* SPDX-License-Identifier: Apache-2.0 */
/* SMS: in the person's language, with the filing's number and nobody's name beyond initials. */
#include "base/digest.h"
#include "filing/filing_impl.h"

#define MESSAGE_LIMIT 1024

/* The language of the person's last session; Kazakh before there was any. */
static bool language_of(struct filing_work *w, struct iin person, enum text_language *ret)
{
    static const char select[] = "SELECT language FROM session WHERE person = $1 ORDER BY id DESC LIMIT 1";
    struct db_query q;
    *ret = TEXT_KK;
    if (!filing_query(w->db, &q, select, VALUES(v_iin(person)), w->err))
        return false;
    while (db_row(&q))
        text_language_parse(db_str(&q, 0), ret);
    return db_finish(&q, w->err);
}

size_t filing_first_letter(struct str s)
{
    size_t n = s.n > 0;
    while (n < s.n && ((unsigned char)s.p[n] & 0xc0U) == 0x80U)
        n++;
    return n;
}

/* "А. Б." of given name and surname; a dash when GBD FL does not know. */
struct str filing_initials(struct arena *arena, const struct registry_person *person)
{
    if (!person || (person->name.n == 0 && person->surname.n == 0))
        return STR("-");
    struct str name = { person->name.p, filing_first_letter(person->name) };
    struct str surname = { person->surname.p, filing_first_letter(person->surname) };
    return arena_printf(arena, STR_FMT "%s" STR_FMT "%s", STR_ARG(name), name.n ? ". " : "", STR_ARG(surname),
                        surname.n ? "." : "");
}

static bool post_message(struct filing_work *w, struct str phone, struct str text, const char *purpose)
{
    char *reference = arena_alloc(&w->arena, DIGEST_UUID);
    digest_uuid(reference);
    struct registry_question question = { .ask = REGISTRY_MESSAGE,
                                          .day = DAY_NONE,
                                          .since = DAY_NONE,
                                          .until = DAY_NONE,
                                          .phone = phone,
                                          .text = text,
                                          .reference = str_from(reference) };
    struct filing_post post = { .purpose = purpose };
    return filing_post(w, &question, &post, NULL);
}

static bool send(struct filing_work *w, struct str phone, struct iin person, enum text_key key, struct str argument,
                 const char *purpose)
{
    struct str arguments[] = { str_from(w->c.number), argument };
    enum text_language language;
    struct buf text;
    if (!language_of(w, person, &language))
        return false;
    buf_init(&text, MESSAGE_LIMIT);
    text_fill(&text, key, language, 2, arguments);
    struct str copy = arena_str(&w->arena, buf_str(&text));
    buf_release(&text);
    return post_message(w, phone, copy, purpose);
}

bool filing_tell(struct filing_work *w, const struct filing_answers *answers, struct iin person, enum text_key key,
                 struct str argument)
{
    const struct registry_person *record = filing_person_of(answers, person);
    if (!record || record->phone.n == 0)
        return true;
    return send(w, record->phone, person, key, argument, "message");
}

bool filing_send_to(struct filing_work *w, const struct registry_person *record, struct iin person, enum text_key key,
                    struct str code)
{
    return send(w, record->phone, person, key, code, "code");
}
