/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify ANCHORS FILE [TIME [OCSP]]: verifies a signed file (CMS, XML, WS-Security, a certificate, an evidence record) against a
 * folder of certificates, as of TIME (RFC 3339; now), with an OCSP response if one is given.  Tells each step, what is missing
 * and where to ask.  Exit status: 0 valid, 1 not valid, 3 not known yet, 2 could not be looked at.
 *
 *     cc verify.c $(pkg-config --cflags --libs tirkeu-eds) -o verify
 */
#include <eds/eds.h>

#include <stdio.h>
#include <stdlib.h>

static bool read_file(const char *path, struct arena *arena, struct str *ret)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    char *bytes = arena_alloc(arena, EDS_OBJECT_MAX);
    size_t n = fread(bytes, 1, EDS_OBJECT_MAX, file);
    bool whole = feof(file) && !ferror(file);
    fclose(file);
    *ret = (struct str){ bytes, n };
    return whole;
}

static void tell(const struct eds_verdict *verdict)
{
    static const char *const result[] = { [TRI_NO] = "failed", [TRI_UNKNOWN] = "not known", [TRI_YES] = "passed" };
    for (size_t i = 0; i < verdict->steps; i++) {
        const struct eds_step *step = &verdict->step[i];
        printf("%-10s %s, %s%s\n", eds_step_name(step->kind), result[step->result], eds_reason_name(step->reason),
               step->weighs ? "" : " (does not weigh)");
    }
    for (size_t i = 0; i < verdict->signers; i++)
        printf("signed by " STR_FMT " with %s\n", STR_ARG(verdict->signer[i].subject),
               eds_algorithm_name(verdict->signer[i].algorithm));
    for (size_t i = 0; i < verdict->missings; i++) {
        if (verdict->missing[i].kind == EDS_MISSING_OCSP)
            printf("ask for an OCSP response at " STR_FMT "\n", STR_ARG(verdict->missing[i].url));
    }
    printf("%s\n", verdict->valid == TRI_YES ? "valid" : verdict->valid == TRI_NO ? "not valid" : "not known yet");
}

static int verify(int count, char **word, struct arena *arena)
{
    struct eds_trust *trust;
    struct eds_verdict verdict;
    struct err err;
    struct str ocsp;
    struct eds_request request = { .form = EDS_ANY, .at = moment_now() };
    if (count < 3 || count > 5 || (count > 3 && !moment_parse(str_from(word[3]), &request.at))) {
        fprintf(stderr, "usage: verify ANCHORS FILE [TIME [OCSP]]\n");
        return 2;
    }
    if (!read_file(word[2], arena, &request.signature) || (count > 4 && !read_file(word[4], arena, &ocsp))) {
        fprintf(stderr, "a file cannot be read\n");
        return 2;
    }
    if (count > 4) {
        request.ocsp = &ocsp;
        request.ocsps = 1;
    }
    if (!eds_trust_open(word[1], EDS_TEST, &trust, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    eds_verify(trust, &request, arena, &verdict);
    tell(&verdict);
    eds_trust_free(trust);
    return verdict.valid == TRI_YES ? 0 : verdict.valid == TRI_NO ? 1 : 3;
}

int main(int count, char **word)
{
    struct arena arena;
    eds_setup();
    arena_init(&arena, 0);
    int status = verify(count, word, &arena);
    arena_release(&arena);
    return status;
}
