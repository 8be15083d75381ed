/* SPDX-License-Identifier: Apache-2.0 */
/* Ours: exchange_guard_sign and exchange_guard_check over a question to a register, certificates and answers known as after a
 * first message. */
#include "eds_messages.h"
#include "eds_answers.h"

#include "base/digest.h"
#include "eds/eds_make.h"
#include "exchange/exchange.h"
#include "registry/registry.h"

enum { ENVELOPE_MAX = 1 << 16 };
#define SYSTEM_USAGE "emailProtection,clientAuth,1.2.398.3.3.4.1.2,1.2.398.3.3.4.1.2.6"

static struct authority authority;
static struct subscriber own;
static struct exchange_guard *guard;
static struct arena scratch;
static struct buf plain_text, signed_text, out;

/* What IS ZAGS is asked about a family. */
static void write_question(struct buf *ret)
{
    char id[DIGEST_UUID];
    struct registry_question question = {
        .ask = REGISTRY_FAMILY, .day = day_of(2026, 3, 2), .since = DAY_NONE, .until = DAY_NONE
    };
    iin_parse(STR("900512300071"), &question.person);
    buf_init(ret, ENVELOPE_MAX);
    if (!registry_request(&question, (struct exchange_sender){ STR("tirkeu"), STR("password") }, digest_uuid(id), moment_now(),
                          ret))
        BUG("the question does not fit");
}

/* An answer about the certificate, as the courier fetches it when it meets one for the first time. */
static void learn(struct str message)
{
    struct exchange_checked checked;
    exchange_guard_check(guard, message, &scratch, &checked);
    if (checked.url.n == 0)
        BUG("nothing to ask: %s", eds_reason_name(checked.reason));
    const struct ocsp_options good = { .status = V_OCSP_CERTSTATUS_GOOD, .issued = moment_now(), .request = checked.question };
    exchange_guard_learn(guard, &checked, make_ocsp(&authority, &scratch, own.certificate, authority.nca.certificate, good));
    arena_reset(&scratch);
}

static void open_guard(enum eds_algorithm algorithm)
{
    struct err err;
    eds_setup();
    digest_setup();
    arena_init(&scratch, 0);
    authority_init(&authority, algorithm, NULL);
    struct eds_profile profile = person_profile();
    profile.extended_key_usage = SYSTEM_USAGE;
    profile.organisation = "ОРГАНИЗАЦИЯ TEST";
    profile.bin = TEST_BIN;
    own = subscribe(&authority, &profile, &authority.nca);
    const struct exchange_guard_config config = { .own = { .key = own.key, .certificate = own.certificate },
                                                  .trust = authority.trust,
                                                  .peer_bin = TEST_BIN,
                                                  .clock = moment_now };
    write_question(&plain_text);
    buf_init(&signed_text, ENVELOPE_MAX);
    buf_init(&out, ENVELOPE_MAX);
    if (!exchange_guard_open(&config, &guard, &err) || !exchange_guard_sign(guard, buf_str(&plain_text), &signed_text, &err))
        BUG("%s", err.text);
    learn(buf_str(&signed_text));
}

static void start_gost(const struct objects *objects)
{
    (void)objects;
    open_guard(EDS_GOST_2015_512);
}

static void start_rsa(const struct objects *objects)
{
    (void)objects;
    open_guard(EDS_RSA_SHA256);
}

static bool sign(const struct object *object)
{
    struct err err;
    (void)object;
    buf_clear(&out);
    return exchange_guard_sign(guard, buf_str(&plain_text), &out, &err);
}

static bool check(const struct object *object)
{
    struct exchange_checked checked;
    (void)object;
    exchange_guard_check(guard, buf_str(&signed_text), &scratch, &checked);
    bool good = checked.good == TRI_YES && checked.envelope.n > 0;
    arena_reset(&scratch);
    return good;
}

const struct contestant messages[] = {
    { "gost: message signed", "gost", start_gost, sign },
    { "gost: message checked", "gost", start_gost, check },
    { "rsa: message signed", "rsa", start_rsa, sign },
    { "rsa: message checked", "rsa", start_rsa, check },
    { NULL, NULL, NULL, NULL },
};

/* ---- for the peers ---- */

static FILE *create(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/rsa-%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file)
        BUG("%s cannot be written", path);
    return file;
}

static void put(const char *folder, const char *name, struct str text)
{
    FILE *file = create(folder, name);
    if (fwrite(text.p, 1, text.n, file) != text.n || fclose(file) != 0)
        BUG("%s cannot be written", name);
}

void messages_make(const char *folder)
{
    open_guard(EDS_RSA_SHA256);
    put(folder, "message.xml", buf_str(&signed_text));
    FILE *key = create(folder, "message.key"), *certificate = create(folder, "message.cer");
    bool fine =
        PEM_write_PrivateKey(key, own.key, NULL, NULL, 0, NULL, NULL) == 1 && PEM_write_X509(certificate, own.certificate) == 1;
    if (fclose(key) != 0 || fclose(certificate) != 0 || !fine)
        BUG("key and certificate cannot be written");
    exchange_guard_close(guard);
}
