/* SPDX-License-Identifier: Apache-2.0 */
/* Questions and answers over the wire, our side against the register's: nothing is lost, nothing foreign is believed. */
#include "registry_world.h"

#define ID "0a1b2c3d-0000-4000-8000-000000000001"
static const struct moment now = { 1772431200000 };

struct fixture {
    struct arena arena;
    struct world *world;
    struct buf envelope, one, two;
    struct err err;
};

static int setup(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    arena_init(&f->arena, 0);
    buf_init(&f->envelope, EXCHANGE_ENVELOPE_MAX);
    buf_init(&f->one, EXCHANGE_ENVELOPE_MAX);
    buf_init(&f->two, EXCHANGE_ENVELOPE_MAX);
    f->world = world_of_rows(0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    world_free(f->world);
    buf_release(&f->envelope);
    buf_release(&f->one);
    buf_release(&f->two);
    arena_release(&f->arena);
    free(f);
    return 0;
}

static struct str request_of(struct fixture *f, const struct registry_question *question)
{
    struct exchange_sender sender = { STR("tirkeu"), STR("secret <&>") };
    buf_clear(&f->envelope);
    assert_true(registry_request(question, sender, ID, now, &f->envelope));
    return arena_str(&f->arena, buf_str(&f->envelope));
}

static struct exchange_message read_message(struct fixture *f, struct str envelope)
{
    struct exchange_message message;
    if (!exchange_read(envelope, &f->arena, &message, &f->err)) {
        fail_msg("%s: %s", f->err.text, arena_text(&f->arena, envelope));
    }
    return message;
}

/* The whole way of a question: returns the envelope that comes back; `form` NULL leaves the body as it is written. */
static struct str over_the_wire(struct fixture *f, const struct registry_question *question, const struct registry_answer *answer,
                                enum exchange_form form)
{
    struct registry_question back;
    struct exchange_message message = read_message(f, request_of(f, question));
    assert_true(str_is(message.message_id, ID));
    assert_true(str_is(message.sender.password, "secret <&>"));
    assert_true(str_is(message.service_id, registry_service_id(question->ask)));
    message.form = form;
    buf_clear(&f->envelope);
    exchange_write(&message, &f->envelope);
    message = read_message(f, arena_str(&f->arena, buf_str(&f->envelope)));
    assert_int_equal(message.form, form);
    if (!registry_request_read(&message, &f->arena, &back, &f->err)) {
        fail_msg("%s", f->err.text);
    }
    assert_true(registry_question_same(question, &back));
    buf_clear(&f->envelope);
    assert_true(registry_response(&message, &back, answer, "reply-1", now, &f->envelope));
    return arena_str(&f->arena, buf_str(&f->envelope));
}

static void check_same(struct fixture *f, struct registry_answer *folder, struct registry_answer *wire)
{
    wire->message_id = (struct str){ 0 };
    buf_clear(&f->one);
    buf_clear(&f->two);
    registry_answer_write(folder, &f->one);
    registry_answer_write(wire, &f->two);
    assert_string_equal(f->one.p, f->two.p);
}

static struct registry_question question_no(int i)
{
    static const char *const persons[] = { FATHER, MOTHER, CHILD, STUDENT, GRANDFATHER, WARD, UNKNOWN_PERSON };
    static const char *const dwellings[] = { FLAT, OFFICE, NOWHERE };
    struct registry_question q = ask_of((enum registry_ask)(i / 21), persons[i % 7], dwellings[i % 21 / 7], NULL);
    q.day = q.ask == REGISTRY_PERSON ? DAY_NONE : day_text("2026-03-02");
    q.except = iin_of(i % 2 ? MOTHER : NULL);
    q.kind = i % 2 ? WORLD_TEMPORARY : WORLD_RESIDENCE;
    q.since = day_text("2026-03-02");
    q.until = day_text(i % 2 ? "2026-09-01" : NULL);
    q.text = q.ask == REGISTRY_DWELLINGS_OF ? str_from(i % 2 ? "ЕЛ" : "") : STR(" Код:\r\n\t <1> & \"2\" \x01 ]]> ");
    q.phone = STR("+77010000001");
    q.reference = STR("T-000001-1");
    return q;
}

/* Every question about every person and dwelling: the folder's answer is the wire's, in both body conventions. */
static void folder_equals_wire(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < REGISTRY_ASKS * 21; i++) {
        struct registry_question q = question_no(i);
        struct registry_answer folder, wire;
        if (q.ask == REGISTRY_MESSAGE) {
            q.text = STR("Код: 1 < 2 & \"3\"\r\nkelesi");
        }
        registry_folder_ask(f->world, &q, &f->arena, &folder);
        for (int form = EXCHANGE_TYPED; form <= EXCHANGE_ESCAPED; form++) {
            struct str reply = over_the_wire(f, &q, &folder, (enum exchange_form)form);
            registry_reply(reply, &q, ID, &f->arena, &wire);
            if (wire.status == REGISTRY_SILENT) {
                fail_msg("question %d: %s", i, arena_text(&f->arena, wire.trouble));
            }
            check_same(f, &folder, &wire);
        }
    }
}

