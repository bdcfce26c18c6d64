/* check_validate_network.c  [both]  the rules for networks and routes */
#include "tests/check.h"
#include "tests/verdict.h"

#include "libcontainer/system/address.h"

#include <sched.h>

/* What is said of a veth with these keys beside its bridge. */
static void refuse_veth(const char *keys, const char *message)
{
	char *text = xasprintf("\"networks\":[{\"type\":\"loopback\"},{"
			       "\"type\":\"veth\",\"bridge\":\"br0\"%s%s}]",
			       *keys ? "," : "", keys);

	refuse(text, message);
	free(text);
}

START_TEST(test_types)
{
	accept("\"networks\":[]");
	accept("\"networks\":[{\"type\":\"loopback\",\"address\":"
	       "\"127.0.0.1/0\",\"gateway\":\"localhost\",\"mtu\":1500}]");
	refuse("\"networks\":[{}]", "networks[0].type: missing");
	refuse("\"networks\":[{\"type\":\"vteh\"}]",
	       "networks[0].type: unknown network type \"vteh\"; did you mean "
	       "\"veth\"?");
	refuse("\"networks\":[{\"type\":\"carrier pigeon\"}]",
	       "networks[0].type: unknown network type \"carrier pigeon\"");
	refuse("\"networks\":[{\"type\":\"veth\"}]",
	       "networks[0].bridge: missing");
	refuse_veth("", "");
}
END_TEST

START_TEST(test_names)
{
	refuse_veth("\"name\":\"eth0\",\"host_interface_name\":\"host0\","
		    "\"veth_prefix\":\"vethveth\"",
		    "");
	refuse_veth("\"name\":\"a/b\"",
		    "networks[1].name: \"a/b\" is no name of a network device "
		    "(1-15 bytes, none of them a space or one of / : %)");
	refuse_veth("\"name\":\"sixteen-bytes-xx\"",
		    "networks[1].name: \"sixteen-bytes-xx\" is no name of a "
		    "network device (1-15 bytes, none of them a space or one "
		    "of / : %)");
	refuse_veth("\"host_interface_name\":\"veth%d\"",
		    "networks[1].host_interface_name: \"veth%d\" is no name of "
		    "a network device (1-15 bytes, none of them a space or one "
		    "of / : %)");
	refuse_veth("\"veth_prefix\":\"ninebytes\"",
		    "networks[1].veth_prefix: longer than 8 bytes");
	refuse_veth("\"name\":\"lo\"",
		    "networks[1].name: lo is the loopback's");
	refuse("\"networks\":[{\"type\":\"veth\",\"bridge\":\"b\"},"
	       "{\"type\":\"veth\",\"bridge\":\"b\",\"name\":\"eth0\"}]",
	       "networks[1].name: networks[0] is called eth0 already");
	refuse("\"networks\":[{\"type\":\"veth\",\"bridge\":\"b\","
	       "\"host_interface_name\":\"h\"},{\"type\":\"veth\",\"bridge\":"
	       "\"b\",\"name\":\"eth1\",\"host_interface_name\":\"h\"}]",
	       "networks[1].host_interface_name: networks[0] is called h "
	       "already");
	accept("\"networks\":[{\"type\":\"veth\",\"bridge\":\"b\"},"
	       "{\"type\":\"veth\",\"bridge\":\"b\",\"name\":\"eth1\"}]");
}
END_TEST

