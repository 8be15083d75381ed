/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one application: a JSON object with known keys, each once, each of its type. */
#include <string.h>

#include "inquiry/inquiry.h"

enum { FIELD_ID, FIELD_SERVICE, FIELD_CHANNEL, FIELD_DAY, FIELD_APPLICANT, FIELD_DWELLING, FIELD_RELATION, FIELDS };

static const char *const field_names[FIELDS] = {
    [FIELD_ID] = "id",
    [FIELD_SERVICE] = "service",
    [FIELD_CHANNEL] = "channel",
    [FIELD_DAY] = "day",
    [FIELD_APPLICANT] = "applicant",
    [FIELD_DWELLING] = "dwelling",
    [FIELD_RELATION] = "relation",
};

static bool fault(struct inquiry_fault *ret, enum law_reason_code code, const char *field)
{
    *ret = (struct inquiry_fault){ code, field };
    return false;
}

static bool fault_field(struct inquiry_fault *ret, enum law_reason_code code, int field)
{
    return fault(ret, code, field_names[field]);
}

static struct str text_of_json(const json_t *value)
{
    return (struct str){ json_string_value(value), json_string_length(value) };
}

/* A member that has to be a string: absent and null are the same. */
static bool text_member(const json_t *value, int field, struct str *ret, struct inquiry_fault *ret_fault)
{
    if (value == NULL || json_is_null(value))
        return fault_field(ret_fault, LAW_R_MISSING_FIELD, field);
    if (!json_is_string(value))
        return fault_field(ret_fault, LAW_R_WRONG_TYPE, field);
    *ret = text_of_json(value);
    return true;
}

static bool read_id(json_t *const *member, struct arena *arena, struct inquiry_application *a, struct inquiry_fault *ret_fault)
{
    struct str id;
    if (!text_member(member[FIELD_ID], FIELD_ID, &id, ret_fault))
        return false;
    if (id.n > INQUIRY_ID_MAX)
        return fault_field(ret_fault, LAW_R_WRONG_VALUE, FIELD_ID);
    a->id = arena_str(arena, id);
    return true;
}

static bool read_relation(json_t *relation, struct arena *arena, struct law_relation *ret, struct inquiry_fault *ret_fault)
{
    *ret = (struct law_relation){ LAW_NO_DEGREE, KIN_SIDE_NONE };
    if (relation == NULL || json_is_null(relation))
        return true;
    if (!json_is_object(relation))
        return fault(ret_fault, LAW_R_WRONG_TYPE, "relation");
    const char *key;
    json_t *value;
    const json_t *degree = json_object_get(relation, "degree"), *side = json_object_get(relation, "side");
    json_object_foreach(relation, key, value)
    {
        if (value != degree && value != side)
            return fault(ret_fault, LAW_R_UNKNOWN_KEY, arena_printf(arena, "relation.%s", key).p);
    }
    if (degree == NULL || json_is_null(degree))
        return fault(ret_fault, LAW_R_MISSING_FIELD, "relation.degree");
    if (!json_is_string(degree))
        return fault(ret_fault, LAW_R_WRONG_TYPE, "relation.degree");
    if (!law_degree_parse(text_of_json(degree), &ret->degree))
        return fault(ret_fault, LAW_R_WRONG_VALUE, "relation.degree");
    /* LAW 10.4.3 #8fc82fa9 */
    bool needs_side = law_degree_has_side(ret->degree);
    if (side == NULL || json_is_null(side))
        return needs_side ? fault(ret_fault, LAW_R_SIDE_MISSING, "relation.side") : true;
    if (!json_is_string(side))
        return fault(ret_fault, LAW_R_WRONG_TYPE, "relation.side");
    if (!kin_side_parse(text_of_json(side), &ret->side))
        return fault(ret_fault, LAW_R_WRONG_VALUE, "relation.side");
    /* LAW 10.4.4 #ec34427b */
    return needs_side ? true : fault(ret_fault, LAW_R_SIDE_FORBIDDEN, "relation.side");
}

