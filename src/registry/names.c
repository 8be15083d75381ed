/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/records.h"

static const char *const register_names[REGISTRIES] = {
    [REGISTRY_GBDFL] = "gbdfl", [REGISTRY_ZAGS] = "zags", [REGISTRY_UKIMET] = "ukimet", [REGISTRY_ESOBES] = "esobes",
    [REGISTRY_EGKN] = "egkn",   [REGISTRY_NOBD] = "nobd", [REGISTRY_EPVO] = "epvo",     [REGISTRY_SMS] = "sms",
};

static const struct {
    const char *name;
    enum registry_id id;
} asks[REGISTRY_ASKS] = {
    [REGISTRY_PERSON] = { "person", REGISTRY_GBDFL },
    [REGISTRY_HEAD_COUNT] = { "head_count", REGISTRY_GBDFL },
    [REGISTRY_RESIDENTS] = { "residents", REGISTRY_GBDFL },
    [REGISTRY_REGISTER] = { "register", REGISTRY_GBDFL },
    [REGISTRY_FAMILY] = { "family", REGISTRY_ZAGS },
    [REGISTRY_FAMILY_MART] = { "family_mart", REGISTRY_UKIMET },
    [REGISTRY_CAPACITY] = { "capacity", REGISTRY_ESOBES },
    [REGISTRY_DWELLING] = { "dwelling", REGISTRY_EGKN },
    [REGISTRY_DWELLINGS_OF] = { "dwellings_of", REGISTRY_EGKN },
    [REGISTRY_STUDY_NOBD] = { "study_nobd", REGISTRY_NOBD },
    [REGISTRY_STUDY_EPVO] = { "study_epvo", REGISTRY_EPVO },
    [REGISTRY_MESSAGE] = { "message", REGISTRY_SMS },
};

enum registry_id registry_of(enum registry_ask ask) { return asks[ask].id; }

const char *registry_name(enum registry_id id) { return register_names[id]; }

const char *registry_ask_name(enum registry_ask ask) { return asks[ask].name; }

bool registry_ask_parse(struct str name, enum registry_ask *ret)
{
    for (int i = 0; i < REGISTRY_ASKS; i++) {
        if (str_is(name, asks[i].name)) {
            *ret = (enum registry_ask)i;
            return true;
        }
    }
    return false;
}