/* A part of the archive that is silent stays silent; the date of the mart comes along. */
static void silent_parts(void **state)
{
    struct fixture *f = *state;
    struct world *partly = world_of_rows(1u << WORLD_DIVORCES | 1u << WORLD_OWNERS);
    for (int ask = 0; ask < REGISTRY_ASKS; ask++) {
        struct registry_question q = question_no(ask * 21);
        struct registry_answer folder, wire;
        registry_folder_ask(partly, &q, &f->arena, &folder);
        if (folder.status == REGISTRY_SILENT || q.ask == REGISTRY_MESSAGE) {
            continue;
        }
        folder.as_of = day_text(q.ask == REGISTRY_FAMILY_MART ? "2026-03-01" : NULL);
        registry_reply(over_the_wire(f, &q, &folder, EXCHANGE_TYPED), &q, ID, &f->arena, &wire);
        check_same(f, &folder, &wire);
        assert_int_equal(q.ask == REGISTRY_FAMILY && wire.family.divorces_silent, q.ask == REGISTRY_FAMILY);
    }
    world_free(partly);
}

static struct str replaced(struct fixture *f, struct str text, const char *what, const char *by)
{
    const char *at = memmem(text.p, text.n, what, strlen(what));
    if (!at) {
        fail_msg("no %s in %s", what, arena_text(&f->arena, text));
    }
    size_t before = (size_t)(at - text.p);
    return arena_printf(&f->arena, "%.*s%s%.*s", (int)before, text.p, by, (int)(text.n - before - strlen(what)),
                        at + strlen(what));
}

