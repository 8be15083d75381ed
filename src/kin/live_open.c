/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of a snapshot that can change: where it lies in memory, and what readers see of the lists beside it. */
#include "kin/live_impl.h"

#include "base/arena.h"

#include <stdlib.h>
#include <sys/mman.h>

/* Room for what comes until the next snapshot, besides what the journal holds already. */
#define SPARE_RECORDS UINT64_C(262144)
#define SPARE_OWNERS  UINT64_C(4)  /* of a record */
#define SPARE_TEXT    UINT64_C(96) /* bytes of a record */
#define SPARE_NODES   UINT64_C(4)
#define IRREGULARS    UINT64_C(4096)
#define RECORD_LEAST  UINT64_C(40) /* bytes of the shortest record */

/* ---- readers ---- */

uint32_t kin_live_irregular_key(const struct kin_overlay *o, struct iin iin)
{
    uint32_t used = __atomic_load_n(&o->irregular.used, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < used; i++) {
        if (o->irregular.item[i] == iin.n)
            return KIN_KEY_IRREGULAR + (uint32_t)o->mart.section[KIN_IRREGULAR_IIN].count + i;
    }
    return 0;
}

struct iin kin_live_irregular_iin(const struct kin_overlay *o, uint32_t key)
{
    uint64_t place = key - KIN_KEY_IRREGULAR - o->mart.section[KIN_IRREGULAR_IIN].count;
    return (struct iin){ place < __atomic_load_n(&o->irregular.used, __ATOMIC_ACQUIRE) ? o->irregular.item[place] : 0 };
}

bool kin_live_birth(const struct kin_overlay *o, uint32_t number, struct kin_birth_found *ret)
{
    if (number >= o->birth.room)
        return false;
    *ret = o->birth.item[number];
    return true;
}

uint32_t kin_live_first_marriage(const struct kin_overlay *o, uint32_t slot)
{
    return __atomic_load_n(&o->marriages_of[slot], __ATOMIC_ACQUIRE);
}

uint32_t kin_live_first_stay(const struct kin_overlay *o, uint32_t slot)
{
    return __atomic_load_n(&o->stays_of[slot], __ATOMIC_ACQUIRE);
}

static bool step(const struct kin_overlay *o, uint32_t *node, uint32_t *ret_what)
{
    if (*node == 0 || *node >= o->node.room)
        return false;
    *ret_what = o->node.item[*node].what;
    *node = __atomic_load_n(&o->node.item[*node].next, __ATOMIC_ACQUIRE);
    return true;
}

bool kin_live_marriage_node(const struct kin_overlay *o, uint32_t *node, uint32_t *ret_place) { return step(o, node, ret_place); }

bool kin_live_stay_node(const struct kin_overlay *o, uint32_t *node, uint32_t *ret_dwelling_slot)
{
    uint32_t what;
    if (!step(o, node, &what) || what == 0)
        return false;
    *ret_dwelling_slot = what - 1;
    return true;
}

/* ---- memory ---- */

struct spare {
    uint64_t bytes[KIN_SECTIONS];
};

static uint64_t page_up(uint64_t n) { return (n + KIN_FILE_PAGE - 1) / KIN_FILE_PAGE * KIN_FILE_PAGE; }

/* The sections one behind the other, each with its spare room; the header in front. */
static bool copy_sections(struct kin_overlay *o, const struct kin_mart *from, const struct spare *spare, struct err *err)
{
    uint64_t size = KIN_FILE_PAGE;
    for (int i = 0; i < KIN_SECTIONS; i++)
        size += page_up(from->section[i].bytes + spare->bytes[i] + 8);
    unsigned char *p = kin_large_pages(size);
    if (p == NULL)
        return err_set(err, ERR_SYSTEM, "no memory for a live copy of %llu bytes", (unsigned long long)size);
    o->mart = *from;
    o->mart.memory = p;
    o->mart.memory_size = size;
    o->mart.live = o;
    memcpy(p, from->header, KIN_FILE_PAGE);
    o->header = (struct kin_file_header *)(void *)p;
    o->mart.header = o->header;
    uint64_t at = KIN_FILE_PAGE;
    for (int i = 0; i < KIN_SECTIONS; i++) {
        memcpy(p + at, from->section[i].p, from->section[i].bytes);
        o->mart.section[i].p = p + at;
        at += page_up(from->section[i].bytes + spare->bytes[i] + 8);
    }
    return true;
}

#define WRITABLE(o, name, type) ((type *)(void *)(uintptr_t)(o)->mart.section[name].p)

static void *beside(struct kin_overlay *o, int i, uint64_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    o->beside[i] = p;
    o->beside_size[i] = bytes;
    return p;
}

/* Texts, marriages and owners grow behind those of the file, so that one offset or place names either. */
static void set_growing(struct kin_overlay *o, const struct kin_mart *from, const struct spare *spare)
{
#define GROW(name, section_, type)                                                                                               \
    o->name.item = WRITABLE(o, section_, type);                                                                                  \
    o->name.used = (uint32_t)from->section[section_].count;                                                                      \
    o->name.room = (uint32_t)(from->section[section_].count + spare->bytes[section_] / sizeof(type));                            \
    o->mart.section[section_].count = o->name.room
    GROW(text, KIN_TEXT, char);
    GROW(marriage, KIN_MARRIAGES, struct kin_marriage_act);
    GROW(owner, KIN_OWNER_LIST, uint32_t);
#undef GROW
    o->irregular.item = WRITABLE(o, KIN_IRREGULAR_IIN, uint64_t) + from->section[KIN_IRREGULAR_IIN].count;
    o->irregular.room = (uint32_t)IRREGULARS;
}

