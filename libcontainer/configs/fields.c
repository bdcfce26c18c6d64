/* fields.c  [both]  reading members by rows
 *
 * Each row is looked up in the object by its key, so a row costs one search
 * and an unknown key costs nothing. Numbers arrive as text (json.h) and are
 * converted here with the range of the member they are for; nothing passes
 * through a double.
 */
#include "libcontainer/configs/fields.h"

#include "libcontainer/configs/json.h"
#include "libcontainer/configs/names.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static void *member(const struct field *row, void *object)
{
	return (char *)object + row->offset;
}

static size_t *length(const struct field *row, void *object)
{
	return (size_t *)(void *)((char *)object + row->len_offset);
}

static int wrong_kind(const struct json *value, const char *wanted,
		      const struct json_path *path, struct error *err)
{
	return json_error(path, err, "%s is wanted, this is %s", wanted,
			  json_kind_name(json_kind(value)));
}

/* The number's text, if it is a whole number. */
static const char *integer_text(const struct json *value,
				const struct json_path *path, struct error *err)
{
	const char *text;

	if (json_kind(value) != JSON_NUMBER) {
		wrong_kind(value, "a number", path, err);
		return NULL;
	}
	text = json_text(value);
	if (strpbrk(text, ".eE")) {
		json_error(path, err, "a whole number is wanted, this is %s",
			   text);
		return NULL;
	}
	return text;
}

static int decode_signed(const struct json *value, int64_t min, int64_t max,
			 int64_t *number, const struct json_path *path,
			 struct error *err)
{
	const char *text = integer_text(value, path, err);
	long long n;

	if (!text)
		return -1;
	errno = 0;
	n = strtoll(text, NULL, 10);
	if (errno || n < min || n > max)
		return json_error(path, err,
				  "%s is not between %" PRId64 " and %" PRId64,
				  text, min, max);
	*number = n;
	return 0;
}

static int decode_unsigned(const struct json *value, uint64_t max,
			   uint64_t *number, const struct json_path *path,
			   struct error *err)
{
	const char *text = integer_text(value, path, err);
	unsigned long long n;

	if (!text)
		return -1;
	errno = 0;
	n = strtoull(text, NULL, 10);
	if (errno || n > max || (text[0] == '-' && n))
		return json_error(path, err, "%s is not between 0 and %" PRIu64,
				  text, max);
	*number = n;
	return 0;
}

static int decode_number(const struct field *row, const struct json *value,
			 void *m, const struct json_path *path,
			 struct error *err)
{
	uint64_t u;
	int64_t i;

	switch (row->type) {
	case FIELD_INT:
		if (decode_signed(value, INT_MIN, INT_MAX, &i, path, err) < 0)
			return -1;
		*(int *)m = (int)i;
		return 0;
	case FIELD_INT64:
		return decode_signed(value, INT64_MIN, INT64_MAX, m, path, err);
	case FIELD_UINT16:
		if (decode_unsigned(value, UINT16_MAX, &u, path, err) < 0)
			return -1;
		*(uint16_t *)m = (uint16_t)u;
		return 0;
	case FIELD_UINT32:
		if (decode_unsigned(value, UINT32_MAX, &u, path, err) < 0)
			return -1;
		*(uint32_t *)m = (uint32_t)u;
		return 0;
	default:
		return decode_unsigned(value, UINT64_MAX, m, path, err);
	}
}

/* A list of numbers from 1 to 255, not empty: bytes that are no UTF-8. */
static int decode_bytes(const struct json *value, char **text,
			const struct json_path *path, struct error *err)
{
	cleanup_free char *bytes = xcalloc(json_length(value) + 1, 1);
	const struct json *item = json_first(value);
	struct json_path at = { .up = path };

	for (; item; item = json_next(item), at.index++) {
		uint64_t byte;

		if (decode_unsigned(item, 255, &byte, &at, err) < 0)
			return -1;
		if (byte == 0)
			return json_error(&at, err, "a string holds no 0");
		bytes[at.index] = (char)byte;
	}
	if (at.index == 0)
		return wrong_kind(value, "a string", path, err);
	*text = steal_ptr(&bytes);
	return 0;
}

/* A new string in *text. */
static int decode_string(const struct field *row, const struct json *value,
			 char **text, const struct json_path *path,
			 struct error *err)
{
	if ((row->flags & FIELD_BYTES) && json_kind(value) == JSON_LIST)
		return decode_bytes(value, text, path, err);
	if (json_kind(value) != JSON_STRING)
		return wrong_kind(value, "a string", path, err);
	*text = xstrdup(json_text(value));
	return 0;
}

static int decode_strings(const struct field *row, const struct json *value,
			  char **list, const struct json_path *path,
			  struct error *err)
{
	const struct json *item = json_first(value);
	struct json_path at = { .up = path };

	for (; item; item = json_next(item), at.index++)
		if (decode_string(row, item, &list[at.index], &at, err) < 0)
			return -1;
	return 0;
}

static int decode_map(const struct field *row, const struct json *value,
		      char *array, const struct json_path *path,
		      struct error *err)
{
	const struct json *item = json_first(value);

	for (; item; item = json_next(item), array += row->size) {
		struct json_path at = { path, json_key(item), 0 };
		char **pair = (char **)(void *)array;

		pair[0] = xstrdup(json_key(item));
		if (decode_string(row, item, &pair[1], &at, err) < 0)
			return -1;
	}
	return 0;
}

