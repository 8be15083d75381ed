/* SPDX-License-Identifier: Apache-2.0 */
/* A policy other than the built-in one needs the signatures of two people outside the demonstration. */
#include <stdlib.h>
#include <unistd.h>

#include "eds_answers.h"
#include "filing_desk.h"
#include "base/file.h"
#include "base/log.h"
#include "cli/service.h"
#include "filing/filing_signature.h"

#define OTHER_NORM "[norm.area_per_person]\nvalue = 12\nfrom = 2026-01-01\n"

static struct authority authority;
static struct subscriber author_key, second_key;
static char folder[] = "/tmp/tirkeu-approval-XXXXXX", database[64], file[64];

struct office {
    struct service_options options;
    struct service_policy policy;
    struct arena arena;
    struct err err;
};

static void office_open(struct office *o, const char *text)
{
    *o = (struct office){ .options = { .database = database, .policy = file } };
    arena_init(&o->arena, 0);
    assert_true(file_write(file, str_from(text), &o->err));
    assert_true(service_read_policy(file, &o->arena, &o->policy.policy, &o->policy.bytes));
}

static bool may_start(struct office *o, bool demonstration, const struct eds_trust *trust)
{
    return service_check_policy(&o->options, &o->policy, demonstration, trust, &o->err);
}

static void refused(struct office *o, const char *why)
{
    char digest[DIGEST_HEX];
    assert_false(may_start(o, false, authority.trust));
    assert_int_equal(o->err.kind, ERR_FORBIDDEN);
    const char *const named[] = { why, file, policy_version(o->policy.policy), digest_hex(o->policy.bytes, digest) };
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (!strstr(o->err.text, named[i]))
            fail_msg("%s: not in: %s", named[i], o->err.text);
    }
}

/* What `tirkeu policy sign-request` and `approve` do, and then the courier. */
static void sign(struct office *o, const char *iin, const struct subscriber *key)
{
    struct desk d;
    struct filing_actor signer = citizen(iin);
    const struct filing_access access = { .actor = &signer };
    struct filing_signature s;
    struct filing_signature_result result;
    struct filing_check *check;
    struct filing_fetch f;
    char digest[DIGEST_HEX];
    const struct filing_signing wanted = { .purpose = FILING_SIGN_POLICY,
                                           .policy_version = str_from(policy_version(o->policy.policy)),
                                           .policy_digest = str_from(digest_hex(o->policy.bytes, digest)),
                                           .policy_author = person(AIDOS) };
    int64_t id;
    int count;
    desk_open(&d, database);
    d.context.now = AT;
    d.context.trust = authority.trust;
    OK(&d, filing_signature_ask(d.db, &d.context, &signer, &wanted, &id, NULL, &d.err));
    OK(&d, filing_signature_read(d.db, &d.context, &access, id, &d.arena, &s, &d.err));
    struct str cms = sign_cms(&authority, &d.arena, key, 1, s.content, (struct eds_cms_options){ .detached = true });
    OK(&d, filing_signature_check(d.db, &d.context, &access, id, cms, &d.arena, &check, &d.err));
    OK(&d, filing_signature_put(d.db, &d.context, &access, id, cms, check, &result, &d.err));
    OK(&d, filing_fetches_take(d.db, &d.context, 1, 30000, &d.arena, &f, &count, &d.err));
    assert_int_equal(count, 1);
    const struct ocsp_options good = { .status = V_OCSP_CERTSTATUS_GOOD, .issued = AT, .request = f.request };
    struct str answer = make_ocsp(&authority, &d.arena, key->certificate, authority.nca.certificate, good);
    OK(&d, filing_fetch_done(d.db, &d.context, &f, answer, STR(""), &d.err));
    desk_close(&d);
}

static void what_nobody_approved_starts_only_the_demonstration(void **state)
{
    struct office o;
    (void)state;
    office_open(&o, OTHER_NORM);
    refused(&o, "nobody has signed exactly these bytes");
    assert_true(may_start(&o, true, authority.trust));
    assert_true(may_start(&o, true, NULL));
    arena_release(&o.arena);
}

static void what_says_the_same_as_the_built_in_policy_needs_no_approval(void **state)
{
    struct office o;
    struct buf same;
    (void)state;
    buf_init(&same, 1 << 20);
    policy_write(policy_default(), DAY_NONE, &same);
    office_open(&o, same.p);
    assert_true(may_start(&o, false, NULL));
    buf_release(&same);
    arena_release(&o.arena);
    o = (struct office){ .options = { .database = database }, .policy = { .policy = policy_default() } };
    assert_true(may_start(&o, false, NULL));
}

static void exactly_what_was_approved_starts(void **state)
{
    struct office o;
    (void)state;
    office_open(&o, OTHER_NORM);
    sign(&o, AIDOS, &author_key);
    refused(&o, "a second person, other than the author, has not signed exactly these bytes");
    sign(&o, GULNAR, &second_key);
    assert_true(may_start(&o, false, authority.trust));
    assert_false(may_start(&o, false, NULL));
    assert_non_null(strstr(o.err.text, "without a trust folder"));
    arena_release(&o.arena);

    /* The same policy in other bytes: nobody has read these. */
    office_open(&o, OTHER_NORM "# and nothing else\n");
    refused(&o, "nobody has signed exactly these bytes");
    sign(&o, GULNAR, &second_key);
    refused(&o, "the author whom the second person names has not signed exactly these bytes");
    arena_release(&o.arena);
}

static void evidence_that_was_touched_starts_nothing(void **state)
{
    struct office o;
    struct db *db;
    (void)state;
    office_open(&o, OTHER_NORM);
    assert_true(may_start(&o, false, authority.trust));
    assert_true(db_open(database, false, &db, &o.err));
    assert_true(db_exec(db, "UPDATE signature SET record = replace(record, ':', ': ')", &o.err));
    refused(&o, "is not the one in the audit");
    db_close(db);
    arena_release(&o.arena);
}

static int make_folder(void **state)
{
    struct db *db;
    struct err err;
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(database, sizeof database, "%s/a.db", folder);
    snprintf(file, sizeof file, "%s/policy.ini", folder);
    bool ok = db_open(database, false, &db, &err) && filing_migrate(db, &err);
    db_close(db);
    return ok ? 0 : -1;
}

static int remove_folder(void **state)
{
    static const char *const names[] = { "a.db", "a.db-wal", "a.db-shm", "policy.ini" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[80];
        snprintf(name, sizeof name, "%s/%s", folder, names[i]);
        unlink(name);
    }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_approved_starts_only_the_demonstration),
        cmocka_unit_test(what_says_the_same_as_the_built_in_policy_needs_no_approval),
        cmocka_unit_test(exactly_what_was_approved_starts),
        cmocka_unit_test(evidence_that_was_touched_starts_nothing),
    };
    struct eds_profile profile = person_profile();
    digest_setup();
    eds_setup();
    authority_init(&authority, EDS_RSA_SHA256, NULL);
    profile.iin = AIDOS;
    author_key = subscribe(&authority, &profile, &authority.nca);
    profile.iin = GULNAR;
    second_key = subscribe(&authority, &profile, &authority.nca);
    int failed = cmocka_run_group_tests(tests, make_folder, remove_folder);
    subscriber_free(&author_key);
    subscriber_free(&second_key);
    authority_release(&authority);
    return failed;
}
