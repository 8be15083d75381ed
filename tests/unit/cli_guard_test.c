/* SPDX-License-Identifier: Apache-2.0 */
/* Whose signature counts as the gateway's has to be said outside the demonstration. */
#include "eds_answers.h"
#include "cli/service.h"
#include "exchange/exchange.h"

static struct authority authority;

static void expect_refusal(const struct service_messages *options, bool demonstration, const char *why)
{
    struct exchange_guard *guard;
    struct err err = { 0 };
    assert_false(service_guard(options, authority.trust, demonstration, &guard, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.text, why));
}

static void the_gateway_is_named(void **state)
{
    struct service_messages options = { .key = "/dev/null", .certificate = "/dev/null" };
    struct service_messages half = { .key = "/dev/null" };
    struct exchange_guard *guard;
    struct err err;
    (void)state;
    expect_refusal(&half, true, "together");
    expect_refusal(&options, false, "--gateway-bin is needed");
    expect_refusal(&options, true, "key of messages"); /* which is not there; nothing else is missing */
    options.gateway_bin = TEST_BIN;
    expect_refusal(&options, false, "key of messages");
    options = (struct service_messages){ 0 };
    assert_true(service_guard(&options, authority.trust, false, &guard, &err) && !guard);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_gateway_is_named) };
    eds_setup();
    authority_init(&authority, EDS_GOST_2015_512, NULL);
    int failed = cmocka_run_group_tests_name("guard", tests, NULL, NULL);
    authority_release(&authority);
    return failed;
}
