/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "letter/letter.h"

static struct filing_view view_of(enum law_channel channel)
{
    struct filing_view view = { .number = "T-000123-7",
                                .channel = channel,
                                .legal_day = day_of(2026, 3, 2),
                                .applicant = { 900101300017 },
                                .applicant_name = STR("Синтетик Адам"),
                                .address_kk = STR("Астана қ., Сарыарқа к-сі, 1"),
                                .address_ru = STR("г. Астана, ул. Сарыарка, 1"),
                                .rka = STR("0201300000000001"),
                                .has_decision = true };
    return view;
}

static struct str letter_of(const struct filing_view *view, enum text_language language, struct buf *out)
{
    buf_init(out, LETTER_LIMIT);
    letter_write(view, language, out);
    assert_false(out->over);
    assert_true(str_is_utf8(buf_str(out)));
    return buf_str(out);
}

static void assert_holds(struct str text, const char *part)
{
    if (!strstr(text.p, part))
        fail_msg("'%s' is not in:\n%s", part, text.p);
}

static void test_names_the_missing_act(void **state)
{
    struct kin_answer kin = { .confirmed = TRI_NO,
                              .missing = { { .code = KIN_NO_BIRTH_ACT, .person = { 850505400123 } } },
                              .missings = 1 };
    struct filing_view view = view_of(LAW_PORTAL);
    struct buf out;
    (void)state;
    view.decision = (struct law_decision){ .outcome = LAW_KINSHIP_NOT_CONFIRMED,
                                           .paragraph = "10.6",
                                           .reason = { { .code = LAW_R_KINSHIP_NOT_CONFIRMED, .paragraph = "10.6" } },
                                           .reasons = 1,
                                           .has_norm = true,
                                           .area = 4530,
                                           .per_person = 1500,
                                           .allowed = 3,
                                           .registered = 3,
                                           .reached = true,
                                           .kinship = TRI_NO,
                                           .kin = &kin };
    struct str text = letter_of(&view, TEXT_EN, &out);
    enum text_key missing;
    assert_true(text_find("missing.no_birth_act", &missing));
    assert_holds(text, "Letter on application T-000123-7\nLegal date: 2 March 2026\nTo: Синтетик Адам\n");
    assert_holds(text, "Total area: 45.30 m², 15 m² for each person; allowed: 3, registered: 3.");
    assert_holds(text, text_of(missing, TEXT_EN));
    assert_holds(text, "ends in 0123");
    assert_null(strstr(text.p, "850505400123"));
    buf_release(&out);
    assert_holds(letter_of(&view, TEXT_KK, &out), "45,30 м²");
    buf_release(&out);
}

#define QUARTER_PAST_TEN                                                                                                         \
    {                                                                                                                            \
        INT64_C(1772428520000)                                                                                                   \
    } /* 2 March 2026, 05:15:20 UTC */

static void test_says_who_answered_and_when(void **state)
{
    static const struct {
        struct filing_source_view source;
        const char *said;
    } rows[] = {
        { { REGISTRY_FAMILY_MART, true, { 20513 }, QUARTER_PAST_TEN },
          "Confirmed by the acts of civil status in the Smart Data Ukimet mart as of 1 March 2026\n" },
        { { REGISTRY_FAMILY_MART, true, { INT32_MIN }, QUARTER_PAST_TEN },
          "Confirmed by the acts of civil status, as answered by the Smart Data Ukimet mart on 2 March 2026 at 10:15\n" },
        { { REGISTRY_FAMILY, true, { INT32_MIN }, QUARTER_PAST_TEN },
          "Confirmed by the acts of civil status, as answered by IS ZAGS on 2 March 2026 at 10:15\n" },
        { { REGISTRY_FAMILY, false, { INT32_MIN }, QUARTER_PAST_TEN },
          "Not confirmed by the acts of civil status, as answered by IS ZAGS on 2 March 2026 at 10:15\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct filing_view view = view_of(LAW_PORTAL);
        struct buf out;
        view.kin_source[0] = rows[i].source;
        view.kin_sources = 1;
        view.decision = (struct law_decision){ .outcome = LAW_TO_COUPON, .paragraph = "10.6" };
        assert_holds(letter_of(&view, TEXT_EN, &out), rows[i].said);
        buf_release(&out);
    }
}

static void test_slip_of_the_reception(void **state)
{
    struct filing_view view = view_of(LAW_RECEPTION);
    struct buf out;
    (void)state;
    view.decision = (struct law_decision){ .outcome = LAW_TO_ONLINE,
                                           .paragraph = "5",
                                           .reason = { { .code = LAW_R_NO_PROTECTED_OWNER, .paragraph = "5" } },
                                           .reasons = 1,
                                           .kinship = TRI_UNKNOWN };
    assert_holds(letter_of(&view, TEXT_EN, &out), "Reception slip T-000123-7\n");
    buf_release(&out);
    assert_holds(letter_of(&view, TEXT_RU, &out), "Жилище: г. Астана, ул. Сарыарка, 1, РКА 0201300000000001\n");
    buf_release(&out);
}

static void test_undecided(void **state)
{
    struct filing_view view = view_of(LAW_PORTAL);
    struct buf out;
    (void)state;
    view.has_decision = false;
    assert_holds(letter_of(&view, TEXT_EN, &out), "has not been decided yet");
    buf_release(&out);
}

/* A missing text would end the server: every outcome, reason and missing record is written once in each language. */
static void test_every_word_is_there(void **state)
{
    (void)state;
    int most = (int)LAW_OUTCOMES > (int)LAW_REASON_CODES ? (int)LAW_OUTCOMES : (int)LAW_REASON_CODES;
    for (int i = 0; i < most; i++) {
        for (int language = 0; language < TEXT_LANGUAGES; language++) {
            struct kin_answer kin = { .confirmed = TRI_NO,
                                      .missing = { { .code = (enum kin_missing_code)(i % KIN_MISSING_CODES) } },
                                      .missings = 1 };
            struct filing_view view = view_of(LAW_HALL);
            struct buf out;
            view.decision = (struct law_decision){ .outcome = (enum law_outcome)(i % LAW_OUTCOMES),
                                                   .reason = { { .code = (enum law_reason_code)(i % LAW_REASON_CODES) } },
                                                   .reasons = 1,
                                                   .kinship = TRI_NO,
                                                   .kin = &kin };
            assert_true(letter_of(&view, (enum text_language)language, &out).n > 200);
            buf_release(&out);
        }
    }
}

/* The same for the paragraphs that reasons name. */
static void test_every_paragraph_has_a_title(void **state)
{
    (void)state;
    for (int i = 0; i < law_sentence_count; i++) {
        struct filing_view view = view_of(LAW_PORTAL);
        struct buf out;
        view.decision =
            (struct law_decision){ .outcome = LAW_WAITING,
                                   .reason = { { .code = LAW_R_ACTS_SILENT, .paragraph = law_sentences[i].paragraph } },
                                   .reasons = 1 };
        letter_of(&view, TEXT_KK, &out);
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_the_missing_act), cmocka_unit_test(test_says_who_answered_and_when),
        cmocka_unit_test(test_slip_of_the_reception), cmocka_unit_test(test_undecided),
        cmocka_unit_test(test_every_word_is_there),   cmocka_unit_test(test_every_paragraph_has_a_title),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
