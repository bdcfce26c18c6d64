/*
 * check_netlink.c  [both]  the messages to the kernel, byte by byte
 *
 * A socket pair stands for the kernel: its answers are queued before a request
 * is made, and what was sent is read after it. What is expected is written
 * down with the kernel's structs alone, without the library that lays out the
 * messages.
 */
#include "tests/check.h"
#include "tests/fake_kernel.h"

#include "libcontainer/system/address.h"
#include "libcontainer/system/netlink.h"

#include <errno.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void queue(const void *message, size_t len)
{
	ck_assert_int_eq(send(kernel, message, len, 0), (ssize_t)len);
}

static void queue_ack(int error)
{
	const struct {
		struct nlmsghdr header;
		struct nlmsgerr status;
	} ack = { { .nlmsg_len = sizeof(ack), .nlmsg_type = NLMSG_ERROR },
		  { .error = -error } };

	queue(&ack, sizeof(ack));
}

/* Device 7, which is a veth and has an alias of three bytes and counters. */
static void queue_link(void)
{
	struct __attribute__((packed)) {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct nlattr alias;
		char alias_text[4];
		struct nlattr info, kind;
		char kind_text[8];
		struct nlattr stats;
		struct rtnl_link_stats64 counters;
	} answer = {
		{ .nlmsg_len = sizeof(answer), .nlmsg_type = RTM_NEWLINK },
		{ .ifi_index = 7 },
		{ 7, IFLA_IFALIAS },
		"/c1",
		{ 16, IFLA_LINKINFO | NLA_F_NESTED },
		{ 9, IFLA_INFO_KIND },
		"veth",
		{ 4 + sizeof(struct rtnl_link_stats64), IFLA_STATS64 },
		{ .rx_packets = 1,
		  .tx_packets = 2,
		  .rx_bytes = 3,
		  .tx_bytes = UINT64_MAX,
		  .rx_errors = 5,
		  .tx_errors = 6,
		  .rx_dropped = 7,
		  .tx_dropped = 8 },
	};

	queue(&answer, sizeof(answer));
}

static void expect_find(const char *name)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct nlattr attribute;
		char name[16];
	} request = { .header = { .nlmsg_type = RTM_GETLINK,
				  .nlmsg_flags = NLM_F_REQUEST,
				  .nlmsg_seq = 1 } };
	size_t len = strlen(name) + 1;

	request.attribute = (struct nlattr){ (uint16_t)(4 + len), IFLA_IFNAME };
	strcpy(request.name, name);
	request.header.nlmsg_len =
		(uint32_t)(sizeof(request) - 16 + (len + 3) / 4 * 4);
	expect(&request, request.header.nlmsg_len);
}

#define HEADER(message, type, flags)                                          \
	{                                                                     \
		sizeof(message), (type), NLM_F_REQUEST | NLM_F_ACK | (flags), \
			1, 0                                                  \
	}

START_TEST(test_link_up)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct nlattr name;
		char text[4];
	} request = {
		HEADER(request, RTM_NEWLINK, 0),
		{ .ifi_flags = IFF_UP, .ifi_change = IFF_UP },
		{ 7, IFLA_IFNAME },
		"lo",
	};

	queue_ack(0);
	ck_assert_int_eq(netlink_link_up(ours, "lo", NULL), 0);
	expect(&request, sizeof(request));
}
END_TEST

START_TEST(test_find)
{
	struct link link;

	queue_link();
	ck_assert_int_eq(netlink_link_find(ours, "veth123", &link, NULL), 0);
	expect_find("veth123");
	ck_assert_uint_eq(link.index, 7);
	ck_assert_str_eq(link.kind, "veth");
	ck_assert_str_eq(link.alias, "/c1");
	ck_assert_uint_eq(link.received.packets, 1);
	ck_assert_uint_eq(link.received.bytes, 3);
	ck_assert_uint_eq(link.received.errors, 5);
	ck_assert_uint_eq(link.received.dropped, 7);
	ck_assert_uint_eq(link.sent.packets, 2);
	ck_assert(link.sent.bytes == UINT64_MAX);
	ck_assert_uint_eq(link.sent.errors, 6);
	ck_assert_uint_eq(link.sent.dropped, 8);
}
END_TEST

START_TEST(test_veth)
{
	const struct veth_pair pair = { .host = "host0",
					.peer = "peer1",
					.pid = 4242,
					.mtu = 1400,
					.txqueuelen = 9 };
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct nlattr name;
		char name_text[8];
		struct nlattr mtu;
		uint32_t mtu_value;
		struct nlattr queue;
		uint32_t queue_value;
		struct nlattr info, kind;
		char kind_text[8];
		struct nlattr data, peer;
		struct ifinfomsg peer_link;
		struct nlattr peer_name;
		char peer_text[8];
		struct nlattr pid;
		uint32_t pid_value;
		struct nlattr peer_queue;
		uint32_t peer_queue_value;
	} request = {
		HEADER(request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL),
		{ 0 },
		{ 10, IFLA_IFNAME },
		"host0",
		{ 8, IFLA_MTU },
		1400,
		{ 8, IFLA_TXQLEN },
		9,
		{ 4 + 12 + 4 + 48, IFLA_LINKINFO | NLA_F_NESTED },
		{ 9, IFLA_INFO_KIND },
		"veth",
		{ 4 + 48, IFLA_INFO_DATA | NLA_F_NESTED },
		{ 4 + 16 + 12 + 8 + 8, VETH_INFO_PEER | NLA_F_NESTED },
		{ 0 },
		{ 10, IFLA_IFNAME },
		"peer1",
		{ 8, IFLA_NET_NS_PID },
		4242,
		{ 8, IFLA_TXQLEN },
		9,
	};

	queue_ack(0);
	ck_assert_int_eq(netlink_veth_create(ours, &pair, NULL), 0);
	expect(&request, sizeof(request));
}
END_TEST

