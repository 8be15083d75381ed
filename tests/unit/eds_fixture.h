/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of signatures begin with: an authority or two, made once for all tests of a file, and a signature that is good. */
#ifndef TESTS_EDS_FIXTURE_H
#define TESTS_EDS_FIXTURE_H

#include "eds_answers.h"

/* One authority, of GOST. */
struct fixture {
    struct authority a;
    struct arena arena;
    struct str cms, ocsp; /* the person's signature with FIXTURE_CONTENT in it, and the answer "good" */
};
#define FIXTURE_CONTENT STR("өтініш")

static inline int fixture_open(void **state)
{
    struct fixture *f = *state = mem_alloc(sizeof *f);
    authority_init(&f->a, EDS_GOST_2015_512, NULL);
    arena_init(&f->arena, 0);
    f->cms = sign_cms(&f->a, &f->arena, &f->a.person, 1, FIXTURE_CONTENT, (struct eds_cms_options){ .detached = false });
    f->ocsp = good_ocsp(&f->a, &f->arena, f->a.person.certificate);
    return 0;
}

static inline int fixture_close(void **state)
{
    struct fixture *f = *state;
    authority_release(&f->a);
    arena_release(&f->arena);
    free(f);
    return 0;
}

/* A CMS, the fixture's unless the request has another, at AT unless it says another time. */
static inline struct eds_verdict fixture_verify(struct fixture *f, struct eds_request request)
{
    struct eds_verdict verdict;
    request.form = EDS_CMS;
    if (!request.signature.p)
        request.signature = f->cms;
    if (request.at.ms == 0)
        request.at = AT;
    eds_verify(f->a.trust, &request, &f->arena, &verdict);
    return verdict;
}

/* One authority of GOST and one of RSA. */
struct both {
    struct authority gost, rsa;
    struct arena arena;
};

static inline int both_open(void **state)
{
    struct both *f = *state = mem_alloc(sizeof *f);
    authority_init(&f->gost, EDS_GOST_2015_512, NULL);
    authority_init(&f->rsa, EDS_RSA_SHA256, NULL);
    arena_init(&f->arena, 0);
    return 0;
}

static inline int both_close(void **state)
{
    struct both *f = *state;
    authority_release(&f->gost);
    authority_release(&f->rsa);
    arena_release(&f->arena);
    free(f);
    return 0;
}

/* eds_sign_xml or eds_sign_wss, by the person. */
typedef bool sign_text(const struct eds_identity *identity, struct str text, struct buf *ret, struct err *err);
static inline struct str text_signed(struct authority *a, struct arena *arena, sign_text *how, struct str text)
{
    const struct eds_identity identity = { .key = a->person.key, .certificate = a->person.certificate };
    struct buf out;
    buf_init(&out, 1 << 20);
    if (!how(&identity, text, &out, &a->err))
        fail_msg("%s", a->err.text);
    return keep_buf(arena, &out);
}

#endif
