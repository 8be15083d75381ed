/* SPDX-License-Identifier: Apache-2.0 */
/* Whole cases from the opening to the end. */
#include "filing_desk.h"

static void within_norm_to_registered(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_id id = desk_begin(d, AIDOS, "D1");
    STATE_IS(d, id, FILING_ASKING);
    struct filing_view v = desk_view(d, &aidos, id);
    assert_true(v.questions > 0 && v.questions == v.questions_open);
    desk_serve(d);
    v = desk_view(d, &aidos, id);
    assert_int_equal(v.state, FILING_COUPON);
    assert_true(v.has_decision);
    assert_int_equal(v.decision.outcome, LAW_TO_COUPON);
    assert_string_equal(v.decision.paragraph, "10.3");
    assert_int_equal(v.decision.reason[0].code, LAW_R_NORM_NOT_REACHED);
    assert_int_equal(v.decision.allowed, 3);
    assert_int_equal(v.decision.registered, 1);
    assert_true(str_is(v.applicant_name, "Сейтқали Айдос Ерланұлы"));
    assert_true(str_is(v.address_ru, "Астана, улица Пробная, 1"));
    assert_false(v.consent_impossible);
    desk_sign(d, AIDOS, id);
    STATE_IS(d, id, FILING_CONSENT);
    v = desk_view(d, &aidos, id);
    assert_int_equal(v.consents, 1);
    assert_int_equal(v.consent[0].given, TRI_UNKNOWN);
    desk_serve(d);
    assert_string_equal(d->phone[d->messages - 1], "+77010000002");
    assert_non_null(strstr(d->message[d->messages - 1], "А. С."));
    assert_null(strstr(d->message[d->messages - 1], "Айдос"));
    desk_consent(d, GULNAR, id);
    STATE_IS(d, id, FILING_REGISTERING);
    int counts = d->asked[REGISTRY_HEAD_COUNT];
    desk_serve(d);
    STATE_IS(d, id, FILING_REGISTERED);
    assert_int_equal(d->asked[REGISTRY_HEAD_COUNT], counts + 1);
    assert_int_equal(d->asked[REGISTRY_REGISTER], 1);
    v = desk_view(d, &aidos, id);
    assert_int_equal(v.registered_since.n, day_of(2026, 3, 2).n);
    assert_true(day_is_none(v.registered_until));
    assert_string_equal(v.number, "T-000001-7");
}

static void temporary_has_a_last_day(void **state)
{
    struct desk *d = *state;
    struct filing_actor actor = citizen(AIDOS);
    struct filing_opening opening = {
        .service = LAW_TEMPORARY, .channel = LAW_PORTAL, .applicant = actor.person, .rka = STR("D10"), .months = 12
    };
    struct filing_id id;
    OK(d, filing_open(d->db, &d->context, &actor, &opening, &id, &d->err));
    desk_serve(d);
    desk_sign(d, AIDOS, id); /* the only owner is the applicant: nobody else consents */
    STATE_IS(d, id, FILING_REGISTERING);
    desk_serve(d);
    struct filing_view v = desk_view(d, &actor, id);
    assert_int_equal(v.state, FILING_REGISTERED);
    assert_int_equal(v.registered_until.n, day_of(2027, 3, 2).n);
}

static void kin_confirmed(void **state)
{
    struct desk *d = *state;
    struct filing_actor dana = citizen(DANA);
    struct filing_id id = desk_begin(d, DANA, "D2");
    desk_serve(d);
    STATE_IS(d, id, FILING_CHOOSING);
    desk_choose(d, DANA, id, LAW_CHILD);
    struct filing_view v = desk_view(d, &dana, id);
    assert_int_equal(v.state, FILING_COUPON);
    assert_int_equal(v.decision.kinship, TRI_YES);
    assert_non_null(v.decision.kin);
    assert_int_equal(v.decision.kin->acts, 1);
    assert_true(str_is(v.decision.kin->act[0].number, "B-1"));
    desk_sign(d, DANA, id);
    desk_consent(d, GULNAR, id);
    desk_serve(d);
    STATE_IS(d, id, FILING_REGISTERED);
}

