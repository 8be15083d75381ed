/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit: every entry's digest covers the one before it, so that a changed, added or removed entry shows.
 * Canonical entry: the JSON array [id, at, person, role, action, filing, purpose, detail].
 */
#include <inttypes.h>
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "filing/filing_impl.h"

#define ENTRY_LIMIT 65536

static const char *const purpose_names[] = {
    [FILING_FOR_APPLICANT] = "applicant",
    [FILING_FOR_OWNER] = "owner",
    [FILING_FOR_CLERK] = "clerk",
    [FILING_FOR_COURIER] = "courier",
};

struct entry {
    int64_t id, at, filing;
    struct str person, role, action, purpose, detail;
};

static void digest_entry(const struct entry *entry, struct str previous, char ret[DIGEST_HEX])
{
    struct buf text;
    struct json j;
    buf_init(&text, ENTRY_LIMIT);
    buf_add_str(&text, previous);
    buf_add_char(&text, '\n');
    json_init(&j, &text);
    json_open_array(&j);
    json_int(&j, entry->id);
    json_int(&j, entry->at);
    json_str(&j, entry->person);
    json_str(&j, entry->role);
    json_str(&j, entry->action);
    json_int(&j, entry->filing);
    json_str(&j, entry->purpose);
    json_str(&j, entry->detail);
    json_end(&j);
    if (text.over)
        BUG("audit entry over %d bytes", ENTRY_LIMIT);
    digest_hex(buf_str(&text), ret);
    buf_release(&text);
}

static bool last_entry(struct db *db, int64_t *ret_id, char ret_digest[DIGEST_HEX], struct err *err)
{
    struct db_query q;
    *ret_id = 0;
    memset(ret_digest, '0', DIGEST_HEX - 1);
    ret_digest[DIGEST_HEX - 1] = '\0';
    if (!db_query(db, &q, "SELECT id, digest FROM audit ORDER BY id DESC LIMIT 1", err))
        return false;
    while (db_row(&q)) {
        struct str digest = db_str(&q, 1);
        *ret_id = db_int(&q, 0);
        if (digest.n == DIGEST_HEX - 1)
            memcpy(ret_digest, digest.p, digest.n);
    }
    return db_finish(&q, err);
}

enum filing_purpose filing_purpose_of(const struct filing_work *w)
{
    if (w->actor->role == FILING_SYSTEM)
        return FILING_FOR_COURIER;
    if (w->actor->role != FILING_CITIZEN)
        return FILING_FOR_CLERK;
    return w->c.id.n == 0 || iin_equal(w->actor->person, w->c.applicant) ? FILING_FOR_APPLICANT : FILING_FOR_OWNER;
}

bool filing_audit(struct filing_work *w, const char *action, enum filing_purpose purpose, const char *detail)
{
    static const char insert[] = "INSERT INTO audit (id, at, person, role, action, filing, purpose, detail, previous, digest) "
                                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    char previous[DIGEST_HEX], digest[DIGEST_HEX], person[IIN_TEXT];
    int64_t last;
    if (!last_entry(w->db, &last, previous, w->err))
        return false;
    struct entry entry = { .id = last + 1,
                           .at = w->context->now.ms,
                           .filing = w->c.id.n,
                           .person = str_from(iin_format(w->actor->person, person)),
                           .role = str_from(filing_role_name(w->actor->role)),
                           .action = str_from(action),
                           .purpose = str_from(purpose_names[purpose]),
                           .detail = str_from(detail) };
    digest_entry(&entry, str_from(previous), digest);
    return filing_run(w->db, insert,
                      VALUES(v_int(entry.id), v_int(entry.at), v_str(entry.person), v_str(entry.role), v_str(entry.action),
                             v_int(entry.filing), v_str(entry.purpose), v_str(entry.detail), v_text(previous), v_text(digest)),
                      w->err);
}

static bool check_entry(struct db_query *q, int64_t expected_id, char previous[DIGEST_HEX], struct err *err)
{
    struct entry entry = { .id = db_int(q, 0),
                           .at = db_int(q, 1),
                           .person = db_str(q, 2),
                           .role = db_str(q, 3),
                           .action = db_str(q, 4),
                           .filing = db_int(q, 5),
                           .purpose = db_str(q, 6),
                           .detail = db_str(q, 7) };
    char digest[DIGEST_HEX];
    if (entry.id != expected_id)
        return err_set(err, ERR_INPUT, "audit: entry %" PRId64 " is missing", expected_id);
    if (!str_is(db_str(q, 8), previous))
        return err_set(err, ERR_INPUT, "audit: entry %" PRId64 " does not follow the one before it", entry.id);
    digest_entry(&entry, str_from(previous), digest);
    if (!str_is(db_str(q, 9), digest))
        return err_set(err, ERR_INPUT, "audit: entry %" PRId64 " was changed", entry.id);
    memcpy(previous, digest, DIGEST_HEX);
    return true;
}

bool filing_audit_verify(struct db *db, int64_t *ret_entries, struct err *err)
{
    static const char all[] =
        "SELECT id, at, person, role, action, filing, purpose, detail, previous, digest FROM audit ORDER BY id";
    struct db_query q;
    struct err broken;
    char previous[DIGEST_HEX];
    int64_t entries = 0;
    bool whole = true;
    memset(previous, '0', DIGEST_HEX - 1);
    previous[DIGEST_HEX - 1] = '\0';
    if (!db_query(db, &q, all, err))
        return false;
    while (whole && db_row(&q)) {
        whole = check_entry(&q, entries + 1, previous, &broken);
        entries += whole;
    }
    if (!db_finish(&q, err))
        return false;
    *ret_entries = entries;
    if (!whole)
        *err = broken;
    return whole;
}
