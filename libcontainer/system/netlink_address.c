/*
 * netlink_address.c  [both]  the message that gives a device an address
 *
 * A struct ifaddrmsg (family, prefix length, device) and the address twice:
 * IFA_LOCAL is ours, IFA_ADDRESS that of the other end of a point-to-point
 * cable, which on a shared medium is the same.
 *
 * An IPv6 address is normally tentative for a second or two, while its
 * neighbours are asked whether one of them has it. Who configures a container
 * knows that it is free, and its program must not wait: IFA_F_NODAD.
 * Source: rtnetlink(7), RFC 4862 section 5.4.
 */
#include "libcontainer/system/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

int netlink_address_add(int fd, const char *name, const struct address *address,
			struct error *err)
{
	char buffer[NETLINK_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	size_t len = address_len(address);
	struct nlmsghdr *message;
	struct ifaddrmsg *fixed;
	struct link link;

	if (netlink_link_find(fd, name, &link, err) < 0)
		return -1;
	message = netlink_begin(buffer, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
				sizeof(*fixed), &fixed);
	fixed->ifa_family = (uint8_t)address->family;
	fixed->ifa_prefixlen = address->prefix;
	fixed->ifa_index = link.index;
	if (address->family == AF_INET6)
		fixed->ifa_flags = IFA_F_NODAD;
	mnl_attr_put(message, IFA_LOCAL, len, address->bytes);
	mnl_attr_put(message, IFA_ADDRESS, len, address->bytes);
	return netlink_request(fd, message, err, "add an address to %s", name);
}
