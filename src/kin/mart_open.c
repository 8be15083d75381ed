/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: the header is checked field by field, so that nothing that follows can lead outside the file. */
#include "kin/mart_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGE_PAGE ((size_t)2 << 20)

/* ---- the header ---- */

static bool damaged(struct err *err, const char *path, const char *what) { return err_set(err, ERR_INPUT, "%s: %s", path, what); }

static bool check_section(const struct kin_file_header *h, enum kin_section i, const char *path, struct err *err)
{
    const struct kin_file_section *s = &h->section[i];
    if (s->offset % KIN_FILE_PAGE != 0 || s->offset < KIN_FILE_PAGE || s->offset > h->bytes || s->bytes > h->bytes - s->offset)
        return err_set(err, ERR_INPUT, "%s: section %s lies outside the file", path, kin_section_name(i));
    if (s->item != kin_section_item(i) || s->bytes % s->item != 0)
        return err_set(err, ERR_INPUT, "%s: section %s has items of another size", path, kin_section_name(i));
    return true;
}

/* Sections whose number of items follows from another. */
static bool check_counts(const struct kin_file_header *h, const char *path, struct err *err)
{
    uint64_t count[KIN_SECTIONS];
    for (int i = 0; i < KIN_SECTIONS; i++)
        count[i] = h->section[i].bytes / h->section[i].item;
    uint64_t slots = count[KIN_PERSONS] * KIN_LINE_PERSONS, dwellings = count[KIN_DWELLINGS] * KIN_LINE_DWELLINGS;
    if (h->person_lines == 0 || h->person_lines > UINT32_MAX || count[KIN_PERSONS] != h->person_lines + KIN_LINES_SPARE)
        return damaged(err, path, "section persons has another number of lines than the header says");
    if (h->dwelling_lines == 0 || h->dwelling_lines > UINT32_MAX || count[KIN_DWELLINGS] != h->dwelling_lines + KIN_LINES_SPARE)
        return damaged(err, path, "section dwellings has another number of lines than the header says");
    const struct {
        enum kin_section section;
        uint64_t items;
    } wanted[] = { { KIN_STATES, slots },
                   { KIN_LIFE, slots },
                   { KIN_BIRTHS, slots },
                   { KIN_MARRIAGE_START, slots + 1 },
                   { KIN_DWELLING_OWNER, dwellings },
                   { KIN_DWELLING_RECORD, dwellings },
                   { KIN_FAMILY, h->persons + 1 },
                   { KIN_FAMILY_SLOT, h->persons + 1 },
                   { KIN_OWNER_LIST_FAMILY, count[KIN_OWNER_LIST] } };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (count[wanted[i].section] != wanted[i].items)
            return err_set(err, ERR_INPUT, "%s: section %s has another number of items than the others ask for", path,
                           kin_section_name(wanted[i].section));
    }
    return true;
}

static bool check_header(const struct kin_file_header *h, uint64_t size, const char *path, struct err *err)
{
    if (size < KIN_FILE_PAGE || memcmp(h->magic, KIN_FILE_MAGIC, sizeof h->magic) != 0)
        return damaged(err, path, "is not a kinship mart");
    if (h->version != KIN_FILE_VERSION)
        return err_set(err, ERR_INPUT, "%s: the mart has version %u, this program reads version %d: build it again", path,
                       h->version, KIN_FILE_VERSION);
    if (h->crc != kin_crc32c(0, h, KIN_FILE_PAGE - sizeof h->crc))
        return damaged(err, path, "the header is damaged");
    if (h->sections != KIN_SECTIONS)
        return damaged(err, path, "the header names another number of sections");
    if (h->bytes != size)
        return err_set(err, ERR_INPUT, "%s: has %llu bytes instead of %llu: truncated or not of one piece", path,
                       (unsigned long long)size, (unsigned long long)h->bytes);
    for (int i = 0; i < KIN_SECTIONS; i++) {
        if (!check_section(h, (enum kin_section)i, path, err))
            return false;
    }
    return check_counts(h, path, err);
}

/* Searches end at a row that is free: there is one behind everything, and the first line is for key 0. */
static bool check_ends(const struct kin_mart *mart, const char *path, struct err *err)
{
    const struct kin_person_line *last = &mart->persons[mart->person_lines + KIN_LINES_SPARE - 1];
    if (last->row[KIN_LINE_PERSONS - 1].key != 0 || mart->persons[0].row[0].key != 0)
        return damaged(err, path, "section persons has no end");
    if (mart->dwellings[mart->dwelling_lines + KIN_LINES_SPARE - 1].key[KIN_LINE_DWELLINGS - 1] != 0)
        return damaged(err, path, "section dwellings has no end");
    return true;
}

/* ---- opening ---- */

