/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document with enveloped signatures, as NCALayer makes them: each is a child of the root and covers the whole document with
 * the signatures before it.  So the last one is verified first and taken out, then the one before it.
 */
#include "eds/xml.h"

#include <stdio.h>

struct found {
    xmlNode *node[EDS_SIGNERS_MAX];
    size_t count;
    bool elsewhere; /* one is not a child of the root, or there are too many */
};

static struct found find_signatures(xmlNode *root)
{
    struct found found = { 0 };
    for (xmlNode *node = root; node; node = dsig_walk(root, node)) {
        if (!dsig_is(node, "Signature", XML_DSIG))
            continue;
        if (node->parent != root || found.count == EDS_SIGNERS_MAX)
            found.elsewhere = true;
        else
            found.node[found.count++] = node;
    }
    return found;
}

static bool signers_fit(struct check *check, const struct found *found)
{
    if (found->elsewhere)
        return check_step(check, EDS_STEP_FORM, -1, TRI_NO, EDS_FORM_WRAPPED, "a Signature that is not a child of the root");
    check_pass(check, EDS_STEP_FORM, -1);
    if (found->count == 0)
        return check_step(check, EDS_STEP_SIGNERS, -1, TRI_NO, EDS_SIGNERS_NONE, "%s", "");
    if (found->count > check->most)
        return check_step(check, EDS_STEP_SIGNERS, -1, TRI_NO, EDS_SIGNERS_TOO_MANY, "%zu", found->count);
    return check_pass(check, EDS_STEP_SIGNERS, -1);
}

/* The document without this signature, in the form that is digested. */
static bool canonical_without(xmlDoc *doc, xmlNode *signature, const struct dsig_canonical *how, struct buf *ret)
{
    xmlNode *after = signature->next, *parent = signature->parent;
    xmlUnlinkNode(signature);
    bool fine = dsig_canonicalize(doc, NULL, how, ret);
    if (after)
        xmlAddPrevSibling(after, signature);
    else
        xmlAddChild(parent, signature);
    return fine;
}

/* What should have been signed, in the same canonical form. */
static bool is_expected(struct str expected, struct str canonical, const struct dsig_canonical *how)
{
    xmlDoc *doc;
    struct buf again;
    if (!expected.p || str_equal(expected, canonical))
        return true;
    if (dsig_open(expected, &doc) != EDS_OK)
        return false;
    bool same = dsig_canonicalize(doc, NULL, how, &again) && str_equal(buf_str(&again), canonical);
    buf_release(&again);
    xmlFreeDoc(doc);
    return same;
}

static bool profile_fits(struct check *check, int signer, xmlDoc *doc, const struct dsig_signature *s)
{
    if (s->uri[0] != '\0')
        return check_step(check, EDS_STEP_FORM, signer, TRI_NO, EDS_FORM_WRAPPED, "the Reference is not to the whole document");
    if (!s->enveloped)
        return check_step(check, EDS_STEP_FORM, signer, TRI_NO, EDS_FORM_UNKNOWN_PART, "no enveloped-signature transform");
    if (!s->content->comments && dsig_has_comments((const xmlNode *)doc))
        return check_step(check, EDS_STEP_FORM, signer, TRI_NO, EDS_FORM_UNKNOWN_PART, "comments that are not signed");
    return true;
}

static void one_signature(struct check *check, int signer, xmlDoc *doc, xmlNode *node)
{
    struct dsig_signature s;
    struct buf content = { 0 };
    enum eds_step_kind step;
    char detail[160];
    enum eds_reason reason = dsig_signature_read(node, check->arena, &s, &step, detail);
    if (reason != EDS_OK) {
        check_step(check, step, signer, TRI_NO, reason, "%s", detail);
    } else if (profile_fits(check, signer, doc, &s)) {
        signer_describe(check, signer, s.certificate, x509_der(check->arena, s.certificate));
        check->signer[signer].signature_value = s.signature_value;
        bool fine = canonical_without(doc, node, s.content, &content) || dsig_not_canonical(check, signer);
        if (signer == 0 && fine && !is_expected(check->request->content, buf_str(&content), s.content))
            fine = check_step(check, EDS_STEP_CONTENT, signer, TRI_NO, EDS_CONTENT_DIFFERS, "%s", "");
        if (fine && dsig_signature_steps(check, signer, &s, buf_str(&content))) {
            if (signer == 0) /* the document without any signature */
                check->verdict->content = check_bytes(check, content.p, content.n);
            signer_check(check, signer, &(struct signed_by){ .certificate = s.certificate });
        }
    }
    buf_release(&content);
    dsig_signature_release(&s);
}

void verify_xml(struct check *check)
{
    xmlDoc *doc;
    enum eds_reason reason = dsig_open(check->request->signature, &doc);
    if (reason != EDS_OK) {
        check_step(check, EDS_STEP_FORM, -1, TRI_NO, reason, "not XML without DOCTYPE in its plain form");
        return;
    }
    struct found found = find_signatures(xmlDocGetRootElement(doc));
    if (signers_fit(check, &found)) {
        check->verdict->signers = found.count;
        for (size_t i = found.count; i-- > 0;) {
            one_signature(check, (int)i, doc, found.node[i]);
            xmlUnlinkNode(found.node[i]);
            xmlFreeNode(found.node[i]);
        }
    }
    xmlFreeDoc(doc);
}
