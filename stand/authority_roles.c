/* SPDX-License-Identifier: Apache-2.0 */
/* What the certificates of each role say: the conventions of the national authority, as a table. */
#include <openssl/obj_mac.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "stand/authority_impl.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define DAY_MS    (24 * 60 * MINUTE_MS)

#define PERSON "1.2.398.3.3.4.1.1"
#define LEGAL  "1.2.398.3.3.4.1.2"
#define REMOTE "1.2.398.3.3.4.3.2"
#define NCA    "1.2.398.3.3.2"
#define ROOT   "1.2.398.3.1.2"

#define SIGNS "critical,digitalSignature,nonRepudiation"
#define AGREE "critical,digitalSignature,nonRepudiation,keyAgreement"
#define CERTS "critical,keyCertSign,cRLSign"

static const struct {
    const char *name, *basic_constraints;
    const char *key_usage[AUTHORITY_BRANCHES];
    const char *extended_key_usage, *policies;
    bool ocsp_no_check;
    int days_before, days_after; /* of now */
} rows[AUTHORITY_ROLES] = {
    [AUTHORITY_ROOT] = { "root", "critical,CA:TRUE", { CERTS, CERTS }, NULL, ROOT, false, 1200, 7300 },
    [AUTHORITY_ISSUER] = { "nca", "critical,CA:TRUE,pathlen:0", { CERTS, CERTS }, NULL, NCA, false, 1100, 5500 },
    [AUTHORITY_RESPONDER] = { "ocsp", NULL, { SIGNS, SIGNS }, "OCSPSigning", NCA, true, 200, 900 },
    [AUTHORITY_TSA] = { "tsa", NULL, { SIGNS, SIGNS }, "critical,timeStamping", NCA, false, 200, 900 },
    [AUTHORITY_PERSON_SIGN] = { "sign", NULL, { AGREE, SIGNS }, "emailProtection," PERSON, NCA, false, 90, 275 },
    [AUTHORITY_PERSON_AUTH] = { "auth",
                                NULL,
                                { AGREE, "critical,digitalSignature,keyEncipherment" },
                                "clientAuth," PERSON,
                                NCA,
                                false,
                                90,
                                275 },
    [AUTHORITY_PERSON_REMOTE] = { "remote", NULL, { AGREE, SIGNS }, REMOTE ",emailProtection," PERSON, NCA, false, 90, 275 },
    [AUTHORITY_HEAD] = { "head", NULL, { AGREE, SIGNS }, "emailProtection," LEGAL "," LEGAL ".1", NCA, false, 90, 275 },
    [AUTHORITY_RIGHT_TO_SIGN] = { "right", NULL, { AGREE, SIGNS }, "emailProtection," LEGAL "," LEGAL ".2", NCA, false, 90, 275 },
    [AUTHORITY_EMPLOYEE] = { "employee", NULL, { AGREE, SIGNS }, "emailProtection," LEGAL "," LEGAL ".5", NCA, false, 90, 275 },
    [AUTHORITY_CLERK] = { "clerk", NULL, { AGREE, SIGNS }, "emailProtection,1.2.398.3.2.3.4", NCA, false, 90, 275 },
    [AUTHORITY_SYSTEM] = { "system",
                           NULL,
                           { AGREE, SIGNS },
                           "emailProtection,clientAuth," LEGAL "," LEGAL ".6",
                           NCA,
                           false,
                           90,
                           275 },
};

const char *authority_role_name(enum authority_role role) { return rows[role].name; }

static const char *const office_names[AUTHORITY_OFFICES][AUTHORITY_BRANCHES] = {
    [AUTHORITY_ROOT] = { "НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST", "НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) TEST" },
    [AUTHORITY_ISSUER] = { "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST", "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) TEST" },
    [AUTHORITY_RESPONDER] = { "OCSP RESPONDER (GOST) TEST", "OCSP RESPONDER (RSA) TEST" },
    [AUTHORITY_TSA] = { "TIME STAMPING AUTHORITY (GOST) TEST", "TIME STAMPING AUTHORITY (RSA) TEST" },
};

static void name_subject(enum authority_branch branch, enum authority_role role, const struct authority_subject *subject,
                         struct authority_spec *spec)
{
    size_t n = 0;
    if (role < AUTHORITY_OFFICES) {
        spec->subject[n++] = (struct authority_attribute){ NID_commonName, "", office_names[role][branch] };
        spec->subject[n++] = (struct authority_attribute){ NID_countryName, "", "KZ" };
        return;
    }
    snprintf(spec->common_name, sizeof spec->common_name, "%s%s%s", subject->surname ? subject->surname : "",
             subject->surname && subject->name ? " " : "", subject->name ? subject->name : "");
    const struct authority_attribute all[] = {
        { NID_commonName, "", spec->common_name },           { NID_surname, "", subject->surname },
        { NID_serialNumber, "IIN", subject->iin },           { NID_countryName, "", "KZ" },
        { NID_organizationName, "", subject->organisation }, { NID_organizationalUnitName, "BIN", subject->bin },
        { NID_givenName, "", subject->patronymic },          { NID_userId, "", role == AUTHORITY_SYSTEM ? subject->name : NULL },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].value && *all[i].value)
            spec->subject[n++] = all[i];
    }
}

