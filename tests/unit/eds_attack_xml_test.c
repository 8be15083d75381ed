/* SPDX-License-Identifier: Apache-2.0 */
/* XML that the canonical form cannot be made of, or only with great pains; and what stands beside a signature. */
#include "eds_authority.h"

#include <time.h>

#define DSIG    "http://www.w3.org/2000/09/xmldsig#"
#define SOAP_NS "http://schemas.xmlsoap.org/soap/envelope/"

struct fixture {
    struct authority a;
    struct arena arena;
};

static int setup(void **state)
{
    struct fixture *f = *state = mem_alloc(sizeof *f);
    authority_init(&f->a, EDS_GOST_2015_512, NULL);
    arena_init(&f->arena, 0);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    authority_release(&f->a);
    arena_release(&f->arena);
    free(f);
    return 0;
}

static struct eds_verdict verify(struct fixture *f, enum eds_form form, struct str text)
{
    struct eds_verdict verdict;
    struct str ocsp = good_ocsp(&f->a, &f->arena, f->a.person.certificate);
    struct eds_request request = { .form = form, .signature = text, .at = AT, .iin = TEST_IIN, .ocsp = &ocsp, .ocsps = 1 };
    eds_verify(f->a.trust, &request, &f->arena, &verdict);
    return verdict;
}

static struct str signed_by(struct fixture *f, bool (*how)(const struct eds_identity *, struct str, struct buf *, struct err *),
                            struct str text)
{
    const struct eds_identity identity = { .key = f->a.person.key, .certificate = f->a.person.certificate };
    struct buf out;
    buf_init(&out, 1 << 20);
    if (!how(&identity, text, &out, &f->a.err))
        fail_msg("%s", f->a.err.text);
    return keep_buf(&f->arena, &out);
}

/* The text with the first `what` replaced. */
static struct str with(struct fixture *f, struct str text, const char *what, const char *by)
{
    const char *at = memmem(text.p, text.n, what, strlen(what));
    assert_non_null(at);
    size_t before = (size_t)(at - text.p), after = before + strlen(what);
    return arena_printf(&f->arena, STR_FMT "%s" STR_FMT, (int)before, text.p, by, (int)(text.n - after), text.p + after);
}

/* Canonical XML knows no relative names of namespaces: there is nothing to take a digest of, so nothing is signed. */
static void no_canonical_form(void **state)
{
    struct fixture *f = *state;
    struct str document = signed_by(f, eds_sign_xml, STR("<a><iin>1</iin></a>"));
    struct eds_verdict v = verify(f, EDS_XML, document);
    expect_valid(&v);
    v = verify(f, EDS_XML, with(f, document, "<iin>1", "<iin xmlns:u=\"relative\">2"));
    expect(&v, TRI_NO, EDS_STEP_CONTENT, EDS_FORM_UNREADABLE);

    struct str message =
        signed_by(f, eds_sign_wss, STR("<S:Envelope xmlns:S=\"" SOAP_NS "\"><S:Body><iin>1</iin></S:Body></S:Envelope>"));
    v = verify(f, EDS_WSS, message);
    expect_valid(&v);
    v = verify(f, EDS_WSS, with(f, message, "<iin>1", "<u:iin xmlns:u=\"relative\">1</u:iin><iin>2"));
    expect(&v, TRI_NO, EDS_STEP_CONTENT, EDS_FORM_UNREADABLE);
    assert_int_equal(v.content.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_canonical_form),
    };
    eds_setup();
    return cmocka_run_group_tests(tests, setup, teardown);
}
