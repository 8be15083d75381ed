/* SPDX-License-Identifier: Apache-2.0 */
/* The file `profile` of a trust folder: "key = value" lines, # begins a comment.  docs/eds.md lists the keys. */
#include "eds/eds_impl.h"

#include <openssl/objects.h>

#include "base/file.h"

enum { PROFILE_MAX = 1 << 16, POLICIES_MAX = 16, SECONDS_MAX = 10 * 366 * 24 * 60 * 60 };

enum kind { SECONDS, FLAG, TEXT, ALGORITHMS, IDENTIFIERS };
static const struct row {
    const char *key;
    enum kind kind;
    size_t at;
} rows[] = {
#define AT(member) offsetof(struct eds_policy, member)
    { "version", TEXT, AT(version) },
    { "signature_algorithms", ALGORITHMS, AT(signature_algorithms) },
    { "timestamp_algorithms", ALGORITHMS, AT(timestamp_algorithms) },
    { "ocsp_age_seconds", SECONDS, AT(ocsp_age_s) },
    { "crl_age_seconds", SECONDS, AT(crl_age_s) },
    { "clock_skew_seconds", SECONDS, AT(skew_s) },
    { "timestamp_required", FLAG, AT(timestamp_required) },
    { "commitment_required", FLAG, AT(commitment_required) },
    { "authorities_required", FLAG, AT(authorities_required) },
    { "ocsp_url", TEXT, AT(ocsp_url) },
    { "crl_url", TEXT, AT(crl_url) },
    { "tsp_url", TEXT, AT(tsp_url) },
    { "verifier_url", TEXT, AT(verifier_url) },
    { "timestamp_policies", IDENTIFIERS, AT(tsa_policy) },
};
enum { ROWS = sizeof rows / sizeof *rows };

static const struct {
    const char *name;
    enum eds_algorithm algorithm;
} algorithms[] = { { "rsa", EDS_RSA_SHA256 },
                   { "gost-2015-512", EDS_GOST_2015_512 },
                   { "gost-2015-256", EDS_GOST_2015_256 },
                   { "gost-2004", EDS_GOST_2004 } };

static bool read_algorithms(struct str list, unsigned *ret)
{
    struct str one;
    unsigned set = 0;
    while (str_split(&list, ',', &one)) {
        size_t i = 0;
        while (i < sizeof algorithms / sizeof *algorithms && !str_is(str_trim(one), algorithms[i].name))
            i++;
        if (i == sizeof algorithms / sizeof *algorithms)
            return false;
        set |= 1u << algorithms[i].algorithm;
    }
    *ret = set;
    return true;
}

static bool read_identifiers(struct str list, struct arena *arena, const char *const **ret)
{
    const char **all = ARENA_ARRAY(arena, const char *, POLICIES_MAX + 1);
    struct str one;
    size_t n = 0;
    while (str_split(&list, ',', &one)) {
        if (n == POLICIES_MAX)
            return false;
        all[n] = arena_text(arena, str_trim(one));
        ASN1_OBJECT *object = OBJ_txt2obj(all[n++], 1);
        if (!object)
            return false;
        ASN1_OBJECT_free(object);
    }
    *ret = all;
    return true;
}

static bool read_seconds(struct str text, int64_t *ret)
{
    uint64_t n;
    if (!str_to_u64(text, &n) || n > SECONDS_MAX)
        return false;
    *ret = (int64_t)n;
    return true;
}

static bool read_flag(struct str text, bool *ret)
{
    *ret = str_is(text, "yes");
    return *ret || str_is(text, "no");
}

static bool set(const struct row *row, struct str value, struct arena *arena, struct eds_policy *policy)
{
    void *into = (char *)policy + row->at;
    switch (row->kind) {
    case SECONDS: return read_seconds(value, into);
    case FLAG: return read_flag(value, into);
    case ALGORITHMS: return read_algorithms(value, into);
    case IDENTIFIERS: return read_identifiers(value, arena, into);
    default: *(const char **)into = arena_text(arena, value); return value.n > 0;
    }
}

static bool read_line(struct str line, struct arena *arena, struct eds_policy *policy, bool given[ROWS])
{
    struct str key;
    if (line.n == 0 || line.p[0] == '#')
        return true;
    if (!memchr(line.p, '=', line.n) || !str_split(&line, '=', &key))
        return false;
    for (size_t i = 0; i < ROWS; i++) {
        if (str_is(str_trim(key), rows[i].key) && !given[i]) {
            given[i] = true;
            return set(&rows[i], str_trim(line), arena, policy);
        }
    }
    return false;
}

bool trust_read_profile(const char *path, struct arena *arena, struct eds_policy *policy, struct err *err)
{
    struct str text, line;
    bool given[ROWS] = { false };
    int number = 0;
    if (!file_read(path, PROFILE_MAX, arena, &text, err))
        return err->kind == ERR_NOT_FOUND;
    while (str_split(&text, '\n', &line)) {
        number++;
        if (!read_line(str_trim(line), arena, policy, given))
            return err_set(err, ERR_INPUT, "%s:%d: unknown or repeated key, or a wrong value", path, number);
    }
    return true;
}
