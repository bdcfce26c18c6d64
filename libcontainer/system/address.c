/* address.c  [both]  internet addresses, MAC addresses and device names, read
 * from text */
#include "libcontainer/system/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <string.h>

size_t address_len(const struct address *address)
{
	return address->family == AF_INET ? 4 : 16;
}

bool address_parse(const char *text, struct address *address)
{
	static const int families[] = { AF_INET, AF_INET6 };

	for (size_t i = 0; text && i < 2; i++) {
		*address = (struct address){ .family = families[i] };
		if (inet_pton(families[i], text, address->bytes) == 1) {
			address->prefix = (uint8_t)(8 * address_len(address));
			return true;
		}
	}
	return false;
}

/* At most three digits, none of them a needless 0. */
static bool prefix_parse(const char *text, uint8_t most, uint8_t *prefix)
{
	size_t digits = strspn(text, "0123456789");
	unsigned int value = 0;

	if (digits == 0 || digits > 3 || text[digits] ||
	    (digits > 1 && *text == '0'))
		return false;
	for (; *text; text++)
		value = value * 10 + (unsigned int)(*text - '0');
	if (value > most)
		return false;
	*prefix = (uint8_t)value;
	return true;
}

bool address_parse_cidr(const char *text, struct address *address)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	char alone[INET6_ADDRSTRLEN];
	size_t len;

	if (!slash)
		return false;
	len = (size_t)(slash - text);
	if (len >= sizeof(alone))
		return false;
	memcpy(alone, text, len);
	alone[len] = '\0';
	return address_parse(alone, address) &&
	       prefix_parse(slash + 1, address->prefix, &address->prefix);
}

static bool bit_is_set(const struct address *address, size_t bit)
{
	return address->bytes[bit / 8] & (0x80 >> bit % 8);
}

bool address_is_network(const struct address *address)
{
	for (size_t bit = address->prefix; bit < 8 * address_len(address);
	     bit++)
		if (bit_is_set(address, bit))
			return false;
	return true;
}

bool address_is_broadcast(const struct address *address)
{
	for (size_t bit = address->prefix; bit < 8 * address_len(address);
	     bit++)
		if (!bit_is_set(address, bit))
			return false;
	return true;
}

bool address_in_network(const struct address *address,
			const struct address *other)
{
	if (address->family != other->family)
		return false;
	for (size_t bit = 0; bit < other->prefix; bit++)
		if (bit_is_set(address, bit) != bit_is_set(other, bit))
			return false;
	return true;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

bool mac_parse(const char *text, uint8_t *mac)
{
	if (!text || strlen(text) != 3 * MAC_LEN - 1)
		return false;
	for (size_t i = 0; i < MAC_LEN; i++, text += 3) {
		int high = hex_digit(text[0]), low = hex_digit(text[1]);

		if (high < 0 || low < 0 || (i > 0 && text[-1] != ':'))
			return false;
		mac[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

bool device_name_is_legal(const char *name)
{
	if (!name || !*name || strlen(name) >= IFNAMSIZ || !strcmp(name, ".") ||
	    !strcmp(name, ".."))
		return false;
	for (; *name; name++)
		if (strchr("/:%", *name) || isspace((unsigned char)*name) ||
		    iscntrl((unsigned char)*name))
			return false;
	return true;
}
