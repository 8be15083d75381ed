/* SPDX-License-Identifier: Apache-2.0 */
/* A change of norms and readings is approved by a second person: what to sign, the signature, whether somebody else has signed.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/file.h"
#include "cli/policy_sign.h"
#include "cli/service.h"
#include "eds/eds.h"
#include "filing/filing_signature.h"

enum { POLICY_LIMIT = 1 << 22, NOT_KNOWN_YET = 3 };

struct signing {
    struct service_options common;
    const char *person, *request, *out, *file; /* options and argument */
    bool demonstration;
    int64_t id; /* of the request */
    struct iin iin;
    struct arena arena;
    struct eds_trust *trust;
    struct db *db;
    struct filing_context context;
    struct filing_actor actor;
};

#define APPROVER(s)                                                                                                              \
    {                                                                                                                            \
        .name = "approver", .value = "IIN", .about = "who approves", .text = &(s).person, .required = true                       \
    }
#define DEMONSTRATION(s)                                                                                                         \
    {                                                                                                                            \
        .name = "demonstration", .about = "the certificates are of a test authority", .flag = &(s).demonstration                 \
    }

static int begin(const struct cli_usage *usage, struct signing *s, bool needs_trust)
{
    struct err err = { 0 };
    if (iin_parse(str_from(s->person), &s->iin) != IIN_PERSON)
        return cli_usage_error(usage, "'%s' is not the IIN of a person", s->person);
    if (needs_trust && !s->common.trust)
        return cli_usage_error(usage, "--trust is needed: a signature is verified with it");
    if (!service_check_database(s->common.database, &err) || !service_open_trust(&s->common, s->demonstration, &s->trust, &err) ||
        !service_open_database(s->common.database, false, &s->db, &err))
        return cli_fail(usage, &err);
    s->context = (struct filing_context){ .now = moment_now(), .trust = s->trust, .demonstration = s->demonstration };
    s->actor = (struct filing_actor){ .person = s->iin, .role = FILING_CITIZEN, .channel = LAW_PORTAL };
    return CLI_GO;
}

static void end(struct signing *s)
{
    if (s->db)
        db_close(s->db);
    eds_trust_free(s->trust);
    arena_release(&s->arena);
}

/* The file must be a policy; what is signed is its digest. */
static bool read_policy(struct signing *s, struct filing_signing *ret, char digest[DIGEST_HEX], struct err *err)
{
    const struct policy *policy;
    struct str text;
    struct buf errors;
    buf_init(&errors, 65536);
    bool ok = file_read(s->file, POLICY_LIMIT, &s->arena, &text, err) &&
              (policy_load(s->file, &s->arena, &policy, &errors) || err_set(err, ERR_INPUT, "%.800s", errors.p));
    buf_release(&errors);
    if (!ok)
        return false;
    *ret = (struct filing_signing){ .purpose = FILING_SIGN_POLICY,
                                    .policy_version = str_from(policy_version(policy)),
                                    .policy_digest = str_from(digest_hex(text, digest)) };
    return true;
}

/* Reads the command line and does the one step of the command. */
static int carry_out(const struct cli_usage *usage, int argc, char **argv, struct signing *s, bool needs_trust,
                     int (*step)(const struct cli_usage *, struct signing *))
{
    int status = cli_parse(usage, argc, argv, &s->file);
    if (status != CLI_GO)
        return status;
    if (s->request != NULL && !cli_number(usage, "request", s->request, 1, INT64_MAX, &s->id))
        return CLI_USAGE;
    arena_init(&s->arena, 0);
    status = begin(usage, s, needs_trust);
    if (status == CLI_GO)
        status = step(usage, s);
    end(s);
    return status;
}

