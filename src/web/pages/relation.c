/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 10.4: what the applicant is to the owner. */
#include "page_relation.h"
#include "web/pages/pages.h"

struct relation_typed {
    struct str degree, side;
};
/* In the order of enum law_degree; which of them are offered is for the policy of the day. */
static const char *const degrees[] = { "child",        "parent",      "spouse",     "full_sibling",
                                       "half_sibling", "grandparent", "grandchild", "in_law",
                                       "owner",        "student",     NULL };
static const char *const sides[] = { "mother", "father", NULL };
static const struct form_field fields[] = {
    { "degree", FORM_CHOICE, FORM_AT(struct relation_typed, degree), .required = true, .choice = degrees,
      .missing = T_RELATION_MISSING, .wrong = T_RELATION_MISSING },
    { "side", FORM_CHOICE, FORM_AT(struct relation_typed, side), .choice = sides, .missing = T_RELATION_SIDE_MISSING,
      .wrong = T_RELATION_SIDE_MISSING },
};

static void check(const struct form *form, const void *typed, struct form_state *state)
{
    const struct relation_typed *t = typed;
    enum law_degree degree;
    if (law_degree_parse(t->degree, &degree) && law_degree_has_side(degree) && t->side.n == 0)
        form_fail(form, state, "side", T_RELATION_SIDE_MISSING);
}
const struct form relation_form = FORM_CHECKED(fields, struct relation_typed, check);

void relation_show(struct web_request *r)
{
    struct policy_readings readings;
    policy_on(r->config->policy, case_view(r)->legal_day, &readings);
    page_relation(&r->page, case_view(r), &readings);
}

bool relation_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct relation_typed *typed = r->typed;
    struct law_relation relation = { LAW_NO_DEGREE, KIN_SIDE_NONE };
    struct filing_id id;
    if (!web_filing_id(r, 0, &id, err))
        return false;
    if (!law_degree_parse(typed->degree, &relation.degree))
        BUG("a degree of the form that the law does not know");
    /* A side that was ticked before another degree was chosen means nothing. */
    if (law_degree_has_side(relation.degree))
        relation.side = str_is(typed->side, "mother") ? KIN_MOTHER : KIN_FATHER;
    return case_step_done(r, filing_choose_relation(db, &r->context, &r->actor, id, relation, err));
}
