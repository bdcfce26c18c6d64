/* check_page.c  no value of a trace breaks out of the page that shows it */
#include "tests/check.h"

#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/trace/page.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char work[64];

static void set_up(void)
{
	strcpy(work, "/tmp/check_page.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(work));
}

static void tear_down(void)
{
	struct error err;

	ck_assert_int_eq(remove_all(work, &err), 0);
}

/* What stands in the page's script element of this id. */
static char *block(const char *page, const char *id)
{
	char begin[80];
	const char *from, *to;

	snprintf(begin, sizeof(begin),
		 "<script type=\"application/json\" id=\"%s\">", id);
	from = strstr(page, begin);
	ck_assert_ptr_nonnull(from);
	from += strlen(begin);
	ck_assert_ptr_null(strstr(from, begin));
	to = strstr(from, "</script>");
	ck_assert_ptr_nonnull(to);
	return strndup(from, to - from);
}

static size_t count(const char *text, const char *word)
{
	size_t n = 0;

	while ((text = strstr(text, word))) {
		text += strlen(word);
		n++;
	}
	return n;
}

START_TEST(test_escaping)
{
	static const struct {
		const char *json, *block;
	} rows[] = {
		{ "{}", "{}" },
		{ "[\"\xe5\xae\xb9\\n\\\"\"]", "[\"\xe5\xae\xb9\\n\\\"\"]" },
		{ "\"</script><b>\"",
		  "\"\\u003c/script\\u003e\\u003cb\\u003e\"" },
		{ "\"</SCRIPT \"", "\"\\u003c/SCRIPT \"" },
		{ "\"<!--<script>\"", "\"\\u003c!--\\u003cscript\\u003e\"" },
		{ "\"]]>&amp;\"", "\"]]\\u003e\\u0026amp;\"" },
		{ "\"\u2028 \u2029\u2027\u202a\"",
		  "\"\\u2028 \\u2029\u2027\u202a\"" },
		{ "\"\xe2\x80", "\"\xe2\x80" },
		{ "\"\xe2<\"", "\"\xe2\\u003c\"" },
		{ "\"@TRACE@ @BOOK@ @JS@ %s\"", "\"@TRACE@ @BOOK@ @JS@ %s\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_free char *page = page_text(rows[i].json, NULL);
		cleanup_free char *trace = block(page, "trace");
		cleanup_free char *book = block(page, "book");

		ck_assert_str_eq(trace, rows[i].block);
		ck_assert_str_eq(book, "null");
	}
}
END_TEST

START_TEST(test_book)
{
	cleanup_free char *page =
		page_text("{}", "file:///a\"b\\c</script>\n&\u2028/");
	cleanup_free char *book = block(page, "book");

	ck_assert_str_eq(book,
			 "\"file:///a\\u0022b\\u005cc\\u003c/script\\u003e"
			 "\\u000a\\u0026\\u2028/\"");
}
END_TEST

/* Whatever the trace holds, the page has the same elements. */
START_TEST(test_elements)
{
	static const char *const words[] = { "<script", "</script", "<!--",
					     "<img",	"<",	    ">" };
	cleanup_free char *calm = page_text("[\"\"]", NULL);
	cleanup_free char *hostile =
		page_text("[\"</script><!--<img src=x onerror=alert(1)>"
			  "<script>\"]",
			  NULL);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ck_assert_uint_eq(count(calm, words[i]),
				  count(hostile, words[i]));
	ck_assert_uint_eq(count(calm, "@JS"), 0);
	ck_assert_uint_eq(count(calm, "@CSS"), 0);
	ck_assert_uint_eq(count(calm, "'sha256-"), 2);
}
END_TEST

static size_t files_in(const char *folder)
{
	cleanup_closedir DIR *dir = opendir(folder);
	size_t n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir))
		n++;
	return n - 2; /* . and .. */
}

