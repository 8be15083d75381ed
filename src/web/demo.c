/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_impl.h"

const struct web_demo_person *web_demo_person_of(const struct web_config *config, struct iin iin)
{
    for (int i = 0; config->demonstration && i < config->persons; i++) {
        if (iin_equal(config->person[i].iin, iin))
            return &config->person[i];
    }
    return NULL;
}

const struct web_demo_person *web_demo_person_by_key(const struct web_config *config, struct str key)
{
    for (int i = 0; config->demonstration && i < config->persons; i++) {
        if (str_is(key, config->person[i].key))
            return &config->person[i];
    }
    return NULL;
}
