/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "stand/stand.h"

#define FAULT_MS_MAX 600000

static const char *const mode_names[] = {
    [STAND_OK] = "ok",           [STAND_SILENT] = "silent",     [STAND_ERROR] = "error",         [STAND_SLOW] = "slow",
    [STAND_GARBAGE] = "garbage", [STAND_UNSIGNED] = "unsigned", [STAND_OTHER_KEY] = "other_key", [STAND_EXPIRED] = "expired",
    [STAND_CHANGED] = "changed", [STAND_WRAPPED] = "wrapped",
};

static bool read_registers(struct str name, bool ret[REGISTRIES], struct err *err)
{
    bool found = false;
    for (int i = 0; i < REGISTRIES; i++) {
        ret[i] = str_is(name, "all") || str_is(name, registry_name((enum registry_id)i));
        found = found || ret[i];
    }
    return found || err_set(err, ERR_INPUT,
                            "register: not \"all\", \"gbdfl\", \"zags\", \"ukimet\", \"esobes\", \"egkn\", \"nobd\", "
                            "\"epvo\" or \"sms\"");
}

static bool read_mode(struct str name, enum stand_mode *ret, struct err *err)
{
    for (size_t i = 0; i < sizeof mode_names / sizeof mode_names[0]; i++) {
        if (str_is(name, mode_names[i])) {
            *ret = (enum stand_mode)i;
            return true;
        }
    }
    return err_set(err, ERR_INPUT,
                   "mode: not \"ok\", \"silent\", \"error\", \"slow\", \"garbage\", \"unsigned\", \"other_key\", "
                   "\"expired\", \"changed\" or \"wrapped\"");
}

static bool read_ms(const json_t *value, int *ret, struct err *err)
{
    json_int_t ms = value ? json_integer_value(value) : 0;
    if (value && (!json_is_integer(value) || ms < 0 || ms > FAULT_MS_MAX)) {
        return err_set(err, ERR_INPUT, "ms: not a number from 0 to %d", FAULT_MS_MAX);
    }
    *ret = (int)ms;
    return true;
}

bool stand_fault_read(struct str json, bool ret_registers[REGISTRIES], struct stand_fault *ret, struct err *err)
{
    json_t *root;
    if (!json_parse(json, &root, err)) {
        return false;
    }
    struct stand_fault fault = { 0 };
    bool fine = read_registers(json_member(root, "register"), ret_registers, err) &&
                read_mode(json_member(root, "mode"), &fault.mode, err) && read_ms(json_object_get(root, "ms"), &fault.ms, err);
    json_decref(root);
    if (fine) {
        *ret = fault;
    }
    return fine;
}
