/* SPDX-License-Identifier: Apache-2.0 */
/* XML signatures: the enveloped profile and WS-Security; wrapped, moved and rewritten ones fail. */
#include "eds_fixture.h"

#define DOCUMENT                                                                                                                 \
    STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<өтініш xmlns:x=\"urn:x\" x:a=\"1\"><!-- т --><b>&lt;&#13; 1</b></өтініш>")
#define SOAP_NS  "http://schemas.xmlsoap.org/soap/envelope/"
#define ENVELOPE STR("<S:Envelope xmlns:S=\"" SOAP_NS "\"><S:Body><r xmlns=\"urn:r\"><iin>1</iin></r></S:Body></S:Envelope>")

static struct eds_verdict verify(struct both *f, struct authority *a, enum eds_form form, struct str text, struct str content)
{
    struct eds_verdict verdict;
    struct str ocsp = good_ocsp(a, &f->arena, a->person.certificate);
    struct eds_request request = {
        .form = form, .signature = text, .content = content, .at = AT, .iin = TEST_IIN, .ocsp = &ocsp, .ocsps = 1
    };
    eds_verify(a->trust, &request, &f->arena, &verdict);
    return verdict;
}
#define NO_CONTENT ((struct str){ NULL, 0 })

/* The text with the first `what` replaced. */
static struct str with(struct both *f, struct str text, const char *what, const char *by)
{
    const char *at = memmem(text.p, text.n, what, strlen(what));
    assert_non_null(at);
    size_t before = (size_t)(at - text.p), after = before + strlen(what);
    return arena_printf(&f->arena, STR_FMT "%s" STR_FMT, (int)before, text.p, by, (int)(text.n - after), text.p + after);
}

static void signed_documents(void **state)
{
    struct both *f = *state;
    struct authority *both[] = { &f->gost, &f->rsa };
    for (int i = 0; i < 2; i++) {
        struct str text = text_signed(both[i], &f->arena, eds_sign_xml, DOCUMENT);
        struct eds_verdict v = verify(f, both[i], EDS_XML, text, NO_CONTENT);
        expect_valid(&v);
        assert_true(memmem(v.content.p, v.content.n, "<!-- т -->", strlen("<!-- т -->")) != NULL);
        assert_true(memmem(v.content.p, v.content.n, "Signature", 9) == NULL);
        v = verify(f, both[i], EDS_ANY, text, DOCUMENT);
        expect_valid(&v);
        assert_int_equal(v.form, EDS_XML);
        v = verify(f, both[i], EDS_XML, text, STR("<a/>"));
        expect(&v, TRI_NO, EDS_STEP_CONTENT, EDS_CONTENT_DIFFERS);
        struct str bom = arena_printf(&f->arena, "\xef\xbb\xbf" STR_FMT, STR_ARG(text));
        v = verify(f, both[i], EDS_XML, bom, NO_CONTENT);
        expect_valid(&v);
    }
}

static void two_signatures(void **state)
{
    struct both *f = *state;
    struct authority *a = &f->gost;
    struct str text = text_signed(a, &f->arena, eds_sign_xml, text_signed(a, &f->arena, eds_sign_xml, DOCUMENT));
    struct eds_verdict v = verify(f, a, EDS_XML, text, NO_CONTENT);
    expect(&v, TRI_NO, EDS_STEP_SIGNERS, EDS_SIGNERS_TOO_MANY);
    struct str ocsp = good_ocsp(a, &f->arena, a->person.certificate);
    struct eds_request request = {
        .form = EDS_XML, .signature = text, .content = DOCUMENT, .at = AT, .signers_most = 2, .ocsp = &ocsp, .ocsps = 1
    };
    eds_verify(a->trust, &request, &f->arena, &v);
    expect_valid(&v);
    assert_int_equal(v.signers, 2);
}

