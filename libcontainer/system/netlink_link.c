/*
 * netlink_link.c  [both]  messages about network devices
 *
 * All of them have a struct ifinfomsg and IFLA_ attributes. RTM_NEWLINK with
 * NLM_F_CREATE makes a device; without it, it changes the one that is named.
 * A veth pair is made by one message, which describes the peer inside the
 * device's own data:
 *
 *	ifinfomsg
 *	IFLA_IFNAME "veth4f1c2d3"  IFLA_MTU  IFLA_TXQLEN
 *	IFLA_LINKINFO
 *	    IFLA_INFO_KIND "veth"
 *	    IFLA_INFO_DATA
 *		VETH_INFO_PEER
 *		    ifinfomsg
 *		    IFLA_IFNAME  IFLA_NET_NS_PID  IFLA_TXQLEN
 *
 * IFLA_NET_NS_PID lets the peer be born where it will live. Moving it there
 * later takes the kernel twenty milliseconds (it waits until no processor can
 * still see the device), and whoever is killed in between leaves the pair
 * behind; so born, it dies with its namespace.
 * Source: rtnetlink(7), veth(4), linux/if_link.h.
 */
#include "libcontainer/system/netlink.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* A link with all its attributes fits in here. */
enum { LINK_BUFFER = 16384 };

#define BUFFER(name) \
	char name[NETLINK_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)))

/* A message that changes the device of that name. */
static struct nlmsghdr *change(void *buffer, const char *name,
			       struct ifinfomsg **link)
{
	struct nlmsghdr *message =
		netlink_begin(buffer, RTM_NEWLINK, 0, sizeof(**link), link);

	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	return message;
}

/* --- looking --------------------------------------------------------------*/

static void copy_text(char *to, size_t size, const struct nlattr *attribute)
{
	size_t len = mnl_attr_get_payload_len(attribute);

	if (len >= size)
		len = size - 1;
	memcpy(to, mnl_attr_get_payload(attribute), len);
	to[len] = '\0';
}

static int take_kind(const struct nlattr *attribute, void *data)
{
	struct link *link = data;

	if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND)
		copy_text(link->kind, sizeof(link->kind), attribute);
	return MNL_CB_OK;
}

/* Older kernels have fewer counters; the first eight were always there. */
static void take_traffic(struct link *link, const struct nlattr *attribute)
{
	struct rtnl_link_stats64 s = { 0 };
	size_t len = mnl_attr_get_payload_len(attribute);

	memcpy(&s, mnl_attr_get_payload(attribute),
	       len < sizeof(s) ? len : sizeof(s));
	link->received = (struct link_traffic){ s.rx_bytes, s.rx_packets,
						s.rx_errors, s.rx_dropped };
	link->sent = (struct link_traffic){ s.tx_bytes, s.tx_packets,
					    s.tx_errors, s.tx_dropped };
}

static int take_attribute(const struct nlattr *attribute, void *data)
{
	struct link *link = data;

	switch (mnl_attr_get_type(attribute)) {
	case IFLA_LINKINFO:
		return mnl_attr_parse_nested(attribute, take_kind, link);
	case IFLA_IFALIAS:
		copy_text(link->alias, sizeof(link->alias), attribute);
		break;
	case IFLA_STATS64:
		take_traffic(link, attribute);
		break;
	}
	return MNL_CB_OK;
}

int netlink_link_find(int fd, const char *name, struct link *link,
		      struct error *err)
{
	cleanup_free char *answer = xmalloc(LINK_BUFFER);
	struct nlmsghdr *message;
	struct ifinfomsg *found;
	BUFFER(buffer);

	message = netlink_begin(buffer, RTM_GETLINK, 0, sizeof(*found), &found);
	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	if (netlink_query(fd, message, RTM_NEWLINK, answer, LINK_BUFFER, err,
			  "find network device %s", name) < 0)
		return -1;
	message = (struct nlmsghdr *)answer;
	found = mnl_nlmsg_get_payload(message);
	*link = (struct link){ .index = (uint32_t)found->ifi_index };
	mnl_attr_parse(message, sizeof(*found), take_attribute, link);
	return 0;
}

/* --- making, deleting -----------------------------------------------------*/

