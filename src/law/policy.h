/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy: norms and readings by date.  policy.ini (compiled in) holds the defaults; a policy file
 * states the whole time line of each setting that it names:
 *
 *     [norm.area_per_person]
 *     value = 15
 *     from = 2025-12-26
 *     # to = 2026-12-31   (optional, inclusive)
 *
 * A further `value` in the same section begins a further span.  On a day that no span covers, pilot.in_force
 * and norm.area_per_person are not in force; every other setting has its default.
 */
#ifndef LAW_POLICY_H
#define LAW_POLICY_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "kin/kin.h"

enum policy_setting {
    POLICY_PILOT_IN_FORCE,         /* pilot.in_force: on off */
    POLICY_NORM_AREA_PER_PERSON,   /* norm.area_per_person: decimal, m2, or none */
    POLICY_NORM_IN_HALL,           /* norm.in_hall: off on */
    POLICY_NORM_AREA_KIND,         /* norm.area_kind: total useful */
    POLICY_ALLOWED,                /* allowed: floor at_least_one */
    POLICY_REACHED,                /* reached: at_allowed above_allowed */
    POLICY_REGISTERED,             /* registered: both_kinds residence_only */
    POLICY_OWNERS,                 /* owners: any_living all_living */
    POLICY_TEMPORARY_OFFICE_ROUTE, /* temporary.office_route: as_residence online */
    POLICY_MINOR,                  /* minor: years, 18 */
    POLICY_MINOR_MARRIED,          /* minor.married: minor adult */
    POLICY_OWNER_LEGAL_ENTITY,     /* owner.legal_entity: online hall */
    POLICY_SPOUSE,                 /* spouse: any_in_force only_one */
    POLICY_FULL_SIBLING,           /* full_sibling: both_known known_parents */
    POLICY_HALF_SIBLING,           /* half_sibling: named_parent only_half */
    POLICY_GRANDPARENT,            /* grandparent: named_side either_side (and grandchild) */
    POLICY_GRANDCHILD,
    POLICY_IN_LAW_SCOPE,         /* in_law.scope: a list of degrees, or none */
    POLICY_IN_LAW_BOTH_WAYS,     /* in_law.both_ways: off on */
    POLICY_STUDENT,              /* student: full_time any_form */
    POLICY_LIST_ZHEKEMENSHIK,    /* list.zhekemenshik: both in_law owner */
    POLICY_STATUTE_EXTENDED_KIN, /* statute.extended_kin: off on */
    POLICY_STATUTE_NO_STRANGERS, /* statute.no_strangers: off on */
    POLICY_SETTINGS
};
const char *policy_setting_name(enum policy_setting setting);

/* The readings in force on one day. */
struct policy_readings {
    struct day day;
    bool pilot_in_force;
    const char *edition;     /* "pilot-2025", NULL when the pilot is not in force */
    int64_t area_per_person; /* hundredths of m2, DECIMAL_NONE: no norm in force */
    bool norm_in_hall;
    bool useful_area;
    bool allowed_at_least_one;
    bool reached_above_allowed;
    bool residence_only;
    bool all_living_owners;
    bool temporary_online;
    int majority_years;
    bool married_minor_is_adult;
    bool company_to_hall;
    bool student_any_form;
    bool offer_in_law, offer_owner;
    bool no_strangers;
    bool grandparent_either_side, grandchild_either_side;
    struct kin_options kin; /* either_side is set by the caller from the two above */
};

struct policy; /* read-only after loading; may be shared by threads */

/* The compiled-in defaults; lives as long as the program. */
const struct policy *policy_default(void);
/* Reads a policy file over the defaults, into the arena.  Every error is "FILE:LINE: ..." on its own line of *ret_errors; false
 * when any. */
bool policy_load(const char *path, struct arena *arena, const struct policy **ret, struct buf *ret_errors);
bool policy_parse(const char *name, struct str text, struct arena *arena, const struct policy **ret, struct buf *ret_errors);
/* What holds on a day.  The same pointer for the same span: readings are computed once per span and cached inside. */
void policy_on(const struct policy *policy, struct day day, struct policy_readings *ret);
/* Writes the effective policy in the syntax it is read from; `day` DAY_NONE writes all spans. */
void policy_write(const struct policy *policy, struct day day, struct buf *out);
/* First 16 hex digits of the SHA-256 of policy_write(all): stored with every decision. */
const char *policy_version(const struct policy *policy);

/* For the ledger docs/readings.md and the pages: one row a setting. */
struct policy_row {
    const char *name, *values; /* "norm.area_kind", "total useful" */
    const char *why;           /* why this default; English */
    const char *otherwise;     /* what the other reading would change; English */
    const char *paragraph;     /* of the order it concerns */
};
const struct policy_row *policy_row(enum policy_setting setting);
/* docs/readings.md, whole. */
void policy_ledger_write(struct buf *out);

#endif
