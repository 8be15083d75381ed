/* SPDX-License-Identifier: Apache-2.0 */
/* From a row of the table to an object. */
#include "stand/authority_wrong.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "stand/authority_impl.h"

enum { OBJECT_MAX = 1 << 20 };

static const char content[] = "Өтініш: тұрғылықты жері бойынша тіркеу, 2026-03-02";

const struct authority_wrong_table authority_wrong_tables[AUTHORITY_WRONG_TABLES] = {
    { authority_wrong_certificates, &authority_wrong_certificates_count },
    { authority_wrong_data, &authority_wrong_data_count },
    { authority_wrong_answers, &authority_wrong_answers_count },
    { authority_wrong_xml, &authority_wrong_xml_count },
    { authority_wrong_wss, &authority_wrong_wss_count },
};

/* ---- the desk ---- */

void authority_desk_open(struct authority_desk *desk, struct authority *authority, struct moment now)
{
    *desk = (struct authority_desk){ .authority = authority, .now = now };
    arena_init(&desk->arena, 0);
}

void authority_desk_clear(struct authority_desk *desk)
{
    for (size_t i = 0; i < desk->holders; i++)
        authority_holder_release(&desk->kept[i]);
    desk->holders = 0;
    arena_reset(&desk->arena);
}

void authority_desk_close(struct authority_desk *desk)
{
    authority_desk_clear(desk);
    arena_release(&desk->arena);
}

struct authority_holder *authority_desk_keep(struct authority_desk *desk, struct authority_holder holder)
{
    if (desk->holders == AUTHORITY_DESK_HOLDERS)
        BUG("more than %d certificates in one object", AUTHORITY_DESK_HOLDERS);
    desk->kept[desk->holders] = holder;
    return &desk->kept[desk->holders++];
}

struct str authority_desk_copy(struct authority_desk *desk, const struct buf *bytes)
{
    struct buf taken = *bytes;
    struct str copy = arena_str(&desk->arena, buf_str(bytes));
    buf_release(&taken);
    return copy;
}

bool authority_desk_put(struct authority_draft *draft, struct authority_object *object, enum eds_form form, struct buf *text,
                        bool fine)
{
    object->request.form = form;
    object->request.content = (struct str){ 0 };
    object->request.signature = authority_desk_copy(draft->desk, text);
    return fine;
}

bool authority_desk_put_xml(struct authority_draft *draft, struct authority_object *object, enum eds_form form,
                            const struct authority_xml *like, const char *digested, const char *before, const char *after)
{
    struct buf text;
    struct authority_xml xml = *like;
    xml.signer = &draft->signer[0];
    xml.digested = str_from(digested);
    buf_init(&text, OBJECT_MAX);
    buf_add_text(&text, before);
    bool fine = authority_xml_sign(&xml, &text, &draft->desk->err);
    buf_add_text(&text, after);
    return authority_desk_put(draft, object, form, &text, fine);
}

static struct str der_of(struct authority_desk *desk, X509 *certificate)
{
    struct buf der;
    buf_init(&der, OBJECT_MAX);
    eds_certificate_write(certificate, &der, &desk->err);
    return authority_desk_copy(desk, &der);
}

/* ---- answers ---- */

bool authority_desk_ocsp(struct authority_draft *draft, X509 *certificate, enum authority_fault fault,
                         struct authority_object *object)
{
    struct authority_desk *desk = draft->desk;
    struct buf request, reply;
    X509 *issuer = authority_office(desk->authority, draft->branch, AUTHORITY_ISSUER)->certificate;
    if (object->request.ocsps == AUTHORITY_DESK_ANSWERS)
        return false;
    buf_init(&request, OBJECT_MAX);
    buf_init(&reply, OBJECT_MAX);
    bool fine =
        eds_ocsp_request(der_of(desk, certificate), der_of(desk, issuer), STR("nonce of this question"), &request, &desk->err);
    if (fine)
        authority_ocsp(desk->authority, buf_str(&request), desk->now, fault, &reply);
    buf_release(&request);
    object->answer[object->request.ocsps++] = authority_desk_copy(desk, &reply);
    object->request.ocsp = object->answer;
    object->request.ocsp_nonce = STR("nonce of this question");
    return fine;
}

bool authority_desk_list(struct authority_draft *draft, enum authority_list list, enum authority_fault fault,
                         struct authority_object *object)
{
    struct buf der;
    struct authority_desk *desk = draft->desk;
    if (object->request.crls == AUTHORITY_DESK_ANSWERS)
        return false;
    buf_init(&der, OBJECT_MAX);
    bool fine = authority_crl(desk->authority, draft->branch, list, desk->now, fault, &der, &desk->err);
    object->list[object->request.crls++] = authority_desk_copy(desk, &der);
    object->request.crl = object->list;
    return fine;
}

