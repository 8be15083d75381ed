/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who signed a policy file, as what.  The row only leads to the evidence: person, state and subject of it can be written by
 * whoever can write to the database, the signature cannot.
 */
#include <inttypes.h>

#include "base/json.h"
#include "filing/filing_signature_impl.h"

/* A signature that counts. */
struct hand {
    int64_t id;
    struct iin author, signer; /* the same: the author's own */
    const struct hand *next;
};

const char *signature_policy_role(struct iin author, struct iin signer)
{
    return iin_equal(author, signer) ? "author" : "second_person";
}

/* What was signed says: this file, by that author, signed by this person in this role. */
static bool read_hand(const struct eds_verdict *verdict, struct str digest, struct hand *h, struct err *err)
{
    json_t *root = NULL;
    if (verdict->signers != 1 || !json_parse(verdict->content, &root, err))
        return err_set(err, ERR_INPUT, "signature %" PRId64 " is of something else", h->id);
    struct str author = json_member(root, "author"), signer = json_member(root, "signer");
    bool fine = true;
    if (!str_is(json_member(root, "purpose"), filing_signature_purpose_name(FILING_SIGN_POLICY)) ||
        !str_equal(json_member(root, "policy_sha256"), digest))
        fine = err_set(err, ERR_INPUT, "signature %" PRId64 " is of other bytes", h->id);
    else if (iin_parse(author, &h->author) != IIN_PERSON || iin_parse(signer, &h->signer) != IIN_PERSON ||
             !str_equal(signer, verdict->signer[0].iin))
        fine = err_set(err, ERR_INPUT, "signature %" PRId64 " does not say who wrote the file and who signs it", h->id);
    else if (!str_is(json_member(root, "signs_as"), signature_policy_role(h->author, h->signer)))
        fine = err_set(err, ERR_INPUT, "signature %" PRId64 " is in another role than the signer's", h->id);
    json_decref(root);
    return fine;
}

static bool counts(struct db *db, const struct eds_trust *trust, struct db_query *row, struct str digest, struct hand *ret,
                   struct err *err)
{
    struct eds_verdict verdict;
    struct arena arena;
    struct hand h = { .id = db_int(row, 0) };
    if (db_is_null(row, 1))
        return err_set(err, ERR_INPUT, "signature %" PRId64 ": its evidence is gone", h.id);
    arena_init(&arena, 0);
    bool fine = signature_record_holds(db, trust, h.id, arena_str(&arena, db_str(row, 1)), &arena, &verdict, err) &&
                read_hand(&verdict, digest, &h, err);
    arena_release(&arena);
    if (fine)
        *ret = h;
    return fine;
}

/* All that count, newest first; *why: what the last one lacks that does not. */
static bool gather(struct db *db, const struct eds_trust *trust, struct str digest, struct arena *arena, const struct hand **ret,
                   struct err *why, struct err *err)
{
    static const char select[] =
        "SELECT id, record FROM signature WHERE purpose = 'policy' AND subject = $1 AND state = 'good' ORDER BY id";
    struct hand found;
    struct db_query q;
    if (!filing_query(db, &q, select, VALUES(v_str(digest)), err))
        return false;
    while (why->kind != ERR_SYSTEM && db_row(&q)) {
        if (!counts(db, trust, &q, digest, &found, why))
            continue;
        struct hand *h = ARENA_NEW(arena, struct hand);
        *h = found;
        h->next = *ret;
        *ret = h;
    }
    if (!db_finish(&q, err))
        return false;
    if (why->kind == ERR_SYSTEM)
        *err = *why;
    return why->kind != ERR_SYSTEM;
}

static const struct hand *author_of(const struct hand *all, struct iin author)
{
    while (all && !(iin_equal(all->author, author) && iin_equal(all->signer, author)))
        all = all->next;
    return all;
}

/* Both, or the one that is there: of the second person if there is any, for it names the author. */
static struct filing_approval pair(const struct hand *all)
{
    struct filing_approval r = { 0 };
    for (const struct hand *h = all; h; h = h->next) {
        const struct hand *author = author_of(all, h->author);
        if (!iin_equal(h->author, h->signer) && (!r.second || author))
            r = (struct filing_approval){ .author = author ? author->id : 0, .second = h->id };
        else if (!r.second)
            r.author = h->id;
    }
    return r;
}

static bool is_whole(const struct filing_approval *a, const struct err *why, struct err *err)
{
    if (a->author && a->second)
        return true;
    const char *lacks = a->author   ? "a second person, other than the author, has not signed exactly these bytes"
                        : a->second ? "the author whom the second person names has not signed exactly these bytes"
                                    : "nobody has signed exactly these bytes, neither the author nor a second person";
    return err_set(err, ERR_FORBIDDEN, "%s%s%s", lacks, why->kind ? "; " : "", why->kind ? why->text : "");
}

bool filing_policy_approval(struct db *db, const struct eds_trust *trust, struct str policy_digest, struct filing_approval *ret,
                            struct err *err)
{
    const struct hand *all = NULL;
    struct err why = { 0 };
    struct arena arena;
    *ret = (struct filing_approval){ 0 };
    if (!trust)
        return err_set(err, ERR_FORBIDDEN, "without a trust folder no approval can be verified");
    arena_init(&arena, 0);
    bool ok = gather(db, trust, policy_digest, &arena, &all, &why, err);
    if (ok)
        *ret = pair(all);
    arena_release(&arena);
    return ok && is_whole(ret, &why, err);
}