static void set_pointers(struct kin_overlay *o)
{
    o->persons = WRITABLE(o, KIN_PERSONS, struct kin_person_line);
    o->dwellings = WRITABLE(o, KIN_DWELLINGS, struct kin_dwelling_line);
    o->mart.persons = o->persons;
    o->mart.dwellings = o->dwellings;
    o->state = WRITABLE(o, KIN_STATES, uint32_t);
    o->life = WRITABLE(o, KIN_LIFE, struct kin_life);
    o->birth_act = WRITABLE(o, KIN_BIRTHS, struct kin_birth_act);
    o->late_birth = WRITABLE(o, KIN_LATE_BIRTHS, struct kin_late_birth);
    o->record = WRITABLE(o, KIN_DWELLING_RECORD, struct kin_dwelling_record);
    o->slots = o->mart.section[KIN_STATES].count;
    o->dwelling_slots = o->mart.section[KIN_DWELLING_RECORD].count;
    o->residents = o->mart.section[KIN_RESIDENTS].count;
    o->late_births = o->mart.section[KIN_LATE_BIRTHS].count;
    o->day = o->header->as_of;
    o->sequence = o->header->sequence;
    o->due_until = INT32_MIN;
}

static bool make_beside(struct kin_overlay *o, uint64_t records, struct err *err)
{
    o->birth.room = (uint32_t)(records + o->late_births + 1);
    o->node.room = (uint32_t)(records * SPARE_NODES + o->residents + 2);
    o->birth.item = beside(o, 0, o->birth.room * sizeof *o->birth.item);
    o->node.item = beside(o, 1, o->node.room * sizeof *o->node.item);
    o->marriages_of = beside(o, 2, o->slots * sizeof(uint32_t));
    o->stays_of = beside(o, 3, o->slots * sizeof(uint32_t));
    if (o->birth.item == NULL || o->node.item == NULL || o->marriages_of == NULL || o->stays_of == NULL)
        return err_set(err, ERR_SYSTEM, "no memory for what is beside a live mart");
    o->node.used = 2; /* node 0 is none, node 1 the empty list */
    return true;
}

static bool make(struct kin_overlay *o, const struct kin_mart *from, uint64_t journal_bytes, struct err *err)
{
    uint64_t records = SPARE_RECORDS + journal_bytes / RECORD_LEAST;
    struct spare spare = { 0 };
    spare.bytes[KIN_TEXT] = SPARE_RECORDS * SPARE_TEXT + journal_bytes;
    spare.bytes[KIN_MARRIAGES] = records * sizeof(struct kin_marriage_act);
    spare.bytes[KIN_OWNER_LIST] = (SPARE_RECORDS * SPARE_OWNERS + journal_bytes / 8) * sizeof(uint32_t);
    spare.bytes[KIN_IRREGULAR_IIN] = IRREGULARS * sizeof(uint64_t);
    if (from->section[KIN_TEXT].bytes + spare.bytes[KIN_TEXT] > UINT32_MAX || records * SPARE_NODES > UINT32_MAX / 2)
        return err_set(err, ERR_LIMIT, "the journal is too long for one live mart: a snapshot has to be taken more often");
    if (!copy_sections(o, from, &spare, err))
        return false;
    set_growing(o, from, &spare);
    set_pointers(o);
    return make_beside(o, records, err);
}

void kin_overlay_close(struct kin_overlay *o)
{
    if (o == NULL)
        return;
    if (o->mart.memory != NULL)
        munmap(o->mart.memory, o->mart.memory_size);
    for (int i = 0; i < 4; i++) {
        if (o->beside[i] != NULL)
            munmap(o->beside[i], o->beside_size[i]);
    }
    free(o->due);
    free(o->before);
    free(o->after);
    free(o->stays);
    free(o->dirty_owner);
    free(o->owned_first);
    free(o->owned);
    free(o);
}

/* Looked at before and after: the file that was opened is the one by which a later one will be told apart. */
static bool open_snapshot(const char *path, struct kin_mart **ret, struct stat *ret_about, struct err *err)
{
    struct stat after;
    for (int tries = 0; tries < 10; tries++) {
        bool there = stat(path, ret_about) == 0;
        if (!kin_mart_open(path, KIN_MART_MAPPED, ret, err))
            return false;
        if (there && stat(path, &after) == 0 && after.st_ino == ret_about->st_ino && after.st_dev == ret_about->st_dev)
            return true;
        kin_mart_close(*ret);
    }
    return err_set(err, ERR_CONFLICT, "%s: keeps being replaced", path);
}

bool kin_overlay_open(const char *path, uint64_t journal_bytes, struct kin_overlay **ret, struct err *err)
{
    struct kin_mart *from = NULL;
    struct stat about;
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx"))
        return err_set(err, ERR_SYSTEM, "a live mart needs a processor that moves 16 bytes as a whole (with AVX)");
#endif
    if (!open_snapshot(path, &from, &about, err))
        return false;
    struct kin_overlay *o = mem_alloc(sizeof *o);
    bool ok = kin_mart_verify_sections(from, path, err) && make(o, from, journal_bytes, err);
    kin_mart_close(from);
    if (!ok) {
        kin_overlay_close(o);
        return false;
    }
    o->device = about.st_dev;
    o->inode = about.st_ino;
    *ret = o;
    return true;
}
