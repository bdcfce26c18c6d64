/* check_json.c  the strict front: what is JSON, and what is none */
#include "tests/check.h"

#include "libcontainer/configs/json.h"
#include "libcontainer/configs/json_strict.h"
#include "libcontainer/system/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Parsing must fail, with exactly this message. */
static void refuse_len(const char *text, size_t len, const char *message)
{
	/* An exact copy, so that reading past the end is seen. */
	char *copy = memcpy(xmalloc(len), text, len);
	struct json *json = NULL;
	struct error err = { 0 };

	ck_assert_int_eq(json_parse(copy, len, &json, &err), -1);
	ck_assert_ptr_null(json);
	ck_assert_int_eq(err.code, ERROR_CONFIG_INVALID);
	ck_assert_str_eq(err.message, message);
	free(copy);
}

static void refuse(const char *text, const char *message)
{
	refuse_len(text, strlen(text), message);
}

START_TEST(test_not_one_document)
{
	refuse("", "the document is empty");
	refuse(" \n\t\r", "the document is empty");
	refuse("{} x",
	       "line 1, column 4: the end of the document is wanted, this is "
	       "'x'");
	refuse("{}{}", "line 1, column 3: the end of the document is wanted, "
		       "this is '{'");
	refuse_len("{}\0", 3,
		   "line 1, column 3: the end of the document is "
		   "wanted, this is the byte 0x00");
	refuse("\xef\xbb\xbf{}",
	       "line 1, column 1: a value is wanted, this is the byte 0xef");
	refuse("nul", "line 1, column 1: a value is wanted, this is 'n'");
	refuse("{\"a\":1,}",
	       "line 1, column 8: a key in quotes is wanted, this is '}'");
	refuse("{'a':1}",
	       "line 1, column 2: a key in quotes is wanted, this is '''");
	refuse("{\"a\" 1}", "line 1, column 6: ':' is wanted, this is '1'");
	refuse("{\"a\":1 \"b\":2}",
	       "line 1, column 8: ',' or '}' is wanted, this is '\"'");
	refuse("{\"a\":[1 2]}",
	       "line 1, column 9: ',' or ']' is wanted, this is '2'");
	refuse("{\n\n \"a\": [",
	       "line 3, column 8: a value is wanted, but the text ends here");
	refuse("// no\n{}", "line 1, column 1: a value is wanted, this is '/'");
}
END_TEST

START_TEST(test_duplicate_keys)
{
	refuse("{\"x\":1,\n \"x\":1}",
	       "line 2, column 2: the key \"x\" stands twice in one object");
	/* Unknown keys, nested ones and escaped ones, too. */
	refuse("{\"q\":[{\"a\":{\"b\":1,\"c\":2,\"\\u0062\":3}}]}",
	       "line 1, column 25: the key \"b\" stands twice in one object");
}
END_TEST

START_TEST(test_strings)
{
	refuse("{\"x\":\"\\u0000\"}", "line 1, column 7: \\u0000 cannot stand "
				      "in a string here");
	refuse("{\"x\":\"\\ud83d\"}",
	       "line 1, column 7: half of a surrogate pair");
	refuse("{\"x\":\"\\ude00\"}",
	       "line 1, column 7: half of a surrogate pair");
	refuse("{\"x\":\"\\ud83d\\u0041\"}",
	       "line 1, column 7: half of a surrogate pair");
	refuse("{\"x\":\"\\x\"}",
	       "line 1, column 8: one of \"\\/bfnrtu is wanted, this is 'x'");
	refuse("{\"x\":\"\\u12g4\"}",
	       "line 1, column 11: a hexadecimal digit is wanted, this is "
	       "'g'");
	refuse("{\"x\":\"a\nb\"}", "line 1, column 8: a closing \" is wanted, "
				   "this is the byte 0x0a");
	refuse_len("{\"x\":\"a\0b\"}", 11,
		   "line 1, column 8: a closing \" is wanted, this is the byte "
		   "0x00");
}
END_TEST

