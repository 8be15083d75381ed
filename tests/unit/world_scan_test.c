/* SPDX-License-Identifier: Apache-2.0 */
/* A scan gives the rows that loading keeps, and the fast way of reading says the same as the exact one. */
#include "world/scan_impl.h"
#include "world_dice.h"
#include "world_folder.h"

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
        cmocka_unit_test(the_fast_way_and_the_exact_one_give_the_same_rows),
        cmocka_unit_test(the_generator_gives_a_sink_the_rows_of_its_folder),
        cmocka_unit_test(damaged_files_have_the_same_errors_either_way),
        cmocka_unit_test(chunks_may_begin_inside_quotes),
        cmocka_unit_test(errors_far_down_name_their_lines),
        cmocka_unit_test(a_quote_may_swallow_many_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
