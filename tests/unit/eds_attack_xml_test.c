/* SPDX-License-Identifier: Apache-2.0 */
/* XML that the canonical form cannot be made of, or only with great pains; and what stands beside a signature. */
#include "eds_fixture.h"

#define SOAP_NS "http://schemas.xmlsoap.org/soap/envelope/"

static struct eds_verdict verify(struct fixture *f, enum eds_form form, struct str text)
{
    struct eds_verdict verdict;
    struct str ocsp = good_ocsp(&f->a, &f->arena, f->a.person.certificate);
    struct eds_request request = { .form = form, .signature = text, .at = AT, .iin = TEST_IIN, .ocsp = &ocsp, .ocsps = 1 };
    eds_verify(f->a.trust, &request, &f->arena, &verdict);
    return verdict;
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
    struct str document = text_signed(&f->a, &f->arena, eds_sign_xml, STR("<a><iin>1</iin></a>"));
    struct eds_verdict v = verify(f, EDS_XML, document);
    expect_valid(&v);
    v = verify(f, EDS_XML, with(f, document, "<iin>1", "<iin xmlns:u=\"relative\">2"));
    expect(&v, TRI_NO, EDS_STEP_CONTENT, EDS_FORM_UNREADABLE);

    struct str message = text_signed(&f->a, &f->arena, eds_sign_wss,
                                     STR("<S:Envelope xmlns:S=\"" SOAP_NS "\"><S:Body><iin>1</iin></S:Body></S:Envelope>"));
    v = verify(f, EDS_WSS, message);
    expect_valid(&v);
    v = verify(f, EDS_WSS, with(f, message, "<iin>1", "<u:iin xmlns:u=\"relative\">1</u:iin><iin>2"));
    expect(&v, TRI_NO, EDS_STEP_CONTENT, EDS_FORM_UNREADABLE);
    assert_int_equal(v.content.n, 0);
}

/* ---- much work for little text ---- */

/* `each` with its number in the place of #. */
static struct str repeated(struct fixture *f, const char *before, const char *each, int count, const char *after)
{
    struct buf out;
    buf_init(&out, 1 << 22);
    buf_add_text(&out, before);
    for (int i = 0; i < count; i++) {
        for (const char *c = each; *c; c++) {
            if (*c == '#')
                buf_addf(&out, "%d", i);
            else
                buf_add(&out, c, 1);
        }
    }
    buf_add_text(&out, after);
    assert_false(out.over);
    return keep_buf(&f->arena, &out);
}

static void expect_form(struct fixture *f, struct str document, enum tri valid, enum eds_reason reason)
{
    struct eds_verdict v = verify(f, EDS_XML, document);
    expect(&v, valid, EDS_STEP_FORM, reason);
}

static void much_work(void **state)
{
    struct fixture *f = *state;
    /* Each attribute of a tag is compared with all before it. */
    struct str document = repeated(f, "<a", " a#='>'", 40000, "/>");
    expect_form(f, document, TRI_NO, EDS_FORM_TOO_LARGE);
    document = repeated(f, "<a", " xmlns:a#='urn:a'", 20000, "/>");
    expect_form(f, document, TRI_NO, EDS_FORM_TOO_LARGE);
    /* Each namespace in scope is looked up for each element. */
    struct str names = repeated(f, "<a", " xmlns:a#='urn:a'", 100, ">"),
               nested = repeated(f, names.p, "<b xmlns:b#='urn:b' xmlns:c#='urn:c'>", 100, ""),
               leaves = repeated(f, nested.p, "<c/>", 20000, ""), closed = repeated(f, leaves.p, "</b>", 100, "</a>");
    expect_form(f, closed, TRI_NO, EDS_FORM_TOO_LARGE);
    /* A long document with few of them is nothing out of the ordinary. */
    document = text_signed(&f->a, &f->arena, eds_sign_xml,
                           repeated(f, "<a xmlns:b='urn:b' b:c='1'>", "<b:d e='#' f='='/>", 20000, "</a>"));
    expect_form(f, document, TRI_YES, EDS_OK);
    document = text_signed(&f->a, &f->arena, eds_sign_xml, repeated(f, "<a", " b#='='", 128, "/>"));
    expect_form(f, document, TRI_YES, EDS_OK);
}

/* ---- what does not reach the signature ---- */

static void declarations(void **state)
{
    struct fixture *f = *state;
    static const char *const declarations[] = { "<?xml\nversion='1.0' encoding='UTF-7'?>", "<?xml\tversion='1.0'?>",
                                                "<?xml version='1.0' encoding='windows-1251'?>", "<?xml version='1.1'?>" };
    struct str document = text_signed(&f->a, &f->arena, eds_sign_xml, STR("<a>1</a>"));
    for (size_t i = 0; i < sizeof declarations / sizeof *declarations; i++) {
        struct str declared = arena_printf(&f->arena, "%s" STR_FMT, declarations[i], STR_ARG(document));
        struct eds_verdict v = verify(f, EDS_XML, declared);
        expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_MALLEABLE);
    }
}

static void beside_the_signature(void **state)
{
    struct fixture *f = *state;
    struct str document = text_signed(&f->a, &f->arena, eds_sign_xml, STR("<a>1</a>"));
    static const char *const elements[] = { "<ds:SignatureValue", "<ds:DigestValue", "<ds:KeyInfo", "<ds:X509Data",
                                            "<ds:X509Certificate" };
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        char more[64];
        snprintf(more, sizeof more, "%s Id=\"x\"", elements[i]);
        struct eds_verdict v = verify(f, EDS_XML, with(f, document, elements[i], more));
        assert_int_equal(v.valid, TRI_NO);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_canonical_form),
        cmocka_unit_test(much_work),
        cmocka_unit_test(declarations),
        cmocka_unit_test(beside_the_signature),
    };
    eds_setup();
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