START_TEST(test_attach)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct nlattr name;
		char name_text[8];
		struct nlattr master;
		uint32_t index;
		struct nlattr alias;
		char alias_text[4];
	} request = {
		HEADER(request, RTM_NEWLINK, 0),
		{ 0 },
		{ 10, IFLA_IFNAME },
		"host0",
		{ 8, IFLA_MASTER },
		3,
		{ 7, IFLA_IFALIAS },
		"/c1",
	};
	char big[LINK_ALIAS_MAX + 2], got[1024];

	queue_ack(0);
	ck_assert_int_eq(netlink_link_attach(ours, "host0", 3, "/c1", NULL), 0);
	expect(&request, sizeof(request));
	/* Of a longer one the end is kept: it begins with the second byte. */
	memset(big, 'b', sizeof(big));
	big[0] = 'a';
	big[LINK_ALIAS_MAX + 1] = '\0';
	queue_ack(0);
	ck_assert_int_eq(netlink_link_attach(ours, "host0", 3, big, NULL), 0);
	ck_assert_int_eq(recv(kernel, got, sizeof(got), 0),
			 sizeof(request) - 4 + LINK_ALIAS_MAX + 1);
	ck_assert_int_eq(got[sizeof(request) - 4], 'b');
}
END_TEST

START_TEST(test_hairpin)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg port;
		struct nlattr info, mode;
		uint8_t on, padding[3];
	} request = {
		HEADER(request, RTM_SETLINK, 0),
		{ .ifi_family = AF_BRIDGE, .ifi_index = 7 },
		{ 12, IFLA_PROTINFO | NLA_F_NESTED },
		{ 5, IFLA_BRPORT_MODE },
		BRIDGE_MODE_HAIRPIN,
		{ 0 },
	};

	queue_link();
	queue_ack(0);
	ck_assert_int_eq(netlink_link_hairpin(ours, "h", NULL), 0);
	expect_find("h");
	expect(&request, sizeof(request));
}
END_TEST

START_TEST(test_rename)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct nlattr name;
		char text[8];
	} request = {
		HEADER(request, RTM_NEWLINK, 0),
		{ .ifi_index = 7 },
		{ 9, IFLA_IFNAME },
		"eth0",
	};

	queue_link();
	queue_ack(0);
	ck_assert_int_eq(netlink_link_rename(ours, "veth1", "eth0", NULL), 0);
	expect_find("veth1");
	expect(&request, sizeof(request));
}
END_TEST

START_TEST(test_mac_and_mtu)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct nlattr name;
		char name_text[8];
		struct nlattr address;
		uint8_t mac[8];
	} mac = {
		HEADER(mac, RTM_NEWLINK, 0), { 0 },
		{ 9, IFLA_IFNAME },	     "eth0",
		{ 10, IFLA_ADDRESS },	     { 2, 0x42, 0xac, 0x11, 0, 0xfe },
	};
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct nlattr name;
		char name_text[8];
		struct nlattr mtu;
		uint32_t value;
	} mtu = {
		HEADER(mtu, RTM_NEWLINK, 0),
		{ 0 },
		{ 9, IFLA_IFNAME },
		"eth0",
		{ 8, IFLA_MTU },
		1280,
	};

	queue_ack(0);
	queue_ack(0);
	ck_assert_int_eq(netlink_link_set_mac(ours, "eth0", mac.mac, NULL), 0);
	ck_assert_int_eq(netlink_link_set_mtu(ours, "eth0", 1280, NULL), 0);
	expect(&mac, sizeof(mac));
	expect(&mtu, sizeof(mtu));
}
END_TEST

START_TEST(test_delete)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct nlattr name;
		char text[4];
	} request = {
		HEADER(request, RTM_DELLINK, 0),
		{ 0 },
		{ 6, IFLA_IFNAME },
		"v",
	};

	queue_ack(0);
	ck_assert_int_eq(netlink_link_delete(ours, "v", NULL), 0);
	expect(&request, sizeof(request));
}
END_TEST

static void test_messages(TCase *tcase)
{
	tcase_add_test(tcase, test_link_up);
	tcase_add_test(tcase, test_find);
	tcase_add_test(tcase, test_veth);
	tcase_add_test(tcase, test_attach);
	tcase_add_test(tcase, test_hairpin);
	tcase_add_test(tcase, test_rename);
	tcase_add_test(tcase, test_mac_and_mtu);
	tcase_add_test(tcase, test_delete);
}

Suite *check_netlink_suite(void)
{
	Suite *suite = suite_create("netlink");
	TCase *tcase = tcase_create("links");

	tcase_add_checked_fixture(tcase, setup, teardown);
	test_messages(tcase);
	suite_add_tcase(suite, tcase);
	return suite;
}