static void not_confirmed_then_other(void **state)
{
    struct desk *d = *state;
    struct filing_actor dana = citizen(DANA);
    struct filing_id id = desk_begin(d, DANA, "D2");
    desk_serve(d);
    desk_choose(d, DANA, id, LAW_SPOUSE);
    struct filing_view v = desk_view(d, &dana, id);
    assert_int_equal(v.state, FILING_NOT_CONFIRMED);
    assert_int_equal(v.decision.kinship, TRI_NO);
    assert_true(v.decision.kin->missings > 0);
    int asked = d->asked[REGISTRY_FAMILY];
    OK(d, filing_ask_again(d->db, &d->context, &dana, id, &d->err));
    STATE_IS(d, id, FILING_ASKING);
    desk_serve(d);
    STATE_IS(d, id, FILING_NOT_CONFIRMED);
    assert_true(d->asked[REGISTRY_FAMILY] > asked);
    OK(d, filing_choose_other(d->db, &d->context, &dana, id, &d->err));
    v = desk_view(d, &dana, id);
    assert_int_equal(v.state, FILING_CHOOSING);
    assert_int_equal(v.relation.degree, LAW_NO_DEGREE);
    desk_choose(d, DANA, id, LAW_CHILD);
    STATE_IS(d, id, FILING_COUPON);
}

static void student(void **state)
{
    struct desk *d = *state;
    struct filing_id id = desk_begin(d, ZHANAR, "D2");
    desk_serve(d);
    desk_choose(d, ZHANAR, id, LAW_STUDENT);
    STATE_IS(d, id, FILING_COUPON);
    id = desk_begin(d, AIDOS, "D2");
    desk_serve(d);
    desk_choose(d, AIDOS, id, LAW_STUDENT);
    STATE_IS(d, id, FILING_NOT_CONFIRMED);
}

static void two_owners(void **state)
{
    struct desk *d = *state;
    struct filing_actor saule = citizen(SAULE);
    struct filing_id id = desk_begin(d, SAULE, "D1");
    desk_serve(d);
    assert_true(str_is(desk_view(d, &saule, id).previous_ru, "Астана, улица Пробная, 5"));
    OK(d, filing_cancel(d->db, &d->context, &saule, id, &d->err));
    d->asked[REGISTRY_HEAD_COUNT] = 0;
    id = desk_begin(d, AIDOS, "D5");
    desk_serve(d);
    STATE_IS(d, id, FILING_COUPON);
    desk_sign(d, AIDOS, id);
    struct filing_actor aidos = citizen(AIDOS), gulnar = citizen(GULNAR);
    assert_true(str_is(desk_view(d, &aidos, id).consent[0].name, "Гүлнар О."));
    assert_true(str_is(desk_view(d, &gulnar, id).consent[0].name, "Омарова Гүлнар Сапарқызы"));
    desk_consent(d, GULNAR, id);
    STATE_IS(d, id, FILING_CONSENT);
    desk_consent(d, SAULE, id);
    desk_serve(d);
    STATE_IS(d, id, FILING_REGISTERED);
    assert_int_equal(d->asked[REGISTRY_HEAD_COUNT], 0); /* outside the capital nobody counts */
}

static void company(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_id id = desk_begin(d, AIDOS, "D4");
    desk_serve(d);
    desk_sign(d, AIDOS, id);
    struct filing_view v = desk_view(d, &aidos, id);
    assert_int_equal(v.consents, 1);
    assert_true(str_is(v.consent[0].company, "«Үй» ЖШС"));
    desk_consent(d, SAULE, id);
    desk_serve(d);
    STATE_IS(d, id, FILING_REGISTERED);
    id = desk_begin(d, SAULE, "D4"); /* the head herself: she consents by signing */
    desk_serve(d);
    desk_sign(d, SAULE, id);
    desk_serve(d);
    STATE_IS(d, id, FILING_REGISTERED);
}

static void nobody_can_consent(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    static const char *const dwellings[] = { "D8", "D9" };
    for (int i = 0; i < 2; i++) {
        struct filing_id id = desk_begin(d, AIDOS, dwellings[i]);
        struct filing_coupon coupon = desk_coupon();
        enum text_key key;
        desk_serve(d);
        struct filing_view v = desk_view(d, &aidos, id);
        assert_int_equal(v.state, FILING_COUPON);
        assert_true(v.consent_impossible);
        OK(d, filing_save_coupon(d->db, &d->context, &aidos, id, &coupon, &d->err));
        REFUSED(d, ERR_CONFLICT, filing_send_code(d->db, &d->context, &aidos, id, &d->err));
        assert_true(filing_err_key(&d->err, &key) && key == T_ERROR_CONSENT_IMPOSSIBLE);
        STATE_IS(d, id, FILING_SIGNING);
    }
}

