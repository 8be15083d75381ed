/* SPDX-License-Identifier: Apache-2.0 */
/* Envelopes of the synchronous channel: written and read back, foreign ones understood, hostile ones refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/tree.h>

#include "exchange/exchange.h"

static const struct moment at = { 1772431200000 };
#define HEAD  "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"><S:Body>"
#define TAIL  "</S:Body></S:Envelope>"
#define TYPES "xmlns:t=\"http://bip.bee.kz/SyncChannel/v10/Types\""
#define INFO                                                                                                                     \
    "<messageId>1</messageId><serviceId>S</serviceId><messageDate>2026-03-02T10:00:00+05:00</messageDate><sender><senderId>x</"  \
    "senderId></sender>"

static bool read_text(struct arena *arena, const char *text, struct exchange_message *ret, struct err *err)
{
    return exchange_read(str_from(text), arena, ret, err);
}

static void round_trips(void **state)
{
    (void)state;
    struct arena arena;
    struct buf out;
    struct err err;
    arena_init(&arena, 0);
    buf_init(&out, EXCHANGE_ENVELOPE_MAX);
    for (int i = 0; i < 6; i++) {
        struct exchange_message sent = { .kind = (enum exchange_kind)(i / 2), .date = at, .session_id = STR("{s}") }, got;
        sent.form = (enum exchange_form)(i % 2);
        if (sent.kind != EXCHANGE_FAULT) {
            sent.message_id = STR("id & 1");
            sent.correlation_id = STR("c");
            sent.data = STR("<data><a>1 &lt; 2 \"ә\"</a></data>");
        }
        if (sent.kind == EXCHANGE_REQUEST) {
            sent.service_id = STR("S");
            sent.sender = (struct exchange_sender){ STR("me"), STR("<p>") };
            sent.route_id = STR("r");
        } else {
            sent.code = STR("SCSS001");
            sent.text = STR("өңделді");
        }
        buf_clear(&out);
        exchange_write(&sent, &out);
        if (!exchange_read(buf_str(&out), &arena, &got, &err)) {
            fail_msg("%s", err.text);
        }
        assert_int_equal(got.kind, sent.kind);
        assert_int_equal(got.date.ms, at.ms);
        const struct str pairs[][2] = {
            { got.message_id, sent.message_id },
            { got.correlation_id, sent.correlation_id },
            { got.session_id, sent.session_id },
            { got.service_id, sent.service_id },
            { got.route_id, sent.route_id },
            { got.sender.id, sent.sender.id },
            { got.sender.password, sent.sender.password },
            { got.code, sent.code },
            { got.text, sent.text },
        };
        for (size_t p = 0; p < sizeof pairs / sizeof pairs[0]; p++) {
            assert_true(str_equal(pairs[p][0], pairs[p][1]));
        }
        if (sent.kind != EXCHANGE_FAULT) {
            assert_int_equal(got.form, sent.form);
            assert_true(memmem(got.data.p, got.data.n, "1 &lt; 2", 8) != NULL);
        }
    }
    buf_release(&out);
    arena_release(&arena);
}

/* Namespaces declared above `data` come along when it is cut out. */
static void foreign_prefixes(void **state)
{
    (void)state;
    struct arena arena;
    struct exchange_message got;
    struct err err;
    arena_init(&arena, 0);
    assert_true(
        read_text(&arena,
                  "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:q=\"urn:q\"><e:Header><x/></e:Header>"
                  "<e:Body><SendMessage xmlns=\"http://bip.bee.kz/SyncChannel/v10/Types\"><request xmlns=\"\"><requestInfo>" INFO
                  "<properties><key>CONNECTOR_CLIENT</key><value>true</value></properties></requestInfo><requestData>"
                  "<data><q:b>2</q:b></data></requestData></request></SendMessage></e:Body></e:Envelope>",
                  &got, &err));
    assert_true(str_is(got.service_id, "S"));
    assert_int_equal(got.date.ms, at.ms - 3600000);
    xmlDoc *doc;
    assert_true(xml_parse(got.data, &doc, &err));
    assert_true(xml_is(xml_first(xmlDocGetRootElement(doc), "b"), "b", "urn:q"));
    xmlFreeDoc(doc);
    arena_release(&arena);
}

