/*
 * look_routes.c  [outside]  /proc/PID/net/route and ipv6_route as facts
 *
 * Both are the routes of the network namespace of PID. What IPv6 has of its
 * own accord (link-local addresses, multicast, each address of ours) is left
 * out: nobody made it, and it comes when it likes.
 *
 * Source: net/ipv4/fib_trie.c (fib_route_seq_show), net/ipv6/route.c.
 */
#include "libcontainer/trace/look.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64 };

static void add(struct snapshot *snapshot, int family, const char *destination,
		unsigned bits, const char *gateway, const char *device)
{
	char name[TEXT_MAX], via[INET6_ADDRSTRLEN + 8] = "";
	static const char none[16];
	size_t len = family == AF_INET ? 4 : 16;

	if (bits == 0 && memcmp(destination, none, len) == 0)
		snprintf(name, sizeof(name), "default");
	else if (inet_ntop(family, destination, name, sizeof(name)))
		sprintf(name + strlen(name), "/%u", bits);
	if (memcmp(gateway, none, len) != 0) {
		memcpy(via, "via ", 4);
		inet_ntop(family, gateway, via + 4, INET6_ADDRSTRLEN);
		strcat(via, " ");
	}
	snapshot_addf(snapshot, FACT_ROUTE, name, "%sdev %s", via, device);
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask ..., in hexadecimal,
 * an address as the machine's number of its bytes. */
void look_routes(char *text, struct snapshot *snapshot)
{
	char *line;

	strsep(&text, "\n"); /* the headline */
	while ((line = strsep(&text, "\n"))) {
		uint32_t destination, gateway, mask;
		char device[17];

		if (sscanf(line, "%16s %x %x %*x %*d %*u %*d %x", device,
			   &destination, &gateway, &mask) == 4)
			add(snapshot, AF_INET, (const char *)&destination,
			    (unsigned)__builtin_popcount(mask),
			    (const char *)&gateway, device);
	}
}

static void read_hex(const char *hex, char *bytes)
{
	for (int i = 0; i < 16; i++) {
		const char two[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		bytes[i] = (char)strtoul(two, NULL, 16);
	}
}

/* destination bits source bits gateway metric refcnt use flags device */
void look_routes6(char *text, struct snapshot *snapshot)
{
	enum { LOCAL = 0x80000000, REJECT = 0x0200 }; /* linux/ipv6_route.h */
	char *line;

	while ((line = strsep(&text, "\n"))) {
		char hex[2][33], bytes[2][16], device[17];
		unsigned bits, flags;

		if (sscanf(line, "%32s %x %*s %*x %32s %*x %*x %*x %x %16s",
			   hex[0], &bits, hex[1], &flags, device) != 5 ||
		    strlen(hex[0]) != 32 || strlen(hex[1]) != 32)
			continue;
		read_hex(hex[0], bytes[0]);
		read_hex(hex[1], bytes[1]);
		if ((flags & (LOCAL | REJECT)) || strcmp(device, "lo") == 0 ||
		    strncmp(hex[0], "fe80", 4) == 0 ||
		    strncmp(hex[0], "ff", 2) == 0)
			continue;
		add(snapshot, AF_INET6, bytes[0], bits, bytes[1], device);
	}
}
