/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs and findings: how pieces of a path are put together. */
#include "kin/kin_path.h"

void kin_proof_person(struct kin_proof *proof, struct iin person)
{
    if (proof->persons > 0 && iin_equal(proof->person[proof->persons - 1], person))
        return;
    if (proof->persons == KIN_PROOF_PERSONS)
        BUG("a proof longer than every pattern");
    proof->person[proof->persons++] = person;
}

void kin_proof_act(struct kin_proof *proof, enum kin_act_kind kind, struct str number)
{
    for (int i = 0; i < proof->acts; i++) {
        if (proof->act[i].kind == kind && str_equal(proof->act[i].number, number))
            return;
    }
    if (proof->acts == KIN_PROOF_ACTS)
        BUG("a proof with more acts than every pattern");
    proof->act[proof->acts++] = (struct kin_act){ kind, number };
}

void kin_proof_join(struct kin_proof *head, const struct kin_proof *tail)
{
    for (int i = 0; i < tail->persons; i++)
        kin_proof_person(head, tail->person[i]);
    for (int i = 0; i < tail->acts; i++)
        kin_proof_act(head, tail->act[i].kind, tail->act[i].number);
}

void kin_finding_missing(struct kin_finding *f, enum kin_missing_code code, struct iin person)
{
    for (int i = 0; i < f->missings; i++) {
        if (f->missing[i].code == code && iin_equal(f->missing[i].person, person))
            return;
    }
    if (f->missings < KIN_MISSING_MAX)
        f->missing[f->missings++] = (struct kin_missing){ code, person, KIN_WHOM_OTHER };
}

void kin_finding_or(struct kin_finding *f, const struct kin_finding *other)
{
    if (f->tri == TRI_YES)
        return;
    if (other->tri == TRI_YES) {
        f->proof.persons = f->proof.acts = f->missings = 0;
        kin_proof_join(&f->proof, &other->proof);
    }
    f->tri = tri_or(f->tri, other->tri);
    for (int i = 0; i < other->missings; i++)
        kin_finding_missing(f, other->missing[i].code, other->missing[i].person);
}

static const struct kin_seen *seen(const struct kin_walk *w, struct iin child)
{
    for (int i = 0; i < w->seens; i++) {
        if (iin_equal(w->seen[i].birth.child, child))
            return &w->seen[i];
    }
    return NULL;
}

enum kin_reply kin_walk_birth(struct kin_walk *w, struct iin child, struct kin_birth *ret)
{
    const struct kin_seen *before = seen(w, child);
    if (before != NULL) {
        *ret = before->birth;
        return before->reply;
    }
    enum kin_reply reply = w->source->birth(w->source->context, child, w->day, ret);
    if (reply == KIN_UNASKED)
        kin_unasked_family(w->answer, child);
    if (reply != KIN_HELD)
        *ret = (struct kin_birth){ .child = child };
    if (w->seens < KIN_SEEN_MAX)
        w->seen[w->seens++] = (struct kin_seen){ reply, *ret };
    return reply;
}

bool kin_walk_seen(const struct kin_walk *w, struct iin child, struct kin_birth *ret)
{
    const struct kin_seen *before = seen(w, child);
    if (before == NULL || before->reply != KIN_HELD)
        return false;
    *ret = before->birth;
    return true;
}

static void note(struct iin *list, int *count, struct iin person)
{
    for (int i = 0; i < *count; i++) {
        if (iin_equal(list[i], person))
            return;
    }
    if (*count < KIN_UNASKED_MAX)
        list[(*count)++] = person;
}

void kin_unasked_family(struct kin_answer *answer, struct iin person)
{
    note(answer->unasked_family, &answer->unasked_families, person);
}
void kin_unasked_life(struct kin_answer *answer, struct iin person)
{
    note(answer->unasked_life, &answer->unasked_lives, person);
}