static void changed_documents(void **state)
{
    struct both *f = *state;
    struct authority *a = &f->gost;
    struct str good = text_signed(a, &f->arena, eds_sign_xml, DOCUMENT);
    const struct {
        const char *what, *by;
        enum eds_step_kind kind;
        enum eds_reason reason;
    } rows[] = {
        { " 1</b>", " 2</b>", EDS_STEP_CONTENT, EDS_CONTENT_DIGEST },
        { "<!-- т -->", "", EDS_STEP_CONTENT, EDS_CONTENT_DIGEST },
        { "URI=\"\"", "URI=\"#x\"", EDS_STEP_FORM, EDS_FORM_WRAPPED },
        { "gostr34102015-gostr34112015-512", "gostr34102015-gostr34112015-256", EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED },
        { "algorithms:gostr34112015-512", "algorithms:gostr34112015-256", EDS_STEP_ALGORITHM, EDS_ALGORITHM_MIXED },
        { "REC-xml-c14n-20010315\"/><ds:SignatureMethod", "REC-xml-c14n-20010315#WithComments\"/><ds:SignatureMethod",
          EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG },
        { "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>", "", EDS_STEP_FORM,
          EDS_FORM_UNKNOWN_PART },
        { "xmldsig#enveloped-signature\"/>", "xmldsig#base64\"/>", EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED },
        { "<ds:KeyInfo>", "<ds:KeyInfo><ds:KeyName>x</ds:KeyName>", EDS_STEP_SIGNERS, EDS_SIGNER_CERTIFICATE_MISSING },
        { "</ds:SignedInfo>", "</ds:SignedInfo>x", EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART },
        { "<ds:Reference URI", "<ds:Reference URI=\"\"/><ds:Reference URI", EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART },
        { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<?xml version=\"1.1\"?>", EDS_STEP_FORM, EDS_FORM_MALLEABLE },
        { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<!DOCTYPE a []>", EDS_STEP_FORM, EDS_FORM_UNREADABLE },
        { "&#13;", "&#xd;", EDS_STEP_FORM, EDS_FORM_MALLEABLE },
        { "<b>", "<b\t>", EDS_STEP_FORM, EDS_FORM_MALLEABLE },
        { "<b>", "<b>&e;", EDS_STEP_FORM, EDS_FORM_UNREADABLE },
        { "<b>", "<b><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>", EDS_STEP_FORM, EDS_FORM_WRAPPED },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct eds_verdict v = verify(f, a, EDS_XML, with(f, good, rows[i].what, rows[i].by), NO_CONTENT);
        expect(&v, TRI_NO, rows[i].kind, rows[i].reason);
        assert_int_equal(v.content.n, 0);
    }
    struct eds_verdict v = verify(f, a, EDS_XML, DOCUMENT, NO_CONTENT);
    expect(&v, TRI_NO, EDS_STEP_SIGNERS, EDS_SIGNERS_NONE);
}

/* ---- WS-Security ---- */

static void signed_envelopes(void **state)
{
    struct both *f = *state;
    struct authority *both[] = { &f->gost, &f->rsa };
    for (int i = 0; i < 2; i++) {
        struct str text = text_signed(both[i], &f->arena, eds_sign_wss, ENVELOPE);
        struct eds_verdict v = verify(f, both[i], EDS_ANY, text, NO_CONTENT);
        expect_valid(&v);
        assert_int_equal(v.form, EDS_WSS);
        assert_true(str_starts(v.content, "<S:Body xmlns:S="));
        v = verify(f, both[i], EDS_WSS, with(f, text, "<iin>1", "<iin>2"), NO_CONTENT);
        expect(&v, TRI_NO, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST);
        v = verify(f, both[i], EDS_WSS, with(f, text, "<iin>1", "<iin><!-- -->1"), NO_CONTENT);
        expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART);
    }
    struct eds_verdict v = verify(f, &f->gost, EDS_WSS, ENVELOPE, NO_CONTENT);
    expect(&v, TRI_NO, EDS_STEP_SIGNERS, EDS_SIGNERS_NONE);
    v = verify(f, &f->gost, EDS_WSS, DOCUMENT, NO_CONTENT);
    expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_UNREADABLE);
}

/* The signed Body moved aside, and another one put in its place. */
static void wrapped_envelopes(void **state)
{
    struct both *f = *state;
    struct authority *a = &f->gost;
    struct str good = text_signed(a, &f->arena, eds_sign_wss, ENVELOPE);
    const char *start = memmem(good.p, good.n, "<S:Body", 7), *end = memmem(good.p, good.n, "</S:Body>", 9);
    struct str body = arena_str(&f->arena, (struct str){ start, (size_t)(end + 9 - start) });
    struct str moved = with(f, good, "</S:Header>", arena_printf(&f->arena, "<w>%s</w></S:Header>", body.p).p);
    struct str evil = with(f, moved, "</w></S:Header><S:Body", "</w></S:Header><S:Body evil=\"1\"");
    struct eds_verdict v = verify(f, a, EDS_WSS, evil, NO_CONTENT); /* two of that Id */
    expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_WRAPPED);
    const char *id = memmem(body.p, body.n, "id-", 3);
    struct str other = with(f, evil,
                            arena_printf(&f->arena,
                                         "evil=\"1\" xmlns:wsu=\"http://docs.oasis-open.org/wss/2004/01/"
                                         "oasis-200401-wss-wssecurity-utility-1.0.xsd\" wsu:Id=\"%.39s",
                                         id)
                                .p,
                            "wsu:Id=\"x");
    v = verify(f, a, EDS_WSS, with(f, other, "<S:Body wsu:Id", "<S:Body xmlns:wsu=\"urn:w\" wsu:Id"), NO_CONTENT);
    expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_WRAPPED); /* the Id is another element's */
    v = verify(f, a, EDS_WSS, with(f, good, "</S:Body>", "</S:Body><S:Body/>"), NO_CONTENT);
    expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_UNREADABLE);
    v = verify(f, a, EDS_WSS,
               with(f, good, "<S:Header>", "<S:Header><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>"),
               NO_CONTENT);
    expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_WRAPPED);
}

static void limits(void **state)
{
    struct both *f = *state;
    struct buf deep;
    buf_init(&deep, 1 << 20);
    for (int i = 0; i < 200; i++)
        buf_add_text(&deep, "<a>");
    for (int i = 0; i < 200; i++)
        buf_add_text(&deep, "</a>");
    struct eds_verdict v = verify(f, &f->gost, EDS_XML, buf_str(&deep), NO_CONTENT);
    expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_UNREADABLE);
    buf_release(&deep);
    const struct eds_identity identity = { .key = f->gost.person.key, .certificate = f->gost.person.certificate };
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_false(eds_sign_xml(&identity, STR("not xml"), &out, &f->gost.err));
    assert_false(eds_sign_wss(&identity, STR("<a/>"), &out, &f->gost.err));
    struct str twice = text_signed(&f->gost, &f->arena, eds_sign_wss, ENVELOPE);
    assert_false(eds_sign_wss(&identity, twice, &out, &f->gost.err));
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_documents), cmocka_unit_test(two_signatures),    cmocka_unit_test(changed_documents),
        cmocka_unit_test(signed_envelopes), cmocka_unit_test(wrapped_envelopes), cmocka_unit_test(limits),
    };
    eds_setup();
    return cmocka_run_group_tests(tests, both_open, both_close);
}
