/* fields_memory.c  [both]  what rows say of memory: release it, copy it */
#include "libcontainer/configs/fields.h"

#include "libcontainer/system/alloc.h"

#include <stdlib.h>
#include <string.h>

static void *member(const struct field *row, const void *object)
{
	return (char *)(uintptr_t)object + row->offset;
}

static size_t *length(const struct field *row, const void *object)
{
	return (size_t *)(void *)((char *)(uintptr_t)object + row->len_offset);
}

/* Of a member that owns nothing; 0 for those that do. */
static size_t scalar_size(enum field_type type)
{
	switch (type) {
	case FIELD_BOOL:
		return sizeof(bool);
	case FIELD_INT:
	case FIELD_NAME:
		return sizeof(int);
	case FIELD_UINT16:
		return sizeof(uint16_t);
	case FIELD_UINT32:
		return sizeof(uint32_t);
	case FIELD_INT64:
	case FIELD_UINT64:
		return sizeof(uint64_t);
	default:
		return 0;
	}
}

static void release_map(const struct field *row, void *object)
{
	char *array = *(char **)member(row, object);

	for (size_t i = 0; i < *length(row, object); i++) {
		char **pair = (char **)(void *)(array + i * row->size);

		free(pair[0]);
		free(pair[1]);
	}
}

static void release_objects(const struct field *row, void *object)
{
	char *array = *(char **)member(row, object);

	for (size_t i = 0; i < *length(row, object); i++)
		fields_free(row->rows, array + i * row->size);
}

void field_release(const struct field *row, void *object)
{
	void **m = member(row, object);

	switch (row->type) {
	case FIELD_STRINGS:
		strv_free(*m);
		*m = NULL;
		return;
	case FIELD_OBJECT:
		fields_free(row->rows, m);
		return;
	case FIELD_POINTER:
		if (*m)
			fields_free(row->rows, *m);
		break;
	case FIELD_OBJECTS:
		release_objects(row, object);
		*length(row, object) = 0;
		break;
	case FIELD_MAP:
		release_map(row, object);
		*length(row, object) = 0;
		break;
	case FIELD_UINT64S:
		*length(row, object) = 0;
		break;
	case FIELD_STRING:
		break;
	default:
		return;
	}
	free(*m);
	*m = NULL;
}

void fields_free(const struct field *rows, void *object)
{
	for (const struct field *row = rows; row->key; row++) {
		field_release(row, object);
		memset(member(row, object), 0, scalar_size(row->type));
	}
}

static void copy_array(const struct field *row, const void *from, void *to)
{
	size_t n = *length(row, from);
	const char *source = *(char **)member(row, from);
	char *array = n ? xcalloc(n, row->size) : NULL;

	*(char **)member(row, to) = array;
	*length(row, to) = n;
	for (; n > 0; n--, source += row->size, array += row->size) {
		const void *element = source;
		void *copy = array;

		if (row->type == FIELD_MAP)
			for (int i = 0; i < 2; i++)
				((char **)copy)[i] =
					xstrdup(((char *const *)element)[i]);
		else if (row->type == FIELD_OBJECTS)
			fields_copy(row->rows, element, copy);
		else
			memcpy(copy, element, row->size);
	}
}

static void copy_member(const struct field *row, const void *from, void *to)
{
	void *const *source = member(row, from);
	void **copy = member(row, to);

	switch (row->type) {
	case FIELD_STRING:
		*copy = xstrdup(*source);
		return;
	case FIELD_STRINGS:
		*copy = strv_dup(*source);
		return;
	case FIELD_OBJECT:
		fields_copy(row->rows, source, copy);
		return;
	case FIELD_POINTER:
		*copy = *source ? xcalloc(1, row->size) : NULL;
		if (*source)
			fields_copy(row->rows, *source, *copy);
		return;
	case FIELD_UINT64S:
	case FIELD_OBJECTS:
	case FIELD_MAP:
		copy_array(row, from, to);
		return;
	default:
		memcpy(copy, source, scalar_size(row->type));
	}
}

void fields_copy(const struct field *rows, const void *from, void *to)
{
	for (const struct field *row = rows; row->key; row++)
		if (!(row->flags & FIELD_READ_ONLY))
			copy_member(row, from, to);
}
