/* SPDX-License-Identifier: Apache-2.0 */
/* A scan gives the rows that loading keeps, and the fast way of reading says the same as the exact one. */
#include "world/scan_impl.h"
#include "world_folder.h"

static uint64_t dice = 1;

static uint32_t roll(uint32_t below)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((dice >> 33) % below);
}

/* ---- windows ---- */

static bool has_control_or_return(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (((unsigned char)p[i] < 0x20 && p[i] != '\n') || p[i] == 0x7f ||
            (i + 1 < n && (unsigned char)p[i] == 0xc2 && (unsigned char)p[i + 1] < 0xa0))
            return true;
    return false;
}

/* The index by the definition, one byte at a time; false for a newline inside quotes. */
static bool assert_places(const char *p, size_t n, const struct scan_index *index)
{
    bool inside = false, broken = false;
    int entry = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '"' || (!inside && (p[i] == ',' || p[i] == '\n')))
            assert_int_equal(index->at[entry++], i);
        broken = broken || (inside && p[i] == '\n');
        inside = inside != (p[i] == '"');
    }
    assert_int_equal(index->count, entry);
    return !broken;
}

static size_t random_text(char *to, size_t n, uint32_t damage)
{
    static const char *const PIECES[] = { "a", "1", ",", "\n", "\"", "Ә", "қ", "№", "«", "–", " ", "\"x, y\"" };
    static const char *const RARE[] = { "\r",           "\t",           "\xff",
                                        "\xd0",         "\x80",         "\xc2\x85",
                                        "\xe0\xa4\x85", "\xed\xa0\x80", "\xf0\x9f\x98\x80",
                                        "\xc0\xaf",     "\x7f",         "\xe2\x84" };
    size_t used = 0;
    while (used + 8 < n) {
        const char *piece = damage > 0 && roll(1000) < damage ? RARE[roll(12)] : PIECES[roll(12)];
        memcpy(to + used, piece, strlen(piece));
        used += strlen(piece);
    }
    return used;
}

/* By the kernel for any processor, whichever is chosen here. */
static bool is_simple_by_any_kernel(const char *p, size_t n)
{
    struct scan_index *index = malloc(sizeof *index);
    assert_non_null(index);
    scan_index_any(p, n, index);
    assert_places(p, n, index);
    bool simple = index->simple;
    free(index);
    return simple;
}

static void an_index_is_what_its_definition_says(void **state)
{
    (void)state;
    static char text[SCAN_WINDOW];
    struct scan_index *index = malloc(sizeof *index);
    assert_non_null(index);
    int simple = 0;
    for (int i = 0; i < 3000; i++) {
        size_t n = random_text(text, 9 + roll(400), (uint32_t)(i % 3) * 4);
        scan_index_make(text, n, index);
        bool whole = assert_places(text, n, index);
        assert_int_equal(is_simple_by_any_kernel(text, n), index->simple);
        if (!index->simple)
            continue;
        simple++;
        assert_true(whole && str_is_utf8((struct str){ text, n }) && !has_control_or_return(text, n));
    }
    assert_true(simple > 100);
    /* What the generator and the registers write must go the fast way. */
    struct str good = STR("800101300006,Сәрсенов,Қанат,«Әлия» № 5 – б,\"город Астана, дом 5\"\n");
    scan_index_make(good.p, good.n, index);
    assert_true(index->simple);
    assert_int_equal(index->count, 7);
    free(index);
}

static void a_window_may_end_inside_a_letter(void **state)
{
    (void)state;
    struct scan_index *index = malloc(sizeof *index);
    assert_non_null(index);
    scan_index_make("Қ", 1, index);
    assert_true(index->simple);
    scan_index_make("Қ\x80", 3, index);
    assert_false(index->simple);
    free(index);
}

/* ---- tables ---- */