START_TEST(test_utf8)
{
	static const char *const bad[] = {
		"\x80",
		"\xc3",
		"\xc3(",
		"\xc0\xaf",
		"\xe0\x80\xaf",
		"\xed\xa0\x80",
		"\xf0\x80\x80\xaf",
		"\xf4\x90\x80\x80",
		"\xf8\x88\x80\x80\x80",
		"\xff",
		"\xe2\x82",
	};
	static const char *const good[] = { "\x7f",
					    "\xc2\x80",
					    "\xe0\xa0\x80",
					    "\xed\x9f\xbf",
					    "\xef\xbf\xbf",
					    "\xf0\x90\x80\x80",
					    "\xf4\x8f\xbf\xbf" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *text = xasprintf("{\"x\":\"%s\"}", bad[i]);
		struct error err = { 0 };
		struct json *json;

		ck_assert_int_eq(json_parse(text, strlen(text), &json, &err),
				 -1);
		ck_assert_ptr_nonnull(strstr(err.message, "valid UTF-8 is "));
		free(text);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char *text = xasprintf("[\"%s\"]", good[i]);
		struct json *json = NULL;

		ck_assert_int_eq(json_parse(text, strlen(text), &json, NULL),
				 0);
		ck_assert_str_eq(json_text(json_first(json)), good[i]);
		json_free(json);
		free(text);
	}
}
END_TEST

START_TEST(test_number_grammar)
{
	refuse("{\"int\":01}",
	       "line 1, column 9: ',' or '}' is wanted, this is '1'");
	refuse("{\"int\":+1}",
	       "line 1, column 8: a value is wanted, this is '+'");
	refuse("{\"int\":-}", "line 1, column 9: a digit is wanted, this is "
			      "'}'");
	refuse("{\"int\":1.}", "line 1, column 10: a digit is wanted, this is "
			       "'}'");
	refuse("{\"int\":.5}",
	       "line 1, column 8: a value is wanted, this is '.'");
	refuse("{\"int\":1e}", "line 1, column 10: a digit is wanted, this is "
			       "'}'");
	refuse("{\"int\":0x10}",
	       "line 1, column 9: ',' or '}' is wanted, this is 'x'");
	refuse("{\"int\":NaN}",
	       "line 1, column 8: a value is wanted, this is 'N'");
	refuse("{\"int\":1111111111111111111111111111111111111111111111111111"
	       "111111111}",
	       "line 1, column 8: a number longer than 60 characters");
}
END_TEST

static char *nested(size_t depth)
{
	char *text = xmalloc(2 * depth + 1);

	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	text[2 * depth] = '\0';
	return text;
}

START_TEST(test_limits)
{
	char *text = nested(JSON_DEPTH_MAX);
	struct json *json = NULL;
	struct error err;

	ck_assert_int_eq(json_parse(text, strlen(text), &json, &err), 0);
	json_free(json);
	free(text);
	text = nested(JSON_DEPTH_MAX + 1);
	ck_assert_int_eq(json_parse(text, strlen(text), &json, &err), -1);
	ck_assert_str_eq(err.message,
			 "line 1, column 129: nested deeper than 128");
	free(text);
	text = nested(1000000);
	ck_assert_int_eq(json_parse(text, strlen(text), &json, &err), -1);
	free(text);

	text = xmalloc(2 * JSON_NODES_MAX + 2);
	for (size_t i = 0; i <= JSON_NODES_MAX; i++)
		memcpy(text + 2 * i, i ? ",1" : "[1", 2);
	text[2 * JSON_NODES_MAX] = ']';
	ck_assert_int_eq(json_parse(text, 2 * JSON_NODES_MAX + 1, &json, &err),
			 -1);
	ck_assert_ptr_nonnull(strstr(err.message, "more than 1000000 values"));
	/* Two values fewer: one for the list, one for the number. */
	memcpy(text + 2 * JSON_NODES_MAX - 2, "]", 2);
	ck_assert_int_eq(json_parse(text, 2 * JSON_NODES_MAX - 1, &json, &err),
			 0);
	ck_assert_uint_eq(json_length(json), JSON_NODES_MAX - 1);
	json_free(json);
	free(text);

	text = xcalloc(JSON_SIZE_MAX + 1, 1);
	ck_assert_int_eq(json_parse(text, JSON_SIZE_MAX + 1, &json, &err), -1);
	ck_assert_str_eq(err.message, "a document larger than 67108864 bytes");
	free(text);
}
END_TEST

Suite *check_json_suite(void)
{
	Suite *suite = suite_create("json");
	TCase *tcase = tcase_create("strict front");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_not_one_document);
	tcase_add_test(tcase, test_duplicate_keys);
	tcase_add_test(tcase, test_strings);
	tcase_add_test(tcase, test_utf8);
	tcase_add_test(tcase, test_number_grammar);
	tcase_add_test(tcase, test_limits);
	suite_add_tcase(suite, tcase);
	return suite;
}