static void reception(void **state)
{
    struct desk *d = *state;
    struct filing_actor desk_clerk = clerk(FILING_RECEPTION);
    struct filing_opening opening = {
        .service = LAW_RESIDENCE, .channel = LAW_RECEPTION, .applicant = person(AIDOS), .rka = STR("D1")
    };
    struct filing_id id;
    OK(d, filing_open(d->db, &d->context, &desk_clerk, &opening, &id, &d->err));
    desk_serve(d);
    STATE_IS(d, id, FILING_SENT_ONLINE);
    opening.rka = STR("D3");
    OK(d, filing_open(d->db, &d->context, &desk_clerk, &opening, &id, &d->err));
    desk_serve(d);
    STATE_IS(d, id, FILING_SENT_TO_HALL);
    assert_int_equal(desk_view(d, &desk_clerk, id).decision.reason[0].code, LAW_R_OWNER_MINOR);
    struct filing_row *rows;
    int count;
    OK(d, filing_list_desk(d->db, LAW_RECEPTION, &d->arena, &rows, &count, &d->err));
    assert_int_equal(count, 2);
    assert_true(rows[0].address_kk.n > 0);
}

static struct filing_id open_in_hall(struct desk *d, const char *rka, const char *owner)
{
    struct filing_actor hall = clerk(FILING_HALL);
    struct filing_opening opening = { .service = LAW_RESIDENCE,
                                      .channel = LAW_HALL,
                                      .applicant = person(AIDOS),
                                      .rka = str_from(rka),
                                      .entered_owner = person(owner) };
    struct filing_id id;
    OK(d, filing_open(d->db, &d->context, &hall, &opening, &id, &d->err));
    desk_serve(d);
    return id;
}

static void hall(void **state)
{
    struct desk *d = *state;
    struct filing_actor actor = clerk(FILING_HALL);
    struct filing_coupon coupon = desk_coupon();
    struct filing_documents documents = { .representative = person(RUSLAN),
                                          .basis = STR("parent"),
                                          .document = STR("B-3 2015-09-20"),
                                          .identity_checked = true,
                                          .authority_checked = true,
                                          .consent_given = true };
    struct filing_id id = open_in_hall(d, "D3", TIMUR);
    struct filing_view v = desk_view(d, &actor, id);
    assert_int_equal(v.state, FILING_DOCUMENTS);
    assert_true(v.entered_owner_is_owner && v.dwelling_known);
    REFUSED(d, ERR_FORBIDDEN, filing_save_coupon(d->db, &d->context, &actor, id, &coupon, &d->err));
    REFUSED(d, ERR_INPUT, filing_check_documents(d->db, &d->context, &actor, id, &documents, &coupon, true, STR(""), &d->err));
    documents.presence = true;
    documents.representative = person(CLERK2);
    REFUSED(d, ERR_FORBIDDEN,
            filing_check_documents(d->db, &d->context, &actor, id, &documents, &coupon, true, STR(""), &d->err));
    documents.representative = person(RUSLAN);
    /* A colleague opened it; the applicant, who is a clerk too, neither files nor refuses it. */
    struct filing_actor applicant = actor;
    applicant.person = person(AIDOS);
    for (int in_order = 0; in_order < 2; in_order++) {
        REFUSED(d, ERR_FORBIDDEN,
                filing_check_documents(d->db, &d->context, &applicant, id, &documents, &coupon, in_order, STR("no"), &d->err));
    }
    REFUSED(d, ERR_FORBIDDEN, filing_prepare_documents(d->db, &d->context, &applicant, id, &documents, &coupon, &d->err));
    OK(d, filing_check_documents(d->db, &d->context, &actor, id, &documents, &coupon, true, STR(""), &d->err));
    desk_serve(d);
    v = desk_view(d, &actor, id);
    assert_int_equal(v.state, FILING_REGISTERED);
    assert_true(v.has_documents && v.has_coupon && str_is(v.documents.basis, "parent"));

    id = open_in_hall(d, "D3", TIMUR);
    documents = (struct filing_documents){ 0 };
    REFUSED(d, ERR_INPUT, filing_check_documents(d->db, &d->context, &actor, id, &documents, &coupon, false, STR(""), &d->err));
    OK(d, filing_check_documents(d->db, &d->context, &actor, id, &documents, &coupon, false, STR("куәлік жарамсыз"), &d->err));
    v = desk_view(d, &actor, id);
    assert_int_equal(v.state, FILING_REFUSED_IN_HALL);
    assert_true(str_is(v.refusal, "куәлік жарамсыз"));

    id = open_in_hall(d, "D1", GULNAR);
    v = desk_view(d, &actor, id);
    assert_int_equal(v.state, FILING_REFUSED_IN_HALL);
    assert_string_equal(v.decision.paragraph, "8");

    struct filing_opening own = { .service = LAW_RESIDENCE,
                                  .channel = LAW_HALL,
                                  .applicant = person(CLERK2),
                                  .rka = STR("D3"),
                                  .entered_owner = person(TIMUR) };
    REFUSED(d, ERR_FORBIDDEN, filing_open(d->db, &d->context, &actor, &own, &id, &d->err));
}

