/* json.c  [both]  a JSON document as a tree
 *
 * cJSON parses and prints; what it lacks stands around it: the strict front
 * (json_strict.c) before the parse, numbers as text after it. The tree is
 * walked in document order, so the n-th number of the walk is the n-th that
 * the front noted; the node becomes a cJSON_Raw that holds its text.
 */
#include "libcontainer/configs/json.h"

#include "libcontainer/configs/json_strict.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cJSON *node(const struct json *value)
{
	return (cJSON *)(uintptr_t)value;
}

/* cJSON's memory is alloc.h's: it never gets NULL. */
static void __attribute__((constructor)) share_memory(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){ xmalloc, free });
}

static struct json *made(cJSON *item)
{
	if (!item)
		abort();
	return (struct json *)item;
}

struct key {
	const char *name;
	size_t offset;
};

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order
		     : (x->offset > y->offset) - (x->offset < y->offset);
}

static int check_duplicates(const char *text, struct key *keys, size_t len,
			    struct error *err)
{
	if (len < 2)
		return 0;
	qsort(keys, len, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < len; i++)
		if (!strcmp(keys[i - 1].name, keys[i].name))
			return json_error_at(text, keys[i].offset, err,
					     "the key \"%.64s\" stands twice "
					     "in one object",
					     keys[i].name);
	return 0;
}

/* The walk's place in the tokens. */
struct walk {
	const char *text;
	const struct json_token *number, *key;
	struct error *err;
};

static int finish(struct walk *walk, cJSON *item)
{
	cleanup_free struct key *keys = NULL;
	size_t len = 0;

	if (cJSON_IsNumber(item)) {
		item->type = cJSON_Raw;
		item->valuestring = xstrndup(walk->text + walk->number->offset,
					     walk->number->len);
		walk->number++;
		return 0;
	}
	if (cJSON_IsObject(item))
		keys = xcalloc((size_t)cJSON_GetArraySize(item), sizeof(*keys));
	for (cJSON *child = item->child; child; child = child->next) {
		if (keys)
			keys[len++] = (struct key){ child->string,
						    walk->key++->offset };
		if (finish(walk, child) < 0)
			return -1;
	}
	return check_duplicates(walk->text, keys, len, walk->err);
}

int json_parse(const char *text, size_t len, struct json **out,
	       struct error *err)
{
	struct json_tokens tokens = { 0 };
	struct walk walk = { .text = text, .err = err };
	cJSON *root = NULL;
	int ret = json_check(text, len, &tokens, err);

	if (ret == 0) {
		root = cJSON_ParseWithLength(text, len);
		if (!root)
			ret = error_set(err, ERROR_CONFIG_INVALID,
					"the document cannot be parsed");
	}
	if (ret == 0) {
		walk.number = tokens.numbers;
		walk.key = tokens.keys;
		ret = finish(&walk, root);
	}
	json_tokens_free(&tokens);
	if (ret < 0)
		cJSON_Delete(root);
	else
		*out = (struct json *)root;
	return ret;
}

void json_free(struct json *value)
{
	cJSON_Delete(node(value));
}

enum json_kind json_kind(const struct json *value)
{
	switch (node(value)->type & 0xff) {
	case cJSON_False:
	case cJSON_True:
		return JSON_BOOL;
	case cJSON_Raw:
		return JSON_NUMBER;
	case cJSON_String:
		return JSON_STRING;
	case cJSON_Array:
		return JSON_LIST;
	case cJSON_Object:
		return JSON_OBJECT;
	default:
		return JSON_NULL;
	}
}

const char *json_kind_name(enum json_kind kind)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",	    [JSON_BOOL] = "a boolean",
		[JSON_NUMBER] = "a number", [JSON_STRING] = "a string",
		[JSON_LIST] = "a list",	    [JSON_OBJECT] = "an object",
	};

	return names[kind];
}

bool json_bool(const struct json *value)
{
	return cJSON_IsTrue(node(value));
}

const char *json_text(const struct json *value)
{
	return node(value)->valuestring;
}

const struct json *json_first(const struct json *value)
{
	return (const struct json *)node(value)->child;
}

const struct json *json_next(const struct json *value)
{
	return (const struct json *)node(value)->next;
}

size_t json_length(const struct json *value)
{
	return (size_t)cJSON_GetArraySize(node(value));
}

const char *json_key(const struct json *value)
{
	return node(value)->string;
}

const struct json *json_member(const struct json *value, const char *key)
{
	const struct json *found;

	if (!value || !cJSON_IsObject(node(value)))
		return NULL;
	found = (const struct json *)cJSON_GetObjectItemCaseSensitive(
		node(value), key);
	return found && json_kind(found) != JSON_NULL ? found : NULL;
}

struct json *json_new(enum json_kind kind)
{
	if (kind == JSON_LIST)
		return made(cJSON_CreateArray());
	if (kind == JSON_OBJECT)
		return made(cJSON_CreateObject());
	return made(cJSON_CreateNull());
}

struct json *json_new_bool(bool value)
{
	return made(cJSON_CreateBool(value));
}

struct json *json_new_string(const char *text)
{
	return made(cJSON_CreateString(text));
}

struct json *json_new_integer(int64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, number);
	return made(cJSON_CreateRaw(text));
}

struct json *json_new_unsigned(uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	return made(cJSON_CreateRaw(text));
}

void json_add(struct json *parent, const char *key, struct json *value)
{
	cJSON_bool ok =
		key ? cJSON_AddItemToObject(node(parent), key, node(value))
		    : cJSON_AddItemToArray(node(parent), node(value));

	if (!ok)
		abort();
}

static void new_line(FILE *out, int depth)
{
	putc('\n', out);
	while (depth-- > 0)
		putc('\t', out);
}

/* Compact JSON with line breaks: outside of strings, each brace, bracket and
 * comma ends a line; {} and [] stay together. */
static void print_indented(FILE *out, const char *p)
{
	bool quoted = false;
	int depth = 0;

	for (; *p; p++) {
		if (!quoted && (*p == '}' || *p == ']'))
			new_line(out, --depth);
		putc(*p, out);
		if (quoted && *p == '\\')
			putc(*++p, out);
		else if (*p == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if ((*p == '{' || *p == '[') && p[1] == *p + 2)
			putc(*++p, out);
		else if (*p == '{' || *p == '[')
			new_line(out, ++depth);
		else if (*p == ',')
			new_line(out, depth);
		else if (*p == ':')
			putc(' ', out);
	}
	putc('\n', out);
}

char *json_print(const struct json *value, bool indent)
{
	char *compact = cJSON_PrintUnformatted(node(value));
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	if (!compact)
		abort();
	if (!indent)
		return compact;
	out = open_memstream(&text, &len);
	if (!out)
		abort();
	print_indented(out, compact);
	free(compact);
	if (fclose(out) != 0)
		abort();
	return text;
}

/* "networks[1].mtu", built from the innermost part outwards. */
static void print_path(FILE *out, const struct json_path *path)
{
	if (path->up)
		print_path(out, path->up);
	if (!path->key)
		fprintf(out, "[%zu]", path->index);
	else
		fprintf(out, "%s%.64s", path->up ? "." : "", path->key);
}

int json_error(const struct json_path *path, struct error *err, const char *fmt,
	       ...)
{
	char where[256] = "the document", message[512];
	FILE *out = path ? fmemopen(where, sizeof(where), "w") : NULL;
	va_list ap;

	if (out) {
		print_path(out, path);
		fclose(out);
	}
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	return error_set(err, ERROR_CONFIG_INVALID, "%s: %s", where, message);
}
