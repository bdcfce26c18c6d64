/* json_strict.h  [both]  is this text one JSON document, and nothing else? */
#ifndef LIBCONTAINER_CONFIGS_JSON_STRICT_H
#define LIBCONTAINER_CONFIGS_JSON_STRICT_H

#include "libcontainer/system/error.h"

#include <stddef.h>

enum {
	JSON_SIZE_MAX = 64 * 1024 * 1024, /* bytes                        */
	JSON_NODES_MAX = 1000000,	  /* values                       */
	JSON_DEPTH_MAX = 128,		  /* lists and objects            */
	JSON_NUMBER_MAX = 60,		  /* characters of one number     */
};

/* A piece of the text. */
struct json_token {
	size_t offset, len;
};

/* What the tree does not keep: every number's text and every key's place,
 * both in document order. */
struct json_tokens {
	struct json_token *numbers, *keys;
	size_t numbers_len, keys_len;
};

/*
 * json_check - refuse what is not exactly one JSON document (RFC 8259) in
 * valid UTF-8 within the limits above. Duplicate keys are json.c's matter.
 * *tokens is the caller's on every return: json_tokens_free. The message of
 * an error begins with the line and the column, both from 1, in bytes.
 */
int json_check(const char *text, size_t len, struct json_tokens *tokens,
	       struct error *err);

/* json_tokens_free - release the lists; the struct stays. */
void json_tokens_free(struct json_tokens *tokens);

/* json_error_at - CONFIG_INVALID with the line and column of an offset. */
int json_error_at(const char *text, size_t offset, struct error *err,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* utf8_length - the bytes of the valid UTF-8 character at s, of which left
 * bytes can be read; 0 when it is none. Source: RFC 3629, section 4. */
size_t utf8_length(const char *s, size_t left);

#endif
