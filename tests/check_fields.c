/* check_fields.c  the codec of rows */
#include "tests/check.h"

#include "libcontainer/configs/fields.h"
#include "libcontainer/system/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct part {
	char *name;
	int kind;
};

struct pair {
	char *key, *value;
};

/* One member of every type. */
struct whole {
	char *string, *bytes, *null_string;
	bool yes;
	int i;
	int64_t i64;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
	char **strings;
	uint64_t *numbers;
	size_t numbers_len;
	struct part inner, *pointer, *list;
	size_t list_len;
	struct pair *map;
	size_t map_len;
};

static const struct name kinds[] = { { "apple", 1 },
				     { "pear", 2 },
				     { NULL, 0 } };

static const struct field part_rows[] = {
	FIELD(struct part, "name", FIELD_STRING, name),
	FIELD_NAME(struct part, "kind", kind, kinds, "kind"),
	FIELD_END,
};

static const struct field rows[] = {
	FIELD(struct whole, "older", FIELD_STRING, string,
	      .flags = FIELD_READ_ONLY),
	FIELD(struct whole, "string", FIELD_STRING, string),
	FIELD(struct whole, "bytes", FIELD_STRING, bytes, .flags = FIELD_BYTES),
	FIELD(struct whole, "null_string", FIELD_STRING, null_string,
	      .flags = FIELD_EMPTY_IS_NULL),
	FIELD(struct whole, "bool", FIELD_BOOL, yes, .flags = FIELD_OMIT_EMPTY),
	FIELD(struct whole, "int", FIELD_INT, i),
	FIELD(struct whole, "int64", FIELD_INT64, i64),
	FIELD(struct whole, "uint16", FIELD_UINT16, u16),
	FIELD(struct whole, "uint32", FIELD_UINT32, u32),
	FIELD(struct whole, "uint64", FIELD_UINT64, u64),
	FIELD(struct whole, "strings", FIELD_STRINGS, strings),
	FIELD_UINT64S(struct whole, "numbers", numbers),
	FIELD_OBJECT(struct whole, "object", inner, part_rows),
	FIELD_POINTER(struct whole, "pointer", pointer, struct part, part_rows),
	FIELD_OBJECTS(struct whole, "objects", list, struct part, part_rows),
	FIELD_MAP(struct whole, "map", map, struct pair),
	FIELD_END,
};

static const char full[] =
	"{\"string\": \"a\\u00e9\\ud83d\\ude00\\n\", \"bytes\": \"b\","
	"\"bool\": true, \"int\": -2147483648,"
	"\"int64\": -9223372036854775808, \"uint16\": 65535,"
	"\"uint32\": 4294967295, \"uint64\": 18446744073709551615,"
	"\"strings\": [\"x\", \"\"], \"numbers\": [0, 9007199254740993],"
	"\"object\": {\"name\": \"n\", \"kind\": \"pear\"},"
	"\"pointer\": {\"kind\": \"apple\"},"
	"\"objects\": [{\"name\": \"p\"}, {\"kind\": \"pear\"}],"
	"\"map\": {\"k\": \"v\", \"e\": \"\"}, \"unknown\": [{\"x\": 1.5e3}]}";

/* Reading text must fail, with exactly this message. */
static void refuse_len(const char *text, size_t len, const char *message)
{
	struct whole whole = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(fields_decode(rows, text, len, &whole, &err), -1);
	ck_assert_int_eq(err.code, ERROR_CONFIG_INVALID);
	ck_assert_str_eq(err.message, message);
	fields_free(rows, &whole);
}

static void refuse(const char *text, const char *message)
{
	refuse_len(text, strlen(text), message);
}

static void read_whole(const char *text, struct whole *whole)
{
	struct error err = { 0 };

	memset(whole, 0, sizeof(*whole));
	ck_assert_msg(fields_decode(rows, text, strlen(text), whole, &err) == 0,
		      "%s", err.message);
}