START_TEST(test_numbers)
{
	static const int good[] = { 0, 68, 1500, 65535 };
	static const int bad[] = { -1, 1, 67, 65536 };

	for (size_t i = 0; i < 4; i++) {
		char keys[64], message[128];

		snprintf(keys, sizeof(keys), "\"mtu\":%d", good[i]);
		refuse_veth(keys, "");
		snprintf(keys, sizeof(keys), "\"mtu\":%d", bad[i]);
		snprintf(message, sizeof(message),
			 "networks[1].mtu: %d is not between 68 and 65535",
			 bad[i]);
		refuse_veth(keys, message);
	}
	refuse_veth("\"mtu\":1279,\"ipv6_address\":\"fd00::2/64\"",
		    "networks[1].mtu: 1279 is less than the 1280 that IPv6 "
		    "needs");
	refuse_veth("\"mtu\":1280,\"ipv6_address\":\"fd00::2/64\"", "");
	refuse_veth("\"txqueuelen\":4294967295", "");
	refuse_veth("\"txqueuelen\":4294967296",
		    "networks[1].txqueuelen: 4294967296 is not between 0 and "
		    "4294967295");
	refuse_veth("\"txqueuelen\":-1", "networks[1].txqueuelen: -1 is not "
					 "between 0 and 4294967295");
}
END_TEST

START_TEST(test_addresses)
{
	refuse_veth("\"address\":\"10.9.8.2/24\",\"gateway\":\"10.9.8.1\","
		    "\"ipv6_address\":\"fd00::2/64\",\"ipv6_gateway\":"
		    "\"fe80::1\",\"mac_address\":\"02:42:AC:11:00:02\"",
		    "");
	refuse_veth("\"address\":\"10.9.8.2\"",
		    "networks[1].address: \"10.9.8.2\" is not an IPv4 address "
		    "with its prefix length (10.0.0.2/24)");
	refuse_veth("\"address\":\"fd00::2/64\"",
		    "networks[1].address: \"fd00::2/64\" is not an IPv4 "
		    "address with its prefix length (10.0.0.2/24)");
	refuse_veth("\"gateway\":\"fe80::1\"", "networks[1].gateway: "
					       "\"fe80::1\" is not an IPv4 "
					       "address");
	refuse_veth("\"gateway\":\"10.9.8.1/24\"",
		    "networks[1].gateway: \"10.9.8.1/24\" is not an IPv4 "
		    "address");
	refuse_veth("\"ipv6_address\":\"10.9.8.2/24\"",
		    "networks[1].ipv6_address: \"10.9.8.2/24\" is not an IPv6 "
		    "address with its prefix length (2001:db8::2/64)");
	refuse_veth("\"ipv6_gateway\":\"localhost\"",
		    "networks[1].ipv6_gateway: \"localhost\" is not an IPv6 "
		    "address");
	refuse_veth("\"mac_address\":\"2:42:ac:11:0:2\"",
		    "networks[1].mac_address: \"2:42:ac:11:0:2\" is no MAC "
		    "address (02:42:ac:11:00:02)");
	refuse_veth("\"mac_address\":\"01:00:5e:00:00:01\"",
		    "networks[1].mac_address: 01:00:5e:00:00:01 is not the "
		    "address of one device");
	refuse_veth("\"mac_address\":\"00:00:00:00:00:00\"",
		    "networks[1].mac_address: 00:00:00:00:00:00 is not the "
		    "address of one device");
}
END_TEST

