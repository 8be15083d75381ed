/* SPDX-License-Identifier: Apache-2.0 */
/* One record of the journal, to bytes and back. */
#include "kin/kin_journal.h"

/* ---- what each type carries ---- */

enum { OTHER_NONE, OTHER_MAY, OTHER_MUST };

static const struct shape {
    const char *name;
    uint8_t persons_least, persons_most;
    uint8_t required; /* bit: this person may not be nobody */
    uint8_t other;    /* the other text */
    bool other_day, begins, companies;
} shapes[KIN_RECORD_TYPES] = {
    [KIN_RECORD_BIRTH] = { "birth", 3, 3, 1, OTHER_NONE, .other_day = true },
    [KIN_RECORD_MARRIAGE] = { "marriage", 2, 2, 3, OTHER_NONE, .other_day = false },
    [KIN_RECORD_DIVORCE] = { "divorce", 2, 2, 3, OTHER_MAY, .other_day = false },
    [KIN_RECORD_DEATH] = { "death", 1, 1, 1, OTHER_NONE, .other_day = false },
    [KIN_RECORD_CORRECTION] = { "correction", 3, 3, 1, OTHER_NONE, .other_day = true },
    [KIN_RECORD_ANNULMENT] = { "annulment", 1, 1, 1, OTHER_NONE, .other_day = false },
    [KIN_RECORD_MOVE_IN] = { "move_in", 1, 1, 1, OTHER_MUST, .other_day = false },
    [KIN_RECORD_MOVE_OUT] = { "move_out", 1, 1, 1, OTHER_MUST, .other_day = false },
    [KIN_RECORD_OWNERS] = { "owners", 0, KIN_RECORD_PERSONS, 0xff, OTHER_MUST, .companies = true },
    [KIN_RECORD_STUDENT] = { "student", 1, 1, 1, OTHER_NONE, .begins = true },
    [KIN_RECORD_INCAPACITY] = { "incapacity", 1, 1, 1, OTHER_NONE, .begins = true },
};

const char *kin_record_name(enum kin_record_type type) { return shapes[type].name; }

bool kin_record_parse(struct str name, enum kin_record_type *ret)
{
    for (enum kin_record_type t = KIN_RECORD_BIRTH; t < KIN_RECORD_TYPES; t++) {
        if (str_is(name, shapes[t].name)) {
            *ret = t;
            return true;
        }
    }
    return false;
}

static bool is_annullable(enum kin_record_type type) { return type >= KIN_RECORD_BIRTH && type <= KIN_RECORD_DEATH; }

static bool in_calendar(struct day day)
{
    return day.n >= day_of(DAY_FIRST_YEAR, 1, 1).n && day.n <= day_of(DAY_LAST_YEAR, 12, 31).n;
}

static enum iin_kind kind_of(struct iin iin)
{
    bool real = iin.n < UINT64_C(1000000000000) && iin_check_digit(iin.n / 10) == (int)(iin.n % 10);
    return real ? iin_kind_of(iin) : IIN_BAD;
}

static bool check_persons(const struct kin_record *r, const struct shape *shape, struct err *err)
{
    if (r->persons < shape->persons_least || r->persons > shape->persons_most)
        return err_set(err, ERR_INPUT, "a %s record names another number of persons", shape->name);
    for (int i = 0; i < r->persons; i++) {
        bool must = (shape->required >> (i < 7 ? i : 7) & 1) != 0;
        if (iin_is_none(r->person[i]) ? must : kind_of(r->person[i]) != IIN_PERSON)
            if (!shape->companies || kind_of(r->person[i]) != IIN_COMPANY)
                return err_set(err, ERR_INPUT, "person %d of a %s record is not one", i + 1, shape->name);
    }
    return true;
}

