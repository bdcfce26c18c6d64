/* fields_encode.c  [both]  writing members by rows
 *
 * Every row that is not read-only becomes a key, in the rows' order. Integers
 * are written from their own digits, never through a double. A string that is
 * no UTF-8 (a file name may be anything) cannot stand in JSON: it is written
 * as the list of its bytes, which rows with FIELD_BYTES read again.
 */
#include "libcontainer/configs/fields.h"

#include "libcontainer/configs/json.h"
#include "libcontainer/configs/json_strict.h"
#include "libcontainer/system/alloc.h"

#include <stdlib.h>
#include <string.h>

static const void *member(const struct field *row, const void *object)
{
	return (const char *)object + row->offset;
}

static size_t length(const struct field *row, const void *object)
{
	return *(const size_t *)(const void *)((const char *)object +
					       row->len_offset);
}

static struct json *encode_string(const char *text)
{
	size_t left = text ? strlen(text) : 0, n;
	struct json *bytes;

	for (const char *p = text; left > 0; p += n, left -= n) {
		n = utf8_length(p, left);
		if (n == 0)
			goto not_utf8;
	}
	return json_new_string(text ? text : "");
not_utf8:
	bytes = json_new(JSON_LIST);
	for (; *text; text++)
		json_add(bytes, NULL, json_new_unsigned((unsigned char)*text));
	return bytes;
}

static struct json *encode_object(const struct field *rows, const void *object);

static struct json *encode_array(const struct field *row, const void *object)
{
	const char *array = *(char *const *)member(row, object);
	struct json *list =
		json_new(row->type == FIELD_MAP ? JSON_OBJECT : JSON_LIST);
	size_t n = length(row, object);

	for (; n > 0; n--, array += row->size) {
		const void *element = array;
		char *const *pair = element;

		if (row->type == FIELD_MAP)
			json_add(list, pair[0], encode_string(pair[1]));
		else if (row->type == FIELD_UINT64S)
			json_add(list, NULL,
				 json_new_unsigned(*(const uint64_t *)element));
		else
			json_add(list, NULL, encode_object(row->rows, element));
	}
	return list;
}

static struct json *encode_strings(char *const *strings)
{
	struct json *list = json_new(JSON_LIST);

	for (; strings && *strings; strings++)
		json_add(list, NULL, encode_string(*strings));
	return list;
}

struct json *field_encode(const struct field *row, const void *object)
{
	const void *m = member(row, object);

	switch (row->type) {
	case FIELD_STRING:
		return encode_string(*(char *const *)m);
	case FIELD_BOOL:
		return json_new_bool(*(const bool *)m);
	case FIELD_INT:
		return json_new_integer(*(const int *)m);
	case FIELD_INT64:
		return json_new_integer(*(const int64_t *)m);
	case FIELD_UINT16:
		return json_new_unsigned(*(const uint16_t *)m);
	case FIELD_UINT32:
		return json_new_unsigned(*(const uint32_t *)m);
	case FIELD_UINT64:
		return json_new_unsigned(*(const uint64_t *)m);
	case FIELD_NAME: {
		const char *name = number_to_name(row->names, *(const int *)m);

		return name ? json_new_string(name) : json_new(JSON_NULL);
	}
	case FIELD_STRINGS:
		return encode_strings(*(char **const *)m);
	case FIELD_OBJECT:
		return encode_object(row->rows, m);
	case FIELD_POINTER:
		if (!*(void *const *)m)
			return json_new(JSON_NULL);
		return encode_object(row->rows, *(void *const *)m);
	case FIELD_UINT64S:
	case FIELD_OBJECTS:
	case FIELD_MAP:
		return encode_array(row, object);
	case FIELD_CUSTOM:
		break;
	}
	return json_new(JSON_NULL);
}

bool field_is_empty(const struct field *row, const void *object)
{
	const void *m = member(row, object);

	switch (row->type) {
	case FIELD_STRING:
		return !*(char *const *)m || !**(char *const *)m;
	case FIELD_BOOL:
		return !*(const bool *)m;
	case FIELD_INT:
	case FIELD_UINT32:
		return *(const uint32_t *)m == 0;
	case FIELD_INT64:
	case FIELD_UINT64:
		return *(const uint64_t *)m == 0;
	case FIELD_UINT16:
		return *(const uint16_t *)m == 0;
	case FIELD_STRINGS:
		return strv_len(*(char **const *)m) == 0;
	case FIELD_POINTER:
		return !*(void *const *)m;
	case FIELD_UINT64S:
	case FIELD_OBJECTS:
	case FIELD_MAP:
		return length(row, object) == 0;
	default:
		return false;
	}
}

static struct json *encode_object(const struct field *rows, const void *object)
{
	struct json *json = json_new(JSON_OBJECT);

	for (const struct field *row = rows; row->key; row++) {
		if (row->flags & FIELD_READ_ONLY)
			continue;
		if ((row->flags & FIELD_OMIT_EMPTY) &&
		    field_is_empty(row, object))
			continue;
		json_add(json, row->key,
			 row->encode ? row->encode(row, object)
				     : field_encode(row, object));
	}
	return json;
}

char *fields_encode(const struct field *rows, const void *object, bool indent)
{
	struct json *json = encode_object(rows, object);
	char *text = json_print(json, indent);

	json_free(json);
	return text;
}