static void sets_of_iins_grow_and_keep_their_places(void **state)
{
    (void)state;
    struct scan_iins set = { 0 };
    assert_true(scan_iins_find(&set, (struct iin){ 5 }) == SCAN_NO_SLOT);
    for (uint64_t i = 1; i <= 20000; i++)
        assert_true(scan_iins_add(&set, (struct iin){ i * 49999999 }, (uint32_t)i));
    assert_false(scan_iins_add(&set, (struct iin){ 49999999 }, 77));
    for (uint64_t i = 1; i <= 20000; i++) {
        size_t slot = scan_iins_find(&set, (struct iin){ i * 49999999 });
        assert_int_equal(scan_iins_place(&set, slot), i);
        assert_true(scan_iins_find(&set, (struct iin){ i * 49999999 + 1 }) == SCAN_NO_SLOT);
    }
    scan_iins_forget_places(&set);
    scan_iins_set_place(&set, scan_iins_find(&set, (struct iin){ 49999999 }), 0xffffff);
    assert_int_equal(scan_iins_place(&set, scan_iins_find(&set, (struct iin){ 49999999 })), 0xffffff);
    assert_int_equal(scan_iins_place(&set, scan_iins_find(&set, (struct iin){ 2 * 49999999 })), 0);
    scan_iins_release(&set);
}

static void texts_are_found_through_all_tables(void **state)
{
    (void)state;
    struct scan_texts texts = { 0 };
    /* Every hash twice: both places come up. */
    for (size_t i = 1; i <= 10000; i++)
        scan_texts_add(&texts, (i / 2) * UINT64_C(0x9E3779B97F4A7C15), i);
    assert_true(texts.tables > 1);
    for (size_t i = 2; i < 10000; i += 2) {
        struct scan_probe probe = { 0 };
        size_t at, seen = 0;
        while ((at = scan_texts_next(&texts, (i / 2) * UINT64_C(0x9E3779B97F4A7C15), &probe)) != 0)
            seen += at == i || at == i + 1;
        assert_int_equal(seen, 2);
    }
    scan_texts_release(&texts);
}

static void dwellings_are_numbered_by_any_text(void **state)
{
    (void)state;
    struct scan_dwellings d = { 0 };
    uint32_t place = 0;
    arena_init(&d.arena, 0);
    assert_int_equal(scan_rka_code(STR("0000000000000000")), 1);
    assert_int_equal(scan_rka_code(STR("0201300007777777")), UINT64_C(201300007777778));
    assert_int_equal(scan_rka_code(STR("9999999999999999")), UINT64_C(10000000000000000));
    assert_int_equal(scan_rka_code(STR("020130000777777")), 0);
    assert_int_equal(scan_rka_code(STR("020130000777777x")), 0);
    assert_int_equal(scan_rka_code(STR("/201300007777777")), 0);
    static const char *const RKA[] = { "0201300007777777", "201300007777777", "R1", "", "0201300007777778", "02013000077777770" };
    for (int i = 0; i < 6; i++)
        assert_true(scan_dwellings_add(&d, str_from(RKA[i]), i, (uint32_t)i + 10, &place));
    for (int i = 0; i < 6; i++) {
        assert_int_equal(scan_dwellings_find(&d, str_from(RKA[i]), scan_rka_code(str_from(RKA[i]))), i);
        assert_false(scan_dwellings_add(&d, str_from(RKA[i]), 99, 99, &place));
        assert_int_equal(place, i + 10);
    }
    assert_int_equal(scan_dwellings_find(&d, STR("R2"), 0), -1);
    scan_dwellings_release(&d);
}

/* ---- rows ---- */

struct comparison {
    const struct world *world;
    size_t next[WORLD_FILES];
    int differences;
};

static void compare_begin(void *context, enum world_file file) { (void)context, (void)file; }

static bool same_field(const struct world_column *column, const char *a, const char *b)
{
    switch (column->type) {
    case WORLD_TEXT:
    case WORLD_KATO:
    case WORLD_SHARE:
    case WORLD_WORD_TEXT: return str_equal(*(const struct str *)(const void *)a, *(const struct str *)(const void *)b);
    case WORLD_DAY:
    case WORLD_RKA:
    case WORLD_WORD: return memcmp(a, b, 4) == 0;
    default: return memcmp(a, b, 8) == 0;
    }
}

