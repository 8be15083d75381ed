/* SPDX-License-Identifier: Apache-2.0 */
/* The whole country against norms: small chunks of dwellings, taken by as many threads as there are processors. */
#include "kin/mart_country.h"

#include "base/progress.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK_LINES 512
#define THREADS_MAX 64
#define AREA_FLAGS  0xff000000u
/* A district by its digits behind a 1, as KATO stand in the records. */
#define DISTRICTS_END 20000u
#define DISTRICT_NONE 1u
#define NINE_DIGITS   1000000000u
#define NINE_TO_FOUR  100000u

struct work {
    const struct kin_mart *mart;
    const struct kin_country_question *question;
    uint32_t prefix, prefix_end; /* the digits of the question's KATO behind a 1; what has more digits is not below the end */
    uint64_t chunks;
    atomic_uint_fast64_t next;
};
struct worker {
    struct work *work;
    struct kin_chunk chunk;
    uint16_t place[DISTRICTS_END]; /* by number of the district: in row, from 1; 0: not come yet */
    struct kin_country_row *row;
    size_t rows, row_room;
    pthread_t thread;
    bool reports; /* progress */
};

/* ---- KATO ---- */

static uint32_t district_of(uint32_t kato)
{
    if (kato >= NINE_DIGITS)
        kato /= NINE_TO_FOUR;
    while (kato >= DISTRICTS_END)
        kato /= 10;
    return kato == 0 ? DISTRICT_NONE : kato;
}

/* False: it cannot be the beginning of a KATO. */
static bool read_prefix(struct str text, struct work *ret)
{
    uint32_t n = 1, end = 2;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9' || i == 9)
            return false;
        n = n * 10 + (uint32_t)(text.p[i] - '0');
        end *= 10;
    }
    ret->prefix = n;
    ret->prefix_end = end;
    return true;
}

static bool begins_with(const struct work *work, uint32_t kato)
{
    while (kato >= work->prefix_end && work->prefix != 1)
        kato /= 10;
    return kato == work->prefix || work->prefix == 1;
}

/* ---- occupancy ---- */

struct dwelling {
    uint64_t heads;
    int64_t area;
};

static struct dwelling dwelling_at(const struct kin_mart *mart, const struct kin_dwelling_line *line, int row,
                                   const struct kin_dwelling_record *record, bool useful)
{
    struct dwelling d = { line->key[row] >> KIN_RKA_BITS, line->area[row] & ~AREA_FLAGS };
    if (d.heads == KIN_HEADS_MANY)
        d.heads = record->heads;
    if (useful)
        d.area = record->useful_area;
    else if (d.area == KIN_AREA_OTHER)
        d.area = record->total_area;
    /* More than the section of residents has cannot live anywhere. */
    uint64_t most = mart->section[KIN_RESIDENTS].count;
    d.heads = d.heads < most ? d.heads : most;
    return d;
}

/* heads > floor(area / norm) is heads * norm > area.  Returns the norms that the dwelling is over, as bits. */
static uint32_t compare(const struct kin_country_question *q, struct dwelling d, struct kin_country_row *district)
{
    uint32_t norms = 0;
    for (int i = 0; i < q->norms; i++) {
        uint64_t norm = q->norm[i] > 0 ? (uint64_t)q->norm[i] : 0, area = (uint64_t)d.area;
        bool over = d.heads * norm > area && !(q->allowed_at_least_one && d.heads < 2);
        bool reached = (d.heads + 1) * norm > area && !(q->allowed_at_least_one && d.heads < 1);
        reached = q->reached_above_allowed ? over : reached;
        district->norm[i].reached += reached;
        district->norm[i].over += over;
        district->norm[i].over_residents += over ? d.heads : 0;
        norms |= (uint32_t)over << i;
    }
    return norms;
}

static struct kin_country_row *row_of(struct worker *w, uint32_t district)
{
    if (w->place[district] == 0) {
        *MEM_PUSH(w->row, w->rows, w->row_room) = (struct kin_country_row){ 0 };
        w->place[district] = (uint16_t)w->rows;
    }
    return &w->row[w->place[district] - 1];
}

static void count_dwelling(struct worker *w, uint32_t slot)
{
    const struct kin_mart *mart = w->work->mart;
    const struct kin_dwelling_line *line = &mart->dwellings[slot / KIN_LINE_DWELLINGS];
    int row = (int)(slot % KIN_LINE_DWELLINGS);
    const struct kin_dwelling_record *record = &KIN_ITEMS(mart, KIN_DWELLING_RECORD, struct kin_dwelling_record)[slot];
    if (line->key[row] == 0 || !begins_with(w->work, record->kato))
        return;
    uint32_t number = district_of(record->kato);
    struct kin_country_row *district = row_of(w, number);
    struct dwelling d = dwelling_at(mart, line, row, record, w->work->question->useful_area);
    district->dwellings++;
    district->residents += d.heads;
    district->without_owner += (line->area[row] & KIN_DWELLING_NOBODY) != 0;
    district->without_area += d.area < 0;
    uint32_t norms = d.area < 0 ? 0 : compare(w->work->question, d, district);
    if (norms != 0)
        *MEM_PUSH(w->chunk.over.item, w->chunk.over.count, w->chunk.over.capacity) = (struct kin_over){
            .slot = slot, .district = number, .norms = norms, .resident = line->resident[row], .heads = (uint32_t)d.heads
        };
}

