/*
 * address.h  [both]  internet addresses, MAC addresses and device names, read
 * from text
 */
#ifndef LIBCONTAINER_SYSTEM_ADDRESS_H
#define LIBCONTAINER_SYSTEM_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAC_LEN = 6 };

struct address {
	int family;	   /* AF_INET or AF_INET6                        */
	uint8_t bytes[16]; /* network order; of AF_INET the first four   */
	uint8_t prefix;	   /* bits that name the network                 */
};

/*
 * address_parse - "10.9.8.2" or "2001:db8::2"; the prefix is all of its bits.
 * Returns false when text (NULL is allowed) is something else.
 */
bool address_parse(const char *text, struct address *address);

/* address_parse_cidr - the same with the prefix's length: "10.9.8.2/24". */
bool address_parse_cidr(const char *text, struct address *address);

/* address_len - how many of the bytes count: 4 or 16. */
size_t address_len(const struct address *address);

/* address_is_network - is no bit set behind the prefix? */
bool address_is_network(const struct address *address);

/* address_is_broadcast - is every bit behind the prefix set? */
bool address_is_broadcast(const struct address *address);

/* address_in_network - is it in the network that a prefix makes of other? */
bool address_in_network(const struct address *address,
			const struct address *other);

/* mac_parse - "02:42:ac:11:00:02" into MAC_LEN bytes; false if it is none. */
bool mac_parse(const char *text, uint8_t *mac);

/* device_name_is_legal - would the kernel take it (dev_valid_name)? No '%'
 * either, which would make it a pattern. NULL is not legal. */
bool device_name_is_legal(const char *name);

#endif