START_TEST(test_networks)
{
	static const struct {
		const char *address, *network;
		bool in;
	} rows[] = {
		{ "10.9.8.1", "10.9.8.2/24", true },
		{ "10.9.9.1", "10.9.8.2/24", false },
		{ "10.9.9.1", "10.9.8.2/23", true },
		{ "10.9.8.3", "10.9.8.2/31", true },
		{ "10.9.8.3", "10.9.8.2/32", false },
		{ "1.2.3.4", "10.9.8.2/0", true },
		{ "fd00::1:1", "fd00::2/96", true },
		{ "fd00:0:0:1::1", "fd00::2/64", false },
		{ "fd00::1", "10.9.8.2/0", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct address a, network;

		ck_assert(address_parse(rows[i].address, &a));
		ck_assert(address_parse_cidr(rows[i].network, &network));
		ck_assert_msg(address_in_network(&a, &network) == rows[i].in,
			      "%s in %s", rows[i].address, rows[i].network);
	}
}
END_TEST

START_TEST(test_places)
{
	refuse_veth("\"address\":\"10.9.8.0/24\"",
		    "networks[1].address: 10.9.8.0/24 is the network itself, "
		    "and no device's");
	refuse_veth("\"address\":\"10.9.8.127/25\"",
		    "networks[1].address: 10.9.8.127/25 is the broadcast "
		    "address of its network, and no device's");
	refuse_veth("\"address\":\"10.9.8.0/31\"", "");
	refuse_veth("\"address\":\"10.9.8.0/32\"", "");
	refuse_veth("\"ipv6_address\":\"fd00::/64\"", "");
	refuse_veth("\"gateway\":\"10.9.8.1\"",
		    "networks[1].gateway: 10.9.8.1 cannot be reached without "
		    "an address in its network");
	refuse_veth("\"address\":\"10.9.8.2/24\",\"gateway\":\"10.9.7.1\"",
		    "networks[1].gateway: 10.9.7.1 is not in the network of "
		    "the address 10.9.8.2/24");
	refuse_veth("\"address\":\"10.9.8.2/24\",\"gateway\":\"10.9.8.2\"",
		    "networks[1].gateway: 10.9.8.2 is the container's own "
		    "address");
	refuse_veth("\"address\":\"10.9.8.2/24\",\"gateway\":\"10.9.8.255\"",
		    "networks[1].gateway: 10.9.8.255 is the broadcast address "
		    "of its network, and no device's");
	refuse_veth("\"address\":\"10.9.8.2/24\",\"gateway\":\"10.9.8.0\"",
		    "networks[1].gateway: 10.9.8.0 is the network itself, and "
		    "no device's");
	refuse_veth("\"address\":\"10.9.8.2/31\",\"gateway\":\"10.9.8.3\"", "");
	refuse_veth("\"ipv6_address\":\"fd00::2/64\",\"ipv6_gateway\":"
		    "\"fd01::1\"",
		    "networks[1].ipv6_gateway: fd01::1 is not in the network "
		    "of the address fd00::2/64");
	refuse_veth("\"ipv6_gateway\":\"fd00::1\"",
		    "networks[1].ipv6_gateway: fd00::1 cannot be reached "
		    "without an address in its network");
	refuse_veth("\"ipv6_gateway\":\"fe80::1\"", "");
}
END_TEST

static void judge(const char *namespaces, const char *keys, const char *message)
{
	char *text = xasprintf("{\"rootfs\":\"%s\",\"namespaces\":[{\"type\":"
			       "\"NEWNS\"}%s],%s}",
			       rootfs, namespaces, keys);

	ck_assert_str_eq(verdict_of(text), message);
	free(text);
}

START_TEST(test_namespaces)
{
	const char *joined =
		",{\"type\":\"NEWNET\",\"path\":\"/proc/self/ns/net\"}";

	judge("", "\"networks\":[{\"type\":\"loopback\"}]",
	      "networks: needs NEWNET in namespaces");
	judge("", "\"routes\":[{}]", "routes: needs NEWNET in namespaces");
	judge(joined, "\"networks\":[{\"type\":\"loopback\"}]", "");
	judge(joined, "\"networks\":[{\"type\":\"veth\",\"bridge\":\"b\"}]",
	      "networks[0].type: a veth needs a network namespace of its own, "
	      "this one is joined");
	judge(joined, "\"routes\":[{\"gateway\":\"10.9.8.1\"}]",
	      "routes: the network namespace that is joined has its own");
}
END_TEST

/* 2014's netns is what a path of NEWNET is. */
START_TEST(test_netns)
{
	const char *text = "{\"namespaces\":{\"NEWNET\":true},\"networks\":[{"
			   "\"type\":\"netns\",\"context\":{\"nspath\":"
			   "\"/proc/self/ns/net\"}}]}";
	struct config *config;
	struct error err;

	ck_assert_int_eq(config_load(text, strlen(text), &config, &err), 0);
	ck_assert_str_eq(config_namespace(config, CLONE_NEWNET)->path,
			 "/proc/self/ns/net");
	ck_assert_int_eq(config_validate(config, &err), 0);
	config_free(config);
	refuse("\"networks\":[{\"type\":\"netns\"}]",
	       "networks[0].ns_path: an absolute path is wanted");
	refuse("\"networks\":[{\"type\":\"netns\",\"ns_path\":\"net\"}]",
	       "networks[0].ns_path: an absolute path is wanted");
	refuse("\"networks\":[{\"type\":\"netns\",\"ns_path\":"
	       "\"/proc/self/ns/net\"},"
	       "{\"type\":\"netns\",\"ns_path\":\"/b\"}]",
	       "networks[1].ns_path: /b is not the network namespace that is "
	       "joined");
	judge("", "\"networks\":[{\"type\":\"netns\",\"ns_path\":\"/a\"}]",
	      "networks: needs NEWNET in namespaces");
}
END_TEST

static void refuse_route(const char *keys, const char *message)
{
	char *text = xasprintf("\"networks\":[{\"type\":\"veth\",\"bridge\":"
			       "\"b\",\"name\":\"eth1\"}],\"routes\":[{%s}]",
			       keys);

	refuse(text, message);
	free(text);
}

START_TEST(test_routes)
{
	refuse_route("\"gateway\":\"10.9.8.1\"", "");
	refuse_route("\"destination\":\"0.0.0.0/0\",\"source\":\"10.9.8.2\","
		     "\"gateway\":\"10.9.8.1\",\"interface_name\":\"eth1\"",
		     "");
	refuse_route("\"source\":\"10.9.8.2/24\",\"interface_name\":\"lo\"",
		     "");
	refuse_route("", "routes[0]: one of destination, source and gateway is "
			 "wanted");
	refuse_route("\"interface_name\":\"eth1\"",
		     "routes[0]: one of destination, source and gateway is "
		     "wanted");
	refuse_route("\"destination\":\"10.7.0.0/16\"",
		     "routes[0].interface_name: missing, there is no gateway "
		     "to find it by");
	refuse_route("\"gateway\":\"10.9.8.1\",\"interface_name\":\"eth0\"",
		     "routes[0].interface_name: none of the networks is called "
		     "\"eth0\"");
	refuse_route("\"destination\":\"10.7.0.0\",\"gateway\":\"10.9.8.1\"",
		     "routes[0].destination: \"10.7.0.0\" is not a network "
		     "(10.0.0.0/8)");
	refuse_route("\"destination\":\"10.7.0.1/16\",\"gateway\":"
		     "\"10.9.8.1\"",
		     "routes[0].destination: 10.7.0.1/16 has bits behind its "
		     "prefix");
	refuse_route("\"gateway\":\"10.9.8.1/24\"",
		     "routes[0].gateway: \"10.9.8.1/24\" is not an address");
	refuse_route("\"source\":\"x\",\"gateway\":\"10.9.8.1\"",
		     "routes[0].source: \"x\" is not an address");
	refuse_route("\"destination\":\"10.7.0.0/16\",\"gateway\":\"fd00::1\"",
		     "routes[0].gateway: fd00::1 is of another family than "
		     "what stands before it");
	refuse_route("\"source\":\"fd00::2\",\"gateway\":\"10.9.8.1\"",
		     "routes[0].gateway: 10.9.8.1 is of another family than "
		     "what stands before it");
}
END_TEST

Suite *check_validate_network_suite(void)
{
	Suite *suite = suite_create("validate_network");
	TCase *tcase = tcase_create("validate_network");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_types);
	tcase_add_test(tcase, test_names);
	tcase_add_test(tcase, test_numbers);
	tcase_add_test(tcase, test_addresses);
	tcase_add_test(tcase, test_networks);
	tcase_add_test(tcase, test_places);
	tcase_add_test(tcase, test_namespaces);
	tcase_add_test(tcase, test_netns);
	tcase_add_test(tcase, test_routes);
	suite_add_tcase(suite, tcase);
	return suite;
}
