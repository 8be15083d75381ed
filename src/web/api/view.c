/* SPDX-License-Identifier: Apache-2.0 */
/* A whole case as JSON, for its applicant and for the clerk of its desk. */
#include "web/api/api.h"
#include "web/pages/views.h"

/* What the reader may do next: names of the paths under the case. */
struct steps {
    const char *step[5];
};
static const struct steps citizen_steps[FILING_STATES] = {
    [FILING_ASKING] = { { "cancellation" } },
    [FILING_WAITING] = { { "cancellation" } },
    [FILING_CHOOSING] = { { "relation", "cancellation" } },
    [FILING_NOT_CONFIRMED] = { { "ask-again", "choose-other", "cancellation" } },
    [FILING_COUPON] = { { "coupon", "cancellation" } },
    [FILING_SIGNING] = { { "coupon", "code", "signature", "cancellation" } },
    [FILING_CONSENT] = { { "cancellation" } },
};
static const struct steps desk_steps[FILING_STATES] = {
    [FILING_ASKING] = { { "cancellation" } },
    [FILING_WAITING] = { { "cancellation" } },
    [FILING_DOCUMENTS] = { { "documents", "cancellation" } },
};

static void write_steps(const struct web_request *r, const struct filing_view *view, struct json *j)
{
    const struct steps *steps = r->actor.role == FILING_CITIZEN ? citizen_steps : desk_steps;
    json_key(j, "steps");
    json_open_array(j);
    if (view->other.degree != LAW_NO_DEGREE)
        json_text(j, "choose-on-record");
    for (const char *const *step = steps[view->state].step; *step; step++)
        json_text(j, *step);
    json_end(j);
}

static void put_count(struct json *j, const char *key, int n)
{
    json_key(j, key);
    if (n > 0)
        json_int(j, n);
    else
        json_nil(j);
}

static void write_case(const struct web_request *r, const struct filing_view *view, struct json *j)
{
    const char *state = filing_state_name(view->state);
    json_put_text(j, "number", view->number);
    json_put_int(j, "version", view->version);
    json_put_text(j, "state", state);
    json_put_text(j, "state_text", api_named(r, "state", state));
    json_put_text(j, "next", api_named(r, "state", arena_printf(r->arena, "%s.next", state).p));
    json_put_text(j, "service", law_service_name(view->service));
    put_count(j, "months", view->months);
    json_put_text(j, "channel", law_channel_name(view->channel));
    json_key(j, "legal_day");
    json_day(j, view->legal_day);
    api_moment(j, "opened_at", view->opened_at);
    api_moment(j, "changed_at", view->changed_at);
    json_put_bool(j, "ordinary_procedure", view->ordinary_procedure);
    json_put_bool(j, "consent_impossible", view->consent_impossible);
    api_optional(j, "applicant_name", view->applicant_name);
}

static void write_dwelling(const struct filing_view *view, struct json *j)
{
    json_key(j, "dwelling");
    json_open_object(j);
    json_put_str(j, "rka", view->rka);
    json_put_bool(j, "known", view->dwelling_known);
    api_optional(j, "cadastral_number", view->cadastral_number);
    api_address(j, view->address_kk, view->address_ru);
    json_end(j);
}

static void write_relation(const struct web_request *r, const struct law_relation *relation, struct json *j)
{
    bool sided = relation->side != KIN_SIDE_NONE;
    json_key(j, "relation");
    if (relation->degree == LAW_NO_DEGREE) {
        json_nil(j);
        return;
    }
    json_open_object(j);
    json_put_text(j, "degree", law_degree_name(relation->degree));
    json_put_text(j, "side", sided ? kin_side_name(relation->side) : NULL);
    json_put_text(j, "text", api_named(r, "degree", law_degree_name(relation->degree)));
    json_end(j);
}

/* The other degree that is on record, for the applicant who chose a wrong one. */
static void write_other(struct web_request *r, const struct filing_view *view, struct json *j)
{
    bool sided = view->other.side != KIN_SIDE_NONE;
    json_key(j, "on_record");
    if (view->other.degree == LAW_NO_DEGREE) {
        json_nil(j);
        return;
    }
    json_open_object(j);
    json_put_text(j, "degree", law_degree_name(view->other.degree));
    json_put_text(j, "side", sided ? kin_side_name(view->other.side) : NULL);
    json_put_text(j, "text", other_word(&r->page, view));
    json_key(j, "as_of");
    json_day(j, view->other_as_of);
    json_end(j);
}

static void write_question(const struct web_request *r, const struct filing_question_view *q, struct json *j)
{
    static const char *const states[] = {
        [FILING_Q_OPEN] = "open",
        [FILING_Q_ANSWERED] = "answered",
        [FILING_Q_SILENT] = "silent",
    };
    const char *registry = registry_name(registry_of(q->ask));
    json_open_object(j);
    json_put_text(j, "register", registry);
    json_put_text(j, "register_name", api_named(r, "register", registry));
    json_put_text(j, "ask", registry_ask_name(q->ask));
    json_put_text(j, "state", states[q->state]);
    api_moment(j, "asked_at", q->asked_at);
    api_moment(j, "answered_at", q->answered_at);
    json_key(j, "as_of");
    json_day(j, q->state == FILING_Q_ANSWERED ? q->as_of : DAY_NONE);
    json_put_int(j, "attempts", q->attempts);
    json_end(j);
}

