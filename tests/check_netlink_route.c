/*
 * check_netlink_route.c  [both]  addresses and routes as messages; how a
 * refusal of the kernel reads; addresses as text
 *
 * The socket pair of check_netlink.c, where the requests that look for a
 * device were judged: here they are read over.
 */
#include "tests/check.h"
#include "tests/fake_kernel.h"

#include "libcontainer/system/address.h"
#include "libcontainer/system/netlink.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void queue_link(int index)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} answer = { { .nlmsg_len = sizeof(answer), .nlmsg_type = RTM_NEWLINK },
		     { .ifi_index = index } };

	ck_assert_int_gt(send(kernel, &answer, sizeof(answer), 0), 0);
}

/* A refusal: error is an errno, text a sentence of at most 31 bytes. */
static void queue_ack(int error, const char *text)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr status;
		struct nlattr attribute;
		char text[32];
	} ack = { .header.nlmsg_type = NLMSG_ERROR, .status.error = -error };
	size_t len = offsetof(__typeof__(ack), attribute);

	if (text) {
		ack.header.nlmsg_flags = NLM_F_ACK_TLVS | NLM_F_CAPPED;
		ack.attribute.nla_type = NLMSGERR_ATTR_MSG;
		ack.attribute.nla_len = (uint16_t)(4 + strlen(text) + 1);
		strcpy(ack.text, text);
		len = sizeof(ack);
	}
	ack.header.nlmsg_len = (uint32_t)len;
	ck_assert_int_gt(send(kernel, &ack, len, 0), 0);
}

static void skip_request(void)
{
	char buffer[2048];

	ck_assert_int_gt(recv(kernel, buffer, sizeof(buffer), MSG_DONTWAIT), 0);
}

#define HEADER(message, type)                                                  \
	{                                                                      \
		sizeof(message), (type),                                       \
			NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, \
			1, 0                                                   \
	}

START_TEST(test_ipv4_address)
{
	const struct {
		struct nlmsghdr header;
		struct ifaddrmsg fixed;
		struct nlattr local;
		uint8_t local_bytes[4];
		struct nlattr address;
		uint8_t bytes[4];
	} request = {
		HEADER(request, RTM_NEWADDR),
		{ .ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = 12 },
		{ 8, IFA_LOCAL },
		{ 10, 9, 8, 2 },
		{ 8, IFA_ADDRESS },
		{ 10, 9, 8, 2 },
	};
	struct address address;

	ck_assert(address_parse_cidr("10.9.8.2/24", &address));
	queue_link(12);
	queue_ack(0, NULL);
	ck_assert_int_eq(netlink_address_add(ours, "eth0", &address, NULL), 0);
	skip_request();
	expect(&request, sizeof(request));
}
END_TEST

START_TEST(test_ipv6_address)
{
	const struct {
		struct nlmsghdr header;
		struct ifaddrmsg fixed;
		struct nlattr local;
		uint8_t local_bytes[16];
		struct nlattr address;
		uint8_t bytes[16];
	} request = {
		HEADER(request, RTM_NEWADDR),
		{ AF_INET6, 64, IFA_F_NODAD, RT_SCOPE_UNIVERSE, 12 },
		{ 20, IFA_LOCAL },
		{ 0x20, 1, 0x0d, 0xb8, [15] = 0x1f },
		{ 20, IFA_ADDRESS },
		{ 0x20, 1, 0x0d, 0xb8, [15] = 0x1f },
	};
	struct address address;

	ck_assert(address_parse_cidr("2001:db8::1F/64", &address));
	queue_link(12);
	queue_ack(0, NULL);
	ck_assert_int_eq(netlink_address_add(ours, "eth0", &address, NULL), 0);
	skip_request();
	expect(&request, sizeof(request));
}
END_TEST