static void compare_row(void *context, enum world_file file, const void *row)
{
    struct comparison *c = context;
    const struct world_layout *layout = world_layout_of(file);
    assert_true(c->next[file] < world_count(c->world, file));
    const char *kept = world_row(c->world, file, c->next[file]++);
    for (int i = 0; i < layout->columns; i++)
        c->differences +=
            !same_field(&layout->column[i], (const char *)row + layout->column[i].offset, kept + layout->column[i].offset);
}

static void assert_rows_are_those_of(const struct folder *folder, const struct world *world)
{
    struct comparison c = { .world = world };
    const struct world_sink sink = { &c, compare_begin, compare_row };
    struct buf errors;
    buf_init(&errors, 1 << 20);
    assert_true(world_scan(folder->path, &sink, NULL, &errors));
    assert_int_equal(c.differences, 0);
    for (int file = 0; file < WORLD_FILES; file++)
        assert_int_equal(c.next[file], world_count(world, (enum world_file)file));
    buf_release(&errors);
}

static void generate(const struct folder *folder, int64_t persons, uint64_t seed)
{
    struct err err;
    const struct world_plan plan = { .persons = persons, .seed = seed, .capital_share = 80 };
    assert_true(world_generate(&plan, folder->path, &err));
}

/* A file with carriage returns goes the exact way. */
static void put_with_returns(const struct folder *folder, const char *name, struct str text)
{
    struct buf out;
    buf_init(&out, (size_t)1 << 30);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n')
            buf_add_char(&out, '\r');
        buf_add_char(&out, text.p[i]);
    }
    folder_put(folder, name, buf_str(&out));
    buf_release(&out);
}

static void the_fast_way_and_the_exact_one_give_the_same_rows(void **state)
{
    (void)state;
    struct folder fast, exact;
    struct arena arena;
    struct buf errors;
    arena_init(&arena, 0);
    folder_init(&fast), folder_init(&exact);
    generate(&fast, 30000, 3); /* several chunks a file */
    for (int file = 0; file < WORLD_FILES; file++)
        put_with_returns(&exact, world_file_name((enum world_file)file), folder_read(&fast, file, &arena));
    struct world *world = folder_load(&exact, &errors);
    assert_non_null(world);
    assert_rows_are_those_of(&fast, world);
    assert_rows_are_those_of(&exact, world);
    world_free(world);
    buf_release(&errors);
    arena_release(&arena);
    folder_remove(&fast), folder_remove(&exact);
}

/* ---- the generator ---- */

struct received {
    struct comparison comparison;
    struct scan_iins persons;
    int begun;
};

static void receive_begin(void *context, enum world_file file)
{
    struct received *r = context;
    assert_int_equal(r->comparison.next[file], 0);
    r->begun |= 1 << file;
}

static bool is_there(const struct received *r, struct iin iin)
{
    return iin_is_none(iin) || scan_iins_find(&r->persons, iin) != SCAN_NO_SLOT;
}

/* Whoever and whatever is named has come before. */
static void receive_row(void *context, enum world_file file, const void *row)
{
    struct received *r = context;
    const struct world_layout *layout = world_layout_of(file);
    assert_true(r->begun & 1 << file);
    for (int i = 0; i < layout->columns; i++) {
        const void *at = (const char *)row + layout->column[i].offset;
        if (layout->column[i].type == WORLD_PERSON_IIN)
            assert_true(scan_iins_add(&r->persons, *(const struct iin *)at, 0));
        if (layout->column[i].type == WORLD_IIN)
            assert_true(is_there(r, *(const struct iin *)at));
        if (layout->column[i].type == WORLD_RKA)
            assert_true(*(const int32_t *)at >= 0 && (size_t) * (const int32_t *)at < r->comparison.next[WORLD_DWELLINGS]);
    }
    compare_row(&r->comparison, file, row);
}

