/* SPDX-License-Identifier: Apache-2.0 */
/* Frames of a WebSocket (RFC 6455), whole, in pieces and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "stand/websocket.h"
#include "stand_frames.h"

static void test_handshake_key(void **state)
{
    (void)state;
    char accept[WEBSOCKET_ACCEPT];
    assert_true(websocket_accept(STR("dGhlIHNhbXBsZSBub25jZQ=="), accept)); /* RFC 6455, 1.3 */
    assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_false(websocket_accept(STR("dGhlIHNhbXBsZSBub25jZQ="), accept));
    assert_false(websocket_accept(STR("????????????????????????"), accept));
}

static void test_frames_in_pieces(void **state)
{
    (void)state;
    struct websocket socket;
    struct buf sent;
    struct str payload;
    size_t messages = 0, controls = 0;
    buf_init(&sent, 1 << 20);
    masked(&sent, 0x81, STR("сәлем"));
    masked(&sent, 0x01, STR("бір "));
    masked(&sent, 0x80, STR("екі"));
    masked(&sent, 0x89, STR("ping"));
    char *longer = mem_alloc(70000);
    memset(longer, 'a', 70000);
    masked(&sent, 0x81, (struct str){ longer, 300 });
    masked(&sent, 0x81, (struct str){ longer, 70000 });
    masked(&sent, 0x88, STR("\x03\xe8"));
    websocket_init(&socket, 1 << 17);
    static const size_t lengths[] = { 10, 13, 300, 70000 };
    enum websocket_event event = WEBSOCKET_MORE;
    for (size_t i = 0; i < sent.n && event != WEBSOCKET_CLOSED; i++) {
        buf_add(&socket.in, sent.p + i, 1);
        event = websocket_next(&socket, &payload);
        assert_int_not_equal(event, WEBSOCKET_BAD);
        if (event == WEBSOCKET_MESSAGE)
            assert_int_equal(payload.n, lengths[messages++]);
        if (event == WEBSOCKET_CONTROL) {
            controls++;
            assert_true(str_is(payload, "ping"));
        }
    }
    assert_int_equal(event, WEBSOCKET_CLOSED);
    assert_int_equal(messages, 4);
    assert_int_equal(controls, 1);
    free(longer);
    websocket_release(&socket);
    buf_release(&sent);
}

static void test_bad_frames(void **state)
{
    (void)state;
    static const struct str bad[] = {
        { "\x81\x02"
          "ab",
          4 }, /* not masked */
        { "\xc1\x80"
          "mask",
          6 }, /* a reserved bit */
        { "\x82\x80"
          "mask",
          6 }, /* binary */
        { "\x83\x80"
          "mask",
          6 }, /* an unknown opcode */
        { "\x80\x80"
          "mask",
          6 }, /* the rest of nothing */
        { "\x09\x80"
          "mask",
          6 }, /* a ping in pieces */
        { "\x81\xfe\x00\x01"
          "mask"
          "x",
          9 }, /* a length that is written too long */
        { "\x81\xff\x00\x00\x00\x00\x00\x00\x00\x01"
          "mask",
          14 },
        { "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff"
          "mask",
          14 },                                /* too long */
        { "\x81\x81\x00\x00\x00\x00\xff", 7 }, /* not UTF-8 */
        { "\x01\x80"
          "mask"
          "\x01\x80"
          "mask",
          12 }, /* a new message inside of another */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct websocket socket;
        struct str payload;
        websocket_init(&socket, 1 << 16);
        buf_add_str(&socket.in, bad[i]);
        if (websocket_next(&socket, &payload) != WEBSOCKET_BAD)
            fail_msg("frame %zu is accepted", i);
        websocket_release(&socket);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_handshake_key),
        cmocka_unit_test(test_frames_in_pieces),
        cmocka_unit_test(test_bad_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