static void check_full(const struct whole *w)
{
	ck_assert_str_eq(w->string, "a\xc3\xa9\xf0\x9f\x98\x80\n");
	ck_assert(w->yes);
	ck_assert_int_eq(w->i, INT32_MIN);
	ck_assert(w->i64 == INT64_MIN);
	ck_assert_uint_eq(w->u16, UINT16_MAX);
	ck_assert_uint_eq(w->u32, UINT32_MAX);
	ck_assert(w->u64 == UINT64_MAX);
	ck_assert_uint_eq(strv_len(w->strings), 2);
	ck_assert_str_eq(w->strings[1], "");
	ck_assert_uint_eq(w->numbers_len, 2);
	ck_assert(w->numbers[1] == 9007199254740993);
	ck_assert_str_eq(w->inner.name, "n");
	ck_assert_int_eq(w->inner.kind, 2);
	ck_assert_int_eq(w->pointer->kind, 1);
	ck_assert_uint_eq(w->list_len, 2);
	ck_assert_str_eq(w->list[0].name, "p");
	ck_assert_int_eq(w->list[1].kind, 2);
	ck_assert_uint_eq(w->map_len, 2);
	ck_assert_str_eq(w->map[0].key, "k");
	ck_assert_str_eq(w->map[1].value, "");
}

START_TEST(test_every_type_survives)
{
	struct whole whole, again, copy;
	char *one_line, *indented;

	read_whole(full, &whole);
	check_full(&whole);
	one_line = fields_encode(rows, &whole, false);
	ck_assert_ptr_null(strchr(one_line, '\n'));
	read_whole(one_line, &again);
	check_full(&again);
	fields_free(rows, &again);
	indented = fields_encode(rows, &whole, true);
	ck_assert_ptr_nonnull(strstr(indented, "\n\t\"int\": -2147483648,\n"));
	read_whole(indented, &again);
	check_full(&again);
	memset(&copy, 0, sizeof(copy));
	fields_copy(rows, &again, &copy);
	fields_free(rows, &again);
	check_full(&copy);
	free(one_line);
	one_line = fields_encode(rows, &copy, true);
	ck_assert_str_eq(one_line, indented);
	fields_free(rows, &copy);
	fields_free(rows, &whole);
	ck_assert(whole.u64 == 0 && !whole.list && !whole.list_len);
	free(one_line);
	free(indented);
}
END_TEST

START_TEST(test_truncated_at_every_byte)
{
	for (size_t len = 0; len < strlen(full); len++) {
		/* An exact copy, so that reading past the end is seen. */
		char *cut = memcpy(xmalloc(len), full, len);
		struct whole whole = { 0 };
		struct error err = { 0 };

		ck_assert_int_eq(fields_decode(rows, cut, len, &whole, &err),
				 -1);
		ck_assert_int_eq(err.code, ERROR_CONFIG_INVALID);
		fields_free(rows, &whole);
		free(cut);
	}
}
END_TEST

START_TEST(test_number_ranges)
{
	refuse("{\"int\":2147483648}",
	       "int: 2147483648 is not between -2147483648 and 2147483647");
	refuse("{\"int\":-2147483649}",
	       "int: -2147483649 is not between -2147483648 and 2147483647");
	refuse("{\"int64\":9223372036854775808}",
	       "int64: 9223372036854775808 is not between "
	       "-9223372036854775808 and 9223372036854775807");
	refuse("{\"uint16\":65536}",
	       "uint16: 65536 is not between 0 and 65535");
	refuse("{\"uint32\":-1}", "uint32: -1 is not between 0 and 4294967295");
	refuse("{\"uint32\":4294967296}",
	       "uint32: 4294967296 is not between 0 and 4294967295");
	refuse("{\"uint64\":18446744073709551616}",
	       "uint64: 18446744073709551616 is not between 0 and "
	       "18446744073709551615");
	refuse("{\"uint64\":-18446744073709551615}",
	       "uint64: -18446744073709551615 is not between 0 and "
	       "18446744073709551615");
	refuse("{\"numbers\":[1,-1]}",
	       "numbers[1]: -1 is not between 0 and 18446744073709551615");
}
END_TEST