static void unknown_dwelling(void **state)
{
    struct desk *d = *state;
    struct filing_id id = desk_begin(d, AIDOS, "NOWHERE");
    desk_serve(d);
    STATE_IS(d, id, FILING_INVALID);
}

static void outside_the_pilot(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS), desk_clerk = clerk(FILING_RECEPTION);
    d->context.legal_day = day_of(2026, 7, 1);
    struct filing_id id = desk_begin(d, AIDOS, "D2"); /* over the norm: nobody asks */
    desk_serve(d);
    struct filing_view v = desk_view(d, &aidos, id);
    assert_int_equal(v.state, FILING_COUPON);
    assert_true(v.ordinary_procedure);
    assert_int_equal(v.decision.outcome, LAW_PILOT_NOT_IN_FORCE);
    desk_sign(d, AIDOS, id);
    desk_consent(d, GULNAR, id);
    desk_serve(d);
    STATE_IS(d, id, FILING_REGISTERED);
    assert_int_equal(d->asked[REGISTRY_HEAD_COUNT], 0);
    struct filing_opening opening = {
        .service = LAW_RESIDENCE, .channel = LAW_RECEPTION, .applicant = person(AIDOS), .rka = STR("D3")
    };
    OK(d, filing_open(d->db, &d->context, &desk_clerk, &opening, &id, &d->err));
    desk_serve(d);
    STATE_IS(d, id, FILING_SENT_ONLINE);
    STATE_IS(d, open_in_hall(d, "D3", TIMUR), FILING_DOCUMENTS);
    d->silent[REGISTRY_PERSON] = true;
    id = desk_begin(d, AIDOS, "D1");
    desk_serve(d);
    STATE_IS(d, id, FILING_WAITING);
    d->silent[REGISTRY_PERSON] = false;
    desk_pass(d, 60);
    desk_serve(d);
    STATE_IS(d, id, FILING_COUPON);
}

/* One place is left; two have got as far as the registration. */
static void race_for_one_place(void **state)
{
    struct desk *d = *state;
    struct filing_actor zhanar = citizen(ZHANAR);
    struct filing_id one = desk_begin(d, AIDOS, "D6"), two = desk_begin(d, ZHANAR, "D6");
    desk_serve(d);
    STATE_IS(d, one, FILING_COUPON);
    STATE_IS(d, two, FILING_COUPON);
    desk_sign(d, AIDOS, one);
    desk_sign(d, ZHANAR, two);
    struct filing_actor gulnar = citizen(GULNAR);
    char first[8];
    OK(d, filing_send_code(d->db, &d->context, &gulnar, one, &d->err));
    desk_serve(d);
    memcpy(first, d->code, sizeof first);
    OK(d, filing_send_code(d->db, &d->context, &gulnar, two, &d->err));
    desk_serve(d);
    OK(d, filing_consent(d->db, &d->context, &gulnar, one, true, str_from(first), &d->err));
    OK(d, filing_consent(d->db, &d->context, &gulnar, two, true, str_from(d->code), &d->err));
    desk_serve(d);
    STATE_IS(d, one, FILING_REGISTERED);
    struct filing_view v = desk_view(d, &zhanar, two);
    assert_int_equal(v.state, FILING_CHOOSING);
    assert_int_equal(v.decision.outcome, LAW_CHOOSE_RELATION);
    assert_int_equal(d->asked[REGISTRY_REGISTER], 1);
    desk_choose(d, ZHANAR, two, LAW_STUDENT);
    STATE_IS(d, two, FILING_COUPON);
    desk_sign(d, ZHANAR, two); /* the owner's consent stands */
    desk_serve(d);
    STATE_IS(d, two, FILING_REGISTERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(within_norm_to_registered, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(temporary_has_a_last_day, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(kin_confirmed, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(not_confirmed_then_other, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(student, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(two_owners, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(company, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(nobody_can_consent, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(reception, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(hall, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(unknown_dwelling, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(outside_the_pilot, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(race_for_one_place, desk_setup, desk_teardown_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
