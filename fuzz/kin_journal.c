/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the records of a journal: they are refused, or cut off, or the mart lives on with them; what is there then is
 * there the next time, and a mart built from it is whole.  First byte: 1: the checksums and numbers of the records are made
 * right.
 */
#include "kin_town.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static char mart_path[64], journal_path[64], anew_path[64];
static uint64_t lineage;

static void begin(void)
{
    struct kin_mart *mart;
    struct err err;
    town_path("mart", mart_path);
    town_path("journal", journal_path);
    town_path("anew", anew_path);
    town_build(mart_path);
    if (!kin_mart_open(mart_path, KIN_MART_MAPPED, &mart, &err))
        abort();
    lineage = kin_lineage(mart->header);
    kin_mart_close(mart);
}

static void make_right(unsigned char *p, size_t n)
{
    uint64_t sequence = 0;
    struct kin_record_head head;
    for (size_t at = 0; n - at >= sizeof head; at += head.bytes) {
        memcpy(&head, p + at, sizeof head);
        if (head.bytes < sizeof head || head.bytes % 8 != 0 || head.bytes > n - at)
            return;
        head.sequence = ++sequence;
        memcpy(p + at, &head, sizeof head);
        head.crc = kin_crc32c(0, p + at + 4, head.bytes - 4);
        memcpy(p + at, &head.crc, sizeof head.crc);
    }
}

static void write_journal(const uint8_t *bytes, size_t size)
{
    struct kin_journal_header header = kin_journal_header_of(lineage, 0);
    unsigned char *all = malloc(sizeof header + size);
    if (all == NULL)
        abort();
    memcpy(all, &header, sizeof header);
    memcpy(all + sizeof header, bytes + 1, size - 1);
    if ((bytes[0] & 1) != 0)
        make_right(all + sizeof header, size - 1);
    town_put(journal_path, all, sizeof header + size - 1);
    free(all);
}

static void hold_anew(struct kin_overlay *o)
{
    struct kin_mart *anew;
    struct err err;
    if (!kin_overlay_write(o, anew_path, &err) || !kin_mart_open(anew_path, KIN_MART_FAST, &anew, &err))
        BUG("%s", err.text);
    struct kin_mart_info x, y;
    kin_mart_info(&o->mart, &x);
    kin_mart_info(anew, &y);
    if (x.living != y.living || x.persons != y.persons || x.as_of.n != y.as_of.n || x.sequence != y.sequence)
        BUG("a mart built anew has %llu of %llu living persons", (unsigned long long)y.living, (unsigned long long)x.living);
    kin_mart_close(anew);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct kin_live *live;
    struct err err = { 0 };
    if (mart_path[0] == 0)
        begin();
    if (size < 1)
        return 0;
    write_journal(bytes, size);
    if (!kin_live_open(mart_path, journal_path, KIN_LIVE_WRITE, &live, &err)) {
        if (err.kind == ERR_NONE || err.text[0] == 0)
            abort();
        return 0;
    }
    uint64_t sequence = kin_live_sequence(live);
    town_ask(&live->now->mart);
    hold_anew(live->now);
    kin_live_close(live);
    if (!kin_live_open(mart_path, journal_path, KIN_LIVE_READ, &live, &err) || kin_live_sequence(live) != sequence)
        BUG("after %llu records: %s", (unsigned long long)sequence, err.text);
    kin_live_close(live);
    return 0;
}
