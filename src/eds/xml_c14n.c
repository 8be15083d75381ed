/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/xml.h"

#include <libxml/c14n.h>
#include <libxml/xmlerror.h>

const struct dsig_canonical *dsig_canonical_of(const char *uri)
{
    static const struct dsig_canonical methods[] = {
        { "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", XML_C14N_1_0, false },
        { "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments", XML_C14N_1_0, true },
        { "http://www.w3.org/2001/10/xml-exc-c14n#", XML_C14N_EXCLUSIVE_1_0, false },
        { "http://www.w3.org/2001/10/xml-exc-c14n#WithComments", XML_C14N_EXCLUSIVE_1_0, true },
    };
    for (size_t i = 0; uri && i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(uri, methods[i].uri) == 0)
            return &methods[i];
    }
    return NULL;
}

/* Attributes and namespaces go with the element that they stand on. */
static int inside(void *root, xmlNode *node, xmlNode *parent)
{
    if (node->type == XML_NAMESPACE_DECL || node->type == XML_ATTRIBUTE_NODE)
        node = parent;
    while (node && node != root)
        node = node->parent;
    return node != NULL;
}

bool dsig_not_canonical(struct check *check, int signer)
{
    return check_step(check, EDS_STEP_CONTENT, signer, TRI_NO, EDS_FORM_UNREADABLE, "no canonical form");
}

/* Else libxml2 writes to standard error what it does not like. */
static void say_nothing(void *ctx, xmlError *error) { (void)ctx, (void)error; }

bool dsig_canonicalize(xmlDoc *doc, const xmlNode *root, const struct dsig_canonical *how, struct buf *ret)
{
    xmlOutputBuffer *out = xmlAllocOutputBuffer(NULL);
    buf_init(ret, 4 * (size_t)EDS_XML_MAX);
    xmlSetStructuredErrorFunc(NULL, say_nothing);
    bool fine =
        out && xmlC14NExecute(doc, root ? inside : NULL, (void *)(uintptr_t)root, how->mode, NULL, how->comments, out) >= 0;
    xmlSetStructuredErrorFunc(NULL, NULL);
    if (fine)
        buf_add(ret, xmlOutputBufferGetContent(out), xmlOutputBufferGetSize(out));
    xmlOutputBufferClose(out);
    return fine && !ret->over && ret->n > 0;
}