/* What is changed in a good reply makes it silent, and says why without personal data. */
static void foreign_replies(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum registry_ask ask;
        const char *what, *by, *says;
    } rows[] = {
        { REGISTRY_PERSON, "SCSS001", "SCSE001", "status SCSE001" },
        { REGISTRY_PERSON, "SCSS001", "SOMETHING", "status SOMETHING" },
        { REGISTRY_PERSON, "<code>00000</code>", "<code>00404</code>", "result code 00404" },
        { REGISTRY_PERSON, "<correlationId>" ID, "<correlationId>other", "correlationId" },
        { REGISTRY_PERSON, "<requestId>" ID, "<requestId>other", "requestId" },
        { REGISTRY_FAMILY, "<correlationId>" ID "</correlationId>", "", "neither correlationId nor requestId" },
        { REGISTRY_FAMILY, "<correlationId>" ID, "<correlationId>", "neither correlationId nor requestId" },
        { REGISTRY_PERSON, "<iin>" FATHER, "<iin>" MOTHER, "another person" },
        { REGISTRY_PERSON, "<iin>" FATHER "</iin>", "", "iin: missing" },
        { REGISTRY_PERSON, "<birthDate>1980-01-01", "<birthDate>1980-13-01", "birthDate: not a date" },
        { REGISTRY_PERSON, "<lifeStatus><code>0", "<lifeStatus><code>1", "dead without a date" },
        { REGISTRY_PERSON, "<lifeStatus><code>0", "<lifeStatus><code>9", "lifeStatus: unknown code" },
        { REGISTRY_PERSON, "<capableStatus><code>0", "<capableStatus><code>77", "capableStatus: unknown code" },
        { REGISTRY_PERSON, "<surname>", "<surname>x</surname><surname>", "surname: there twice" },
        { REGISTRY_PERSON, "<surname>", "<surname><b/>", "more than text" },
        { REGISTRY_PERSON, "SendMessageResponse", "SendMassageResponse", "not well-formed" },
        { REGISTRY_PERSON, "<S:Body>", "<S:Body><x/>", "not exactly one element" },
        { REGISTRY_PERSON, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<!DOCTYPE x [<!ENTITY a \"b\">]>", "DOCTYPE" },
        { REGISTRY_FAMILY, "<Code>00000", "<Code>1", "result code 1" },
        { REGISTRY_FAMILY, "<familyInfoList>", "<familyInfoLost>", "not well-formed" },
        { REGISTRY_FAMILY, "<childIIN>" FATHER, "<childIIN>80010130010", "not 12 digits" },
        { REGISTRY_FAMILY, "1980-01-10T00:00:00", "1980-01-10T18:00:00", "actDate: not a date" },
        { REGISTRY_CAPACITY, "<incapable>false</incapable>", "", "incapable: missing" },
        { REGISTRY_CAPACITY, "<incapable>false</incapable>", "<incapable>no</incapable>", "incapable: not true or false" },
        { REGISTRY_HEAD_COUNT, "<registered>2", "<registered>two", "registered: not a whole number" },
        { REGISTRY_HEAD_COUNT, "<registered>2", "<registered>-2", "registered: not a whole number" },
        { REGISTRY_STUDY_EPVO, "<studies></studies>", "", "studies: missing" },
        { REGISTRY_DWELLING, "<totalArea>45.30", "<totalArea>45,30", "totalArea: not an area" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct registry_question q = question_no((int)rows[i].ask * 21);
        struct registry_answer folder, wire;
        registry_folder_ask(f->world, &q, &f->arena, &folder);
        struct str reply = over_the_wire(f, &q, &folder, EXCHANGE_TYPED);
        registry_reply(reply, &q, ID, &f->arena, &wire);
        assert_int_equal(wire.status, REGISTRY_ANSWERED);
        registry_reply(replaced(f, reply, rows[i].what, rows[i].by), &q, ID, &f->arena, &wire);
        assert_int_equal(wire.status, REGISTRY_SILENT);
        const char *trouble = arena_text(&f->arena, wire.trouble);
        if (!strstr(trouble, rows[i].says) || strstr(trouble, FATHER) || strstr(trouble, MOTHER)) {
            fail_msg("row %zu: %s", i, trouble);
        }
    }
}

/* What senders may do and ours does not: other prefixes, whitespace, more elements, a moment with an offset, Success. */
static void tolerated_replies(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum registry_ask ask;
        const char *what, *by;
    } rows[] = {
        { REGISTRY_PERSON, "SCSS001", "Success" },
        { REGISTRY_PERSON, "<correlationId>" ID "</correlationId>", "" },
        { REGISTRY_PERSON, "<iin>" FATHER, "<iin>\n  " FATHER },
        { REGISTRY_PERSON, "<gender>", "<nationality><code>005</code></nationality><gender>" },
        { REGISTRY_PERSON, "<deathDate/>", "" },
        { REGISTRY_FAMILY, "1980-01-10T00:00:00", "1980-01-10T00:00:00.000+06:00" },
        { REGISTRY_FAMILY, "1980-01-10T00:00:00", "1980-01-10" },
        { REGISTRY_FAMILY, "<actNumber>101</actNumber>", "<actNumber>101</actNumber><zagsCode>7</zagsCode><motherIIN/>" },
        { REGISTRY_FAMILY, "<data ", "<!-- x --><data " },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct registry_question q = question_no((int)rows[i].ask * 21);
        struct registry_answer folder, wire;
        registry_folder_ask(f->world, &q, &f->arena, &folder);
        struct str reply = over_the_wire(f, &q, &folder, EXCHANGE_TYPED);
        if (strcmp(rows[i].what, "<deathDate/>") == 0) {
            reply = replaced(f, reply, "<birthDate>", "<deathDate/><birthDate>");
        }
        registry_reply(replaced(f, reply, rows[i].what, rows[i].by), &q, ID, &f->arena, &wire);
        if (wire.status == REGISTRY_SILENT) {
            fail_msg("row %zu: %s", i, arena_text(&f->arena, wire.trouble));
        }
        check_same(f, &folder, &wire);
    }
}

static void faults_and_silence(void **state)
{
    struct fixture *f = *state;
    struct registry_question q = question_no(0);
    struct registry_answer answer;
    struct exchange_message fault = {
        .kind = EXCHANGE_FAULT, .code = STR("SCE007"), .text = STR("Сынақов " FATHER), .date = now
    };
    buf_clear(&f->envelope);
    exchange_write(&fault, &f->envelope);
    registry_reply(buf_str(&f->envelope), &q, ID, &f->arena, &answer);
    assert_int_equal(answer.status, REGISTRY_SILENT);
    assert_true(str_is(answer.trouble, "gbdfl: fault SCE007"));
    assert_true(str_is(answer.message_id, ID));
    registry_reply(request_of(f, &q), &q, ID, &f->arena, &answer);
    assert_true(str_is(answer.trouble, "gbdfl: a request came instead of a response"));
    registry_reply((struct str){ 0 }, &q, ID, &f->arena, &answer);
    assert_int_equal(answer.status, REGISTRY_SILENT);
    registry_reply_silent(&q, ID, "no answer in time", &f->arena, &answer);
    assert_true(str_is(answer.trouble, "gbdfl: no answer in time"));
}

