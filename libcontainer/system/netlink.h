/*
 * netlink.h  [both]  the rtnetlink requests of the house
 *
 * Each request is one message, written out field by field in one function of
 * netlink_link.c, netlink_address.c or netlink_route.c; netlink.c sends it and
 * reads the kernel's answer. All return 0, or -1 with what was tried, what the
 * kernel says of it in words (where it does), and its errno.
 * Source: netlink(7), rtnetlink(7).
 */
#ifndef LIBCONTAINER_SYSTEM_NETLINK_H
#define LIBCONTAINER_SYSTEM_NETLINK_H

#include "libcontainer/system/address.h"
#include "libcontainer/system/error.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * netlink_open - a socket to the network namespace that we are in now. The
 * caller's: close(). -1 and *err on failure.
 */
int netlink_open(struct error *err);

/* --- links: netlink_link.c ------------------------------------------------*/

enum { LINK_ALIAS_MAX = 255 };

/* What passed through a link in one direction since it was made. */
struct link_traffic {
	uint64_t bytes, packets, errors, dropped;
};

struct link {
	uint32_t index;
	char kind[16]; /* "veth", "bridge"; "" for hardware and lo */
	char alias[LINK_ALIAS_MAX + 1]; /* a text for people; "" for none */
	struct link_traffic received, sent;
};

/* netlink_link_find - what is called name; errnum ENODEV when nothing is. */
int netlink_link_find(int fd, const char *name, struct link *link,
		      struct error *err);

/* Two devices that are one cable. host is in our network namespace, and peer
 * is born in that of the process pid: at no moment are both here. */
struct veth_pair {
	const char *host, *peer;
	pid_t pid;
	uint32_t mtu;	     /* of host; 0: as the kernel likes    */
	uint32_t txqueuelen; /* of both; 0: as the kernel likes    */
};

/* netlink_veth_create - make the pair; both ends are down. */
int netlink_veth_create(int fd, const struct veth_pair *pair,
			struct error *err);

/* netlink_link_delete - of a veth pair, either name stands for both ends. */
int netlink_link_delete(int fd, const char *name, struct error *err);

/* netlink_link_attach - make it a port of the bridge with that index, and
 * give it an alias, of which the last LINK_ALIAS_MAX bytes are kept. */
int netlink_link_attach(int fd, const char *name, uint32_t bridge,
			const char *alias, struct error *err);

/* netlink_link_hairpin - the bridge may send what comes from this port back
 * to it: the container reaches itself by an address of the host's. */
int netlink_link_hairpin(int fd, const char *name, struct error *err);

/* netlink_link_rename - only a device that is down can be. */
int netlink_link_rename(int fd, const char *name, const char *to,
			struct error *err);

/* netlink_link_set_mac - MAC_LEN bytes; also of a device that is up. */
int netlink_link_set_mac(int fd, const char *name, const uint8_t *mac,
			 struct error *err);

/* netlink_link_set_mtu - the largest packet, in bytes. */
int netlink_link_set_mtu(int fd, const char *name, uint32_t mtu,
			 struct error *err);

/* netlink_link_up - from now on packets may come and go. */
int netlink_link_up(int fd, const char *name, struct error *err);

/* --- addresses: netlink_address.c -----------------------------------------*/

/* netlink_address_add - to the device name. An IPv6 address can be used at
 * once, nobody is asked whether it is his (no duplicate detection). */
int netlink_address_add(int fd, const char *name, const struct address *address,
			struct error *err);

/* --- routes: netlink_route.c ----------------------------------------------*/

/* The members that are given are of one family. */
struct netlink_route {
	const struct address *destination; /* NULL: the default route */
	const struct address *source;	   /* NULL: the kernel's choice */
	const struct address *gateway;	   /* NULL: they are on the device */
	const char *device;		   /* NULL: where the gateway is */
};

/* netlink_route_add - to the main table; one that is there is EEXIST. */
int netlink_route_add(int fd, const struct netlink_route *route,
		      struct error *err);

/* --- for the three above --------------------------------------------------*/

struct nlmsghdr;

enum { NETLINK_BUFFER = 1024 }; /* more than any request of ours */

/*
 * netlink_begin - a request of that type in buffer (NETLINK_BUFFER bytes,
 * aligned for a struct nlmsghdr), with its fixed struct of size bytes, zeroed,
 * in *fixed. Attributes follow with libmnl's mnl_attr_put_...
 */
struct nlmsghdr *netlink_begin(void *buffer, uint16_t type, uint16_t flags,
			       size_t size, void *fixed);

/* netlink_request - send it, and read whether the kernel has done it. The
 * text says what was tried, for *err. */
int netlink_request(int fd, struct nlmsghdr *message, struct error *err,
		    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * netlink_query - send it, and read the one message of type that answers it
 * into buffer (size bytes).
 */
int netlink_query(int fd, struct nlmsghdr *message, uint16_t type, void *buffer,
		  size_t size, struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 7, 8)));

#endif