static void view(struct kin_mart *mart, void *memory, size_t size)
{
    mart->memory = memory;
    mart->memory_size = size;
    mart->header = memory;
    for (int i = 0; i < KIN_SECTIONS; i++) {
        const struct kin_file_section *s = &mart->header->section[i];
        mart->section[i] = (struct kin_section_view){ (unsigned char *)memory + s->offset, s->bytes, s->bytes / s->item };
    }
    mart->persons = KIN_ITEMS(mart, KIN_PERSONS, struct kin_person_line);
    mart->dwellings = KIN_ITEMS(mart, KIN_DWELLINGS, struct kin_dwelling_line);
    mart->person_lines = mart->header->person_lines;
    mart->dwelling_lines = mart->header->dwelling_lines;
}

/* Memory in large pages where the system gives them; at a boundary of one in any case. */
void *kin_large_pages(size_t size)
{
    size_t room = size + LARGE_PAGE;
    char *p = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    size_t before = (LARGE_PAGE - (uintptr_t)p % LARGE_PAGE) % LARGE_PAGE;
    if (before > 0)
        munmap(p, before);
    if (room - before > size)
        munmap(p + before + (size + KIN_FILE_PAGE - 1) / KIN_FILE_PAGE * KIN_FILE_PAGE,
               room - before - (size + KIN_FILE_PAGE - 1) / KIN_FILE_PAGE * KIN_FILE_PAGE);
    madvise(p + before, size, MADV_HUGEPAGE);
    return p + before;
}

bool kin_mart_verify_sections(const struct kin_mart *mart, const char *path, struct err *err)
{
    for (int i = 0; i < KIN_SECTIONS; i++) {
        if (kin_crc32c(0, mart->section[i].p, mart->section[i].bytes) != mart->header->section[i].crc)
            return err_set(err, ERR_INPUT, "%s: section %s is damaged", path, kin_section_name((enum kin_section)i));
    }
    return true;
}

static bool copy(struct kin_mart *mart, const char *path, struct err *err)
{
    size_t size = mart->memory_size;
    void *from = mart->memory, *to = kin_large_pages(size);
    if (to == NULL)
        return err_set(err, ERR_SYSTEM, "%s: no memory for a copy of %zu bytes", path, size);
    memcpy(to, from, size);
    munmap(from, size);
    view(mart, to, size);
    mprotect(to, size, PROT_READ);
    return kin_mart_verify_sections(mart, path, err);
}

static bool map_file(const char *path, void **ret, size_t *ret_size, struct err *err)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "%s: cannot open: %s", path, strerrorname_np(errno));
    bool ok = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size >= KIN_FILE_PAGE;
    void *p = ok ? mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    close(fd);
    if (p == MAP_FAILED)
        return damaged(err, path, "is not a kinship mart");
    *ret = p;
    *ret_size = (size_t)about.st_size;
    return true;
}

bool kin_mart_open(const char *path, enum kin_mart_mode mode, struct kin_mart **ret, struct err *err)
{
    void *memory = NULL;
    size_t size = 0;
    if (!map_file(path, &memory, &size, err))
        return false;
    if (!check_header(memory, size, path, err)) {
        munmap(memory, size);
        return false;
    }
    struct kin_mart *mart = mem_alloc(sizeof *mart);
    view(mart, memory, size);
#if defined(__x86_64__)
    mart->vectors = __builtin_cpu_supports("avx2") != 0;
#endif
    if ((mode == KIN_MART_FAST && !copy(mart, path, err)) || !check_ends(mart, path, err)) {
        kin_mart_close(mart);
        return false;
    }
    *ret = mart;
    return true;
}

void kin_mart_close(struct kin_mart *mart)
{
    if (mart == NULL)
        return;
    munmap(mart->memory, mart->memory_size);
    free(mart);
}

bool kin_mart_verify(const struct kin_mart *mart, struct err *err)
{
    return mart->live != NULL || kin_mart_verify_sections(mart, "the mart", err);
}

void kin_mart_info(const struct kin_mart *mart, struct kin_mart_info *ret)
{
    const struct kin_file_header *h = mart->header;
    *ret = (struct kin_mart_info){ .as_of = { h->as_of },
                                   .persons = h->persons,
                                   .living = h->living,
                                   .dwellings = h->dwellings,
                                   .sequence = h->sequence,
                                   .bytes = h->bytes,
                                   .held = h->held };
    uint64_t *const kind[] = { &ret->bytes_kinship, &ret->bytes_decision, &ret->bytes_batch, &ret->bytes_history };
    static const int first[] = { KIN_PERSONS, KIN_STATES, KIN_FAMILY, KIN_LIFE, KIN_SECTIONS };
    for (int k = 0; k < 4; k++) {
        for (int i = first[k]; i < first[k + 1]; i++)
            *kind[k] += mart->section[i].bytes;
    }
}
