/* SPDX-License-Identifier: Apache-2.0 */
/* The search for demonstration people: dwellings (demo.c) and applicants (demo_people.c). */
#ifndef WORLD_DEMO_IMPL_H
#define WORLD_DEMO_IMPL_H

#include "world/world.h"

struct demo_search {
    const struct world *world;
    struct day day;
    struct world_demo_person *found;
    int count;
    bool repeat; /* second pass: a dwelling may serve two cases, and who consents in one may apply in another */
    /* the place under consideration */
    const struct world_dwelling *dwelling;
    struct iin owner, consents;
};

bool demo_lives_in(const struct demo_search *s, struct iin person, const struct world_dwelling *home);
bool demo_is_adult(const struct demo_search *s, const struct world_person *person);
/* A living, capable adult with a phone. */
bool demo_is_sound(const struct demo_search *s, struct iin person);

/* Is the person the applicant, or who consents, of a case found before? */
bool demo_has_part(const struct demo_search *s, struct iin person, bool as_applicant);

/* Each finds an applicant for s->dwelling, or none. */
struct iin demo_find_child(const struct demo_search *s);
struct iin demo_find_parent(const struct demo_search *s);
struct iin demo_find_spouse(const struct demo_search *s);
struct iin demo_find_full_sibling(const struct demo_search *s);
struct iin demo_find_half_sibling(const struct demo_search *s);
struct iin demo_find_grandparent(const struct demo_search *s);
struct iin demo_find_grandchild(const struct demo_search *s);
struct iin demo_find_in_law(const struct demo_search *s);
struct iin demo_find_son_of_unrecorded(const struct demo_search *s);
struct iin demo_find_student(const struct demo_search *s);
struct iin demo_find_owner(const struct demo_search *s);
struct iin demo_find_stranger(const struct demo_search *s);

#endif