static bool sort_members(json_t *root, struct arena *arena, json_t **ret_member, struct inquiry_fault *ret_fault)
{
    const char *key;
    json_t *value;
    int expected = 0; /* most programs write them in the order of the contract */
    json_object_foreach(root, key, value)
    {
        int tried = 0, field = expected;
        while (tried < FIELDS && strcmp(key, field_names[field]) != 0) {
            field = (field + 1) % FIELDS;
            tried++;
        }
        if (tried == FIELDS)
            return fault(ret_fault, LAW_R_UNKNOWN_KEY, arena_text(arena, str_from(key)));
        ret_member[field] = value;
        expected = (field + 1) % FIELDS;
    }
    return true;
}

static bool read_members(json_t *const *member, struct arena *arena, struct inquiry_application *a, struct inquiry_fault *f)
{
    struct str service, channel, day, applicant, dwelling;
    if (!text_member(member[FIELD_SERVICE], FIELD_SERVICE, &service, f) ||
        !text_member(member[FIELD_CHANNEL], FIELD_CHANNEL, &channel, f) || !text_member(member[FIELD_DAY], FIELD_DAY, &day, f))
        return false;
    if (!day_parse(day, &a->day))
        return fault_field(f, LAW_R_WRONG_VALUE, FIELD_DAY);
    if (!text_member(member[FIELD_APPLICANT], FIELD_APPLICANT, &applicant, f) ||
        !text_member(member[FIELD_DWELLING], FIELD_DWELLING, &dwelling, f))
        return false;
    if (!law_service_parse(service, &a->service))
        return fault_field(f, LAW_R_WRONG_VALUE, FIELD_SERVICE);
    if (!law_channel_parse(channel, &a->channel))
        return fault_field(f, LAW_R_WRONG_VALUE, FIELD_CHANNEL);
    if (iin_parse(applicant, &a->applicant) != IIN_PERSON)
        return fault_field(f, LAW_R_WRONG_VALUE, FIELD_APPLICANT);
    if (dwelling.n == 0)
        return fault_field(f, LAW_R_UNKNOWN_DWELLING, FIELD_DWELLING);
    a->rka = arena_str(arena, dwelling);
    return read_relation(member[FIELD_RELATION], arena, &a->relation, f);
}

/* The key out of jansson's "duplicate object key near '"KEY"'". */
static const char *repeated_key(const json_error_t *error, struct arena *arena)
{
    const char *from = strchr(error->text, '"'), *to = strrchr(error->text, '"');
    return from != NULL && to > from ? arena_text(arena, (struct str){ from + 1, (size_t)(to - from - 1) }) : "";
}

/* An object with a repeated key is loaded all the same: its id is echoed, unless that is what was repeated. */
static json_t *load(struct str json, struct arena *arena, const char **ret_repeated)
{
    json_error_t error;
    *ret_repeated = NULL;
    json_t *root = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (root == NULL && json_error_code(&error) == json_error_duplicate_key) {
        *ret_repeated = repeated_key(&error, arena);
        root = json_loadb(json.p, json.n, JSON_ALLOW_NUL, &error);
    }
    return root;
}

bool inquiry_application_read(struct str json, struct arena *arena, struct inquiry_application *ret,
                              struct inquiry_fault *ret_fault)
{
    *ret = (struct inquiry_application){ .day = DAY_NONE, .relation = { LAW_NO_DEGREE, KIN_SIDE_NONE } };
    const char *repeated;
    json_t *root = load(json, arena, &repeated);
    if (!json_is_object(root)) {
        json_decref(root);
        return fault(ret_fault, LAW_R_BAD_JSON, NULL);
    }
    json_t *member[FIELDS] = { NULL };
    struct inquiry_fault id_fault = { 0 };
    member[FIELD_ID] = json_object_get(root, "id");
    json_t *day = json_object_get(root, "day");
    if (json_is_string(day))
        day_parse(text_of_json(day), &ret->day); /* the edition is told also where another field is wrong */
    bool has_id = (repeated == NULL || strcmp(repeated, "id") != 0) && read_id(member, arena, ret, &id_fault);
    bool ok;
    if (repeated != NULL)
        ok = fault(ret_fault, LAW_R_REPEATED_KEY, repeated);
    else if (!sort_members(root, arena, member, ret_fault))
        ok = false;
    else if (!has_id)
        ok = fault(ret_fault, id_fault.code, id_fault.field);
    else
        ok = read_members(member, arena, ret, ret_fault);
    json_decref(root);
    return ok;
}