bool authority_desk_token(struct authority_draft *draft, struct str over, const struct authority_stamp *like, struct str *ret)
{
    struct authority_desk *desk = draft->desk;
    struct authority_stamp stamp = *like;
    struct buf token;
    unsigned char imprint[EVP_MAX_MD_SIZE];
    unsigned n;
    EVP_PKEY *key = authority_office(desk->authority, draft->branch, AUTHORITY_TSA)->key;
    if (!stamp.signer)
        stamp.signer = authority_office(desk->authority, draft->branch, AUTHORITY_TSA);
    if (stamp.at.ms == 0)
        stamp.at = desk->now;
    if (!stamp.imprint_oid)
        stamp.imprint_oid = authority_digest_oid(key);
    const EVP_MD *digest = EVP_get_digestbyobj(OBJ_nid2obj(OBJ_txt2nid(stamp.imprint_oid)));
    if (!digest || EVP_Digest(over.p, over.n, imprint, &n, digest, NULL) != 1)
        return false;
    stamp.imprint = (struct str){ (const char *)imprint, n };
    buf_init(&token, OBJECT_MAX);
    bool fine = authority_token(&stamp, &token, &desk->err);
    *ret = authority_desk_copy(desk, &token);
    return fine;
}

/* ---- objects ---- */

static void start(struct authority_desk *desk, const struct authority_wrong *wrong, enum authority_branch branch,
                  struct authority_draft *ret)
{
    *ret = (struct authority_draft){
        .desk = desk,
        .branch = branch,
        .role = wrong->role ? wrong->role : AUTHORITY_PERSON_SIGN,
        .subject = { .surname = "ТЕСТОВ", .name = "ТЕСТ", .patronymic = "ТЕСТҰЛЫ", .iin = "123456789011" },
        .issuer = authority_office(desk->authority, branch, AUTHORITY_ISSUER),
    };
    if (ret->role >= AUTHORITY_HEAD) {
        ret->subject.organisation = "ЖШС «Сынақ»";
        ret->subject.bin = "123456789021";
    }
    authority_spec_of(desk->authority, branch, ret->role, &ret->subject, &ret->spec);
}

static bool certify(struct authority_draft *draft, const struct authority_wrong *wrong)
{
    struct authority_desk *desk = draft->desk;
    struct authority_holder holder = { 0 };
    if (!authority_key_of(desk->authority, draft->branch, draft->role, &draft->subject, &holder.key, &desk->err))
        return false;
    draft->signer[0] = holder;
    if (wrong->bend_key && !wrong->bend_key(draft))
        return false;
    bool fine = authority_certify(&draft->spec, draft->signer[0].key, draft->issuer, &draft->signer[0].certificate, &desk->err);
    authority_desk_keep(desk, draft->signer[0]);
    return fine;
}

static void sign_plainly(struct authority_draft *draft)
{
    draft->cms = (struct authority_cms){
        .signer = draft->signer,
        .signers = 1,
        .content = str_from(content),
        .has_time = true,
        .signing_time = draft->desk->now,
    };
}

static void expect(const struct authority_draft *draft, struct authority_object *ret)
{
    *ret = (struct authority_object){
        .request = { .form = EDS_CMS,
                     .content = str_from(content),
                     .at = draft->desk->now,
                     .purpose = EDS_PURPOSE_PERSON_SIGN,
                     .iin = "123456789011" },
    };
}

bool authority_wrong_make(struct authority_desk *desk, const struct authority_wrong *wrong, enum authority_branch branch,
                          struct authority_object *ret)
{
    struct authority_draft draft;
    struct buf der;
    start(desk, wrong, branch, &draft);
    if (wrong->bend_spec)
        wrong->bend_spec(&draft);
    if (!certify(&draft, wrong))
        return false;
    sign_plainly(&draft);
    expect(&draft, ret);
    if (wrong->bend_cms)
        wrong->bend_cms(&draft);
    buf_init(&der, OBJECT_MAX);
    bool fine = authority_cms_make(&draft.cms, &der, &desk->err);
    ret->request.signature = authority_desk_copy(desk, &der);
    fine = fine && (draft.no_answer || authority_desk_ocsp(&draft, draft.signer[0].certificate, draft.ocsp, ret));
    return fine && (!wrong->bend_object || wrong->bend_object(&draft, ret));
}