static int decode_elements(const struct field *row, const struct json *value,
			   char *array, const struct json_path *path,
			   struct error *err)
{
	const struct json *item = json_first(value);
	struct json_path at = { .up = path };

	for (; item; item = json_next(item), at.index++) {
		char *element = array + at.index * row->size;
		int ret;

		if (row->type == FIELD_UINT64S)
			ret = decode_unsigned(item, UINT64_MAX,
					      (uint64_t *)(void *)element, &at,
					      err);
		else
			ret = fields_decode_json(row->rows, item, element, &at,
						 err);
		if (ret < 0)
			return -1;
	}
	return 0;
}

/* The array has its full length before its elements are read, so that
 * fields_free finds whatever was read when one of them is wrong. */
static int decode_array(const struct field *row, const struct json *value,
			void *object, const struct json_path *path,
			struct error *err)
{
	bool map = row->type == FIELD_MAP;
	size_t n = json_length(value);
	char *array;

	if (json_kind(value) != (map ? JSON_OBJECT : JSON_LIST))
		return wrong_kind(value, map ? "an object" : "a list", path,
				  err);
	field_release(row, object);
	if (n == 0)
		return 0;
	array = xcalloc(n, row->size);
	*(char **)member(row, object) = array;
	*length(row, object) = n;
	return map ? decode_map(row, value, array, path, err)
		   : decode_elements(row, value, array, path, err);
}

int unknown_name(const char *what, const struct name *names, const char *name,
		 const struct json_path *path, struct error *err)
{
	const char *near = nearest_in_table(name, names);

	return json_error(path, err, "unknown %s \"%.64s\"%s%s%s", what, name,
			  near ? "; did you mean \"" : "", near ? near : "",
			  near ? "\"?" : "");
}

static int decode_name(const struct field *row, const struct json *value,
		       int *number, const struct json_path *path,
		       struct error *err)
{
	int64_t n;

	if (json_kind(value) != JSON_STRING)
		return wrong_kind(value, "a string", path, err);
	if (name_to_number(row->names, json_text(value), &n) < 0)
		return unknown_name(row->what, row->names, json_text(value),
				    path, err);
	*number = (int)n;
	return 0;
}

static int decode_text(const struct field *row, const struct json *value,
		       char **m, const struct json_path *path,
		       struct error *err)
{
	char *text;

	if (decode_string(row, value, &text, path, err) < 0)
		return -1;
	if ((row->flags & FIELD_EMPTY_IS_NULL) && !*text) {
		free(text);
		text = NULL;
	}
	free(*m);
	*m = text;
	return 0;
}

static int decode_list(const struct field *row, const struct json *value,
		       char ***m, const struct json_path *path,
		       struct error *err)
{
	size_t n = json_length(value);

	if (json_kind(value) != JSON_LIST)
		return wrong_kind(value, "a list", path, err);
	strv_free(*m);
	*m = n ? xcalloc(n + 1, sizeof(**m)) : NULL;
	return decode_strings(row, value, *m, path, err);
}

int field_decode(const struct field *row, const struct json *value,
		 void *object, const struct json_path *path, struct error *err)
{
	void *m = member(row, object);

	switch (row->type) {
	case FIELD_STRING:
		return decode_text(row, value, m, path, err);
	case FIELD_BOOL:
		if (json_kind(value) != JSON_BOOL)
			return wrong_kind(value, "a boolean", path, err);
		*(bool *)m = json_bool(value);
		return 0;
	case FIELD_STRINGS:
		return decode_list(row, value, m, path, err);
	case FIELD_OBJECT:
		return fields_decode_json(row->rows, value, m, path, err);
	case FIELD_POINTER:
		field_release(row, object);
		*(void **)m = xcalloc(1, row->size);
		return fields_decode_json(row->rows, value, *(void **)m, path,
					  err);
	case FIELD_UINT64S:
	case FIELD_OBJECTS:
	case FIELD_MAP:
		return decode_array(row, value, object, path, err);
	case FIELD_NAME:
		return decode_name(row, value, m, path, err);
	case FIELD_CUSTOM:
		return 0;
	default:
		return decode_number(row, value, m, path, err);
	}
}

int fields_decode_json(const struct field *rows, const struct json *value,
		       void *object, const struct json_path *path,
		       struct error *err)
{
	if (json_kind(value) != JSON_OBJECT)
		return wrong_kind(value, "an object", path, err);
	for (const struct field *row = rows; row->key; row++) {
		const struct json *found = json_member(value, row->key);
		struct json_path at = { path, row->key, 0 };
		int ret;

		if (!found)
			continue;
		if (row->decode)
			ret = row->decode(row, found, object, &at, err);
		else
			ret = field_decode(row, found, object, &at, err);
		if (ret < 0)
			return -1;
	}
	return 0;
}

int fields_decode(const struct field *rows, const char *text, size_t len,
		  void *object, struct error *err)
{
	struct json *root;
	int ret;

	if (json_parse(text, len, &root, err) < 0)
		return -1;
	ret = fields_decode_json(rows, root, object, NULL, err);
	json_free(root);
	return ret;
}

int name_to_number(const struct name *names, const char *name, int64_t *number)
{
	for (; names->name; names++) {
		if (!strcmp(names->name, name)) {
			*number = names->number;
			return 0;
		}
	}
	return -1;
}

const char *number_to_name(const struct name *names, int64_t number)
{
	for (; names->name; names++)
		if (names->number == number)
			return names->name;
	return NULL;
}
