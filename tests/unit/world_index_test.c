/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan stands on: the index of a window by every kernel, and the tables of people, texts and dwellings. */
#include "world/scan_impl.h"
#include "world_dice.h"
#include "world_folder.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_index_is_what_its_definition_says),    cmocka_unit_test(a_window_may_end_inside_a_letter),
        cmocka_unit_test(sets_of_iins_grow_and_keep_their_places), cmocka_unit_test(texts_are_found_through_all_tables),
        cmocka_unit_test(dwellings_are_numbered_by_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
