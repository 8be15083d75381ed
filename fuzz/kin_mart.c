/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mart with any bytes changed and cut short: it is refused, or every question is answered without leaving its memory.
 * Input: a byte of flags (1: the header's checksum is made right, 2: the file is cut at the first two bytes times 16),
 * then pieces: three bytes of offset, one of length, that many bytes.
 */
#include "kin_town.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static unsigned char good[1 << 20], changed[sizeof good];
static size_t good_size;

static void read_good(const char *path)
{
    town_build(path);
    FILE *stream = fopen(path, "rb");
    good_size = stream == NULL ? 0 : fread(good, 1, sizeof good, stream);
    if (good_size < KIN_FILE_PAGE || good_size == sizeof good || fclose(stream) != 0)
        abort();
}

static void change(const uint8_t *bytes, size_t size)
{
    while (size > 4) {
        size_t at = ((size_t)bytes[0] << 16 | (size_t)bytes[1] << 8 | bytes[2]) % good_size, n = bytes[3];
        bytes += 4;
        size -= 4;
        n = n > size ? size : n;
        n = n > good_size - at ? good_size - at : n;
        memcpy(changed + at, bytes, n);
        bytes += n;
        size -= n;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[64];
    struct kin_mart *mart;
    struct err err = { 0 };
    town_path("mart", path);
    if (good_size == 0)
        read_good(path);
    if (size < 3)
        return 0;
    memcpy(changed, good, good_size);
    change(bytes + 3, size - 3);
    if ((bytes[0] & 1) != 0) {
        uint32_t crc = kin_crc32c(0, changed, KIN_FILE_PAGE - 4);
        memcpy(changed + KIN_FILE_PAGE - 4, &crc, sizeof crc);
    }
    size_t cut = (bytes[0] & 2) != 0 ? ((size_t)bytes[1] << 8 | bytes[2]) * 16 : good_size;
    town_put(path, changed, cut < good_size ? cut : good_size);
    if (!kin_mart_open(path, KIN_MART_MAPPED, &mart, &err)) {
        if (err.kind == ERR_NONE || err.text[0] == 0)
            abort();
        return 0;
    }
    bool whole = kin_mart_verify(mart, &err);
    if (!whole && strstr(err.text, "section ") == NULL)
        abort();
    town_ask(mart);
    kin_mart_close(mart);
    return 0;
}
