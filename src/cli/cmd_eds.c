/* SPDX-License-Identifier: Apache-2.0 */
/* tirkeu eds verify: a signature, a certificate or an evidence record against a folder of certificates. */
#include <stdio.h>

#include "base/file.h"
#include "cli/cli.h"
#include "eds/eds.h"

enum { EDS_NOT_KNOWN = 3, OUTPUT_MAX = 1 << 20 };

struct options {
    const char *anchors, *at, *content, *crl, *ocsp, *form;
};

static bool read_form(const char *name, enum eds_form *ret)
{
    static const struct {
        const char *name;
        enum eds_form form;
    } forms[] = {
        { "cms", EDS_CMS }, { "xml", EDS_XML }, { "wss", EDS_WSS }, { "certificate", EDS_CERTIFICATE }, { "record", EDS_RECORD }
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (str_is(str_from(name), forms[i].name)) {
            *ret = forms[i].form;
            return true;
        }
    }
    return name == NULL;
}

/* An RFC 3339 moment, or a day: its beginning in UTC. */
static bool read_time(const char *text, struct moment *ret)
{
    struct day day;
    if (!text) {
        *ret = moment_now();
        return true;
    }
    if (day_parse(str_from(text), &day)) {
        *ret = (struct moment){ (int64_t)day.n * 86400000 };
        return true;
    }
    return moment_parse(str_from(text), ret);
}

static bool read_optional(const char *path, size_t limit, struct arena *arena, struct str *ret, struct err *err)
{
    return !path || file_read(path, limit, arena, ret, err);
}

static int print(const struct cli_usage *usage, const struct eds_verdict *verdict)
{
    static const int status[] = { [TRI_NO] = CLI_NO, [TRI_UNKNOWN] = EDS_NOT_KNOWN, [TRI_YES] = CLI_OK };
    struct buf out;
    struct err err;
    buf_init(&out, OUTPUT_MAX);
    eds_verdict_json(verdict, &out);
    buf_add_char(&out, '\n');
    bool written = !out.over && fwrite(out.p, 1, out.n, stdout) == out.n;
    buf_release(&out);
    if (written)
        return status[verdict->valid];
    err_set(&err, ERR_SYSTEM, "cannot write the result");
    return cli_fail(usage, &err);
}

static int run(const struct cli_usage *usage, const struct options *options, const char *file, enum eds_form form,
               struct moment at, struct arena *arena)
{
    struct err err;
    struct str signature, content = { NULL, 0 }, crl = { NULL, 0 }, ocsp = { NULL, 0 };
    struct eds_trust *trust;
    struct eds_verdict verdict;
    if (!file_read(file, EDS_OBJECT_MAX, arena, &signature, &err) ||
        !read_optional(options->content, EDS_OBJECT_MAX, arena, &content, &err) ||
        !read_optional(options->crl, EDS_ANSWER_MAX, arena, &crl, &err) ||
        !read_optional(options->ocsp, EDS_ANSWER_MAX, arena, &ocsp, &err) ||
        !eds_trust_open(options->anchors, EDS_TEST, &trust, &err)) {
        cli_fail(usage, &err);
        return CLI_USAGE;
    }
    const struct eds_request request = { .form = form,
                                         .signature = signature,
                                         .content = content,
                                         .at = at,
                                         .signers_most = EDS_SIGNERS_MAX,
                                         .crl = &crl,
                                         .crls = crl.p != NULL,
                                         .ocsp = &ocsp,
                                         .ocsps = ocsp.p != NULL };
    eds_verify(trust, &request, arena, &verdict);
    eds_trust_free(trust);
    return print(usage, &verdict);
}

static int verify(int argc, char **argv)
{
    struct options options = { 0 };
    const struct cli_option table[] = {
        { "anchors", "DIR", "certificates to trust; see docs/eds.md", &options.anchors, NULL, true },
        { "at", "TIME", "the moment to verify at, e.g. 2026-03-02T10:00:00+05:00 (default: now)", &options.at, NULL, false },
        { "content", "FILE", "what must have been signed; needed when it is not inside", &options.content, NULL, false },
        { "crl", "FILE", "revocation lists, DER or PEM", &options.crl, NULL, false },
        { "ocsp", "FILE", "an OCSP response, DER", &options.ocsp, NULL, false },
        { "form", "FORM", "cms, xml, wss, certificate or record (default: by the first bytes)", &options.form, NULL, false },
    };
    const struct cli_usage usage = {
        .command = "tirkeu eds verify",
        .about = "Verifies a signature of the national certification authority and prints the verdict as JSON, with every step.\n"
                 "Exit status: 0 valid, 1 not valid, 3 not known (no answer about revocation), 2 wrong usage.",
        .arguments = "FILE or -",
        .arguments_least = 1,
        .arguments_most = 1,
        .option = table,
        .options = (int)(sizeof table / sizeof *table),
    };
    const char *file;
    enum eds_form form = EDS_ANY;
    struct moment at;
    int status = cli_parse(&usage, argc, argv, &file);
    if (status != CLI_GO)
        return status;
    if (!read_form(options.form, &form))
        return cli_usage_error(&usage, "option --form: '%s' is none of cms, xml, wss, certificate, record", options.form);
    if (!read_time(options.at, &at))
        return cli_usage_error(&usage, "option --at: '%s' is not a time; write it like 2026-03-02T10:00:00Z", options.at);
    struct arena arena;
    arena_init(&arena, 0);
    status = run(&usage, &options, file, form, at, &arena);
    arena_release(&arena);
    return status;
}

int cmd_eds(int argc, char **argv)
{
    static const struct cli_command commands[] = { { "verify", verify,
                                                     "verify a signature, a certificate or an evidence record" } };
    return cli_dispatch("tirkeu eds", commands, 1, argc, argv);
}
