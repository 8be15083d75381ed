/* SPDX-License-Identifier: Apache-2.0 */
/* The names in applications and decisions (docs/world.md): services, channels, degrees, outcomes. */
#include "law/law.h"

/* LAW 1.1 #e4bba44b */
static const char *const service_names[LAW_SERVICES] = { [LAW_RESIDENCE] = "residence", [LAW_TEMPORARY] = "temporary" };

static const char *const channel_names[LAW_CHANNELS] = {
    [LAW_RECEPTION] = "reception",
    [LAW_HALL] = "hall",
    [LAW_PORTAL] = "portal",
    [LAW_MOBILE] = "mobile",
};

static const char *const outcome_names[LAW_OUTCOMES] = {
    [LAW_TO_OPERATIONS_HALL] = "to_operations_hall",
    [LAW_TO_ONLINE] = "to_online",
    [LAW_ACCEPT_IN_HALL] = "accept_in_hall",
    [LAW_REFUSE_USE_ONLINE] = "refuse_use_online",
    [LAW_TO_COUPON] = "to_coupon",
    [LAW_CHOOSE_RELATION] = "choose_relation",
    [LAW_KINSHIP_NOT_CONFIRMED] = "kinship_not_confirmed",
    [LAW_STUDY_NOT_CONFIRMED] = "study_not_confirmed",
    [LAW_PILOT_NOT_IN_FORCE] = "pilot_not_in_force",
    [LAW_WAITING] = "waiting",
    [LAW_INVALID] = "invalid",
};

static bool find(const char *const *names, int count, struct str name, int *ret)
{
    for (int i = 0; i < count; i++) {
        if (str_is(name, names[i])) {
            *ret = i;
            return true;
        }
    }
    return false;
}

const char *law_service_name(enum law_service service) { return service_names[service]; }
const char *law_channel_name(enum law_channel channel) { return channel_names[channel]; }
const char *law_outcome_name(enum law_outcome outcome) { return outcome_names[outcome]; }

bool law_service_parse(struct str name, enum law_service *ret)
{
    int i;
    if (!find(service_names, LAW_SERVICES, name, &i))
        return false;
    *ret = (enum law_service)i;
    return true;
}

bool law_channel_parse(struct str name, enum law_channel *ret)
{
    int i;
    if (!find(channel_names, LAW_CHANNELS, name, &i))
        return false;
    *ret = (enum law_channel)i;
    return true;
}

bool law_outcome_parse(struct str name, enum law_outcome *ret)
{
    int i;
    if (!find(outcome_names, LAW_OUTCOMES, name, &i))
        return false;
    *ret = (enum law_outcome)i;
    return true;
}

const char *law_degree_name(enum law_degree degree)
{
    switch (degree) {
    case LAW_OWNER: return "owner";
    case LAW_STUDENT: return "student";
    case LAW_NO_DEGREE: return "";
    case LAW_CHILD:
    case LAW_PARENT:
    case LAW_SPOUSE:
    case LAW_FULL_SIBLING:
    case LAW_HALF_SIBLING:
    case LAW_GRANDPARENT:
    case LAW_GRANDCHILD:
    case LAW_IN_LAW: break;
    }
    return kin_degree_name((enum kin_degree)degree);
}

/* LAW 10.4.2 #f47d781d */
bool law_degree_parse(struct str name, enum law_degree *ret)
{
    enum kin_degree degree;
    if (kin_degree_parse(name, &degree))
        *ret = (enum law_degree)degree;
    else if (str_is(name, "owner"))
        *ret = LAW_OWNER;
    else if (str_is(name, "student"))
        *ret = LAW_STUDENT;
    else
        return false;
    return true;
}

bool law_degree_has_side(enum law_degree degree) { return degree < LAW_OWNER && kin_degree_has_side((enum kin_degree)degree); }
