/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The people whom the demonstration lets sign in: applicants in whom one path of the order can be shown, the owners whose
 * consent they need, and two clerks.  A new key needs its text "demo.<key>" (src/text/demo.text).
 */
#ifndef CLI_DEMO_PEOPLE_H
#define CLI_DEMO_PEOPLE_H

#include "base/arena.h"
#include "web/web.h"

#define DEMO_PEOPLE_MAX 64

struct demo_people {
    struct web_demo_person person[DEMO_PEOPLE_MAX];
    const char *degree[DEMO_PEOPLE_MAX], *side[DEMO_PEOPLE_MAX]; /* what to choose when asked for the relation, "" for nothing */
    int count;
    struct arena arena; /* texts */
};

/* The same world gives the same people.  Release also what failed to load. */
bool demo_people_load(const char *world_folder, struct demo_people *ret, struct err *err);
void demo_people_release(struct demo_people *people);

#endif
