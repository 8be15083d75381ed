/* SPDX-License-Identifier: Apache-2.0 */
/* The file as a whole: names and sizes of the sections, checksums, writing. */
#include "kin/mart_impl.h"

#include "base/file.h"

#include <stdlib.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const struct {
    const char *name;
    uint32_t item;
} sections[KIN_SECTIONS] = {
    [KIN_PERSONS] = { "persons", sizeof(struct kin_person_line) },
    [KIN_STATES] = { "states", sizeof(uint32_t) },
    [KIN_DWELLINGS] = { "dwellings", sizeof(struct kin_dwelling_line) },
    [KIN_OWNER_LIST] = { "owner list", sizeof(uint32_t) },
    [KIN_RESIDENTS] = { "residents", sizeof(uint32_t) },
    [KIN_FAMILY] = { "family", sizeof(struct kin_family_row) },
    [KIN_DWELLING_OWNER] = { "dwelling owner", sizeof(uint32_t) },
    [KIN_OWNER_LIST_FAMILY] = { "owner list by family", sizeof(uint32_t) },
    [KIN_FAMILY_SLOT] = { "family slot", sizeof(uint32_t) },
    [KIN_LIFE] = { "life", sizeof(struct kin_life) },
    [KIN_BIRTHS] = { "births", sizeof(struct kin_birth_act) },
    [KIN_LATE_BIRTHS] = { "late births", sizeof(struct kin_late_birth) },
    [KIN_MARRIAGE_START] = { "marriage start", sizeof(uint32_t) },
    [KIN_MARRIAGE_LIST] = { "marriage list", sizeof(uint32_t) },
    [KIN_MARRIAGES] = { "marriages", sizeof(struct kin_marriage_act) },
    [KIN_DWELLING_RECORD] = { "dwelling record", sizeof(struct kin_dwelling_record) },
    [KIN_IRREGULAR_RKA] = { "irregular RKA", sizeof(uint32_t) },
    [KIN_IRREGULAR_IIN] = { "irregular IIN", sizeof(uint64_t) },
    [KIN_TEXT] = { "text", 1 },
};

const char *kin_section_name(enum kin_section section) { return sections[section].name; }
uint32_t kin_section_item(enum kin_section section) { return sections[section].item; }

/* ---- CRC-32C (RFC 3720, appendix B.4) ---- */

#define CRC_POLYNOMIAL UINT32_C(0x82F63B78) /* reversed */

static uint32_t crc_plain(uint32_t crc, const unsigned char *p, size_t n)
{
    uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            table[i] = table[i] >> 1 ^ ((table[i] & 1) != 0 ? CRC_POLYNOMIAL : 0);
    }
    for (; n > 0; n--)
        crc = table[(crc ^ *p++) & 255] ^ crc >> 8;
    return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc_vector(uint32_t crc, const unsigned char *p, size_t n)
{
    uint64_t c = crc;
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        c = _mm_crc32_u64(c, word);
    }
    for (; n > 0; n--)
        c = _mm_crc32_u8((uint32_t)c, *p++);
    return (uint32_t)c;
}
#endif

uint32_t kin_crc32c(uint32_t crc, const void *bytes, size_t n)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2"))
        return ~crc_vector(~crc, bytes, n);
#endif
    return ~crc_plain(~crc, bytes, n);
}

/* ---- writing ---- */

static uint64_t page_up(uint64_t n) { return (n + KIN_FILE_PAGE - 1) / KIN_FILE_PAGE * KIN_FILE_PAGE; }

bool kin_file_write(const char *path, struct kin_file_header *header, const struct kin_file_part part[KIN_SECTIONS],
                    struct err *err)
{
    static const char zeros[KIN_FILE_PAGE];
    struct str piece[1 + 2 * KIN_SECTIONS];
    uint64_t at = KIN_FILE_PAGE;
    for (int i = 0; i < KIN_SECTIONS; i++) {
        header->section[i] = (struct kin_file_section){
            .offset = at, .bytes = part[i].size, .item = sections[i].item, .crc = kin_crc32c(0, part[i].bytes, part[i].size)
        };
        piece[1 + 2 * i] = (struct str){ part[i].bytes, part[i].size };
        piece[2 + 2 * i] = (struct str){ zeros, page_up(part[i].size) - part[i].size };
        at += page_up(part[i].size);
    }
    memcpy(header->magic, KIN_FILE_MAGIC, sizeof header->magic);
    header->version = KIN_FILE_VERSION;
    header->sections = KIN_SECTIONS;
    header->bytes = at;
    header->crc = kin_crc32c(0, header, KIN_FILE_PAGE - sizeof header->crc);
    piece[0] = (struct str){ (const char *)header, KIN_FILE_PAGE };
    file_remove_unfinished(path);
    return file_write_parts(path, piece, 1 + 2 * KIN_SECTIONS, err);
}
