/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups of dwellings in the cadastre: the reader's own, an owner's by address, or one by its code.  Asked now, read later. */
#include "web/api/api.h"

struct lookup {
    bool mine;
    struct iin owner;
    struct str address, rka;
};
static const struct body_field fields[] = {
    { .name = "mine", .type = BODY_FLAG, .at = BODY_AT(struct lookup, mine) },
    { .name = "owner", .type = BODY_OWNER, .at = BODY_AT(struct lookup, owner) },
    { .name = "address", .type = BODY_TEXT, .at = BODY_AT(struct lookup, address), .min = 1, .max = 200 },
    { .name = "rka", .type = BODY_TEXT, .at = BODY_AT(struct lookup, rka), .min = 1, .max = 64 },
};
static const struct body body = BODY(fields, struct lookup);
const struct form api_lookup_body = { .json = &body };

static bool check(const struct lookup *typed, struct err *err)
{
    int ways = typed->mine + !iin_is_none(typed->owner) + (typed->rka.n > 0);
    if (ways != 1)
        return api_fail(err, ways == 0 ? "mine" : "rka");
    return typed->address.n == 0 || !iin_is_none(typed->owner) || api_fail(err, "address");
}

bool api_lookup_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct lookup *typed = r->typed;
    struct registry_question question = { .ask = typed->rka.n > 0 ? REGISTRY_DWELLING : REGISTRY_DWELLINGS_OF,
                                          .person = typed->mine ? r->actor.person : typed->owner,
                                          .rka = typed->rka,
                                          .text = typed->address,
                                          .day = DAY_NONE,
                                          .since = DAY_NONE,
                                          .until = DAY_NONE };
    struct filing_lookup *lookup = ARENA_NEW(r->arena, struct filing_lookup);
    r->data = lookup;
    return check(typed, err) && filing_look_up(db, &r->context, &r->actor, &question, &lookup->id, err);
}

static void write_accepted(struct web_request *r, struct json *j)
{
    const struct filing_lookup *lookup = r->data;
    json_put_int(j, "id", lookup->id);
}

void api_lookup_accepted_show(struct web_request *r)
{
    const struct filing_lookup *lookup = r->data;
    http_set_header(r->http, "Location", arena_printf(r->arena, "/api/v1/lookups/%lld", (long long)lookup->id).p);
    http_set_header(r->http, "Retry-After", "1");
    r->status = 202;
    api_answer(r, write_accepted);
}

bool api_lookup_read(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_lookup *lookup = ARENA_NEW(r->arena, struct filing_lookup);
    int64_t id;
    r->data = lookup;
    return web_id(r, 0, &id, err) && filing_lookup_read(db, &r->actor, id, r->arena, lookup, err);
}

/* ---- the answer ---- */

static void put_area(struct json *j, const char *key, int64_t area)
{
    char text[DECIMAL_TEXT];
    json_put_text(j, key, area == DECIMAL_NONE ? NULL : decimal_format(area, text));
}

/* The numbers of owners are for clerks; a citizen learns which of them is he himself. */
static void write_owner(const struct web_request *r, const struct registry_owner *owner, struct json *j)
{
    json_open_object(j);
    json_put_bool(j, "company", iin_kind_of(owner->id) == IIN_COMPANY);
    api_optional(j, "name", owner->name);
    api_optional(j, "share", owner->share);
    json_put_bool(j, "mine", iin_equal(owner->id, r->actor.person) || iin_equal(owner->head, r->actor.person));
    if (r->actor.role != FILING_CITIZEN) {
        json_key(j, "number");
        json_iin(j, owner->id);
    }
    json_end(j);
}

static void write_owners(const struct web_request *r, const struct registry_dwelling *d, struct json *j)
{
    json_key(j, "owners");
    if (d->owners_silent) {
        json_nil(j);
        return;
    }
    json_open_array(j);
    for (int i = 0; i < d->owners; i++)
        write_owner(r, &d->owner[i], j);
    json_end(j);
}

static void write_dwelling(const struct web_request *r, const struct registry_dwelling *d, bool with_owners, struct json *j)
{
    json_open_object(j);
    json_put_str(j, "rka", d->rka);
    api_optional(j, "cadastral_number", d->cadastral_number);
    api_optional(j, "kato", d->kato);
    api_address(j, d->address_kk, d->address_ru);
    put_area(j, "total_area", d->total_area);
    put_area(j, "useful_area", d->useful_area);
    if (with_owners)
        write_owners(r, d, j);
    json_end(j);
}

static void write_found(const struct web_request *r, const struct registry_answer *answer, struct json *j)
{
    bool one = answer->ask == REGISTRY_DWELLING;
    const struct registry_dwelling *dwelling = one ? &answer->dwelling : answer->dwellings.item;
    int count = one ? answer->dwelling.held : answer->dwellings.count;
    json_key(j, "dwellings");
    json_open_array(j);
    for (int i = 0; i < count; i++)
        write_dwelling(r, &dwelling[i], one, j);
    json_end(j);
    json_put_bool(j, "more", !one && answer->dwellings.more);
}

static void write_lookup(struct web_request *r, struct json *j)
{
    static const char *const states[] = {
        [FILING_LOOKUP_OPEN] = "open",
        [FILING_LOOKUP_ANSWERED] = "answered",
        [FILING_LOOKUP_SILENT] = "silent",
    };
    const struct filing_lookup *lookup = r->data;
    json_put_int(j, "id", lookup->id);
    json_put_text(j, "state", states[lookup->state]);
    json_key(j, "as_of");
    json_day(j, lookup->state == FILING_LOOKUP_ANSWERED ? lookup->answer.as_of : DAY_NONE);
    if (lookup->state == FILING_LOOKUP_ANSWERED)
        write_found(r, &lookup->answer, j);
}

void api_lookup_show(struct web_request *r)
{
    const struct filing_lookup *lookup = r->data;
    if (lookup->state != FILING_LOOKUP_ANSWERED)
        http_set_header(r->http, "Retry-After", lookup->state == FILING_LOOKUP_OPEN ? "1" : "5");
    api_answer(r, write_lookup);
}
