/* SPDX-License-Identifier: Apache-2.0 */
/* Chance that is the same in every run. */
#ifndef TESTS_WORLD_DICE_H
#define TESTS_WORLD_DICE_H

#include <stdint.h>

static uint64_t dice = 1;

/* From 0 to below - 1. */
static inline uint32_t roll(uint32_t below)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((dice >> 33) % below);
}

#endif