/* Each key with each kind of value it does not take. */
START_TEST(test_wrong_types)
{
	static const struct {
		const char *key, *takes;
	} keys[] = {
		{ "older", "\"\"" }, { "string", "\"\"" },
		{ "bytes", "\"\"" }, { "null_string", "\"\"" },
		{ "bool", "true" },  { "int", "5" },
		{ "int64", "5" },    { "uint16", "5" },
		{ "uint32", "5" },   { "uint64", "5" },
		{ "strings", "[]" }, { "numbers", "[]" },
		{ "object", "{}" },  { "pointer", "{}" },
		{ "objects", "[]" }, { "map", "{}" },
	};
	static const char *const values[] = { "true", "5", "\"\"", "[]", "{}" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		for (size_t j = 0; j < 5; j++) {
			char *text = xasprintf("{\"%s\":%s}", keys[i].key,
					       values[j]);
			bool fits = !strcmp(values[j], keys[i].takes);
			struct whole whole = { 0 };
			struct error err = { 0 };

			ck_assert_msg(fields_decode(rows, text, strlen(text),
						    &whole,
						    &err) == (fits ? 0 : -1),
				      "%s: %s", text, err.message);
			if (!fits)
				ck_assert_ptr_nonnull(strstr(err.message,
							     " is wanted, "
							     "this is "));
			fields_free(rows, &whole);
			free(text);
		}
	refuse("[1]", "the document: an object is wanted, this is a list");
	refuse("null", "the document: an object is wanted, this is null");
	refuse("{\"int\":1.0}", "int: a whole number is wanted, this is 1.0");
	refuse("{\"int64\":1e3}",
	       "int64: a whole number is wanted, this is 1e3");
	refuse("{\"strings\":[\"a\",null]}",
	       "strings[1]: a string is wanted, this is null");
	refuse("{\"strings\":[[65]]}",
	       "strings[0]: a string is wanted, this is a list");
	refuse("{\"objects\":[{},{\"name\":\"n\"},{\"name\":false}]}",
	       "objects[2].name: a string is wanted, this is a boolean");
	refuse("{\"map\":{\"a\":\"b\",\"c\":1}}",
	       "map.c: a string is wanted, this is a number");
	refuse("{\"object\":{\"kind\":1}}",
	       "object.kind: a string is wanted, this is a number");
	refuse("{\"pointer\":{\"kind\":\"paer\"}}",
	       "pointer.kind: unknown kind \"paer\"; did you mean \"pear\"?");
	refuse("{\"pointer\":{\"kind\":\"zucchini\"}}",
	       "pointer.kind: unknown kind \"zucchini\"");
}
END_TEST

START_TEST(test_null_and_absent)
{
	struct whole whole = { .i = 7, .string = xstrdup("kept") };
	struct error err;
	const char *text = "{\"int\":null,\"string\":null,\"objects\":null,"
			   "\"map\":null,\"bool\":null,\"null_string\":\"\"}";
	char *out;

	ck_assert_int_eq(fields_decode(rows, text, strlen(text), &whole, &err),
			 0);
	ck_assert_int_eq(whole.i, 7);
	ck_assert_str_eq(whole.string, "kept");
	ck_assert_ptr_null(whole.null_string);
	ck_assert_ptr_null(whole.pointer);
	out = fields_encode(rows, &whole, false);
	ck_assert_ptr_nonnull(strstr(out, "\"pointer\":null"));
	ck_assert_ptr_nonnull(strstr(out, "\"null_string\":\"\""));
	ck_assert_ptr_null(strstr(out, "bool"));
	ck_assert_ptr_null(strstr(out, "older"));
	free(out);
	fields_free(rows, &whole);
}
END_TEST

/* A later row of the same member wins; nothing leaks. */
START_TEST(test_older_spelling)
{
	struct whole whole;

	read_whole("{\"older\":\"a\"}", &whole);
	ck_assert_str_eq(whole.string, "a");
	fields_free(rows, &whole);
	read_whole("{\"string\":\"b\",\"older\":\"a\"}", &whole);
	ck_assert_str_eq(whole.string, "b");
	fields_free(rows, &whole);
}
END_TEST

START_TEST(test_bytes_that_are_no_utf8)
{
	struct whole whole = { .bytes = xstrdup("a\xff\x01z") }, again;
	char *text = fields_encode(rows, &whole, false);

	ck_assert_ptr_nonnull(strstr(text, "\"bytes\":[97,255,1,122]"));
	read_whole(text, &again);
	ck_assert_str_eq(again.bytes, whole.bytes);
	free(text);
	fields_free(rows, &again);
	fields_free(rows, &whole);
	refuse("{\"bytes\":[65,0]}", "bytes[1]: a string holds no 0");
	refuse("{\"bytes\":[256]}", "bytes[0]: 256 is not between 0 and 255");
	refuse("{\"string\":[65]}",
	       "string: a string is wanted, this is a list");
}
END_TEST

Suite *check_fields_suite(void)
{
	Suite *suite = suite_create("fields");
	TCase *tcase = tcase_create("codec");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_every_type_survives);
	tcase_add_test(tcase, test_truncated_at_every_byte);
	tcase_add_test(tcase, test_number_ranges);
	tcase_add_test(tcase, test_wrong_types);
	tcase_add_test(tcase, test_null_and_absent);
	tcase_add_test(tcase, test_older_spelling);
	tcase_add_test(tcase, test_bytes_that_are_no_utf8);
	suite_add_tcase(suite, tcase);
	return suite;
}