static int write_request(const struct cli_usage *usage, struct signing *s)
{
    struct err err = { 0 };
    const struct filing_access access = { .actor = &s->actor };
    struct filing_signing wanted;
    struct filing_signature signature;
    char digest[DIGEST_HEX];
    int64_t id;
    if (!read_policy(s, &wanted, digest, &err) ||
        !filing_signature_ask(s->db, &s->context, &s->actor, &wanted, &id, NULL, &err) ||
        !filing_signature_read(s->db, &s->context, &access, id, &s->arena, &signature, &err) ||
        !file_write(s->out, signature.content, &err))
        return cli_fail(usage, &err);
    printf("request %" PRId64 ": sign %s, then tirkeu policy approve --request %" PRId64 "\n", id, s->out, id);
    return CLI_OK;
}

int policy_sign_request(int argc, char **argv)
{
    struct signing s = { 0 };
    const struct cli_option table[] = {
        SERVICE_DATABASE(s.common),
        SERVICE_TRUST(s.common),
        APPROVER(s),
        { .name = "out", .value = "FILE", .about = "where the bytes to be signed are written", .text = &s.out, .required = true },
        DEMONSTRATION(s),
    };
    const struct cli_usage usage = {
        .command = "tirkeu policy sign-request",
        .about = "Asks for the approval of a policy file: writes what the second person is to sign.",
        .arguments = "FILE",
        .arguments_least = 1,
        .arguments_most = 1,
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    return carry_out(&usage, argc, argv, &s, true, write_request);
}

static int put(const struct cli_usage *usage, struct signing *s)
{
    const struct filing_access access = { .actor = &s->actor };
    struct filing_signature_result result;
    struct err err = { 0 };
    struct str cms;
    if (!file_read(s->file, FILING_CMS_MAX, &s->arena, &cms, &err) ||
        !filing_signature_put(s->db, &s->context, &access, s->id, cms, &result, &err))
        return cli_fail(usage, &err);
    bool said = result.reason != EDS_OK;
    printf("%s%s%s\n", filing_signature_state_name(result.state), said ? ": " : "", said ? eds_reason_name(result.reason) : "");
    return result.state == FILING_SIGNATURE_GOOD ? CLI_OK : result.state == FILING_SIGNATURE_CHECKING ? NOT_KNOWN_YET : CLI_NO;
}

int policy_approve(int argc, char **argv)
{
    struct signing s = { 0 };
    const struct cli_option table[] = {
        SERVICE_DATABASE(s.common),
        SERVICE_TRUST(s.common),
        APPROVER(s),
        { .name = "request", .value = "N", .about = "of tirkeu policy sign-request", .text = &s.request, .required = true },
        DEMONSTRATION(s),
    };
    const struct cli_usage usage = {
        .command = "tirkeu policy approve",
        .about =
            "Takes the signature (CMS) that approves a policy file. Exit status: 0 good, 1 refused, 3 kept, and being checked\n"
            "by the courier.",
        .arguments = "SIGNATURE",
        .arguments_least = 1,
        .arguments_most = 1,
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    return carry_out(&usage, argc, argv, &s, true, put);
}

static int tell(const struct cli_usage *usage, struct signing *s)
{
    struct filing_signing wanted;
    struct err err = { 0 };
    char digest[DIGEST_HEX];
    bool approved;
    if (!read_policy(s, &wanted, digest, &err) || !filing_policy_approved(s->db, wanted.policy_digest, s->iin, &approved, &err))
        return cli_fail(usage, &err);
    printf("%s\n", approved ? "approved by somebody else than the author" : "not approved by anybody else than the author");
    return approved ? CLI_OK : CLI_NO;
}

int policy_approved(int argc, char **argv)
{
    struct signing s = { 0 };
    const struct cli_option table[] = {
        SERVICE_DATABASE(s.common),
        { .name = "author",
          .value = "IIN",
          .about = "who wrote it: the own signature does not count",
          .text = &s.person,
          .required = true },
    };
    const struct cli_usage usage = {
        .command = "tirkeu policy approved",
        .about = "Tells whether somebody else than its author has signed this very policy file. Exit status 1: nobody.",
        .arguments = "FILE",
        .arguments_least = 1,
        .arguments_most = 1,
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    return carry_out(&usage, argc, argv, &s, false, tell);
}
