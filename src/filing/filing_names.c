/* SPDX-License-Identifier: Apache-2.0 */
/* Names of states and roles, the number that people see, and the text key that an error begins with. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "filing/filing_impl.h"

static const char *const state_names[FILING_STATES] = {
    [FILING_ASKING] = "asking",
    [FILING_WAITING] = "waiting",
    [FILING_CHOOSING] = "choosing",
    [FILING_NOT_CONFIRMED] = "not_confirmed",
    [FILING_COUPON] = "coupon",
    [FILING_SIGNING] = "signing",
    [FILING_CONSENT] = "consent",
    [FILING_REGISTERING] = "registering",
    [FILING_REGISTERED] = "registered",
    [FILING_SENT_TO_HALL] = "sent_to_hall",
    [FILING_SENT_ONLINE] = "sent_online",
    [FILING_DOCUMENTS] = "documents",
    [FILING_REFUSED_IN_HALL] = "refused_in_hall",
    [FILING_DECLINED] = "declined",
    [FILING_EXPIRED] = "expired",
    [FILING_CANCELLED] = "cancelled",
    [FILING_INVALID] = "invalid",
};

static const char *const role_names[FILING_ROLES] = {
    [FILING_CITIZEN] = "citizen",
    [FILING_RECEPTION] = "reception",
    [FILING_HALL] = "hall",
    [FILING_SYSTEM] = "system",
};

static const char *const level_names[FILING_LEVELS] = {
    [FILING_UNSIGNED] = "none",
    [FILING_BY_CODE] = "code",
    [FILING_BY_EDS] = "eds",
};

static const char *const purpose_names[FILING_SIGN_PURPOSES] = {
    [FILING_SIGN_IN] = "sign_in",          [FILING_SIGN_APPLICATION] = "application", [FILING_SIGN_CONSENT] = "consent",
    [FILING_SIGN_DOCUMENTS] = "documents", [FILING_SIGN_POLICY] = "policy",
};

static const char *const signature_names[FILING_SIGNATURE_STATES] = {
    [FILING_SIGNATURE_OPEN] = "open",       [FILING_SIGNATURE_CHECKING] = "checking", [FILING_SIGNATURE_GOOD] = "good",
    [FILING_SIGNATURE_REFUSED] = "refused", [FILING_SIGNATURE_EXPIRED] = "expired",   [FILING_SIGNATURE_WITHDRAWN] = "withdrawn",
};

const char *filing_level_name(enum filing_level level) { return level_names[level]; }
const char *filing_signature_purpose_name(enum filing_signature_purpose purpose) { return purpose_names[purpose]; }
const char *filing_signature_state_name(enum filing_signature_state state) { return signature_names[state]; }

const char *filing_state_name(enum filing_state state) { return state_names[state]; }
const char *filing_role_name(enum filing_role role) { return role_names[role]; }

static bool find_name(const char *const *names, int count, struct str name, int *ret)
{
    for (int i = 0; i < count; i++) {
        if (str_is(name, names[i])) {
            *ret = i;
            return true;
        }
    }
    return false;
}

bool filing_state_parse(struct str name, enum filing_state *ret)
{
    int found;
    if (!find_name(state_names, FILING_STATES, name, &found))
        return false;
    *ret = (enum filing_state)found;
    return true;
}

enum filing_level filing_level_of(struct str name)
{
    int found = FILING_UNSIGNED;
    find_name(level_names, FILING_LEVELS, name, &found);
    return (enum filing_level)found;
}

bool filing_signature_purpose_parse(struct str name, enum filing_signature_purpose *ret)
{
    int found;
    if (!find_name(purpose_names, FILING_SIGN_PURPOSES, name, &found))
        return false;
    *ret = (enum filing_signature_purpose)found;
    return true;
}

bool filing_signature_state_parse(struct str name, enum filing_signature_state *ret)
{
    int found;
    if (!find_name(signature_names, FILING_SIGNATURE_STATES, name, &found))
        return false;
    *ret = (enum filing_signature_state)found;
    return true;
}

bool filing_role_parse(struct str name, enum filing_role *ret)
{
    int found;
    if (!find_name(role_names, FILING_ROLES, name, &found))
        return false;
    *ret = (enum filing_role)found;
    return true;
}

/* ISO/IEC 7064, MOD 11,10: finds every single wrong digit and nearly every swap of neighbours. */
static int check_digit(int64_t n)
{
    char digits[24];
    int product = 10;
    snprintf(digits, sizeof digits, "%06" PRId64, n);
    for (const char *p = digits; *p; p++) {
        int sum = (*p - '0' + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (11 - product) % 10;
}

#define NUMBER_MAX INT64_C(9999999999) /* what fits into FILING_NUMBER */

const char *filing_number(struct filing_id id, char ret[FILING_NUMBER])
{
    if (id.n < 0 || id.n > NUMBER_MAX)
        BUG("filing id %" PRId64, id.n);
    snprintf(ret, FILING_NUMBER, "T-%06" PRIu64 "-%d", (uint64_t)id.n % (uint64_t)(NUMBER_MAX + 1), check_digit(id.n) % 10);
    return ret;
}

bool filing_number_parse(struct str number, struct filing_id *ret)
{
    struct str rest = str_trim(number), letter, digits;
    uint64_t n, check;
    if (!str_split(&rest, '-', &letter) || !str_split(&rest, '-', &digits) || !(str_is(letter, "T") || str_is(letter, "t")))
        return false;
    if (digits.n < 6 || rest.n != 1 || !str_to_u64(digits, &n) || !str_to_u64(rest, &check) || n > (uint64_t)NUMBER_MAX)
        return false;
    if (check_digit((int64_t)n) != (int)check)
        return false;
    *ret = (struct filing_id){ (int64_t)n };
    return true;
}

bool filing_err_key(const struct err *err, enum text_key *ret)
{
    const char *colon = strchr(err->text, ':');
    char name[64];
    if (strncmp(err->text, "error.", 6) != 0 || !colon || (size_t)(colon - err->text) >= sizeof name)
        return false;
    snprintf(name, sizeof name, "%.*s", (int)(colon - err->text), err->text);
    return text_find(name, ret);
}