START_TEST(test_default_route)
{
	const struct {
		struct nlmsghdr header;
		struct rtmsg fixed;
		struct nlattr gateway;
		uint8_t bytes[4];
		struct nlattr device;
		uint32_t index;
	} request = {
		HEADER(request, RTM_NEWROUTE),
		{ .rtm_family = AF_INET,
		  .rtm_table = RT_TABLE_MAIN,
		  .rtm_protocol = RTPROT_BOOT,
		  .rtm_scope = RT_SCOPE_UNIVERSE,
		  .rtm_type = RTN_UNICAST },
		{ 8, RTA_GATEWAY },
		{ 10, 9, 8, 1 },
		{ 8, RTA_OIF },
		12,
	};
	struct address gateway;
	const struct netlink_route route = { .gateway = &gateway,
					     .device = "eth0" };

	ck_assert(address_parse("10.9.8.1", &gateway));
	queue_link(12);
	queue_ack(0, NULL);
	ck_assert_int_eq(netlink_route_add(ours, &route, NULL), 0);
	skip_request();
	expect(&request, sizeof(request));
}
END_TEST

START_TEST(test_route_with_source)
{
	const struct {
		struct nlmsghdr header;
		struct rtmsg fixed;
		struct nlattr destination;
		uint8_t destination_bytes[16];
		struct nlattr source;
		uint8_t source_bytes[16];
	} request = {
		HEADER(request, RTM_NEWROUTE),
		{ .rtm_family = AF_INET6,
		  .rtm_dst_len = 48,
		  .rtm_table = RT_TABLE_MAIN,
		  .rtm_protocol = RTPROT_BOOT,
		  .rtm_scope = RT_SCOPE_LINK,
		  .rtm_type = RTN_UNICAST },
		{ 20, RTA_DST },
		{ 0xfd, [5] = 7 },
		{ 20, RTA_PREFSRC },
		{ 0xfd, [15] = 2 },
	};
	struct address destination, source;
	const struct netlink_route route = { .destination = &destination,
					     .source = &source };

	ck_assert(address_parse_cidr("fd00:0:7::/48", &destination));
	ck_assert(address_parse("fd00::2", &source));
	queue_ack(0, NULL);
	ck_assert_int_eq(netlink_route_add(ours, &route, NULL), 0);
	expect(&request, sizeof(request));
}
END_TEST

START_TEST(test_refused)
{
	struct error err = { 0 };
	struct link link;

	queue_ack(EPERM, NULL);
	ck_assert_int_eq(netlink_link_up(ours, "lo", &err), -1);
	ck_assert_str_eq(err.message, "set network device lo up: Operation not "
				      "permitted");
	ck_assert_int_eq(err.errnum, EPERM);
	skip_request();
	queue_ack(ENETUNREACH, "Nexthop has invalid gateway");
	ck_assert_int_eq(netlink_link_up(ours, "lo", &err), -1);
	ck_assert_str_eq(err.message,
			 "set network device lo up (Nexthop has invalid "
			 "gateway): Network is unreachable");
	skip_request();
	queue_ack(ENODEV, NULL);
	ck_assert_int_eq(netlink_link_find(ours, "eth9", &link, &err), -1);
	ck_assert_str_eq(err.message,
			 "find network device eth9: No such device");
	ck_assert_int_eq(err.errnum, ENODEV);
	skip_request();
	/* An acknowledgement is no answer to a question. */
	queue_ack(0, NULL);
	ck_assert_int_eq(netlink_link_find(ours, "eth9", &link, &err), -1);
	ck_assert_int_eq(err.errnum, EPROTO);
}
END_TEST

START_TEST(test_senseless_answers)
{
	struct nlmsghdr message = { .nlmsg_len = sizeof(message),
				    .nlmsg_type = NLMSG_ERROR };
	char big[20000] = { 0 };
	struct error err = { 0 };
	struct link link;

	send(kernel, &message, sizeof(message), 0);
	ck_assert_int_eq(netlink_link_up(ours, "lo", &err), -1);
	ck_assert_int_eq(err.errnum, EPROTO);
	send(kernel, &message, sizeof(message) - 1, 0);
	ck_assert_int_eq(netlink_link_up(ours, "lo", &err), -1);
	ck_assert_int_eq(err.errnum, EPROTO);
	message.nlmsg_len = 1000;
	send(kernel, &message, sizeof(message), 0);
	ck_assert_int_eq(netlink_link_up(ours, "lo", &err), -1);
	ck_assert_int_eq(err.errnum, EPROTO);
	message.nlmsg_len = sizeof(big);
	message.nlmsg_type = RTM_NEWLINK;
	memcpy(big, &message, sizeof(message));
	send(kernel, big, sizeof(big), 0);
	ck_assert_int_eq(netlink_link_find(ours, "lo", &link, &err), -1);
	ck_assert_int_eq(err.errnum, EPROTO);
}
END_TEST