static void write_questions(const struct web_request *r, const struct filing_view *view, struct json *j)
{
    json_key(j, "questions");
    json_open_object(j);
    json_put_int(j, "total", view->questions);
    json_put_int(j, "open", view->questions_open);
    json_put_int(j, "silent", view->questions_silent);
    json_key(j, "items");
    json_open_array(j);
    for (int i = 0; i < view->questions; i++)
        write_question(r, &view->question[i], j);
    json_end(j);
    json_end(j);
}

/* As `tirkeu decide` writes it (docs/world.md); words stand apart in "explanation". */
static void write_decision(struct web_request *r, const struct filing_view *view, struct json *j)
{
    json_key(j, "decision");
    if (view->has_decision) {
        json_open_object(j);
        json_put_text(j, "id", view->number);
        law_decision_write(&view->decision, j);
        json_end(j);
    } else {
        json_nil(j);
    }
    json_key(j, "explanation");
    if (view->has_decision)
        api_explain(r, view, j);
    else
        json_nil(j);
}

static void write_consents(const struct web_request *r, const struct filing_view *view, struct json *j)
{
    json_key(j, "consents");
    json_open_array(j);
    for (int i = 0; i < view->consents; i++) {
        const struct filing_consent_view *one = &view->consent[i];
        json_open_object(j);
        api_optional(j, "name", one->name);
        api_optional(j, "company", one->company);
        json_key(j, "given");
        if (one->given == TRI_UNKNOWN)
            json_nil(j);
        else
            json_bool(j, one->given == TRI_YES);
        json_put_text(j, "level", one->level == FILING_UNSIGNED ? NULL : filing_level_name(one->level));
        api_moment(j, "until", one->until);
        json_put_bool(j, "mine", iin_equal(one->owner, r->actor.person));
        json_end(j);
    }
    json_end(j);
}

void api_coupon_write(const struct filing_coupon *c, struct json *j)
{
    json_open_object(j);
    json_put_str(j, "reason", c->reason);
    json_put_str(j, "education", c->education);
    json_put_str(j, "marital", c->marital);
    json_put_str(j, "occupation", c->occupation);
    json_put_str(j, "arrives_with", c->arrives_with);
    json_put_int(j, "children_under_14", c->children_under_14);
    json_put_str(j, "previous_place", c->previous_place);
    json_key(j, "arrived");
    json_day(j, c->arrived);
    json_end(j);
}

static void write_coupon(const struct filing_view *view, struct json *j)
{
    json_key(j, "coupon");
    if (view->has_coupon)
        api_coupon_write(&view->coupon, j);
    else
        json_nil(j);
    json_key(j, "code");
    json_open_object(j);
    json_put_bool(j, "sent", view->code_sent);
    api_moment(j, "until", view->code_until);
    json_end(j);
}

static void write_events(const struct filing_view *view, struct json *j)
{
    json_key(j, "events");
    json_open_array(j);
    for (int i = 0; i < view->events; i++) {
        json_open_object(j);
        api_moment(j, "at", view->event[i].at);
        json_put_text(j, "state", filing_state_name(view->event[i].state));
        json_put_text(j, "role", filing_role_name(view->event[i].role));
        json_end(j);
    }
    json_end(j);
}

static void write_registered(const struct filing_view *view, struct json *j)
{
    json_key(j, "registered");
    if (view->state != FILING_REGISTERED) {
        json_nil(j);
        return;
    }
    json_open_object(j);
    json_key(j, "since");
    json_day(j, view->registered_since);
    json_key(j, "until");
    json_day(j, view->registered_until);
    json_end(j);
}

/* What only a clerk's desk has. */
static void write_desk(const struct filing_view *view, struct json *j)
{
    const struct filing_documents *d = &view->documents;
    json_key(j, "desk");
    json_open_object(j);
    json_key(j, "applicant");
    json_iin(j, view->applicant);
    json_key(j, "owner");
    json_iin(j, view->entered_owner);
    json_put_bool(j, "owner_is_owner", view->entered_owner_is_owner);
    api_optional(j, "refusal", view->refusal);
    json_key(j, "documents");
    if (!view->has_documents) {
        json_nil(j);
    } else {
        json_open_object(j);
        json_key(j, "representative");
        json_iin(j, d->representative);
        api_optional(j, "basis", d->basis);
        api_optional(j, "document", d->document);
        json_put_bool(j, "identity_checked", d->identity_checked);
        json_put_bool(j, "authority_checked", d->authority_checked);
        json_put_bool(j, "consent_given", d->consent_given);
        json_put_bool(j, "presence", d->presence);
        json_end(j);
    }
    json_end(j);
}

void api_case_write(struct web_request *r, struct json *j)
{
    const struct filing_view *view = r->data;
    write_case(r, view, j);
    write_dwelling(view, j);
    write_relation(r, &view->relation, j);
    write_other(r, view, j);
    write_questions(r, view, j);
    write_decision(r, view, j);
    api_choices(r, view, j);
    json_put_text(j, "signed_by", view->signed_by == FILING_UNSIGNED ? NULL : filing_level_name(view->signed_by));
    json_put_text(j, "signature", view->signature.id ? filing_signature_state_name(view->signature.result.state) : NULL);
    write_consents(r, view, j);
    write_coupon(view, j);
    write_registered(view, j);
    write_steps(r, view, j);
    write_events(view, j);
    if (r->actor.role != FILING_CITIZEN)
        write_desk(view, j);
}
