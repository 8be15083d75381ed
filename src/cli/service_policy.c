/* SPDX-License-Identifier: Apache-2.0 */
/* A policy other than the built-in one: read once, and only with the signatures of its author and of a second person. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "cli/service.h"
#include "filing/filing_signature.h"

enum { FILE_LIMIT = 1 << 22, ERRORS_LIMIT = 1 << 16 };

bool service_read_policy(const char *path, struct arena *arena, const struct policy **ret, struct str *ret_bytes)
{
    struct err err = { 0 };
    struct buf errors;
    buf_init(&errors, ERRORS_LIMIT);
    bool read = file_read(path, FILE_LIMIT, arena, ret_bytes, &err);
    if (!read)
        buf_addf(&errors, "%s\n", err.text);
    bool ok = read && policy_parse(path, *ret_bytes, arena, ret, &errors);
    fwrite(errors.p, 1, errors.n, stderr);
    buf_release(&errors);
    return ok;
}

static bool find_approval(const struct service_options *options, const struct eds_trust *trust, struct str digest,
                          struct filing_approval *ret, struct err *err)
{
    struct db *db;
    if (!service_open_database(options->database, true, &db, err))
        return false;
    bool found = filing_policy_approval(db, trust, digest, ret, err);
    db_close(db);
    return found;
}

static void say_how(const char *who, const char *signer, const char *database, const char *file)
{
    fprintf(stderr,
            "%s signs a policy file with\n"
            "  tirkeu policy sign-request --database %s --trust DIR --author AUTHOR --signer %s --out BYTES %s\n"
            "  tirkeu policy approve --database %s --trust DIR --signer %s --request N SIGNATURE\n",
            who, database, signer, file, database, signer);
}

void service_say_approval(const char *database, const char *file, const struct filing_approval *approval)
{
    if (!approval->author)
        say_how("its author", "AUTHOR", database, file);
    if (!approval->second)
        say_how("a second person", "SECOND", database, file);
    fprintf(stderr,
            "AUTHOR and SECOND are the IINs of two people; whether both have signed:\n"
            "  tirkeu policy approved --database %s --trust DIR %s\n",
            database, file);
}

bool service_check_policy(const struct service_options *options, const struct service_policy *policy, bool demonstration,
                          const struct eds_trust *trust, struct err *err)
{
    const char *version = policy_version(policy->policy);
    char digest[DIGEST_HEX];
    struct filing_approval approval = { 0 };
    if (strcmp(version, policy_version(policy_default())) == 0)
        return true;
    digest_hex(policy->bytes, digest);
    if (find_approval(options, trust, str_from(digest), &approval, err)) {
        log_info("policy=%s sha256=%s approved author_signature=%" PRId64 " second_signature=%" PRId64, version, digest,
                 approval.author, approval.second);
        return true;
    }
    if (err->kind != ERR_FORBIDDEN)
        return false;
    if (demonstration) {
        log_warn("policy=%s sha256=%s not approved, allowed in the demonstration: %s", version, digest, err->text);
        return true;
    }
    service_say_approval(options->database, options->policy, &approval);
    return err_prefix(err, "--policy %.120s (version %s, SHA-256 %s) is not approved by two people", options->policy, version,
                      digest);
}
