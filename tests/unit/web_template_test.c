/* SPDX-License-Identifier: Apache-2.0 */
/* The two translators refuse what they should, naming file and line; they stand beside the tests in the build folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

extern char **environ;
static char folder[] = "/tmp/tirkeu-template-XXXXXX";
static struct arena arena;

static const char *in_folder(const char *name) { return arena_printf(&arena, "%s/%s", folder, name).p; }

static const char *tool(const char *name)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(n > 0);
    self[n] = '\0';
    *strrchr(self, '/') = '\0';
    return arena_printf(&arena, "%s/../tools/%s", self, name).p;
}

static void put(const char *name, const char *text)
{
    struct err err;
    assert_true(file_write(in_folder(name), str_from(text), &err));
}

static const char *get(const char *name)
{
    struct err err;
    struct str text = STR("");
    return file_read(in_folder(name), 1 << 20, &arena, &text, &err) ? text.p : "";
}

/* The exit status; what it said is in the file "said". */
static int run(char *const *arguments)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, in_folder("said"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(posix_spawn(&child, arguments[0], &actions, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static char *word(const char *s) { return arena_copy(&arena, s, strlen(s) + 1); }

static int translate(const char *body)
{
    put("x.html", arena_printf(&arena, "%%page page_x(struct page *p, int n)\n%s\n", body).p);
    char *arguments[] = { word(tool("tmplc")), word(in_folder("x.html")), word(in_folder("x.c")), word(in_folder("x.h")), NULL };
    return run(arguments);
}

static void each_place_has_its_escape(void **state)
{
    static const char *const rows[][2] = {
        { "<p>{{n}}</p>", "page_text(p, n);" },
        { "<p title=\"a {{n}}\">", "page_text(p, n);" },
        { "<p title='{{n}}'>", "page_text(p, n);" },
        { "<a href=\"{{n}}\">", "page_url(p, n);" },
        { "<a href=\"/a/{{n}}?x={{n}}\">", "page_url_part(p, n);" },
        { "<form action='{{n}}'>", "page_url(p, n);" },
        { "<p>{{=n}}</p>", "page_html(p, n);" },
        { "<p>{{!a.b_c}}</p>", "page_say(p, T_A_B_C, 0, NULL);" },
        { "<p>{{!a f(n, \"),\"), n}}</p>",
          "page_say(p, T_A, 2, (const struct str[]){ page_str(p, f(n, \"),\")), page_str(p,  n) });" },
        { "<input {{?checked n}}>", "page_flag(p, \"checked\",  n);" },
        { "<input {{@aria-describedby n}}>", "page_attribute(p, \"aria-describedby\", page_str(p,  n));" },
        { "% if (n) {\n<b>x</b>\n% }", " if (n) {" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(translate(rows[i][0]), 0);
        assert_non_null(strstr(get("x.c"), rows[i][1]));
        assert_non_null(strstr(get("x.h"), "void page_x(struct page *p, int n);"));
    }
}

static void places_without_escape_are_refused(void **state)
{
    static const char *const rows[] = {
        "<script>{{n}}</script>",
        "<script src=\"/x\"></script>",
        "<STYLE>a{}</STYLE>",
        "<iframe src=\"/x\">",
        "<base href=\"/\">",
        "<p onclick=\"{{n}}\">",
        "<p onclick=\"x()\">",
        "<p style=\"color:red\">",
        "<p title={{n}}>",
        "<p title=n>",
        "<!-- {{n}} -->",
        "<!-- x -->",
        "<{{n}}>",
        "<p {{n}}>",
        "<p {{n}}=\"x\">",
        "<meta content=\"{{n}}\">",
        "<img srcset=\"{{n}}\">",
        "<iframe srcdoc=\"{{n}}\">",
        "<a href=\"{{!a.b}}\">",
        "<p title=\"{{=n}}\">",
        "<input {{?onclick n}}>",
        "<input {{@onclick n}}>",
        "<input {{@href n}}>",
        "<p {{@style n}}>",
        "<p>{{?checked n}}</p>",
        "<p>{{n</p>",
        "<p>{{}}</p>",
        "<p>a < b</p>",
        "<p title=\"x\n% n++;\n\">",
        "<p title=\"x",
        "<a ping=\"{{n}}\">",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unlink(in_folder("x.c"));
        assert_int_equal(translate(rows[i]), 1);
        assert_non_null(strstr(get("said"), "x.html:"));
        assert_string_equal(get("x.c"), "");
    }
}

static void the_line_is_named(void **state)
{
    (void)state;
    assert_int_equal(translate("<p>\nfine\n<p onclick=\"x\">\n</p>"), 1);
    assert_non_null(strstr(get("said"), "x.html:4: event attribute 'onclick'"));
}

static int make_texts(const char *text)
{
    put("x.text", text);
    char *arguments[] = { word(tool("textc")), word(in_folder("t.h")), word(in_folder("t.c")), word(in_folder("x.text")), NULL };
    return run(arguments);
}

static void a_text_table(void **state)
{
    (void)state;
    assert_int_equal(
        make_texts("# note\n[b.two]\nkk = Ә {0}\n  и жалғасы\nru = Б {0}\nen = say \"{0}\"?\\nnext\n\n[a]\nen=1\nkk=2\nru=3\n"),
        0);
    assert_non_null(strstr(get("t.h"), "    T_A,\n    T_B_TWO,\n    TEXT_KEYS\n"));
    assert_non_null(strstr(get("t.c"), "\"Ә {0} и жалғасы\""));
    assert_non_null(strstr(get("t.c"), "\"say \\\"{0}\\\"\\?\\nnext\""));
}

static void wrong_texts_are_refused(void **state)
{
    static const char *const rows[][2] = {
        { "[a]\nkk = 1\nru = 2\n", "x.text:1: [a] has no en text" },
        { "[a]\nkk = 1\nru = 2\nen =\n", "x.text:4: [a] has no en text" },
        { "[a]\nkk = 1\nru = 2\nen = 3\nen = 4\n", "x.text:5: [a] has en twice" },
        { "[a]\nkk = 1\nru = 2\nen = 3\n[a]\nkk = 1\nru = 2\nen = 3\n", "is already there as [a]" },
        { "[a.b]\nkk = 1\nru = 2\nen = 3\n[a_b]\nkk = 1\nru = 2\nen = 3\n", "is already there as" },
        { "[a]\nkk = {0}\nru = {0}\nen = 3\n", "x.text:4: [a] en has other placeholders" },
        { "[a]\nkk = {x}\nru = 2\nen = 3\n", "x.text:2: [a] kk: a brace" },
        { "[a]\nkk = 1\\t\nru = 2\nen = 3\n", "a backslash only in" },
        { "[A]\nkk = 1\nru = 2\nen = 3\n", "x.text:1: bad key 'A'" },
        { "[a..b]\nkk = 1\nru = 2\nen = 3\n", "bad key" },
        { "[a\nkk = 1\n", "x.text:1: a section is" },
        { "[a]\nde = 1\n", "x.text:2: expected" },
        { "kk = 1\n", "x.text:1: a value outside" },
        { "[a]\n  more\n", "x.text:2: a continuation line" },
        { "[a]\nkk = \xff\nru = 2\nen = 3\n", "x.text:2: not UTF-8" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(make_texts(rows[i][0]), 1);
        assert_non_null(strstr(get("said"), rows[i][1]));
    }
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    static const char *const files[] = { "x.html", "x.c", "x.h", "x.text", "t.h", "t.c", "said" };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        unlink(in_folder(files[i]));
    rmdir(folder);
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_place_has_its_escape), cmocka_unit_test(places_without_escape_are_refused),
        cmocka_unit_test(the_line_is_named),         cmocka_unit_test(a_text_table),
        cmocka_unit_test(wrong_texts_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
