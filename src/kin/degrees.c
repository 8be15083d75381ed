/* SPDX-License-Identifier: Apache-2.0 */
/* The degrees of paragraph 10.5 as path patterns: the only statement of the degrees in the program. */
#include "kin/kin_path.h"

/*
 * A pattern says how far each of the two climbs along birth acts until they meet:
 * a child climbs one step to the owner, siblings climb one step each, a grandparent is
 * two steps above the owner.  `side` restricts the first step of the longer climb.
 */
const struct kin_path kin_paths[KIN_DEGREES] = {
    /* LAW 10.5.2 #b72c1aba */
    [KIN_CHILD] = { .name = "child", .applicant_climbs = 1 },
    /* LAW 10.5.3 #fcf90169 */
    [KIN_PARENT] = { .name = "parent", .owner_climbs = 1 },
    /* LAW 10.5.4 #f7f91fd7 */
    [KIN_SPOUSE] = { .name = "spouse", .by_marriage = true },
    /* LAW 10.5.6 #497974fd */
    [KIN_FULL_SIBLING] = { .name = "full_sibling", .applicant_climbs = 1, .owner_climbs = 1, .both_parents = true },
    /* LAW 10.5.7 #ebb0ea15 */
    [KIN_HALF_SIBLING] = { .name = "half_sibling", .applicant_climbs = 1, .owner_climbs = 1, .has_side = true },
    /* LAW 10.5.8 #6bda7475 */
    [KIN_GRANDPARENT] = { .name = "grandparent", .owner_climbs = 2, .has_side = true },
    /* LAW 10.5.9 #ead2259d */
    [KIN_GRANDCHILD] = { .name = "grandchild", .applicant_climbs = 2, .has_side = true },
    /* LAW 10.5.10 #fd20feb4 */
    [KIN_IN_LAW] = { .name = "in_law", .by_marriage = true, .of_the_spouse = true },
};

static const char *const side_names[] = { [KIN_SIDE_NONE] = "", [KIN_MOTHER] = "mother", [KIN_FATHER] = "father" };

static const char *const missing_names[KIN_MISSING_CODES] = {
    [KIN_NO_BIRTH_ACT] = "no_birth_act",
    [KIN_NO_MOTHER_ON_RECORD] = "no_mother_on_record",
    [KIN_NO_FATHER_ON_RECORD] = "no_father_on_record",
    [KIN_NO_MARRIAGE_ACT] = "no_marriage_act",
    [KIN_MARRIAGE_ENDED] = "marriage_ended",
    [KIN_SPOUSE_NOT_ALIVE] = "spouse_not_alive",
    [KIN_SEVERAL_MARRIAGES] = "several_marriages",
    [KIN_NOT_SO_BY_THE_ACTS] = "not_so_by_the_acts",
    [KIN_NO_NATURAL_OWNER] = "no_natural_owner",
    [KIN_ONLY_OWNER_IS_APPLICANT] = "only_owner_is_applicant",
};

static const char *const whom_names[KIN_WHOMS] = {
    [KIN_WHOM_OTHER] = "other",
    [KIN_WHOM_APPLICANT] = "applicant",
    [KIN_WHOM_APPLICANT_MOTHER] = "applicant_mother",
    [KIN_WHOM_APPLICANT_FATHER] = "applicant_father",
    [KIN_WHOM_OWNER] = "owner",
    [KIN_WHOM_OWNER_MOTHER] = "owner_mother",
    [KIN_WHOM_OWNER_FATHER] = "owner_father",
};

const char *kin_degree_name(enum kin_degree degree) { return kin_paths[degree].name; }
bool kin_degree_has_side(enum kin_degree degree) { return kin_paths[degree].has_side; }
const char *kin_side_name(enum kin_side side) { return side_names[side]; }
const char *kin_whom_name(enum kin_whom whom) { return whom_names[whom]; }
const char *kin_missing_name(enum kin_missing_code code) { return missing_names[code]; }

bool kin_degree_parse(struct str name, enum kin_degree *ret)
{
    for (int i = 0; i < KIN_DEGREES; i++) {
        if (str_is(name, kin_paths[i].name)) {
            *ret = (enum kin_degree)i;
            return true;
        }
    }
    return false;
}

bool kin_side_parse(struct str name, enum kin_side *ret)
{
    for (int i = KIN_MOTHER; i <= KIN_FATHER; i++) {
        if (str_is(name, side_names[i])) {
            *ret = (enum kin_side)i;
            return true;
        }
    }
    return false;
}
