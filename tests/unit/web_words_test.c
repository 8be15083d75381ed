/* SPDX-License-Identifier: Apache-2.0 */
/* page_named() builds keys at run time and stops the program when one is missing: here every name that it can meet is looked up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "filing/filing.h"
#include "text/text.h"
#include "web/pages/coupon_form.h"
#include "web/request.h"

static void there_is(const char *family, const char *name, const char *end)
{
    char full[128];
    enum text_key key;
    snprintf(full, sizeof full, "%s.%s%s", family, name, end);
    for (char *c = full; *c; c++)
        *c = *c == ' ' ? '_' : *c;
    if (!text_find(full, &key))
        fail_msg("no text '%s'", full);
}

static void words_of_cases(void **state)
{
    (void)state;
    for (int i = 0; i < FILING_STATES; i++) {
        there_is("state", filing_state_name((enum filing_state)i), "");
        there_is("state", filing_state_name((enum filing_state)i), ".next");
    }
    for (int i = 0; i < FILING_ROLES; i++)
        there_is("role", filing_role_name((enum filing_role)i), "");
    for (int i = 0; i < REGISTRIES; i++)
        there_is("register", registry_name((enum registry_id)i), "");
    for (int i = 0; i < REGISTRY_ASKS; i++) {
        if (i != REGISTRY_MESSAGE)
            there_is("ask", registry_ask_name((enum registry_ask)i), "");
    }
}

static void words_of_the_law(void **state)
{
    (void)state;
    for (int i = 0; i < LAW_REASON_CODES; i++) {
        there_is("reason", law_reason_name((enum law_reason_code)i), "");
        there_is("remedy", law_reason_name((enum law_reason_code)i), "");
    }
    for (int i = 0; i < KIN_MISSING_CODES; i++) {
        there_is("missing", kin_missing_name((enum kin_missing_code)i), "");
        there_is("missing_remedy", kin_missing_name((enum kin_missing_code)i), "");
    }
    for (int i = 0; i < LAW_DEGREES; i++) {
        there_is("degree", law_degree_name((enum law_degree)i), "");
        there_is("degree", law_degree_name((enum law_degree)i), ".hint");
    }
    for (int i = 0; i < LAW_SERVICES; i++)
        there_is("service", law_service_name((enum law_service)i), "");
    for (int i = 0; i < law_sentence_count; i++)
        there_is("paragraph", law_sentences[i].paragraph, "");
    for (int i = 0; i < KIN_DEGREES; i++) {
        bool sided = kin_degree_has_side((enum kin_degree)i);
        there_is("on_record", kin_degree_name((enum kin_degree)i), sided ? ".mother" : "");
        there_is("on_record", kin_degree_name((enum kin_degree)i), sided ? ".father" : "");
    }
    there_is("side", "mother", "");
    there_is("side", "father", "");
}

static void words_of_the_coupon(void **state)
{
    static const struct {
        const char *family;
        const char *const *choice;
    } rows[] = {
        { "coupon.reason", coupon_reasons },        { "coupon.education", coupon_educations },
        { "coupon.marital", coupon_maritals },      { "coupon.occupation", coupon_occupations },
        { "coupon.arrives_with", coupon_arrivals },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (const char *const *choice = rows[i].choice; *choice; choice++)
            there_is(rows[i].family, *choice, "");
    }
}

static void words_of_signatures(void **state)
{
    (void)state;
    for (int i = 0; i < FILING_SIGN_PURPOSES; i++) {
        there_is("sign.what", filing_signature_purpose_name((enum filing_signature_purpose)i), "");
        there_is("mobile", filing_signature_purpose_name((enum filing_signature_purpose)i), "");
        there_is("mobile.effect", filing_signature_purpose_name((enum filing_signature_purpose)i), "");
    }
    for (int i = 0; i < FILING_SIGNATURE_STATES; i++)
        there_is("signature", filing_signature_state_name((enum filing_signature_state)i), "");
    for (int i = FILING_CITIZEN; i < FILING_SYSTEM; i++)
        there_is("sign_in.as", filing_role_name((enum filing_role)i), "");
    for (int i = EDS_OK + 1; i < EDS_REASON_COUNT; i++) {
        there_is("eds.reason", eds_reason_name((enum eds_reason)i), "");
        there_is("eds.remedy", web_remedy_of((enum eds_reason)i), "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_cases),
        cmocka_unit_test(words_of_the_law),
        cmocka_unit_test(words_of_the_coupon),
        cmocka_unit_test(words_of_signatures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