static void name_places(const struct authority *authority, enum authority_branch branch, enum authority_role role,
                        struct authority_spec *spec)
{
    const char *name = authority_branch_name(branch);
    const char *url = authority->url;
    if (role == AUTHORITY_ISSUER) {
        snprintf(spec->access, sizeof spec->access, "caIssuers;URI:%s/cert/root_%s_test.cer", url, name);
        snprintf(spec->crl, sizeof spec->crl, "URI:%s/crl/%s", url, authority_list_file(branch, AUTHORITY_ROOT_CRL));
    } else if (role != AUTHORITY_ROOT) {
        snprintf(spec->access, sizeof spec->access, "OCSP;URI:%s/ocsp/,caIssuers;URI:%s/cert/nca_%s_test.cer", url, url, name);
        snprintf(spec->crl, sizeof spec->crl, "URI:%s/crl/%s", url, authority_list_file(branch, AUTHORITY_CRL));
        snprintf(spec->delta, sizeof spec->delta, "URI:%s/crl/%s", url, authority_list_file(branch, AUTHORITY_DELTA_CRL));
    }
}

static void add(char text[512], const char *part)
{
    size_t n = strlen(text);
    snprintf(text + n, 512 - n, "|%s", part ? part : "");
}

/* What decides about a GOST key and about the serial number. */
static void whose(enum authority_branch branch, enum authority_role role, const struct authority_subject *subject, char ret[512])
{
    *ret = '\0';
    add(ret, authority_branch_name(branch));
    add(ret, authority_role_name(role));
    add(ret, subject ? subject->iin : NULL);
    add(ret, subject ? subject->bin : NULL);
}

void authority_spec_of(const struct authority *authority, enum authority_branch branch, enum authority_role role,
                       const struct authority_subject *subject, struct authority_spec *ret)
{
    char text[512];
    *ret = (struct authority_spec){
        .not_before = { authority->now.ms - rows[role].days_before * DAY_MS },
        .not_after = { authority->now.ms + rows[role].days_after * DAY_MS },
        .basic_constraints = rows[role].basic_constraints,
        .key_usage = rows[role].key_usage[branch],
        .extended_key_usage = rows[role].extended_key_usage,
        .policies = rows[role].policies,
        .ocsp_no_check = rows[role].ocsp_no_check,
    };
    name_subject(branch, role, subject, ret);
    name_places(authority, branch, role, ret);
    whose(branch, role, subject, text);
    authority_serial_make(authority, str_from(text), ret->serial);
}

const struct authority_holder *authority_issuer_of(const struct authority *authority, enum authority_branch branch,
                                                   enum authority_role role)
{
    if (role == AUTHORITY_ROOT)
        return NULL;
    return &authority->office[branch][role == AUTHORITY_ISSUER ? AUTHORITY_ROOT : AUTHORITY_ISSUER];
}

/* A new RSA key makes another certificate: it gets another serial number. */
static bool serial_of_key(const struct authority *authority, const EVP_PKEY *key, const char *whose_it_is,
                          struct authority_spec *spec)
{
    struct buf both;
    unsigned char *der = NULL;
    int n = i2d_PUBKEY(key, &der);
    buf_init(&both, 1 << 13);
    buf_add_text(&both, whose_it_is);
    bool fine = authority_put(n, &der, &both);
    authority_serial_make(authority, buf_str(&both), spec->serial);
    buf_release(&both);
    return fine;
}

/* Which of the few is always the same for one person. */
static bool shared_rsa_key(struct authority *authority, const char *whose_it_is, EVP_PKEY **ret, struct err *err)
{
    unsigned char hash[64];
    authority_hash(authority, "rsa", str_from(whose_it_is), hash);
    pthread_mutex_lock(&authority->lock);
    EVP_PKEY **key = &authority->rsa[hash[0] % AUTHORITY_RSA_KEYS];
    bool fine = *key || eds_key_generate(EDS_RSA_SHA256, key, err);
    if (fine && EVP_PKEY_up_ref(*key))
        *ret = *key;
    pthread_mutex_unlock(&authority->lock);
    return fine;
}

bool authority_key_of(struct authority *authority, enum authority_branch branch, enum authority_role role,
                      const struct authority_subject *subject, EVP_PKEY **ret, struct err *err)
{
    char text[512];
    whose(branch, role, subject, text);
    if (branch == AUTHORITY_GOST)
        return authority_gost_key(authority, text, ret, err);
    return role < AUTHORITY_OFFICES ? eds_key_generate(EDS_RSA_SHA256, ret, err) : shared_rsa_key(authority, text, ret, err);
}

bool authority_certify_key(const struct authority *authority, enum authority_branch branch, enum authority_role role,
                           const struct authority_subject *subject, EVP_PKEY *key, X509 **ret, struct err *err)
{
    struct authority_spec spec;
    char text[512];
    authority_spec_of(authority, branch, role, subject, &spec);
    whose(branch, role, subject, text);
    if (branch == AUTHORITY_RSA && !serial_of_key(authority, key, text, &spec))
        return err_set(err, ERR_SYSTEM, "no public key");
    return authority_certify(&spec, key, authority_issuer_of(authority, branch, role), ret, err);
}

bool authority_issue(struct authority *authority, enum authority_branch branch, enum authority_role role,
                     const struct authority_subject *subject, struct authority_holder *ret, struct err *err)
{
    struct authority_holder made = { 0 };
    bool fine = authority_key_of(authority, branch, role, subject, &made.key, err) &&
                authority_certify_key(authority, branch, role, subject, made.key, &made.certificate, err);
    if (!fine) {
        authority_holder_release(&made);
        return false;
    }
    *ret = made;
    return true;
}