bool kin_record_refuses(const struct kin_record *r, struct err *err)
{
    if (r->type < KIN_RECORD_BIRTH || r->type >= KIN_RECORD_TYPES)
        return !err_set(err, ERR_INPUT, "unknown type of record");
    const struct shape *shape = &shapes[r->type];
    if (!check_persons(r, shape, err))
        return true;
    if (!in_calendar(r->day) || (!day_is_none(r->other_day) && (!shape->other_day || !in_calendar(r->other_day))))
        return !err_set(err, ERR_INPUT, "a %s record with a day that it cannot have", shape->name);
    if (r->act_number.n == 0 || r->act_number.n > KIN_RECORD_TEXT_MAX || !str_is_utf8(r->act_number))
        return !err_set(err, ERR_INPUT, "the act number is empty, not UTF-8, or longer than %d bytes", KIN_RECORD_TEXT_MAX);
    if (r->other.n > KIN_RECORD_TEXT_MAX || !str_is_utf8(r->other) || (shape->other == OTHER_NONE && r->other.n > 0) ||
        (shape->other == OTHER_MUST && r->other.n == 0))
        return !err_set(err, ERR_INPUT, "a %s record with an RKA or marriage act number that it cannot have", shape->name);
    if (r->begins && !shape->begins)
        return !err_set(err, ERR_INPUT, "a %s record does not begin anything", shape->name);
    if ((r->type == KIN_RECORD_ANNULMENT) != is_annullable(r->annulled))
        return !err_set(err, ERR_INPUT, "an annulment is of a birth, marriage, divorce or death");
    return false;
}

/* ---- bytes ---- */

static size_t size_of(size_t persons, size_t number, size_t other) { return (32 + 8 * persons + number + other + 7) / 8 * 8; }

size_t kin_record_encode(const struct kin_record *r, uint64_t sequence, unsigned char ret[KIN_RECORD_BYTES_MAX])
{
    struct kin_record_head head = { .bytes = (uint32_t)size_of((size_t)r->persons, r->act_number.n, r->other.n),
                                    .sequence = sequence,
                                    .type = (uint8_t)r->type,
                                    .begins = r->begins,
                                    .annulled = (uint8_t)r->annulled,
                                    .persons = (uint8_t)r->persons,
                                    .day = r->day.n,
                                    .other_day = r->other_day.n,
                                    .number = (uint16_t)r->act_number.n,
                                    .other = (uint16_t)r->other.n };
    unsigned char *p = ret + sizeof head;
    memset(ret, 0, head.bytes);
    for (int i = 0; i < r->persons; i++, p += 8)
        memcpy(p, &r->person[i].n, 8);
    memcpy(p, r->act_number.p, r->act_number.n);
    if (r->other.n > 0)
        memcpy(p + r->act_number.n, r->other.p, r->other.n);
    memcpy(ret, &head, sizeof head);
    head.crc = kin_crc32c(0, ret + 4, head.bytes - 4);
    memcpy(ret, &head.crc, sizeof head.crc);
    return head.bytes;
}

size_t kin_record_whole(const unsigned char *p, size_t n, uint64_t *ret_sequence)
{
    struct kin_record_head head;
    if (n < sizeof head)
        return 0;
    memcpy(&head, p, sizeof head);
    if (head.bytes < sizeof head || head.bytes > KIN_RECORD_BYTES_MAX || head.bytes > n || head.bytes % 8 != 0)
        return 0;
    if (head.crc != kin_crc32c(0, p + 4, head.bytes - 4))
        return 0;
    *ret_sequence = head.sequence;
    return head.bytes;
}

bool kin_record_decode(const unsigned char *p, struct kin_record *ret, struct err *err)
{
    struct kin_record_head head;
    memcpy(&head, p, sizeof head);
    if (head.persons > KIN_RECORD_PERSONS || head.begins > 1 || head.bytes != size_of(head.persons, head.number, head.other))
        return err_set(err, ERR_INPUT, "the parts of the record do not fill it");
    ret->type = head.type;
    ret->day.n = head.day;
    ret->other_day.n = head.other_day;
    ret->begins = head.begins != 0;
    ret->annulled = head.annulled;
    ret->persons = head.persons;
    p += sizeof head;
    for (int i = 0; i < head.persons; i++, p += 8)
        memcpy(&ret->person[i].n, p, 8);
    ret->act_number = (struct str){ (const char *)p, head.number };
    ret->other = (struct str){ (const char *)p + head.number, head.other };
    return !kin_record_refuses(ret, err);
}