static void the_generator_gives_a_sink_the_rows_of_its_folder(void **state)
{
    (void)state;
    struct folder folder, both;
    struct buf errors;
    struct arena arena;
    struct err err;
    arena_init(&arena, 0);
    folder_init(&folder), folder_init(&both);
    generate(&folder, 25000, 5);
    struct world *world = folder_load(&folder, &errors);
    assert_non_null(world);
    for (int with_folder = 0; with_folder < 2; with_folder++) {
        struct received r = { .comparison.world = world };
        const struct world_sink sink = { &r, receive_begin, receive_row };
        const struct world_plan plan = { .persons = 25000, .seed = 5, .capital_share = 80, .sink = &sink };
        assert_true(world_generate(&plan, with_folder ? both.path : NULL, &err));
        assert_int_equal(r.comparison.differences, 0);
        assert_int_equal(r.begun, (1 << WORLD_FILES) - 1);
        for (int file = 0; file < WORLD_FILES; file++)
            assert_int_equal(r.comparison.next[file], world_count(world, (enum world_file)file));
        scan_iins_release(&r.persons);
    }
    for (int file = 0; file < WORLD_FILES; file++)
        assert_true(str_equal(folder_read(&folder, file, &arena), folder_read(&both, file, &arena)));
    world_free(world);
    buf_release(&errors);
    arena_release(&arena);
    folder_remove(&folder), folder_remove(&both);
}

/* ---- damage ---- */

static void damage(struct buf *out, struct str text)
{
    static const char *const PIECES[] = {
        "\"", "\n", ",", "\"\"", "\xff", "Ә", "0", "x", "\"a, b\"", "\n\n", "\t", "\"q\"\"q\""
    };
    size_t at = roll((uint32_t)text.n), cut = roll(3) == 0 ? roll(30) : 0;
    const char *piece = PIECES[roll(12)];
    cut = at + cut > text.n ? text.n - at : cut;
    buf_add(out, text.p, at);
    buf_add_text(out, piece);
    buf_add(out, text.p + at + cut, text.n - at - cut);
}

static void assert_same_errors(const struct folder *fast, const struct folder *exact)
{
    struct buf a, b;
    struct world *world = folder_load(fast, &a), *other = folder_load(exact, &b);
    assert_int_equal(world == NULL, other == NULL);
    assert_string_equal(a.p == NULL ? "" : a.p, b.p == NULL ? "" : b.p);
    world_free(world), world_free(other);
    buf_release(&a), buf_release(&b);
}

static void damaged_files_have_the_same_errors_either_way(void **state)
{
    (void)state;
    struct folder fast, exact;
    struct arena arena;
    arena_init(&arena, 0);
    folder_init(&fast), folder_init(&exact);
    generate(&fast, 60, 9);
    for (int file = 0; file < WORLD_FILES; file++)
        put_with_returns(&exact, world_file_name((enum world_file)file), folder_read(&fast, file, &arena));
    for (int i = 0; i < 200; i++) {
        enum world_file file = (enum world_file)roll(WORLD_FILES);
        struct str good = folder_read(&fast, (int)file, &arena);
        struct buf bad;
        buf_init(&bad, 1 << 20);
        damage(&bad, good);
        folder_put(&fast, world_file_name(file), buf_str(&bad));
        put_with_returns(&exact, world_file_name(file), buf_str(&bad));
        assert_same_errors(&fast, &exact);
        folder_put(&fast, world_file_name(file), good);
        put_with_returns(&exact, world_file_name(file), good);
        buf_release(&bad);
    }
    arena_release(&arena);
    folder_remove(&fast), folder_remove(&exact);
}

/* ---- chunks ---- */

#define DWELLINGS_HEAD "rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\n"
#define PERSONS        "iin,surname,name,patronymic,sex,born,died,capable,phone\n800101300006,,,,,,,,\n"

/* Two megabytes of addresses with newlines, commas and doubled quotes in them: chunks begin inside quotes. */
static void put_long_addresses(const struct folder *folder, int dwellings, const char *last)
{
    struct buf out;
    buf_init(&out, (size_t)1 << 30);
    buf_add_text(&out, DWELLINGS_HEAD);
    for (int i = 0; i < dwellings; i++) {
        buf_addf(&out, "R%d,,711110000,\"", i);
        for (uint32_t k = roll(60); k > 0; k--)
            buf_add_text(&out, k % 3 == 0 ? "a \"\"b\"\"\n" : "Абай,\n,\n");
        buf_addf(&out, "\",,%d.50,\n", i % 1000);
    }
    buf_add_text(&out, last);
    folder_put(folder, "dwellings.csv", buf_str(&out));
    folder_put(folder, "persons.csv", STR(PERSONS));
    buf_release(&out);
}

