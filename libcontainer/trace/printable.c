/*
 * printable.c  [outside]  strangers' bytes as text that can be shown
 *
 * Host names, environments and mount points are written by whoever made the
 * image. A terminal obeys control characters, in UTF-8 those of C1 as well,
 * and a JSON document may hold nothing but UTF-8.
 *
 * Source: RFC 3629, section 4.
 */
#include "libcontainer/trace/printable.h"

#include "libcontainer/system/alloc.h"

#include <stdio.h>
#include <string.h>

/* How many bytes the character at p has; 0: it is none, or no one's to show. */
static size_t character(const unsigned char *p)
{
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	if (p[0] < 0x20 || p[0] == 0x7f || (p[0] >= 0x80 && p[0] < 0xc2) ||
	    p[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	/* C1; longer than need be; half of a pair; beyond the last. */
	if ((p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xe0 && p[1] < 0xa0) ||
	    (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
	    (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

char *printable(const char *text)
{
	const unsigned char *from = (const unsigned char *)text;
	char *copy = xmalloc(4 * strlen(text) + 1), *to = copy;

	while (*from) {
		size_t len = character(from);

		if (len) {
			memcpy(to, from, len);
			from += len;
			to += len;
		} else {
			to += sprintf(to, "\\x%02x", *from++);
		}
	}
	*to = '\0';
	return copy;
}

size_t printable_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}
