/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger of readings: why each default, and what the other reading would change (docs/readings.md). */
#include "law/policy_impl.h"

#include "base/err.h"

static const struct policy_row rows[POLICY_SETTINGS] = {
    [POLICY_PILOT_IN_FORCE] =
        {
            .name = "pilot.in_force",
            .values = "on off",
            .why = "The order applies from its first official publication, 11 November 2025, until 30 June 2026; «30 "
                    "маусымға дейін» is read as including that day.",
            .otherwise = "Without the last day, applications of 30 June 2026 would follow the ordinary procedure. A day "
                    "outside every span is decided as `pilot_not_in_force`.",
            .paragraph = "order 6",
        },
    [POLICY_NORM_AREA_PER_PERSON] =
        {
            .name = "norm.area_per_person",
            .values = "0.01 to 1000.00 (m²), none",
            .why = "Astana maslikhat decision 368/48-VIII of 26 December 2025 sets 15 m² a person. Before that day no "
                    "norm was approved, and nobody is refused by a norm that did not exist.",
            .otherwise = "A larger norm allows fewer people in the same dwelling and sends more applicants on to the choice of "
                    "kinship; a smaller one the other way round. On a day without a norm neither area nor head count is "
                    "asked for.",
            .paragraph = "10.3",
        },
    [POLICY_NORM_IN_HALL] =
        {
            .name = "norm.in_hall",
            .values = "off on",
            .why = "Paragraphs 6 to 8 describe the operations hall to the end and never reach paragraph 10, which speaks "
                    "of the portal and the mobile application.",
            .otherwise = "`on` would compare with the norm, and ask for kinship, in the operations hall too once paragraph 7 "
                    "has accepted the case.",
            .paragraph = "6",
        },
    [POLICY_NORM_AREA_KIND] =
        {
            .name = "norm.area_kind",
            .values = "total useful",
            .why = "Paragraph 10.1 asks the cadastre for the total area.",
            .otherwise = "`useful` would take the useful area, of which the maslikhat's decision speaks; it is the smaller one "
                    "(no balconies or loggias), so that some dwellings would hold one person fewer.",
            .paragraph = "10.1",
        },
    [POLICY_ALLOWED] =
        {
            .name = "allowed",
            .values = "floor at_least_one",
            .why = "The number allowed is the whole part of area / norm, reckoned in hundredths of a square metre: 35.7 "
                    "m² at 15 m² is 2.",
            .otherwise = "`at_least_one` would allow one person in a dwelling smaller than the norm; by the default nobody "
                    "fits there without kinship.",
            .paragraph = "10.3",
        },
    [POLICY_REACHED] =
        {
            .name = "reached",
            .values = "at_allowed above_allowed",
            .why = "The norm is reached when as many are registered as are allowed: the next person would be one too "
                    "many.",
            .otherwise = "`above_allowed` would let in one person more before the choice of kinship is asked for.",
            .paragraph = "10.3",
        },
    [POLICY_REGISTERED] =
        {
            .name = "registered",
            .values = "both_kinds residence_only",
            .why = "Paragraph 10.2 asks for the number of citizens registered in the dwelling and makes no difference "
                    "between residence and temporary stay; the applicant is not counted.",
            .otherwise = "`residence_only` would leave out those registered temporarily, so that fewer applicants meet the "
                    "norm.",
            .paragraph = "10.2",
        },
    [POLICY_OWNERS] =
        {
            .name = "owners",
            .values = "any_living all_living",
            .why = "Paragraph 4 protects owners who cannot act for themselves, so one living owner who is a minor or "
                    "incapable is enough. Persons of limited capacity are not in its list.",
            .otherwise = "`all_living` would send a case to the operations hall only when every living owner is a minor or "
                    "incapable.",
            .paragraph = "4",
        },
    [POLICY_TEMPORARY_OFFICE_ROUTE] =
        {
            .name = "temporary.office_route",
            .values = "as_residence online",
            .why = "Paragraphs 1 and 9 speak of both services, and an owner who is a minor needs the same care for a "
                    "temporary registration.",
            .otherwise = "`online` follows the letter of paragraph 2, where \"the service\" is registration at the place of "
                    "residence only: temporary registration would never be sent to the operations hall.",
            .paragraph = "2",
        },
    [POLICY_MINOR] =
        {
            .name = "minor",
            .values = "years, 1 to 99",
            .why = "Civil Code: full capacity begins at eighteen; on the eighteenth birthday a person is no longer a "
                    "minor. Born on 29 February: 1 March of a common year.",
            .otherwise = "Another age would move the line between the operations hall and the online service.",
            .paragraph = "4",
        },
    [POLICY_MINOR_MARRIED] =
        {
            .name = "minor.married",
            .values = "minor adult",
            .why = "Paragraph 4 speaks of minors and makes no exception.",
            .otherwise = "`adult` would treat an owner under age who has married as of full capacity (Civil Code) and so serve "
                    "the case online; the civil register is then asked about the marriages of owners under age.",
            .paragraph = "4",
        },
    [POLICY_OWNER_LEGAL_ENTITY] =
        {
            .name = "owner.legal_entity",
            .values = "online hall",
            .why = "Paragraphs 4 to 8 never mention legal entities, so a company's dwelling is served online.",
            .otherwise = "`hall` follows item 3 of the order, whose Kazakh text lists legal entities («заңды») beside minors "
                    "and incapable persons: dwellings of companies would be served in the operations hall.",
            .paragraph = "order 3",
        },
    [POLICY_SPOUSE] =
        {
            .name = "spouse",
            .values = "any_in_force only_one",
            .why = "A marriage is in force when its act is dated on or before the day, no act of divorce ends it and "
                    "both spouses live; where the acts show several, any of them serves, for a missing divorce act is the "
                    "register's gap.",
            .otherwise = "`only_one` would refuse a spouse whom the acts show in several marriages at once until the record is "
                    "put right.",
            .paragraph = "10.5",
        },
    [POLICY_FULL_SIBLING] =
        {
            .name = "full_sibling",
            .values = "both_known known_parents",
            .why = "Full brothers and sisters have both parents in common, so both must stand in both acts.",
            .otherwise = "`known_parents` would be satisfied with one common parent where the other stands in neither act.",
            .paragraph = "10.5",
        },
    [POLICY_HALF_SIBLING] =
        {
            .name = "half_sibling",
            .values = "named_parent only_half",
            .why = "The applicant names the common parent, and only that parent is checked.",
            .otherwise = "`only_half` would not let full brothers and sisters pass under the name of half brothers and "
                    "sisters.",
            .paragraph = "10.5",
        },
    [POLICY_GRANDPARENT] =
        {
            .name = "grandparent",
            .values = "named_side either_side",
            .why = "The applicant names the side and the check goes over the parent on that side.",
            .otherwise = "`either_side` would confirm a grandparent also where the applicant named the wrong side.",
            .paragraph = "10.5",
        },
    [POLICY_GRANDCHILD] =
        {
            .name = "grandchild",
            .values = "named_side either_side",
            .why = "The applicant names the side and the check goes over the parent on that side.",
            .otherwise = "`either_side` would confirm a grandchild also where the applicant named the wrong side.",
            .paragraph = "10.5",
        },
    [POLICY_IN_LAW_SCOPE] =
        {
            .name = "in_law.scope",
            .values = "child parent full_sibling half_sibling grandparent grandchild none",
            .why = "Paragraph 10.5 goes over the owner's present spouse to that spouse's children, parents, brothers and "
                    "sisters and grandparents; \"grandchild\" is our completion of a garbled sentence.",
            .otherwise = "Leaving a degree out refuses those in-laws. Write the degrees that count, with spaces or commas, or "
                    "`none`.",
            .paragraph = "10.5",
        },
    [POLICY_IN_LAW_BOTH_WAYS] =
        {
            .name = "in_law.both_ways",
            .values = "off on",
            .why = "Paragraph 10.5 knows only relatives of the owner's spouse.",
            .otherwise = "`on` would also confirm the spouses of the owner's close relatives, such as a son-in-law.",
            .paragraph = "10.5",
        },
    [POLICY_STUDENT] =
        {
            .name = "student",
            .values = "full_time any_form",
            .why = "Paragraphs 10.4 and 10.7 say full-time. The institution's KATO begins with 71, on the day, in either "
                    "register.",
            .otherwise = "`any_form` would also confirm those who study part-time or at a distance in the capital.",
            .paragraph = "10.7",
        },
    [POLICY_LIST_ZHEKEMENSHIK] =
        {
            .name = "list.zhekemenshik",
            .values = "both in_law owner",
            .why = "The list of 10.4 says «жекеменшік» (owner) where 10.5 has a rule for «жекжат» (in-law), probably a "
                    "slip; both are offered, so that nobody loses a right by a misprint.",
            .otherwise = "`in_law` or `owner` would offer only that one of the two choices.",
            .paragraph = "10.4",
        },
    [POLICY_STATUTE_EXTENDED_KIN] =
        {
            .name = "statute.extended_kin",
            .values = "off on",
            .why = "The order's list is closed, and the software carries out the order.",
            .otherwise = "`on` follows Migration Law article 51: children and spouses of close relatives would be confirmed as "
                    "well, under the choice `in_law`.",
            .paragraph = "10.5",
        },
    [POLICY_STATUTE_NO_STRANGERS] =
        {
            .name = "statute.no_strangers",
            .values = "off on",
            .why = "The order has no step that checks who else is registered in the dwelling.",
            .otherwise = "`on` follows the proviso of Migration Law article 51: above the norm nobody is registered while "
                    "somebody outside the categories is registered there already.",
            .paragraph = "10.6",
        },
};

const struct policy_row *policy_row(enum policy_setting setting)
{
    if ((unsigned)setting >= POLICY_SETTINGS)
        BUG("there is no setting %d", (int)setting);
    return &rows[setting];
}

const char *policy_setting_name(enum policy_setting setting) { return policy_row(setting)->name; }