static void bad_requests(void **state)
{
    struct fixture *f = *state;
    static const struct {
        int question;
        const char *what, *by, *says;
    } rows[] = {
        { REGISTRY_PERSON, "<iin>" FATHER "</iin>", "", "iin: missing" },
        { REGISTRY_PERSON, "<iin>" FATHER, "<iin>800101300104", "iin: not 12 digits" },
        { REGISTRY_PERSON, "GBDFL_UniversalServiceSync", "GBDFL_Weather", "serviceId" },
        { REGISTRY_REGISTER, "<kind>temporary", "<kind>forever", "kind: not one" },
        { REGISTRY_REGISTER, "<kind>temporary</kind>", "", "kind: missing" },
        { REGISTRY_HEAD_COUNT, "<date>2026-03-02</date>", "", "date: missing" },
        { REGISTRY_MESSAGE, "<phone>+77010000001</phone>", "", "phone: missing" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct registry_question q = question_no(rows[i].question * 21), back;
        struct exchange_message message = read_message(f, replaced(f, request_of(f, &q), rows[i].what, rows[i].by));
        assert_false(registry_request_read(&message, &f->arena, &back, &f->err));
        if (!strstr(f->err.text, rows[i].says)) {
            fail_msg("row %zu: %s", i, f->err.text);
        }
    }
}

/* ---- recorded exchanges: requests, replies and what is made of them, as files ---- */

static struct str file_of(struct fixture *f, const char *name, const char *kind)
{
    struct str text;
    const char *path = arena_printf(&f->arena, "tests/data/exchanges/%s.%s", name, kind).p;
    if (!file_read(path, EXCHANGE_ENVELOPE_MAX, &f->arena, &text, &f->err)) {
        fail_msg("%s", f->err.text);
    }
    return text;
}

static void recorded(void **state)
{
    struct fixture *f = *state;
    struct str list = file_of(f, "index", "txt"), name;
    int count = 0;
    while (str_split(&list, '\n', &name)) {
        if (name.n == 0) {
            continue;
        }
        const char *file = arena_text(&f->arena, name);
        struct registry_question q;
        struct registry_answer answer;
        struct exchange_message request = read_message(f, file_of(f, file, "request.xml"));
        if (!registry_request_read(&request, &f->arena, &q, &f->err)) {
            fail_msg("%s: %s", file, f->err.text);
        }
        registry_reply(file_of(f, file, "response.xml"), &q, arena_text(&f->arena, request.message_id), &f->arena, &answer);
        answer.message_id = (struct str){ 0 };
        buf_clear(&f->one);
        registry_question_write(&q, &f->one);
        buf_add_char(&f->one, '\n');
        registry_answer_write(&answer, &f->one);
        buf_add_char(&f->one, '\n');
        assert_string_equal(f->one.p, arena_text(&f->arena, file_of(f, file, "json")));
        count++;
    }
    assert_true(count >= 12);
}

/* ---- the examples in docs/registers ---- */

static bool next_example(struct str *rest, struct str *ret)
{
    const char *from = memmem(rest->p, rest->n, "```xml\n", 7);
    if (!from) {
        return false;
    }
    from += 7;
    const char *to = memmem(from, (size_t)(rest->p + rest->n - from), "```", 3);
    assert_non_null(to);
    *ret = (struct str){ from, (size_t)(to - from) };
    *rest = (struct str){ to + 3, (size_t)(rest->p + rest->n - to - 3) };
    return true;
}

static void documented(void **state)
{
    struct fixture *f = *state;
    unsigned seen = 0;
    for (int id = 0; id < REGISTRIES; id++) {
        const char *path = arena_printf(&f->arena, "docs/registers/%s.md", registry_name((enum registry_id)id)).p;
        struct str text, example;
        assert_true(file_read(path, EXCHANGE_ENVELOPE_MAX, &f->arena, &text, &f->err));
        while (next_example(&text, &example)) {
            struct registry_question q;
            struct registry_answer answer;
            struct exchange_message request = read_message(f, example);
            if (!registry_request_read(&request, &f->arena, &q, &f->err) || !next_example(&text, &example)) {
                fail_msg("%s: %s", path, f->err.text);
            }
            assert_int_equal(registry_of(q.ask), id);
            registry_reply(example, &q, arena_text(&f->arena, request.message_id), &f->arena, &answer);
            if (answer.status == REGISTRY_SILENT) {
                fail_msg("%s: %s", path, arena_text(&f->arena, answer.trouble));
            }
            seen |= 1u << q.ask;
        }
    }
    assert_int_equal(seen, (1u << REGISTRY_ASKS) - 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(folder_equals_wire), TEST(silent_parts), TEST(foreign_replies), TEST(tolerated_replies),
        TEST(faults_and_silence), TEST(bad_requests), TEST(recorded),        TEST(documented),
    };
    exchange_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