START_TEST(test_save)
{
	cleanup_free char *path = NULL, *want = NULL, *got = NULL;
	struct error err;
	struct stat st;

	ck_assert_int_gt(asprintf(&path, "%s/page.html", work), 0);
	ck_assert_int_eq(page_check(path, &err), 0);
	ck_assert(!file_exists(path));
	for (int i = 0; i < 2; i++) { /* a new one, and over an old one */
		ck_assert_int_eq(page_save(path, "{}", NULL, &err), 0);
		ck_assert_int_eq(page_check(path, &err), 0);
		ck_assert_uint_eq(files_in(work), 1);
	}
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert(S_ISREG(st.st_mode));
	want = page_text("{}", NULL);
	ck_assert_int_eq(file_read(path, 1 << 20, &got, NULL, &err), 0);
	ck_assert_str_eq(got, want);
}
END_TEST

static mode_t mode_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(lstat(path, &st), 0);
	return st.st_mode;
}

/* A trace holds the environment: nobody else reads a new one; and an old one
 * is as open, or closed, as it was. */
START_TEST(test_save_mode)
{
	cleanup_free char *path = NULL;
	mode_t mask = umask(0);
	struct error err;

	ck_assert_int_gt(asprintf(&path, "%s/page.html", work), 0);
	ck_assert_int_eq(page_save(path, "{}", NULL, &err), 0);
	ck_assert_int_eq(mode_of(path), S_IFREG | 0600);
	ck_assert_int_eq(chmod(path, 0640), 0);
	umask(0777);
	ck_assert_int_eq(page_save(path, "{}", NULL, &err), 0);
	ck_assert_int_eq(mode_of(path), S_IFREG | 0640);
	umask(mask);
}
END_TEST

/* What a link leads to is replaced, also where there is nothing yet. */
START_TEST(test_save_link)
{
	cleanup_free char *dir = NULL, *file = NULL, *link = NULL;
	struct error err;

	ck_assert_int_gt(asprintf(&dir, "%s/dir", work), 0);
	ck_assert_int_gt(asprintf(&file, "%s/page.html", dir), 0);
	ck_assert_int_gt(asprintf(&link, "%s/link", work), 0);
	ck_assert_int_eq(mkdir(dir, 0700), 0);
	ck_assert_int_eq(symlink("dir/page.html", link), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(page_check(link, &err), 0);
		ck_assert_int_eq(page_save(link, "{}", NULL, &err), 0);
		ck_assert(S_ISLNK(mode_of(link)));
		ck_assert_int_eq(mode_of(file), S_IFREG | 0600);
		ck_assert_uint_eq(files_in(work), 2);
		ck_assert_uint_eq(files_in(dir), 1);
	}
}
END_TEST

START_TEST(test_save_nowhere)
{
	cleanup_free char *path = NULL;
	struct error err;

	ck_assert_int_eq(page_check(work, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, work));
	ck_assert_ptr_nonnull(strstr(err.message, "directory"));
	ck_assert_int_gt(asprintf(&path, "%s/none/page.html", work), 0);
	ck_assert_int_eq(page_check(path, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, path));
	ck_assert_int_eq(page_save(path, "{}", NULL, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, path));
}
END_TEST

/* A pipe or a terminal is not replaced; a full device is an error. */
START_TEST(test_save_device)
{
	struct error err;

	ck_assert_int_eq(page_check("/dev/null", &err), 0);
	ck_assert_int_eq(page_save("/dev/null", "{}", NULL, &err), 0);
	ck_assert_int_eq(page_save("/dev/full", "{}", NULL, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "No space left"));
	ck_assert(file_exists("/dev/null") && file_exists("/dev/full"));
}
END_TEST

Suite *check_page_suite(void)
{
	Suite *suite = suite_create("page");
	TCase *text = tcase_create("text"), *files = tcase_create("files");

	tcase_add_test(text, test_escaping);
	tcase_add_test(text, test_book);
	tcase_add_test(text, test_elements);
	tcase_add_checked_fixture(files, set_up, tear_down);
	tcase_add_test(files, test_save);
	tcase_add_test(files, test_save_mode);
	tcase_add_test(files, test_save_link);
	tcase_add_test(files, test_save_nowhere);
	tcase_add_test(files, test_save_device);
	suite_add_tcase(suite, text);
	suite_add_tcase(suite, files);
	return suite;
}