static void put_peer(struct nlmsghdr *message, const struct veth_pair *pair)
{
	struct nlattr *peer = mnl_attr_nest_start(message, VETH_INFO_PEER);

	/* Its fixed struct stands where attributes begin. */
	mnl_nlmsg_put_extra_header(message, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(message, IFLA_IFNAME, pair->peer);
	mnl_attr_put_u32(message, IFLA_NET_NS_PID, (uint32_t)pair->pid);
	if (pair->txqueuelen)
		mnl_attr_put_u32(message, IFLA_TXQLEN, pair->txqueuelen);
	mnl_attr_nest_end(message, peer);
}

int netlink_veth_create(int fd, const struct veth_pair *pair, struct error *err)
{
	struct nlattr *info, *data;
	struct nlmsghdr *message;
	struct ifinfomsg *link;
	BUFFER(buffer);

	message = netlink_begin(buffer, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
				sizeof(*link), &link);
	mnl_attr_put_strz(message, IFLA_IFNAME, pair->host);
	if (pair->mtu)
		mnl_attr_put_u32(message, IFLA_MTU, pair->mtu);
	if (pair->txqueuelen)
		mnl_attr_put_u32(message, IFLA_TXQLEN, pair->txqueuelen);
	info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_strz(message, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
	put_peer(message, pair);
	mnl_attr_nest_end(message, data);
	mnl_attr_nest_end(message, info);
	return netlink_request(
		fd, message, err,
		"make the veth pair %s here, %s in the container", pair->host,
		pair->peer);
}

int netlink_link_delete(int fd, const char *name, struct error *err)
{
	struct nlmsghdr *message;
	struct ifinfomsg *link;
	BUFFER(buffer);

	message = netlink_begin(buffer, RTM_DELLINK, 0, sizeof(*link), &link);
	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	return netlink_request(fd, message, err, "delete network device %s",
			       name);
}

/* --- changing -------------------------------------------------------------*/

int netlink_link_attach(int fd, const char *name, uint32_t bridge,
			const char *alias, struct error *err)
{
	struct nlmsghdr *message;
	struct ifinfomsg *link;
	size_t len = strlen(alias);
	BUFFER(buffer);

	if (len > LINK_ALIAS_MAX)
		alias += len - LINK_ALIAS_MAX;
	message = change(buffer, name, &link);
	mnl_attr_put_u32(message, IFLA_MASTER, bridge);
	mnl_attr_put_str(message, IFLA_IFALIAS, alias);
	return netlink_request(fd, message, err, "attach %s to its bridge",
			       name);
}

int netlink_link_hairpin(int fd, const char *name, struct error *err)
{
	struct nlmsghdr *message;
	struct ifinfomsg *port;
	struct nlattr *info;
	struct link link;
	BUFFER(buffer);

	if (netlink_link_find(fd, name, &link, err) < 0)
		return -1;
	message = netlink_begin(buffer, RTM_SETLINK, 0, sizeof(*port), &port);
	port->ifi_family = AF_BRIDGE;
	port->ifi_index = (int)link.index;
	info = mnl_attr_nest_start(message, IFLA_PROTINFO);
	mnl_attr_put_u8(message, IFLA_BRPORT_MODE, BRIDGE_MODE_HAIRPIN);
	mnl_attr_nest_end(message, info);
	return netlink_request(fd, message, err, "set hairpin mode of %s",
			       name);
}

int netlink_link_rename(int fd, const char *name, const char *to,
			struct error *err)
{
	struct nlmsghdr *message;
	struct ifinfomsg *renamed;
	struct link link;
	BUFFER(buffer);

	if (netlink_link_find(fd, name, &link, err) < 0)
		return -1;
	message = change(buffer, to, &renamed);
	renamed->ifi_index = (int)link.index;
	return netlink_request(fd, message, err, "rename %s to %s", name, to);
}

int netlink_link_set_mac(int fd, const char *name, const uint8_t *mac,
			 struct error *err)
{
	struct nlmsghdr *message;
	struct ifinfomsg *link;
	BUFFER(buffer);

	message = change(buffer, name, &link);
	mnl_attr_put(message, IFLA_ADDRESS, MAC_LEN, mac);
	return netlink_request(fd, message, err, "set the MAC address of %s",
			       name);
}

int netlink_link_set_mtu(int fd, const char *name, uint32_t mtu,
			 struct error *err)
{
	struct nlmsghdr *message;
	struct ifinfomsg *link;
	BUFFER(buffer);

	message = change(buffer, name, &link);
	mnl_attr_put_u32(message, IFLA_MTU, mtu);
	return netlink_request(fd, message, err, "set the MTU of %s to %u",
			       name, mtu);
}

int netlink_link_up(int fd, const char *name, struct error *err)
{
	struct nlmsghdr *message;
	struct ifinfomsg *link;
	BUFFER(buffer);

	message = change(buffer, name, &link);
	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	return netlink_request(fd, message, err, "set network device %s up",
			       name);
}
