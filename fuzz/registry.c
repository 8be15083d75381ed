/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the business data of any service, both ways.  The first byte chooses the question, the second
 * whether the rest is a request, a reply, a whole envelope or a stored form.  What was read has to survive being stored.
 */
#include <stdlib.h>

#include "registry/registry.h"

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    exchange_setup();
    return 0;
}

static void check(bool fine)
{
    if (!fine) {
        abort();
    }
}

static void store_question(const struct registry_question *question, struct arena *arena)
{
    struct buf one, two;
    struct registry_question back;
    struct err err;
    buf_init(&one, EXCHANGE_ENVELOPE_MAX * 8);
    buf_init(&two, EXCHANGE_ENVELOPE_MAX * 8);
    registry_question_write(question, &one);
    check(registry_question_read(buf_str(&one), arena, &back, &err));
    check(registry_question_same(question, &back));
    registry_question_write(&back, &two);
    check(str_equal(buf_str(&one), buf_str(&two)));
    buf_release(&one);
    buf_release(&two);
}

static void store_answer(const struct registry_answer *answer, struct arena *arena)
{
    struct buf one, two;
    struct registry_answer back;
    struct err err;
    buf_init(&one, EXCHANGE_ENVELOPE_MAX * 8);
    buf_init(&two, EXCHANGE_ENVELOPE_MAX * 8);
    registry_answer_write(answer, &one);
    check(registry_answer_read(buf_str(&one), arena, &back, &err));
    registry_answer_write(&back, &two);
    check(str_equal(buf_str(&one), buf_str(&two)));
    buf_release(&one);
    buf_release(&two);
}

static void as_request(enum registry_ask ask, struct str data, struct arena *arena)
{
    struct exchange_message message = { .kind = EXCHANGE_REQUEST,
                                        .service_id = str_from(registry_service_id(ask)),
                                        .data = data };
    struct registry_question question;
    struct err err;
    if (registry_request_read(&message, arena, &question, &err)) {
        store_question(&question, arena);
    }
}

static void as_reply(const struct registry_question *question, struct str envelope, struct arena *arena)
{
    struct registry_answer answer;
    registry_reply(envelope, question, "1", arena, &answer);
    store_answer(&answer, arena);
}

static void as_response_data(const struct registry_question *question, struct str data, struct arena *arena)
{
    struct exchange_message message = { .kind = EXCHANGE_RESPONSE,
                                        .message_id = STR("2"),
                                        .correlation_id = STR("1"),
                                        .code = STR("SCSS001"),
                                        .form = EXCHANGE_ESCAPED,
                                        .data = data };
    struct buf out;
    buf_init(&out, EXCHANGE_ENVELOPE_MAX);
    exchange_write(&message, &out);
    as_reply(question, buf_str(&out), arena);
    buf_release(&out);
}

static void as_stored(struct str json, struct arena *arena)
{
    struct registry_question question;
    struct registry_answer answer;
    struct err err;
    if (registry_question_read(json, arena, &question, &err)) {
        store_question(&question, arena);
    }
    if (registry_answer_read(json, arena, &answer, &err)) {
        store_answer(&answer, arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n < 2) {
        return 0;
    }
    struct arena arena;
    arena_init(&arena, 0);
    struct registry_question question = {
        .ask = (enum registry_ask)(bytes[0] % REGISTRY_ASKS), .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE
    };
    iin_parse(STR("800101300105"), &question.person);
    struct str rest = { (const char *)bytes + 2, n - 2 };
    switch (bytes[1] % 4) {
    case 0: as_request(question.ask, rest, &arena); break;
    case 1: as_reply(&question, rest, &arena); break;
    case 2: as_response_data(&question, rest, &arena); break;
    default: as_stored(rest, &arena); break;
    }
    arena_release(&arena);
    return 0;
}