static void chunks_may_begin_inside_quotes(void **state)
{
    (void)state;
    struct folder folder;
    struct buf errors;
    folder_init(&folder);
    put_long_addresses(&folder, 7000, "");
    struct world *world = folder_load(&folder, &errors);
    assert_non_null(world);
    assert_int_equal(world_count(world, WORLD_DWELLINGS), 7000);
    for (int i = 0; i < 7000; i++) {
        char rka[16];
        const struct world_dwelling *d = world_dwelling_at(world, i);
        snprintf(rka, sizeof rka, "R%d", i);
        assert_true(str_is(d->rka, rka) && d->total_area == i % 1000 * 100 + 50);
        assert_null(memchr(d->address_kk.n > 0 ? d->address_kk.p : "x", 'R', d->address_kk.n));
    }
    assert_rows_are_those_of(&folder, world);
    world_free(world);
    buf_release(&errors);
    folder_remove(&folder);
}

static int lines_of(struct str text)
{
    int lines = 1;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    return lines;
}

static void errors_far_down_name_their_lines(void **state)
{
    (void)state;
    static const struct {
        const char *last, *message;
    } ROWS[] = {
        { "R1,,,,,,", "dwellings.csv:%d: column rka: the same as in line %d\n" },
        { "Q,,,,,x,",
          "dwellings.csv:%d: column total_area: must be square metres such as 35.7: digits, at most two after a point\n" },
        { "Q,,,,\"never closed,,", "dwellings.csv:%d: a quote is opened in this record and never closed\n" },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct folder folder;
        struct buf errors;
        struct arena arena;
        char message[200];
        arena_init(&arena, 0);
        folder_init(&folder);
        put_long_addresses(&folder, 7000, ROWS[i].last);
        struct str text = folder_read(&folder, WORLD_DWELLINGS, &arena);
        struct str first = { text.p, (size_t)(strstr(text.p, "\nR1,") + 1 - text.p) };
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(message, sizeof message, ROWS[i].message, lines_of(text), lines_of(first));
#pragma GCC diagnostic pop
        assert_null(folder_load(&folder, &errors));
        assert_string_equal(errors.p, message);
        buf_release(&errors);
        arena_release(&arena);
        folder_remove(&folder);
    }
}

/* A quote that is never closed in the middle takes the rest of the file with it, over all chunks. */
static void a_quote_may_swallow_many_chunks(void **state)
{
    (void)state;
    struct folder folder;
    struct buf out, errors;
    folder_init(&folder);
    buf_init(&out, (size_t)1 << 30);
    buf_add_text(&out, DWELLINGS_HEAD);
    for (int i = 0; i < 120000; i++)
        buf_addf(&out, i == 30000 ? "R%d,,,\"x,,,\n" : "R%d,,,x,,,\n", i);
    folder_put(&folder, "dwellings.csv", buf_str(&out));
    folder_put(&folder, "persons.csv", STR(PERSONS));
    folder_put(&folder, "owners.csv", STR("rka,owner,share\nR29999,800101300006,\nR30001,800101300006,\n"));
    assert_null(folder_load(&folder, &errors));
    assert_string_equal(errors.p, "dwellings.csv:30002: a quote is opened in this record and never closed\n"
                                  "owners.csv:3: column rka: no such dwelling in dwellings.csv\n");
    buf_release(&errors);
    buf_release(&out);
    folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_index_is_what_its_definition_says),
        cmocka_unit_test(a_window_may_end_inside_a_letter),
        cmocka_unit_test(sets_of_iins_grow_and_keep_their_places),
        cmocka_unit_test(texts_are_found_through_all_tables),
        cmocka_unit_test(dwellings_are_numbered_by_any_text),
        cmocka_unit_test(the_fast_way_and_the_exact_one_give_the_same_rows),
        cmocka_unit_test(the_generator_gives_a_sink_the_rows_of_its_folder),
        cmocka_unit_test(damaged_files_have_the_same_errors_either_way),
        cmocka_unit_test(chunks_may_begin_inside_quotes),
        cmocka_unit_test(errors_far_down_name_their_lines),
        cmocka_unit_test(a_quote_may_swallow_many_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