/* --- text -----------------------------------------------------------------*/

START_TEST(test_addresses)
{
	static const char *const bad[] = {
		"",
		"10.0.0.1",
		"10.0.0.1/",
		"10.0.0.1/33",
		"10.0.0/8",
		"10.0.0.1/-1",
		"10.0.0.1/08",
		"10.0.0.1/8 ",
		" 1.2.3.4/8",
		"10.0.0.256/8",
		"::1/129",
		"::1/1280",
		"fe80::1%lo/64",
		"a/8",
		"1.2.3.4/8/8",
		"/8",
	};
	struct address a;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!address_parse_cidr(bad[i], &a), "%s", bad[i]);
	ck_assert(!address_parse_cidr(NULL, &a) && !address_parse(NULL, &a));
	ck_assert(!address_parse("10.0.0.1/8", &a));
	ck_assert(address_parse("10.0.0.1", &a));
	ck_assert(a.family == AF_INET && a.prefix == 32);
	ck_assert(address_parse("::ffff:1.2.3.4", &a));
	ck_assert(a.family == AF_INET6 && a.prefix == 128 && a.bytes[15] == 4);
	ck_assert(address_parse_cidr("0.0.0.0/0", &a) && a.prefix == 0);
	ck_assert(address_is_network(&a));
	ck_assert(address_parse_cidr("10.9.8.128/25", &a));
	ck_assert(address_is_network(&a));
	ck_assert(address_parse_cidr("10.9.8.128/24", &a));
	ck_assert(!address_is_network(&a));
	ck_assert(address_parse_cidr("fd00::1/127", &a));
	ck_assert(!address_is_network(&a));
	ck_assert(address_is_broadcast(&a));
	ck_assert(address_parse_cidr("10.9.8.127/25", &a));
	ck_assert(address_is_broadcast(&a));
	ck_assert(address_parse_cidr("10.9.8.127/24", &a));
	ck_assert(!address_is_broadcast(&a));
}
END_TEST

START_TEST(test_macs_and_names)
{
	static const char *const bad[] = {
		"",
		"02:42:ac:11:00",
		"02:42:ac:11:00:0g",
		"02-42-ac-11-00-02",
		"02:42:ac:11:00:02:",
		"024:2:ac:11:00:02",
	};
	static const char *const names[] = { "",    ".",   "..",
					     "a/b", "a b", "a:b",
					     "a%d", "a\n", "sixteen-bytes-xx" };
	const uint8_t wanted[MAC_LEN] = { 0xfa, 0x42, 0xac, 0x11, 0, 2 };
	uint8_t mac[MAC_LEN];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!mac_parse(bad[i], mac), "%s", bad[i]);
	ck_assert(mac_parse("Fa:42:aC:11:00:02", mac));
	ck_assert_mem_eq(mac, wanted, MAC_LEN);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_msg(!device_name_is_legal(names[i]), "%s", names[i]);
	ck_assert(!device_name_is_legal(NULL));
	ck_assert(device_name_is_legal("fifteen-bytes-x"));
	ck_assert(device_name_is_legal("eth0.5@x"));
}
END_TEST

Suite *check_netlink_route_suite(void)
{
	Suite *suite = suite_create("netlink_route");
	TCase *messages = tcase_create("messages"),
	      *text = tcase_create("text");

	tcase_add_checked_fixture(messages, setup, teardown);
	tcase_add_test(messages, test_ipv4_address);
	tcase_add_test(messages, test_ipv6_address);
	tcase_add_test(messages, test_default_route);
	tcase_add_test(messages, test_route_with_source);
	tcase_add_test(messages, test_refused);
	tcase_add_test(messages, test_senseless_answers);
	suite_add_tcase(suite, messages);
	tcase_add_test(text, test_addresses);
	tcase_add_test(text, test_macs_and_names);
	suite_add_tcase(suite, text);
	return suite;
}