static void plain_faults(void **state)
{
    (void)state;
    struct arena arena;
    struct exchange_message got;
    struct err err;
    arena_init(&arena, 0);
    assert_true(read_text(&arena, HEAD "<S:Fault><faultcode> S:Client </faultcode><faultstring>no</faultstring></S:Fault>" TAIL,
                          &got, &err));
    assert_int_equal(got.kind, EXCHANGE_FAULT);
    assert_true(str_is(got.code, "S:Client"));
    assert_false(read_text(&arena, HEAD "<S:Fault><faultcode>a</faultcode></S:Fault>" TAIL, &got, &err));
    arena_release(&arena);
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "", "empty" },
        { "hello", "not well-formed" },
        { "<a/>", "not a SOAP" },
        { "<!DOCTYPE a><a/>", "DOCTYPE" },
        { "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "DOCTYPE" },
        { "<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADw-!DOCTYPE a+AD4-<a/>", "not well-formed" },
        { "<a>&b;</a>", "not well-formed" },
        { "\xFE\xFF\0<", "not UTF-8" },
        { "<a>\xFF</a>", "not UTF-8" },
        { "<Envelope><Body/></Envelope>", "not a SOAP" },
        { "<S:Envelope xmlns:S=\"http://www.w3.org/2003/05/soap-envelope\"><S:Body/></S:Envelope>", "not a SOAP" },
        { HEAD TAIL, "exactly one element" },
        { HEAD "<a/><b/>" TAIL, "exactly one element" },
        { HEAD "</S:Body><S:Body>" TAIL, "Body: there twice" },
        { HEAD "<SendMessage/>" TAIL, "neither SendMessage" },
        { HEAD "<t:SendMessage " TYPES "/>" TAIL, "request: missing" },
        { HEAD "<t:SendMessage " TYPES "><request><requestInfo/></request></t:SendMessage>" TAIL, "messageId: missing" },
        { HEAD "<t:SendMessage " TYPES "><request><requestInfo>" INFO
               "<messageId>2</messageId></requestInfo></request></t:SendMessage>" TAIL,
          "messageId: there twice" },
        { HEAD "<t:SendMessage " TYPES "><request><requestInfo>" INFO "<sender/></requestInfo></request></t:SendMessage>" TAIL,
          "sender: there twice" },
        { HEAD "<t:SendMessage " TYPES "><request><requestInfo>" INFO
               "</requestInfo><requestData><data/><data/></requestData></request>"
               "</t:SendMessage>" TAIL,
          "data: there twice" },
    };
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct exchange_message got;
        struct err err;
        assert_false(read_text(&arena, rows[i].text, &got, &err));
        if (!strstr(err.text, rows[i].says)) {
            fail_msg("row %zu: %s", i, err.text);
        }
    }
    arena_release(&arena);
}

static bool nested(int depth, struct err *err)
{
    struct buf out;
    xmlDoc *doc;
    buf_init(&out, 1 << 20);
    for (int i = 0; i < depth; i++) {
        buf_add_text(&out, "<a>");
    }
    buf_add_text(&out, "x");
    for (int i = 0; i < depth; i++) {
        buf_add_text(&out, "</a>");
    }
    bool fine = xml_parse(buf_str(&out), &doc, err);
    if (fine) {
        xmlFreeDoc(doc);
    }
    buf_release(&out);
    return fine;
}

static void limits(void **state)
{
    (void)state;
    struct err err;
    xmlDoc *doc;
    struct buf big;
    assert_true(nested(EXCHANGE_DEPTH_MAX, &err));
    assert_false(nested(EXCHANGE_DEPTH_MAX + 1, &err));
    assert_false(nested(20000, &err));
    buf_init(&big, EXCHANGE_ENVELOPE_MAX + 100);
    buf_add_text(&big, "<a>");
    while (big.n <= EXCHANGE_ENVELOPE_MAX) {
        buf_add_char(&big, 'x');
    }
    buf_add_text(&big, "</a>");
    assert_false(xml_parse(buf_str(&big), &doc, &err));
    assert_non_null(strstr(err.text, "longer than"));
    buf_release(&big);
}

/* Written out again they would end the attribute that holds them. */
static void namespaces_with_markup(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "<a xmlns=\"urn:&lt;b/>\"/>",
        "<a xmlns:n=\"urn:x?a&amp;b\"/>",
        "<a><b xmlns:n='urn:&quot;x'/></a>",
        "<a><b/><n:c xmlns:n=\"urn:&apos;x\"/></a>",
        "<a xmlns:m=\"urn:m\" xmlns:n=\"urn:&gt;\"/>",
    };
    xmlDoc *doc;
    struct err err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (xml_parse(str_from(bad[i]), &doc, &err)) {
            fail_msg("accepted: %s", bad[i]);
        }
        assert_non_null(strstr(err.text, "namespace"));
    }
    assert_true(xml_parse(STR("<a xmlns=\"http://bip.bee.kz/SyncChannel/v10/Types\"><b xmlns=\"\"/></a>"), &doc, &err));
    xmlFreeDoc(doc);
}

static void escaping(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    xml_put(&out, "a", STR("<&>\"'\r\n\x01Қ"));
    assert_string_equal(out.p, "<a>&lt;&amp;&gt;&quot;&#39;&#13;\n\xEF\xBF\xBDҚ</a>");
    buf_release(&out);
}

/* The parser would compare each attribute with all before it. */
static void crowded_tags(void **state)
{
    (void)state;
    struct arena arena;
    struct exchange_message message;
    struct err err;
    struct buf text;
    arena_init(&arena, 0);
    buf_init(&text, EXCHANGE_ENVELOPE_MAX);
    buf_add_text(&text, "<a");
    for (int i = 0; i < 100000; i++)
        buf_addf(&text, " a%d='>'", i);
    buf_add_text(&text, "/>");
    assert_false(exchange_read(buf_str(&text), &arena, &message, &err));
    assert_non_null(strstr(err.text, "attributes"));
    buf_release(&text);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crowded_tags),     cmocka_unit_test(round_trips),
        cmocka_unit_test(foreign_prefixes), cmocka_unit_test(plain_faults),
        cmocka_unit_test(refused),          cmocka_unit_test(limits),
        cmocka_unit_test(escaping),         cmocka_unit_test(namespaces_with_markup),
    };
    exchange_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
