/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/breaker.h"

bool breaker_admits(struct breaker *breaker, const struct breaker_rule *rule, int64_t now_ms)
{
    if (breaker->failures < rule->failures) {
        return true;
    }
    if (breaker->trying || now_ms < breaker->open_until) {
        return false;
    }
    breaker->trying = true;
    return true;
}

void breaker_note(struct breaker *breaker, const struct breaker_rule *rule, int64_t now_ms, bool reached)
{
    breaker->trying = false;
    if (reached) {
        breaker->failures = 0;
        return;
    }
    if (breaker->failures < rule->failures) {
        breaker->failures++;
    }
    if (breaker->failures >= rule->failures) {
        breaker->open_until = now_ms + rule->hold_ms;
    }
}
