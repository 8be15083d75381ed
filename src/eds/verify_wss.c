/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WS-Security of the state gateway: wsse:Security in the Header of a SOAP 1.1 envelope holds one signature over soap:Body alone,
 * with exclusive C14N.  The older profile has ds:Signature in the Header itself and a Body with Id.
 * What counts is the Body that is the child of the Envelope; a signature over another element of that Id is refused.
 */
#include "eds/xml.h"

#include <stdio.h>

struct envelope {
    xmlNode *root, *header, *body, *signature;
    bool old_profile;
};

static size_t count(const xmlNode *parent, const char *name, const char *name_space)
{
    size_t n = 0;
    for (const xmlNode *child = dsig_element(parent); child; child = dsig_sibling(child))
        n += dsig_is(child, name, name_space);
    return n;
}

static size_t count_below(xmlNode *root, const char *name, const char *name_space)
{
    size_t n = 0;
    for (xmlNode *node = root; node; node = dsig_walk(root, node))
        n += dsig_is(node, name, name_space);
    return n;
}

static enum eds_reason find_parts(xmlNode *root, struct envelope *e)
{
    e->root = root;
    if (!dsig_is(root, "Envelope", XML_SOAP) || count(root, "Header", XML_SOAP) > 1 || count(root, "Body", XML_SOAP) != 1)
        return EDS_FORM_UNREADABLE;
    e->header = dsig_child(root, "Header", XML_SOAP);
    e->body = dsig_child(root, "Body", XML_SOAP);
    if (!e->header)
        return EDS_SIGNERS_NONE;
    if (count(e->header, "Security", XML_WSSE) > 1)
        return EDS_FORM_WRAPPED;
    xmlNode *security = dsig_child(e->header, "Security", XML_WSSE), *holder = security ? security : e->header;
    e->old_profile = !security;
    e->signature = dsig_child(holder, "Signature", XML_DSIG);
    if (!e->signature)
        return EDS_SIGNERS_NONE;
    /* Signatures of the business data inside of Body are the business of whoever reads it. */
    return count(holder, "Signature", XML_DSIG) == 1 && count_below(e->header, "Signature", XML_DSIG) == 1 ? EDS_OK
                                                                                                           : EDS_FORM_WRAPPED;
}

static bool is_id(const xmlAttr *attribute, const char *value)
{
    const char *name = (const char *)attribute->name;
    if (strcmp(name, "Id") != 0 && strcmp(name, "ID") != 0 && strcmp(name, "id") != 0)
        return false;
    xmlChar *given = xmlNodeListGetString(attribute->doc, attribute->children, 1);
    bool same = given && strcmp((const char *)given, value) == 0;
    xmlFree(given);
    return same;
}

/* How many elements have this Id, in whatever spelling; *ret_body: the Body is one of them. */
static size_t elements_with_id(const struct envelope *e, const char *value, bool *ret_body)
{
    size_t n = 0;
    *ret_body = false;
    for (xmlNode *node = e->root; node; node = dsig_walk(e->root, node)) {
        for (const xmlAttr *a = node->type == XML_ELEMENT_NODE ? node->properties : NULL; a; a = a->next) {
            if (!is_id(a, value))
                continue;
            n++;
            bool in_wsu = a->ns && a->ns->href && strcmp((const char *)a->ns->href, XML_WSU) == 0;
            if (node == e->body && (e->old_profile ? !a->ns : in_wsu))
                *ret_body = true;
        }
    }
    return n;
}

static bool profile_fits(struct check *check, const struct envelope *e, const struct dsig_signature *s)
{
    bool is_body;
    size_t n = s->uri[0] == '#' ? elements_with_id(e, s->uri + 1, &is_body) : 0;
    if (n != 1 || !is_body)
        return check_step(check, EDS_STEP_FORM, 0, TRI_NO, EDS_FORM_WRAPPED, "the Reference is not to the Body and nothing else");
    if (!e->old_profile && (s->enveloped || s->content->comments || s->method->comments))
        return check_step(check, EDS_STEP_FORM, 0, TRI_NO, EDS_FORM_UNKNOWN_PART, "transforms of another profile");
    if (!s->content->comments && dsig_has_comments(e->body))
        return check_step(check, EDS_STEP_FORM, 0, TRI_NO, EDS_FORM_UNKNOWN_PART, "comments that are not signed");
    return check_step(check, EDS_STEP_FORM, 0, TRI_YES, e->old_profile ? EDS_FORM_OLD_PROFILE : EDS_OK, "%s", "");
}

static void verify(struct check *check, xmlDoc *doc, const struct envelope *e)
{
    struct dsig_signature s;
    struct buf content = { 0 };
    enum eds_step_kind step;
    char detail[160];
    enum eds_reason reason = dsig_signature_read(e->signature, check->arena, &s, &step, detail);
    if (reason != EDS_OK) {
        check_step(check, step, 0, TRI_NO, reason, "%s", detail);
    } else if (profile_fits(check, e, &s)) {
        signer_describe(check, 0, s.certificate, x509_der(check->arena, s.certificate));
        check->signer[0].signature_value = s.signature_value;
        bool fine = dsig_canonicalize(doc, e->body, s.content, &content) || dsig_not_canonical(check, 0);
        if (fine && check->request->content.p && !str_equal(check->request->content, buf_str(&content)))
            fine = check_step(check, EDS_STEP_CONTENT, 0, TRI_NO, EDS_CONTENT_DIFFERS, "%s", "");
        if (fine && dsig_signature_steps(check, 0, &s, buf_str(&content))) {
            check->verdict->content = check_bytes(check, content.p, content.n);
            signer_check(check, 0, &(struct signed_by){ .certificate = s.certificate });
        }
    }
    buf_release(&content);
    dsig_signature_release(&s);
}

void verify_wss(struct check *check)
{
    xmlDoc *doc;
    struct envelope envelope = { 0 };
    enum eds_reason reason = dsig_open(check->request->signature, &doc);
    if (reason != EDS_OK) {
        check_step(check, EDS_STEP_FORM, -1, TRI_NO, reason, "not XML without DOCTYPE in its plain form");
        return;
    }
    reason = find_parts(xmlDocGetRootElement(doc), &envelope);
    if (reason == EDS_SIGNERS_NONE) {
        check_pass(check, EDS_STEP_FORM, -1);
        check_step(check, EDS_STEP_SIGNERS, -1, TRI_NO, reason, "%s", "");
    } else if (reason != EDS_OK) {
        check_step(check, EDS_STEP_FORM, -1, TRI_NO, reason, "not an envelope with one signature in its place");
    } else {
        check_pass(check, EDS_STEP_SIGNERS, -1);
        check->verdict->signers = 1;
        verify(check, doc, &envelope);
    }
    xmlFreeDoc(doc);
}
