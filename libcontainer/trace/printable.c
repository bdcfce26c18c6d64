/*
 * printable.c  [outside]  strangers' bytes as text that can be shown
 *
 * Host names, environments and mount points are written by whoever made the
 * image. A terminal obeys control characters, in UTF-8 those of C1 as well,
 * and a JSON document may hold nothing but UTF-8. What turns the direction of
 * writing could make a line read as another one.
 *
 * Sources: RFC 3629, section 4; UAX 9, section 2 (explicit formatting).
 */
#include "libcontainer/trace/printable.h"

#include "libcontainer/system/alloc.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* U+061C, U+200E and F, U+202A to E, U+2066 to 9. */
static bool turns_direction(const unsigned char *p)
{
	if (p[0] == 0xd8)
		return p[1] == 0x9c;
	return p[0] == 0xe2 &&
	       ((p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f ||
				  (p[2] >= 0xaa && p[2] <= 0xae))) ||
		(p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
}

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
	    (p[0] == 0xf4 && p[1] > 0x8f) || turns_direction(p))
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
