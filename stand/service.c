/* SPDX-License-Identifier: Apache-2.0 */
/* One request of the gateway: envelope in, envelope, fault, garbage or nothing out. */
#include "base/digest.h"
#include "base/log.h"
#include "stand/seal.h"

/* A silent register hangs up after this long; every client's deadline is shorter. */
#define SILENCE_MS 60000
#define XML_TYPE   "text/xml; charset=utf-8"

/* Codes of the gateway's public fault table. */
#define FAULT_FORMAT     "SCE001"
#define FAULT_NO_SERVICE "SCE004"
#define FAULT_INTERNAL   "SCE909"

static void fault(struct stand_reply *ret, const char *code, const char *text)
{
    struct exchange_message message = {
        .kind = EXCHANGE_FAULT, .code = str_from(code), .text = str_from(text), .date = moment_now()
    };
    ret->status = 500;
    buf_clear(&ret->body);
    exchange_write(&message, &ret->body);
}

/* The mart is a day old: acts of today are not in it. */
static void age(struct registry_answer *answer, struct day as_of)
{
    struct registry_family *family = &answer->family;
    int births = 0, marriages = 0, divorces = 0;
    for (int i = 0; i < family->births; i++) {
        if (family->birth[i].act_date.n <= as_of.n) {
            family->birth[births++] = family->birth[i];
        }
    }
    for (int i = 0; i < family->marriages; i++) {
        if (family->marriage[i].act_date.n <= as_of.n) {
            family->marriage[marriages++] = family->marriage[i];
        }
    }
    for (int i = 0; i < family->divorces; i++) {
        if (family->divorce[i].act_date.n <= as_of.n) {
            family->divorce[divorces++] = family->divorce[i];
        }
    }
    family->births = births;
    family->marriages = marriages;
    family->divorces = divorces;
    answer->as_of = as_of;
}

static struct day today(const struct stand *stand)
{
    enum { ASTANA_UTC_MINUTES = 300 };
    return day_is_none(stand->options.legal_day) ? moment_day(moment_now(), ASTANA_UTC_MINUTES) : stand->options.legal_day;
}

/* The public request for a person has no date: GBD FL answers as of its own today. */
static void ask_world(struct stand *stand, struct registry_question *question, struct arena *arena, struct registry_answer *ret)
{
    if (question->ask == REGISTRY_PERSON && day_is_none(question->day)) {
        question->day = today(stand);
    }
    pthread_rwlock_rdlock(&stand->world_lock);
    registry_folder_ask(stand->world, question, arena, ret);
    pthread_rwlock_unlock(&stand->world_lock);
    if (question->ask == REGISTRY_FAMILY_MART && ret->status == REGISTRY_ANSWERED) {
        age(ret, (struct day){ today(stand).n - 1 });
    }
}

static bool ask(struct stand *stand, struct registry_question *question, struct arena *arena, struct registry_answer *ret,
                struct err *err)
{
    bool fine = true;
    if (question->ask == REGISTRY_REGISTER) {
        pthread_rwlock_wrlock(&stand->world_lock);
        fine = stand_store_register(&stand->store, stand->world, question, arena, ret, err);
        pthread_rwlock_unlock(&stand->world_lock);
        return fine;
    }
    ask_world(stand, question, arena, ret);
    if (question->ask == REGISTRY_MESSAGE) {
        stand_message_keep(stand, question);
    }
    return true;
}

static struct stand_fault scripted_for(struct stand *stand, enum registry_id id)
{
    pthread_mutex_lock(&stand->lock);
    struct stand_fault scripted = stand->fault[id];
    pthread_mutex_unlock(&stand->lock);
    return scripted;
}

/* False: the scripted fault has made the reply already. */
static bool pass_faults(struct stand *stand, struct stand_fault scripted, struct stand_reply *ret)
{
    int wait = stand->options.delay_ms + (scripted.mode == STAND_SLOW ? scripted.ms : 0);
    if (scripted.mode == STAND_SILENT) {
        wait = scripted.ms > 0 ? scripted.ms : SILENCE_MS;
    }
    if ((wait > 0 && !stand_wait(stand, wait)) || scripted.mode == STAND_SILENT) {
        ret->status = 0;
        return false;
    }
    if (scripted.mode == STAND_ERROR) {
        fault(ret, FAULT_INTERNAL, "the register is out of order (scripted)");
        return false;
    }
    if (scripted.mode == STAND_GARBAGE) {
        ret->status = 200;
        buf_add_text(&ret->body,
                     "<?xml version=\"1.0\"?><S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"><S:Bo");
        return false;
    }
    return true;
}

static void answer(struct stand *stand, const struct exchange_message *request, struct registry_question *question,
                   struct arena *arena, struct stand_reply *ret)
{
    struct registry_answer found;
    struct err err;
    char id[DIGEST_UUID];
    if (!ask(stand, question, arena, &found, &err)) {
        log_warn("%s", err.text);
        fault(ret, FAULT_INTERNAL, "the register could not keep it");
    } else if (found.status == REGISTRY_SILENT) {
        fault(ret, FAULT_INTERNAL, "the register is not available");
    } else if (!registry_response(request, question, &found, digest_uuid(id), moment_now(), &ret->body)) {
        fault(ret, FAULT_INTERNAL, "the answer is too long");
    }
}

static void serve(struct stand *stand, struct str envelope, struct arena *arena, enum stand_mode *ret_mode,
                  struct stand_reply *ret)
{
    struct exchange_message request;
    struct registry_question question;
    struct err err;
    enum registry_ask asked;
    if (!exchange_read(envelope, arena, &request, &err)) {
        fault(ret, FAULT_FORMAT, err.text);
    } else if (request.kind != EXCHANGE_REQUEST) {
        fault(ret, FAULT_FORMAT, "not a request");
    } else if (!registry_service_parse(request.service_id, &asked)) {
        fault(ret, FAULT_NO_SERVICE, "no such service");
    } else {
        struct stand_fault scripted = scripted_for(stand, registry_of(asked));
        *ret_mode = scripted.mode;
        if (!pass_faults(stand, scripted, ret)) {
            return;
        }
        if (registry_request_read(&request, arena, &question, &err)) {
            answer(stand, &request, &question, arena, ret);
        } else {
            fault(ret, FAULT_FORMAT, err.text);
        }
    }
}

struct stand_seal *stand_seal_of(struct stand *stand)
{
    pthread_mutex_lock(&stand->lock);
    struct stand_seal *seal = stand->seal;
    pthread_mutex_unlock(&stand->lock);
    return seal;
}

static void serve_sealed(struct stand *stand, struct stand_seal *seal, struct str envelope, struct arena *arena,
                         struct stand_reply *ret)
{
    struct str verified;
    const char *code;
    enum stand_mode mode = STAND_OK;
    if (stand_seal_check(seal, envelope, arena, &verified, &code)) {
        serve(stand, verified, arena, &mode, ret);
    } else {
        fault(ret, code, "the transport signature is not accepted");
    }
    stand_seal_put(seal, mode, &ret->body);
}

void stand_serve(struct stand *stand, struct str envelope, struct stand_reply *ret)
{
    struct arena arena;
    enum stand_mode ignored;
    struct stand_seal *seal = stand_seal_of(stand);
    ret->status = 200;
    ret->type = XML_TYPE;
    arena_init(&arena, 0);
    if (seal) {
        serve_sealed(stand, seal, envelope, &arena, ret);
    } else if (stand->options.authority) {
        ret->status = 0; /* not ready yet */
    } else {
        serve(stand, envelope, &arena, &ignored, ret);
    }
    arena_release(&arena);
}
