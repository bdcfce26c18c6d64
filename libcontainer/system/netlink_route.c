/*
 * netlink_route.c  [both]  the message that adds a route
 *
 * A struct rtmsg (family, length of the destination's prefix, table, scope)
 * and RTA_ attributes. Without RTA_DST, and with a length of 0, it is the
 * default route. The scope says how far away the destination is: without a
 * gateway it is on the cable itself (link), else anywhere (universe); the
 * kernel looks for a gateway only among routes of a nearer scope.
 * Source: rtnetlink(7), ip-route(8).
 */
#include "libcontainer/system/netlink.h"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

static void put_address(struct nlmsghdr *message, uint16_t type,
			const struct address *address)
{
	if (address)
		mnl_attr_put(message, type, address_len(address),
			     address->bytes);
}

static int family(const struct netlink_route *route)
{
	const struct address *given = route->destination ? route->destination
				      : route->gateway	 ? route->gateway
							 : route->source;

	return given ? given->family : AF_INET;
}

int netlink_route_add(int fd, const struct netlink_route *route,
		      struct error *err)
{
	char buffer[NETLINK_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	const char *device = route->device;
	struct nlmsghdr *message;
	struct rtmsg *fixed;
	struct link link;

	if (device && netlink_link_find(fd, device, &link, err) < 0)
		return -1;
	message = netlink_begin(buffer, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL,
				sizeof(*fixed), &fixed);
	fixed->rtm_family = (uint8_t)family(route);
	fixed->rtm_dst_len =
		route->destination ? route->destination->prefix : 0;
	fixed->rtm_table = RT_TABLE_MAIN;
	fixed->rtm_protocol = RTPROT_BOOT;
	fixed->rtm_scope = route->gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	fixed->rtm_type = RTN_UNICAST;
	put_address(message, RTA_DST, route->destination);
	put_address(message, RTA_PREFSRC, route->source);
	put_address(message, RTA_GATEWAY, route->gateway);
	if (device)
		mnl_attr_put_u32(message, RTA_OIF, link.index);
	return netlink_request(fd, message, err, "add a route%s%s",
			       device ? " on " : "", device ? device : "");
}
