/* SPDX-License-Identifier: Apache-2.0 */
/* A country, clan by clan. */
#include "world/generate_impl.h"

#include "base/progress.h"

#include <stdlib.h>

#define PERSONS_MIN        10
#define PERSONS_MAX        INT64_C(20000000)
#define PERSONS_WITH_CASES 2000 /* from here on the hard cases are there */

static void make_clan(struct country *country, int64_t number)
{
    /* Dice of its own: what one clan draws does not shift the next. */
    struct dice seed = { country->plan->seed };
    country->dice.state = dice_next(&seed) ^ ((uint64_t)number * UINT64_C(0xD1342543DE82EF95));
    if (number == 1 && country->plan->persons >= PERSONS_WITH_CASES) {
        clan_make_cases(country);
        return;
    }
    clan_grow(country);
    row_acts_and_persons(country);
    clan_house(country);
}

static bool make_country(struct country *country, struct err *err)
{
    int64_t persons = country->plan->persons;
    for (int64_t clan = 0; country->left > 0; clan++) {
        make_clan(country, clan);
        if (!output_flush(country, false, err))
            return false;
        if (country->plan->progress != NULL)
            progress_step(country->plan->progress, persons - country->left);
    }
    return true;
}

bool world_generate(const struct world_plan *plan, const char *folder, struct err *err)
{
    if (folder == NULL && plan->sink == NULL)
        BUG("a world for nobody");
    if (plan->persons < PERSONS_MIN || plan->persons > PERSONS_MAX)
        return err_set(err, ERR_INPUT, "a world has 10 to 20000000 persons");
    if (plan->capital_share < 0 || plan->capital_share > 1000)
        return err_set(err, ERR_INPUT, "the capital's share is 0 to 1000 per mille");
    size_t serials = (size_t)(day_of(IIN_LAST_YEAR + 1, 1, 1).n - day_of(IIN_FIRST_YEAR, 1, 1).n) * 2;
    struct country *country = mem_alloc(sizeof *country);
    country->plan = plan;
    country->left = plan->persons;
    country->legal_day = day_of(2026, 3, 2);
    country->last_day = day_of(2026, 6, 30);
    country->adults_born = day_of(2008, 3, 2);
    country->iin_serial = mem_alloc(serials * sizeof *country->iin_serial);
    bool done = output_open(country, folder, err) && make_country(country, err) && output_close(country, folder, err);
    output_abandon(country, folder);
    free(country->iin_serial);
    free(country);
    return done;
}
