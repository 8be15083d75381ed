/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign CERTIFICATE CMS: makes a GOST key and a certificate for it that it signs itself, signs a text with them, verifies the
 * signature with that certificate as the anchor, and writes the two files.
 *
 *     cc sign.c $(pkg-config --cflags --libs tirkeu-eds) -o sign
 */
#include <eds/eds_make.h>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>

enum { YEAR_S = 365 * 24 * 3600 };

static bool make_identity(struct eds_identity *ret, struct err *err)
{
    struct moment now = moment_now();
    const struct eds_profile profile = {
        .common_name = "ТЕСТОВ ТЕСТ",
        .surname = "ТЕСТОВ",
        .iin = "123456789011",
        .not_before = now,
        .not_after = { now.ms + YEAR_S * INT64_C(1000) },
        .key_usage = "critical,digitalSignature,nonRepudiation",
        .extended_key_usage = "emailProtection,1.2.398.3.3.4.1.1",
    };
    return eds_key_generate(EDS_GOST_2015_512, &ret->key, err) &&
           eds_certificate_make(&profile, ret->key, NULL, ret->key, &ret->certificate, err);
}

static bool is_valid(const struct eds_identity *signer, struct str cms, struct str content, struct err *err)
{
    struct eds_trust *trust;
    struct eds_verdict verdict;
    struct arena arena;
    const struct eds_request request = { .form = EDS_CMS,
                                         .signature = cms,
                                         .content = content,
                                         .at = moment_now(),
                                         .purpose = EDS_PURPOSE_PERSON_SIGN,
                                         .iin = "123456789011" };
    if (!eds_trust_make(EDS_TEST, &signer->certificate, 1, NULL, 0, NULL, &trust, err))
        return false;
    arena_init(&arena, 0);
    eds_verify(trust, &request, &arena, &verdict);
    const struct eds_step *why = eds_verdict_reason(&verdict);
    bool valid = verdict.valid == TRI_YES;
    if (!valid)
        err_set(err, ERR_INPUT, "%s: %s", eds_step_name(why->kind), eds_reason_name(why->reason));
    arena_release(&arena);
    eds_trust_free(trust);
    return valid;
}

static bool write_file(const char *path, const struct buf *bytes, struct err *err)
{
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(bytes->p, 1, bytes->n, file) == bytes->n;
    return (file && fclose(file) == 0 && written) || err_set(err, ERR_SYSTEM, "%s cannot be written", path);
}

int main(int count, char **word)
{
    struct str text = STR("өтініш №1");
    struct eds_identity signer = { .key = NULL };
    struct eds_cms_options options = { .signing_time = moment_now() };
    struct buf certificate, cms;
    struct err err;
    if (count != 3) {
        fprintf(stderr, "usage: sign CERTIFICATE CMS\n");
        return 2;
    }
    eds_setup();
    buf_init(&certificate, 1 << 16);
    buf_init(&cms, 1 << 20);
    bool fine = make_identity(&signer, &err) && eds_certificate_write(signer.certificate, &certificate, &err) &&
                eds_sign_cms(&signer, 1, text, &options, &cms, &err) && is_valid(&signer, buf_str(&cms), text, &err) &&
                write_file(word[1], &certificate, &err) && write_file(word[2], &cms, &err);
    if (!fine)
        fprintf(stderr, "%s\n", err.text);
    buf_release(&certificate);
    buf_release(&cms);
    X509_free(signer.certificate);
    EVP_PKEY_free(signer.key);
    return fine ? 0 : 1;
}
