/* SPDX-License-Identifier: Apache-2.0 */
/* GBD FL, the population register.  The person by IIN is the public schema; the rest is ours (docs/registers/gbdfl.md). */
#include "registry/wire_impl.h"

/* ---- person by IIN ---- */

enum life { LIFE_UNKNOWN, LIFE_NORMAL, LIFE_DEAD };
enum address_status { ADDRESS_NONE, ADDRESS_REGISTERED };

static const struct name_row life_rows[] = {
    [LIFE_NORMAL] = { "normal", "0", "Нормальный", "Қалыпты" },
    [LIFE_DEAD] = { "dead", "1", "Умерший", "Қайтыс болған" },
};
static const struct name_row address_rows[] = {
    [ADDRESS_REGISTERED] = { "registered", "1", "Зарегистрирован", "Тіркелген" },
};
static const struct names names_life = { life_rows, 3 }, names_address = { address_rows, 2 };

struct wire_person {
    struct registry_person person;
    struct iin iin;
    enum life life;
    enum address_status address;
};

static const struct field request_head_fields[] = {
    NEEDED(TEXT, struct wire_head, message_id, "messageId"),
    NEEDED(MOMENT, struct wire_head, now, "messageDate"),
    NEEDED(TEXT, struct wire_head, sender, "senderCode"),
};
static const struct record request_head = RECORD(struct wire_head, request_head_fields);
static const struct field request_fields[] = { NEEDED(IIN, struct registry_question, person, "iin") };
static const struct record request = RECORD(struct registry_question, request_fields);

static const struct field response_head_fields[] = {
    NEEDED(TEXT, struct wire_head, message_id, "messageId"),
    NEEDED(MOMENT, struct wire_head, now, "messageDate"),
    NEEDED(TEXT, struct wire_head, request_id, "requestId"),
    FIXED("sender/code", "GBDFL"),
    FIXED("sender/nameRu", "ГБД ФЛ"),
    FIXED("sender/nameKz", "ЖТ МДҚ"),
    NEEDED(TEXT, struct wire_head, sender, "receiver/code"),
    FIXED("receiver/nameRu", ""),
    FIXED("receiver/nameKz", ""),
    NEEDED(TEXT, struct wire_head, code, "messageResult/code"),
    FIXED("messageResult/nameRu", "Сообщение успешно обработано"),
    FIXED("messageResult/nameKz", "Хабарлама сәтті өңделді"),
};
static const struct record response_head = RECORD(struct wire_head, response_head_fields);

/* In the order of the schema; mobilePhone, the last, is ours. */
#define P  struct wire_person
#define IN "persons/person/"
static const struct field response_fields[] = {
    { .element = "persons/person", .type = FIELD_HELD, .offset = offsetof(P, person.held) },
    NEEDED(IIN, P, iin, IN "iin"),
    FIELD(TEXT, P, person.surname, IN "surname"),
    FIELD(TEXT, P, person.name, IN "name"),
    FIELD(TEXT, P, person.patronymic, IN "patronymic"),
    FIELD(DAY, P, person.born, IN "birthDate"),
    FIELD(DAY, P, person.died, IN "deathDate"),
    CODED(CODE, P, person.sex, IN "gender", names_sex),
    CODED(CODE, P, life, IN "lifeStatus", names_life),
    FIELD(DAY, P, person.residence_since, IN "regAddress/beginDate"),
    CODED(CODE, P, address, IN "regAddress/status", names_address),
    FIELD(TEXT, P, person.residence_rka, IN "regAddress/arCode"),
    CODED(CODE, P, person.capable, IN "personCapableStatus/capableStatus", names_capable),
    FIELD(TEXT, P, person.phone, IN "mobilePhone"),
};
static const struct record response = RECORD(P, response_fields);
#undef P
#undef IN

static void *pack_person(const struct registry_question *question, const struct registry_answer *answer, struct arena *arena)
{
    struct wire_person *body = ARENA_NEW(arena, struct wire_person);
    body->person = answer->person;
    body->iin = question->person;
    body->life = day_is_none(answer->person.died) ? LIFE_NORMAL : LIFE_DEAD;
    body->address = answer->person.residence_rka.n > 0 ? ADDRESS_REGISTERED : ADDRESS_NONE;
    return body;
}

/* Whom the register calls dead without saying since when is neither taken for living nor for dead. */
static bool unpack_person(const void *bytes, const struct registry_question *question, struct registry_answer *ret,
                          struct err *err)
{
    const struct wire_person *body = bytes;
    if (body->person.held && !iin_equal(body->iin, question->person)) {
        return err_set(err, ERR_SILENT, "persons/person/iin: another person than asked for");
    }
    if (body->life == LIFE_DEAD && day_is_none(body->person.died)) {
        return err_set(err, ERR_SILENT, "persons/person/lifeStatus: dead without a date of death");
    }
    ret->person = body->person;
    if (body->address != ADDRESS_REGISTERED) {
        ret->person.residence_rka = (struct str){ 0 };
        ret->person.residence_since = DAY_NONE;
    }
    return true;
}

static const struct wire_service services[] = {
    { .ask = REGISTRY_PERSON,
      .service_id = "GBDFL_UniversalServiceSync",
      .name_space = "http://message.persistence.interactive.nat",
      .request_type = "Request",
      .response_type = "Response",
      .form = EXCHANGE_TYPED,
      .request_head = &request_head,
      .response_head = &response_head,
      .request = &request,
      .response = &response,
      .success = WIRE_SUCCESS,
      .pack = pack_person,
      .unpack = unpack_person },
    WIRE_OWN(REGISTRY_HEAD_COUNT, "TIRKEU_GBDFL_HeadCount", "gbdfl/headcount"),
    WIRE_OWN(REGISTRY_RESIDENTS, "TIRKEU_GBDFL_Residents", "gbdfl/residents"),
    WIRE_OWN(REGISTRY_REGISTER, "TIRKEU_GBDFL_Register", "gbdfl/register"),
};
const struct wire_table gbdfl_table = WIRE_TABLE(services);
