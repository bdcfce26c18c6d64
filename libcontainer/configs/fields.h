/*
 * fields.h  [both]  one row describes one member; one codec reads and writes
 *
 * Every JSON of the house (container.json, command.json, state.json, the
 * messages of the sync pipe, stats) goes through a table of rows:
 *
 *	static const struct field rows[] = {
 *		FIELD(struct network, "type", FIELD_STRING, type),
 *		FIELD(struct network, "mtu", FIELD_INT64, mtu),
 *		FIELD_OBJECTS(struct config, "networks", networks,
 *			      struct network, network_rows),
 *		FIELD_END
 *	};
 *
 * Reading is strict: one document, UTF-8, no duplicate keys, no trailing
 * text, no NUL inside a string, numbers that fit their member, right types;
 * unknown keys are ignored; null leaves the member as it is. Rows are read in
 * their own order, whatever the document's is. A second row with the same
 * member and FIELD_READ_ONLY is an older spelling that is read, never written.
 */
#ifndef LIBCONTAINER_CONFIGS_FIELDS_H
#define LIBCONTAINER_CONFIGS_FIELDS_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_STRING,  /* char *                                          */
	FIELD_BOOL,    /* bool                                            */
	FIELD_INT,     /* int, int32_t                                    */
	FIELD_INT64,   /* int64_t                                         */
	FIELD_UINT16,  /* uint16_t                                        */
	FIELD_UINT32,  /* uint32_t                                        */
	FIELD_UINT64,  /* uint64_t                                        */
	FIELD_STRINGS, /* char **, NULL-terminated                        */
	FIELD_UINT64S, /* uint64_t * and size_t                           */
	FIELD_OBJECT,  /* a struct inside the struct                      */
	FIELD_POINTER, /* a pointer to a struct, NULL when absent         */
	FIELD_OBJECTS, /* a pointer to an array of structs, and a size_t  */
	FIELD_NAME,    /* int, in JSON one of a table of names            */
	FIELD_MAP,     /* array of structs whose first two members are
			* char *key, *value; in JSON an object of strings */
	FIELD_CUSTOM,  /* no memory of its own: decode sets other members */
};

enum field_flags {
	FIELD_READ_ONLY = 1,	 /* an older spelling: never written      */
	FIELD_OMIT_EMPTY = 2,	 /* not written when 0, false, NULL, empty */
	FIELD_EMPTY_IS_NULL = 4, /* STRING: "" is read as NULL            */
	FIELD_BYTES = 8, /* STRING, STRINGS: may hold bytes that are no UTF-8;
			  * such a string is written as a list of numbers */
};

/* name <-> number, ended by { NULL, 0 } */
struct name {
	const char *name;
	int64_t number;
};

struct json; /* json.h; only the codec and rows with hooks look inside */
struct json_path;

/* clang-format off */
struct field {
	const char *key;
	enum field_type type;
	size_t offset;            /* of the member                          */
	size_t len_offset;        /* of its length, for arrays              */
	size_t size;              /* of the member; POINTER, OBJECTS, MAP: of
				   * one element                            */
	const struct field *rows; /* OBJECT POINTER OBJECTS                 */
	const struct name *names; /* NAME                                   */
	const char *what;         /* NAME: "namespace", for errors          */
	/* When JSON does not look like the memory: these replace how the
	 * member is read and written (type still says how it is released).
	 * object is the struct that holds the member. */
	int (*decode)(const struct field *row, const struct json *value,
		      void *object, const struct json_path *path,
		      struct error *err);
	struct json *(*encode)(const struct field *row, const void *object);
	int flags;                /* enum field_flags                       */
};
/* clang-format on */

/* The rows; further members may follow: FIELD(..., .flags = ...). */
/* clang-format off */
#define FIELD(s, k, t, m, ...)                                               \
	{ .key = (k), .type = (t), .offset = offsetof(s, m),                 \
	  .size = sizeof(((s *)0)->m), __VA_ARGS__ }
#define FIELD_NAME(s, k, m, n, w, ...)                                       \
	FIELD(s, k, FIELD_NAME, m, .names = (n), .what = (w), __VA_ARGS__)
#define FIELD_UINT64S(s, k, m, ...)                                          \
	{ .key = (k), .type = FIELD_UINT64S, .offset = offsetof(s, m),       \
	  .len_offset = offsetof(s, m##_len), .size = sizeof(uint64_t),      \
	  __VA_ARGS__ }
#define FIELD_OBJECT(s, k, m, r, ...)                                        \
	{ .key = (k), .type = FIELD_OBJECT, .offset = offsetof(s, m),        \
	  .rows = (r), __VA_ARGS__ }
#define FIELD_POINTER(s, k, m, e, r, ...)                                    \
	{ .key = (k), .type = FIELD_POINTER, .offset = offsetof(s, m),       \
	  .size = sizeof(e), .rows = (r), __VA_ARGS__ }
#define FIELD_OBJECTS(s, k, m, e, r, ...)                                    \
	{ .key = (k), .type = FIELD_OBJECTS, .offset = offsetof(s, m),       \
	  .len_offset = offsetof(s, m##_len), .size = sizeof(e),             \
	  .rows = (r), __VA_ARGS__ }
#define FIELD_MAP(s, k, m, e, ...)                                           \
	{ .key = (k), .type = FIELD_MAP, .offset = offsetof(s, m),           \
	  .len_offset = offsetof(s, m##_len), .size = sizeof(e), __VA_ARGS__ }
#define FIELD_CUSTOM(k, d)                                                   \
	{ .key = (k), .type = FIELD_CUSTOM, .decode = (d),                   \
	  .flags = FIELD_READ_ONLY }
#define FIELD_END { .key = NULL }
/* clang-format on */

/*
 * fields_decode - read a JSON document of len bytes into *object, by rows.
 * The members must hold their defaults (usually all zero) before. On error
 * -1, ERROR_CONFIG_INVALID, the message begins with the JSON path, or with
 * line and column when it is no JSON; what was already read stays and is
 * released by fields_free as usual.
 */
int fields_decode(const struct field *rows, const char *text, size_t len,
		  void *object, struct error *err);

/*
 * fields_encode - *object as one JSON text, the caller's to free(). indent:
 * with tabs and newlines, else one line. Never fails.
 */
char *fields_encode(const struct field *rows, const void *object, bool indent);

/* fields_free - release what the members own, and zero them. */
void fields_free(const struct field *rows, void *object);
void field_release(const struct field *row, void *object); /* one member */

/* fields_copy - a deep copy of the members into *to, which holds none yet. */
void fields_copy(const struct field *rows, const void *from, void *to);

/*
 * For rows with hooks: read one value as the row says, its own decode aside;
 * read an object's values by rows; write a member as the row says.
 */
int field_decode(const struct field *row, const struct json *value,
		 void *object, const struct json_path *path, struct error *err);
int fields_decode_json(const struct field *rows, const struct json *value,
		       void *object, const struct json_path *path,
		       struct error *err);
struct json *field_encode(const struct field *row, const void *object);

/* field_is_empty - is the member 0, false, NULL or without elements? A struct
 * in the struct never is. */
bool field_is_empty(const struct field *row, const void *object);

/* unknown_name - 'path: unknown what "name"; did you mean ...?'. Returns -1. */
int unknown_name(const char *what, const struct name *names, const char *name,
		 const struct json_path *path, struct error *err);

/* name_to_number - 0 and *number, or -1 when the table has no such name. */
int name_to_number(const struct name *names, const char *name, int64_t *number);

/* number_to_name - the first name of that number, or NULL. */
const char *number_to_name(const struct name *names, int64_t number);

#endif
