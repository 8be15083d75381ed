/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a policy file: never a crash; what is accepted is written and read again to the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "law/policy.h"

enum { TEXT_LIMIT = 1 << 22 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(const struct policy *policy, struct arena *arena)
{
    struct buf first, second, errors;
    const struct policy *again;
    struct policy_readings readings;
    buf_init(&first, TEXT_LIMIT);
    buf_init(&second, TEXT_LIMIT);
    buf_init(&errors, TEXT_LIMIT);
    policy_on(policy, day_of(2026, 3, 2), &readings);
    policy_write(policy, DAY_NONE, &first);
    if (!policy_parse("again", buf_str(&first), arena, &again, &errors))
        abort();
    policy_write(again, DAY_NONE, &second);
    if (!str_equal(buf_str(&first), buf_str(&second)) || strcmp(policy_version(policy), policy_version(again)) != 0)
        abort();
    buf_release(&first);
    buf_release(&second);
    buf_release(&errors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct buf errors;
    const struct policy *policy;
    digest_setup();
    arena_init(&arena, 0);
    buf_init(&errors, TEXT_LIMIT);
    bool good = policy_parse("fuzz", (struct str){ (const char *)data, size }, &arena, &policy, &errors);
    if (good != (errors.n == 0 && !errors.over))
        abort();
    if (good)
        round_trip(policy, &arena);
    buf_release(&errors);
    arena_release(&arena);
    return 0;
}
