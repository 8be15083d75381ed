/* SPDX-License-Identifier: Apache-2.0 */
/* A policy other than the built-in one: read once, and only with the approval of a second person. */
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
                          int64_t *ret_signature, struct err *err)
{
    struct db *db;
    if (!service_open_database(options->database, true, &db, err))
        return false;
    bool found = filing_policy_approval(db, trust, digest, ret_signature, err);
    db_close(db);
    return found;
}

static void say_how(const struct service_options *options)
{
    const char *database = options->database, *file = options->policy;
    fprintf(stderr,
            "a second person approves a policy file with\n"
            "  tirkeu policy sign-request --database %s --trust DIR --author IIN --approver IIN --out BYTES %s\n"
            "  tirkeu policy approve --database %s --trust DIR --approver IIN --request N SIGNATURE\n"
            "  tirkeu policy approved --database %s --trust DIR %s\n",
            database, file, database, database, file);
}

bool service_check_policy(const struct service_options *options, const struct service_policy *policy, bool demonstration,
                          const struct eds_trust *trust, struct err *err)
{
    const char *version = policy_version(policy->policy);
    char digest[DIGEST_HEX];
    int64_t signature;
    if (strcmp(version, policy_version(policy_default())) == 0)
        return true;
    digest_hex(policy->bytes, digest);
    if (find_approval(options, trust, str_from(digest), &signature, err)) {
        log_info("policy=%s sha256=%s approved signature=%" PRId64, version, digest, signature);
        return true;
    }
    if (err->kind != ERR_FORBIDDEN)
        return false;
    if (demonstration) {
        log_warn("policy=%s sha256=%s not approved, allowed in the demonstration: %s", version, digest, err->text);
        return true;
    }
    say_how(options);
    return err_prefix(err, "--policy %.120s (version %s, SHA-256 %s) is not approved by a second person", options->policy,
                      version, digest);
}
