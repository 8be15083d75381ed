/* SPDX-License-Identifier: Apache-2.0 */
/* A change of norms and readings is signed by its author and by a second person: what to sign, the signature, whether both have
 * signed. */
#include <inttypes.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/file.h"
#include "cli/policy_sign.h"
#include "cli/service.h"
#include "eds/eds.h"
#include "filing/filing_signature.h"

enum { NOT_KNOWN_YET = 3 };

struct signing {
    struct service_options common;
    const char *signer, *author, *request, *out, *file; /* options and argument */
    bool demonstration;
    int64_t id; /* of the request */
    struct iin signer_iin, author_iin;
    struct arena arena;
    struct eds_trust *trust;
    struct db *db;
    struct filing_context context;
    struct filing_actor actor;
};

#define SIGNER(s)                                                                                                                \
    {                                                                                                                            \
        .name = "signer", .value = "IIN", .about = "who signs: the author, or a second person", .text = &(s).signer,             \
        .required = true                                                                                                         \
    }
#define DEMONSTRATION(s)                                                                                                         \
    {                                                                                                                            \
        .name = "demonstration", .about = "the certificates are of a test authority", .flag = &(s).demonstration                 \
    }

static bool is_person(const char *text, struct iin *ret) { return !text || iin_parse(str_from(text), ret) == IIN_PERSON; }

static int begin(const struct cli_usage *usage, struct signing *s)
{
    struct err err = { 0 };
    if (!is_person(s->signer, &s->signer_iin) || !is_person(s->author, &s->author_iin))
        return cli_usage_error(usage, "author and signer are named by the IIN of a person");
    if (!s->common.trust)
        return cli_usage_error(usage, "--trust is needed: a signature is verified with it");
    if (!service_check_database(s->common.database, &err) || !service_open_trust(&s->common, s->demonstration, &s->trust, &err) ||
        !service_open_database(s->common.database, false, &s->db, &err))
        return cli_fail(usage, &err);
    s->context = (struct filing_context){ .now = moment_now(), .trust = s->trust, .demonstration = s->demonstration };
    s->actor = (struct filing_actor){ .person = s->signer_iin, .role = FILING_CITIZEN, .channel = LAW_PORTAL };
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
    if (!service_read_policy(s->file, &s->arena, &policy, &text))
        return err_set(err, ERR_INPUT, "%s is not a policy", s->file);
    *ret = (struct filing_signing){ .purpose = FILING_SIGN_POLICY,
                                    .policy_version = str_from(policy_version(policy)),
                                    .policy_digest = str_from(digest_hex(text, digest)),
                                    .policy_author = s->author_iin };
    return true;
}

/* Reads the command line and does the one step of the command. */
static int carry_out(const struct cli_usage *usage, int argc, char **argv, struct signing *s,
                     int (*step)(const struct cli_usage *, struct signing *))
{
    int status = cli_parse(usage, argc, argv, &s->file);
    if (status != CLI_GO)
        return status;
    if (s->request != NULL && !cli_number(usage, "request", s->request, 1, INT64_MAX, &s->id))
        return CLI_USAGE;
    arena_init(&s->arena, 0);
    status = begin(usage, s);
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
    const char *role = iin_equal(s->signer_iin, s->author_iin) ? "as the author" : "as a second person";
    printf("request %" PRId64 ": sign %s %s, then tirkeu policy approve --request %" PRId64 "\n", id, s->out, role, id);
    return CLI_OK;
}

int policy_sign_request(int argc, char **argv)
{
    struct signing s = { 0 };
    const struct cli_option table[] = {
        SERVICE_DATABASE(s.common),
        SERVICE_TRUST(s.common),
        { .name = "author", .value = "IIN", .about = "who wrote the file", .text = &s.author, .required = true },
        SIGNER(s),
        { .name = "out", .value = "FILE", .about = "where the bytes to be signed are written", .text = &s.out, .required = true },
        DEMONSTRATION(s),
    };
    const struct cli_usage usage = {
        .command = "tirkeu policy sign-request",
        .about =
            "Asks for the approval of a policy file: writes what its author is to sign, or (another --signer) a second person.\n"
            "Both are needed.",
        .arguments = "FILE",
        .arguments_least = 1,
        .arguments_most = 1,
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    return carry_out(&usage, argc, argv, &s, write_request);
}

static int put(const struct cli_usage *usage, struct signing *s)
{
    const struct filing_access access = { .actor = &s->actor };
    struct filing_signature_result result;
    struct filing_check *check;
    struct err err = { 0 };
    struct str cms;
    if (!file_read(s->file, FILING_CMS_MAX, &s->arena, &cms, &err) ||
        !filing_signature_check(s->db, &s->context, &access, s->id, cms, &s->arena, &check, &err) ||
        !filing_signature_put(s->db, &s->context, &access, s->id, cms, check, &result, &err))
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
        SIGNER(s),
        { .name = "request", .value = "N", .about = "of tirkeu policy sign-request", .text = &s.request, .required = true },
        DEMONSTRATION(s),
    };
    const struct cli_usage usage = {
        .command = "tirkeu policy approve",
        .about = "Takes the signature (CMS) of the author or of the second person. Exit status: 0 good, 1 refused, 3 kept, and\n"
                 "being checked by the courier.",
        .arguments = "SIGNATURE",
        .arguments_least = 1,
        .arguments_most = 1,
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    return carry_out(&usage, argc, argv, &s, put);
}

static int tell(const struct cli_usage *usage, struct signing *s)
{
    struct filing_signing wanted;
    struct err err = { 0 };
    char digest[DIGEST_HEX];
    struct filing_approval approval;
    if (!read_policy(s, &wanted, digest, &err))
        return cli_fail(usage, &err);
    bool approved = filing_policy_approval(s->db, s->trust, wanted.policy_digest, &approval, &err);
    if (!approved && err.kind != ERR_FORBIDDEN)
        return cli_fail(usage, &err);
    if (approved) {
        printf("approved by its author, signature %" PRId64 ", and by a second person, signature %" PRId64 "\n", approval.author,
               approval.second);
        return CLI_OK;
    }
    printf("not approved: %s\n", err.text);
    service_say_approval(s->common.database, s->file, &approval);
    return CLI_NO;
}

int policy_approved(int argc, char **argv)
{
    struct signing s = { 0 };
    const struct cli_option table[] = { SERVICE_DATABASE(s.common), SERVICE_TRUST(s.common), DEMONSTRATION(s) };
    const struct cli_usage usage = {
        .command = "tirkeu policy approved",
        .about =
            "Verifies once more that its author and a second person have signed this very policy file, as serve and courier\n"
            "do at their start. Exit status 1: one of them has not, or the evidence does not hold.",
        .arguments = "FILE",
        .arguments_least = 1,
        .arguments_most = 1,
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    return carry_out(&usage, argc, argv, &s, tell);
}
