/* json_strict.c  [both]  is this text one JSON document, and nothing else?
 *
 * cJSON is lenient: it takes what follows the document, control bytes and
 * broken UTF-8 inside strings, keys that stand twice, and cuts a string at
 * \u0000. A config decides what root may do, so two readers must never see
 * two different configs in one text. This scanner walks the text once, before
 * cJSON does, and lets through only what RFC 8259 calls JSON.
 *
 * On the way it notes where numbers and keys stand. cJSON keeps numbers as
 * doubles, which bend 18446744073709551615 (RLIM_INFINITY); json.c puts the
 * noted texts back into the tree.
 */
#include "libcontainer/configs/json_strict.h"

#include "libcontainer/system/alloc.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scanner {
	const char *text;
	size_t len, at;
	size_t nodes;
	struct json_tokens *tokens;
	struct error *err;
};

static int check_value(struct scanner *s, int depth);

int json_error_at(const char *text, size_t offset, struct error *err,
		  const char *fmt, ...)
{
	size_t line = 1, column = 1;
	char message[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < offset; i++) {
		column++;
		if (text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	return error_set(err, ERROR_CONFIG_INVALID, "line %zu, column %zu: %s",
			 line, column, message);
}

static int fail(struct scanner *s, const char *wanted)
{
	unsigned char c;

	if (s->at >= s->len)
		return json_error_at(s->text, s->at, s->err,
				     "%s is wanted, but the text ends here",
				     wanted);
	c = (unsigned char)s->text[s->at];
	if (c > 0x20 && c < 0x7f)
		return json_error_at(s->text, s->at, s->err,
				     "%s is wanted, this is '%c'", wanted, c);
	return json_error_at(s->text, s->at, s->err,
			     "%s is wanted, this is the byte 0x%02x", wanted,
			     c);
}

/* The byte at the cursor; 0, which JSON has nowhere, at the end. */
static char peek(const struct scanner *s)
{
	return s->at < s->len ? s->text[s->at] : '\0';
}

static bool accept(struct scanner *s, char c)
{
	if (s->at >= s->len || s->text[s->at] != c)
		return false;
	s->at++;
	return true;
}

static void skip_space(struct scanner *s)
{
	while (s->at < s->len && s->text[s->at] &&
	       strchr(" \t\r\n", s->text[s->at]))
		s->at++;
}

static void note(struct json_token **list, size_t *len, size_t offset,
		 size_t size)
{
	/* Room doubles whenever the length reaches a power of two. */
	if ((*len & (*len - 1)) == 0)
		*list = xreallocarray(*list, *len ? *len * 2 : 1,
				      sizeof(**list));
	(*list)[(*len)++] = (struct json_token){ offset, size };
}

size_t utf8_length(const char *s, size_t left)
{
	const unsigned char *p = (const unsigned char *)s;
	unsigned char low = 0x80, high = 0xbf;
	size_t n;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (n > left)
		return 0;
	/* No overlong form, no surrogate, nothing beyond U+10FFFF. */
	if (p[0] == 0xe0)
		low = 0xa0;
	if (p[0] == 0xed)
		high = 0x9f;
	if (p[0] == 0xf0)
		low = 0x90;
	if (p[0] == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Four hexadecimal digits; -1 when they are not. */
static int read_hex(struct scanner *s)
{
	int value = 0;

	for (int i = 0; i < 4; i++) {
		const char *digits = "0123456789abcdef";
		char c = peek(s);
		const char *digit;

		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		digit = c ? strchr(digits, c) : NULL;
		if (!digit)
			return fail(s, "a hexadecimal digit");
		value = value * 16 + (int)(digit - digits);
		s->at++;
	}
	return value;
}

/* What follows a backslash. */
static int check_escape(struct scanner *s)
{
	size_t start = s->at - 1;
	int code;

	if (peek(s) && strchr("\"\\/bfnrt", peek(s))) {
		s->at++;
		return 0;
	}
	if (!accept(s, 'u'))
		return fail(s, "one of \"\\/bfnrtu");
	code = read_hex(s);
	if (code < 0)
		return -1;
	if (code == 0)
		return json_error_at(s->text, start, s->err,
				     "\\u0000 cannot stand in a string here");
	if (code < 0xd800 || code > 0xdfff)
		return 0;
	if (code > 0xdbff || !accept(s, '\\') || !accept(s, 'u'))
		goto lone;
	code = read_hex(s);
	if (code < 0)
		return -1;
	if (code >= 0xdc00 && code <= 0xdfff)
		return 0;
lone:
	return json_error_at(s->text, start, s->err,
			     "half of a surrogate pair");
}

static int check_string(struct scanner *s)
{
	if (!accept(s, '"'))
		return fail(s, "a string");
	while (s->at < s->len && s->text[s->at] != '"') {
		size_t n;

		if ((unsigned char)s->text[s->at] < 0x20)
			return fail(s, "a closing \"");
		if (accept(s, '\\')) {
			if (check_escape(s) < 0)
				return -1;
			continue;
		}
		n = utf8_length(s->text + s->at, s->len - s->at);
		if (n == 0)
			return fail(s, "valid UTF-8");
		s->at += n;
	}
	return accept(s, '"') ? 0 : fail(s, "a closing \"");
}

static int check_digits(struct scanner *s)
{
	if (peek(s) < '0' || peek(s) > '9')
		return fail(s, "a digit");
	while (peek(s) >= '0' && peek(s) <= '9')
		s->at++;
	return 0;
}

static int check_number(struct scanner *s)
{
	size_t start = s->at;

	accept(s, '-');
	if (!accept(s, '0') && check_digits(s) < 0)
		return -1;
	if (accept(s, '.') && check_digits(s) < 0)
		return -1;
	if (accept(s, 'e') || accept(s, 'E')) {
		if (!accept(s, '+'))
			accept(s, '-');
		if (check_digits(s) < 0)
			return -1;
	}
	if (s->at - start > JSON_NUMBER_MAX)
		return json_error_at(s->text, start, s->err,
				     "a number longer than %d characters",
				     JSON_NUMBER_MAX);
	note(&s->tokens->numbers, &s->tokens->numbers_len, start,
	     s->at - start);
	return 0;
}

static int check_object(struct scanner *s, int depth)
{
	s->at++;
	skip_space(s);
	if (accept(s, '}'))
		return 0;
	do {
		size_t start;

		skip_space(s);
		start = s->at;
		if (peek(s) != '"')
			return fail(s, "a key in quotes");
		if (check_string(s) < 0)
			return -1;
		note(&s->tokens->keys, &s->tokens->keys_len, start,
		     s->at - start);
		skip_space(s);
		if (!accept(s, ':'))
			return fail(s, "':'");
		if (check_value(s, depth) < 0)
			return -1;
		skip_space(s);
	} while (accept(s, ','));
	return accept(s, '}') ? 0 : fail(s, "',' or '}'");
}

static int check_list(struct scanner *s, int depth)
{
	s->at++;
	skip_space(s);
	if (accept(s, ']'))
		return 0;
	do {
		if (check_value(s, depth) < 0)
			return -1;
		skip_space(s);
	} while (accept(s, ','));
	return accept(s, ']') ? 0 : fail(s, "',' or ']'");
}

static int check_word(struct scanner *s)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < 3; i++) {
		size_t n = strlen(words[i]);

		if (s->len - s->at >= n &&
		    !memcmp(s->text + s->at, words[i], n)) {
			s->at += n;
			return 0;
		}
	}
	return fail(s, "a value");
}

static int check_value(struct scanner *s, int depth)
{
	skip_space(s);
	if (++s->nodes > JSON_NODES_MAX)
		return json_error_at(s->text, s->at, s->err,
				     "more than %d values", JSON_NODES_MAX);
	if (depth == JSON_DEPTH_MAX && (peek(s) == '{' || peek(s) == '['))
		return json_error_at(s->text, s->at, s->err,
				     "nested deeper than %d", JSON_DEPTH_MAX);
	switch (peek(s)) {
	case '{':
		return check_object(s, depth + 1);
	case '[':
		return check_list(s, depth + 1);
	case '"':
		return check_string(s);
	case '-':
	case '0' ... '9':
		return check_number(s);
	default:
		return check_word(s);
	}
}

int json_check(const char *text, size_t len, struct json_tokens *tokens,
	       struct error *err)
{
	struct scanner s = { text, len, 0, 0, tokens, err };

	memset(tokens, 0, sizeof(*tokens));
	if (len > JSON_SIZE_MAX)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "a document larger than %d bytes",
				 JSON_SIZE_MAX);
	skip_space(&s);
	if (s.at == len)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "the document is empty");
	if (check_value(&s, 0) < 0)
		return -1;
	skip_space(&s);
	return s.at == len ? 0 : fail(&s, "the end of the document");
}

void json_tokens_free(struct json_tokens *tokens)
{
	free(tokens->numbers);
	free(tokens->keys);
	memset(tokens, 0, sizeof(*tokens));
}
