/*
 * json.h  [both]  a JSON document as a tree
 *
 * Only the codec (fields.c) and rows with their own decode or encode look at
 * trees. json.c is the one file that knows cJSON.
 */
#ifndef LIBCONTAINER_CONFIGS_JSON_H
#define LIBCONTAINER_CONFIGS_JSON_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json; /* one value */

enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_LIST,
	JSON_OBJECT,
};

/* Where a value stands: the value's key, or its index when key is NULL, and
 * where the one around it stands. NULL is the document itself. */
struct json_path {
	const struct json_path *up;
	const char *key;
	size_t index;
};

/*
 * json_parse - one strict document (see json_strict.h) without duplicate keys.
 * On success *out is the caller's: json_free.
 */
int json_parse(const char *text, size_t len, struct json **out,
	       struct error *err);
void json_free(struct json *value); /* NULL is allowed */

/* json_kind - what a value is; json_bool - of a boolean. */
enum json_kind json_kind(const struct json *value);
bool json_bool(const struct json *value);

/* json_kind_name - for errors: "a number". */
const char *json_kind_name(enum json_kind kind);

/* json_text - of a string, or a number exactly as it was written. */
const char *json_text(const struct json *value);

/* The values in a list or object; NULL after the last. */
const struct json *json_first(const struct json *value);
const struct json *json_next(const struct json *value);
size_t json_length(const struct json *value);
const char *json_key(const struct json *value); /* of an object's value */

/* json_member - an object's value of that key; NULL when there is none, it is
 * null, or value itself is NULL or no object. */
const struct json *json_member(const struct json *value, const char *key);

/* New values, the caller's until json_add gives them to a list (key NULL) or
 * an object. */
struct json *json_new(enum json_kind kind); /* null, list or object */
struct json *json_new_bool(bool value);
struct json *json_new_string(const char *text);
struct json *json_new_integer(int64_t number);
struct json *json_new_unsigned(uint64_t number);
void json_add(struct json *parent, const char *key, struct json *value);

/* json_print - the text, the caller's; indented by tabs or in one line. */
char *json_print(const struct json *value, bool indent);

/* json_error - CONFIG_INVALID with the path before the text; returns -1. */
int json_error(const struct json_path *path, struct error *err, const char *fmt,
	       ...) __attribute__((format(printf, 3, 4)));

#endif