static void add_kinship(struct worker *w)
{
    for (size_t i = 0; i < w->chunk.over.count; i++) {
        const struct kin_over *over = &w->chunk.over.item[i];
        for (int k = 0; k < w->work->question->norms; k++) {
            struct kin_country_norm *n = &row_of(w, over->district)->norm[k];
            uint64_t all = (over->norms >> k & 1) != 0 ? UINT64_MAX : 0;
            n->owners += all & over->himself;
            n->kin += all & over->kin;
            n->neither += all & (over->heads - over->himself - over->kin);
        }
    }
}

/* ---- threads ---- */

static void *run(void *context)
{
    struct worker *w = context;
    uint64_t lines = w->work->mart->section[KIN_DWELLINGS].count;
    for (;;) {
        uint64_t i = atomic_fetch_add_explicit(&w->work->next, 1, memory_order_relaxed);
        if (i >= w->work->chunks)
            return NULL;
        uint64_t first = i * CHUNK_LINES, end = first + CHUNK_LINES < lines ? first + CHUNK_LINES : lines;
        w->chunk.over.count = 0;
        for (uint64_t slot = first * KIN_LINE_DWELLINGS; slot < end * KIN_LINE_DWELLINGS; slot++)
            count_dwelling(w, (uint32_t)slot);
        kin_chunk_decide(&w->chunk);
        add_kinship(w);
        if (w->reports)
            progress_step(w->work->question->progress, (int64_t)i);
    }
}

static void add_norm(struct kin_country_norm *to, const struct kin_country_norm *from)
{
    to->reached += from->reached;
    to->over += from->over;
    to->over_residents += from->over_residents;
    to->owners += from->owners;
    to->kin += from->kin;
    to->neither += from->neither;
}

static void add_row(struct kin_country_row *to, const struct kin_country_row *from, int norms)
{
    to->dwellings += from->dwellings;
    to->residents += from->residents;
    to->without_area += from->without_area;
    to->without_owner += from->without_owner;
    for (int i = 0; i < norms; i++)
        add_norm(&to->norm[i], &from->norm[i]);
}

static int compare_rows(const void *a, const void *b)
{
    return strcmp(((const struct kin_country_row *)a)->kato, ((const struct kin_country_row *)b)->kato);
}

/* Districts of all workers into those of the first, and out in the order of their digits. */
static void gather(const struct worker *worker, int workers, int norms, struct kin_country *ret)
{
    size_t capacity = 0, count = 0;
    *ret = (struct kin_country){ 0 };
    for (uint32_t number = 0; number < DISTRICTS_END; number++) {
        struct kin_country_row row = { .kato = "" };
        for (int i = 0; i < workers; i++) {
            if (worker[i].place[number] != 0)
                add_row(&row, &worker[i].row[worker[i].place[number] - 1], norms);
        }
        if (row.dwellings == 0)
            continue;
        char digits[16];
        snprintf(digits, sizeof digits, "%u", number);
        snprintf(row.kato, sizeof row.kato, "%.*s", KIN_DISTRICT_DIGITS, digits + 1);
        *MEM_PUSH(ret->district, count, capacity) = row;
        add_row(&ret->total, &row, norms);
    }
    ret->districts = (int)count;
    if (count > 0)
        qsort(ret->district, count, sizeof *ret->district, compare_rows);
}

static int threads_of(const struct kin_country_question *q)
{
    long threads = q->threads > 0 ? q->threads : sysconf(_SC_NPROCESSORS_ONLN);
    return threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : (int)threads;
}

/* The calling thread is the first worker; returns how many there are. */
static int run_all(struct work *work, struct worker *worker, int wanted)
{
    int workers = 0;
    for (; workers < wanted; workers++) {
        struct worker *w = &worker[workers];
        w->work = work;
        w->reports = workers == 0 && work->question->progress != NULL;
        w->chunk.mart = work->mart;
        w->chunk.question = work->question;
        w->chunk.fast = kin_country_is_fast(&work->question->kin);
        if (workers > 0 && pthread_create(&w->thread, NULL, run, w) != 0)
            break; /* those that are there do it all */
    }
    run(&worker[0]);
    for (int i = 1; i < workers; i++)
        pthread_join(worker[i].thread, NULL);
    return workers;
}

bool kin_mart_country(const struct kin_mart *mart, const struct kin_country_question *question, struct kin_country *ret,
                      struct err *err)
{
    struct work work = { .mart = mart, .question = question };
    uint64_t lines = mart->section[KIN_DWELLINGS].count;
    work.chunks = (lines + CHUNK_LINES - 1) / CHUNK_LINES;
    if (question->norms < 1 || question->norms > KIN_NORMS_MAX || !read_prefix(question->kato, &work))
        return err_set(err, ERR_INPUT, "from 1 to %d norms, and at most nine digits of KATO", KIN_NORMS_MAX);
    if (mart->live != NULL) /* its residents and family numbers are those of the snapshot */
        return err_set(err, ERR_FORBIDDEN, "the country is asked of a snapshot, not of a live mart");
    if (question->progress != NULL)
        progress_start(question->progress, "dwellings against the norm", (int64_t)work.chunks);
    struct worker *worker = mem_alloc((size_t)threads_of(question) * sizeof *worker);
    int workers = run_all(&work, worker, threads_of(question));
    if (question->progress != NULL)
        progress_done(question->progress);
    gather(worker, workers, question->norms, ret);
    for (int i = 0; i < workers; i++) {
        free(worker[i].row);
        kin_chunk_release(&worker[i].chunk);
    }
    free(worker);
    return true;
}

void kin_country_release(struct kin_country *country)
{
    free(country->district);
    *country = (struct kin_country){ 0 };
}
