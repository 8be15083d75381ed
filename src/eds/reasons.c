/* SPDX-License-Identifier: Apache-2.0 */
/* Names of steps and reasons; their texts are eds.step.<name> and eds.reason.<name> in the table of texts. */
#include "eds/eds_impl.h"

static const char *const steps[EDS_STEP_KINDS] = {
#define STEP(name) "eds.step." name
    [EDS_STEP_FORM] = STEP("form"),
    [EDS_STEP_SIGNERS] = STEP("signers"),
    [EDS_STEP_ALGORITHM] = STEP("algorithm"),
    [EDS_STEP_CONTENT] = STEP("content"),
    [EDS_STEP_ATTRIBUTES] = STEP("attributes"),
    [EDS_STEP_SIGNATURE] = STEP("signature"),
    [EDS_STEP_TIMESTAMP] = STEP("timestamp"),
    [EDS_STEP_CHAIN] = STEP("chain"),
    [EDS_STEP_PROFILE] = STEP("profile"),
    [EDS_STEP_PURPOSE] = STEP("purpose"),
    [EDS_STEP_IDENTITY] = STEP("identity"),
    [EDS_STEP_REVOCATION] = STEP("revocation"),
};

static const char *const reasons[EDS_REASON_COUNT] = {
#define REASON(code, name) [EDS_##code] = "eds.reason." name,
    EDS_REASONS(REASON)
};

const char *eds_step_text_key(enum eds_step_kind kind) { return steps[kind]; }
const char *eds_step_name(enum eds_step_kind kind) { return steps[kind] + sizeof "eds.step." - 1; }
const char *eds_reason_text_key(enum eds_reason reason) { return reasons[reason]; }
const char *eds_reason_name(enum eds_reason reason) { return reasons[reason] + sizeof "eds.reason." - 1; }
