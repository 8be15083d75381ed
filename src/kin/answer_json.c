/* SPDX-License-Identifier: Apache-2.0 */
/* An answer about kinship as members of a JSON object. */
#include "kin/kin.h"

#include "base/json.h"

static void write_act(const struct kin_act *act, struct json *j)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    buf_add_text(&text, act->kind == KIN_ACT_BIRTH ? "birth " : "marriage ");
    buf_add_str(&text, act->number);
    json_str(j, buf_str(&text));
    buf_release(&text);
}

static void write_proof(const struct kin_answer *answer, struct json *j)
{
    json_key(j, "persons");
    json_open_array(j);
    for (int i = 0; i < answer->persons; i++)
        json_iin(j, answer->person[i]);
    json_end(j);
    json_key(j, "acts");
    json_open_array(j);
    for (int i = 0; i < answer->acts; i++)
        write_act(&answer->act[i], j);
    json_end(j);
}

void kin_missing_write(const char *code, struct iin person, enum kin_whom whom, struct json *j)
{
    json_open_object(j);
    json_put_text(j, "code", code);
    json_key(j, "person");
    json_iin(j, person);
    json_put_text(j, "whom", kin_whom_name(whom));
    json_end(j);
}

void kin_answer_write(const struct kin_answer *answer, struct json *j)
{
    if (answer->confirmed == TRI_YES) {
        write_proof(answer, j);
        return;
    }
    json_key(j, "missing");
    json_open_array(j);
    for (int i = 0; i < answer->missings; i++)
        kin_missing_write(kin_missing_name(answer->missing[i].code), answer->missing[i].person, answer->missing[i].whom, j);
    json_end(j);
}
