/*
 * look_through.c  [outside]  what only those inside a namespace can see
 *
 * The host name of a uts namespace and the links of a network namespace stand
 * in no file of /proc/PID. Whoever is inside may ask; so a child of ours goes
 * there, asks, tells us through a pipe, and ends. A user namespace is entered
 * before the others: its owner has all capabilities in it, and by them in what
 * belongs to it. The helper is not dumpable, for those who live in that user
 * namespace could trace it.
 *
 * Sources: setns(2), user_namespaces(7), getifaddrs(3), netdevice(7).
 */
#include "libcontainer/trace/look.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/trace/whereabouts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>

enum { TOLD_MAX = 1 << 20 };

static void look_at_hostname(struct snapshot *snapshot)
{
	struct utsname name;

	if (uname(&name) == 0)
		snapshot_add(snapshot, FACT_HOSTNAME, "", name.nodename);
	if (uname(&name) == 0 && strcmp(name.domainname, "(none)") != 0)
		snapshot_add(snapshot, FACT_HOSTNAME, "domain",
			     name.domainname);
}

/* "up mtu 1500 02:42:ac:11:00:02" */
static void add_link(struct snapshot *snapshot, const char *prefix,
		     const struct ifaddrs *link)
{
	const struct sockaddr_ll *address = (const void *)link->ifa_addr;
	cleanup_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	cleanup_free char *name = xasprintf("%s%s", prefix, link->ifa_name);
	struct ifreq request = { .ifr_mtu = 0 };
	char mac[3 * 8] = "";

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s",
		 link->ifa_name);
	if (fd >= 0)
		ioctl(fd, SIOCGIFMTU, &request);
	for (int i = 0; i < address->sll_halen && i < 8; i++)
		sprintf(mac + 3 * i, "%02x%s", address->sll_addr[i],
			i + 1 < address->sll_halen && i < 7 ? ":" : "");
	snapshot_addf(snapshot, FACT_LINK, name, "%s mtu %d%s%s",
		      link->ifa_flags & IFF_UP ? "up" : "down", request.ifr_mtu,
		      link->ifa_flags & IFF_LOOPBACK ? "" : " ",
		      link->ifa_flags & IFF_LOOPBACK ? "" : mac);
}

static unsigned bits(const void *mask, size_t len)
{
	const unsigned char *byte = mask;
	unsigned n = 0;

	while (len--)
		n += (unsigned)__builtin_popcount(*byte++);
	return n;
}

static void add_address(struct snapshot *snapshot, const struct ifaddrs *at)
{
	const struct sockaddr_in *a4 = (const void *)at->ifa_addr;
	const struct sockaddr_in6 *a6 = (const void *)at->ifa_addr;
	const struct sockaddr_in *m4 = (const void *)at->ifa_netmask;
	const struct sockaddr_in6 *m6 = (const void *)at->ifa_netmask;
	char text[INET6_ADDRSTRLEN] = "";
	int family = at->ifa_addr->sa_family;

	/* A link-local address comes when it likes. */
	if (!at->ifa_netmask ||
	    (family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&a6->sin6_addr)))
		return;
	inet_ntop(family,
		  family == AF_INET ? (const void *)&a4->sin_addr
				    : (const void *)&a6->sin6_addr,
		  text, sizeof(text));
	snapshot_addf(snapshot, FACT_ADDRESS, at->ifa_name, "%s/%u", text,
		      family == AF_INET ? bits(&m4->sin_addr, 4)
					: bits(&m6->sin6_addr, 16));
}

static void look_at_devices(struct snapshot *snapshot, const char *prefix,
			    bool addresses)
{
	struct ifaddrs *all;

	if (getifaddrs(&all) < 0) {
		snapshot->unknown |= 1U << FACT_LINK | 1U << FACT_ADDRESS;
		return;
	}
	for (const struct ifaddrs *at = all; at; at = at->ifa_next) {
		int family = at->ifa_addr ? at->ifa_addr->sa_family : 0;

		if (family == AF_PACKET)
			add_link(snapshot, prefix, at);
		else if (addresses && (family == AF_INET || family == AF_INET6))
			add_address(snapshot, at);
	}
	freeifaddrs(all);
}

void look_at_links(const char *prefix, struct snapshot *snapshot)
{
	look_at_devices(snapshot, prefix, false);
}

static int enter(pid_t pid, const char *namespace)
{
	cleanup_free char *path =
		xasprintf("/proc/%d/ns/%s", (int)pid, namespace);
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : setns(fd, 0);
}

/* The helper's whole life: what it may not see, and a line for each fact. */
static void tell(int to, pid_t pid, bool uts, bool net)
{
	struct snapshot seen = { .facts = NULL };
	bool in_uts, in_net;

	prctl(PR_SET_DUMPABLE, 0);
	in_uts = uts && enter(pid, "uts") == 0;
	in_net = net && enter(pid, "net") == 0;
	if (in_uts != uts || in_net != net) {
		enter(pid, "user");
		in_uts = in_uts || (uts && enter(pid, "uts") == 0);
		in_net = in_net || (net && enter(pid, "net") == 0);
	}
	if (in_uts)
		look_at_hostname(&seen);
	else if (uts)
		seen.unknown |= 1U << FACT_HOSTNAME;
	if (in_net)
		look_at_devices(&seen, "", true);
	else if (net)
		seen.unknown |= 1U << FACT_LINK | 1U << FACT_ADDRESS;
	dprintf(to, "%x\n", seen.unknown);
	for (size_t i = 0; i < seen.len; i++)
		dprintf(to, "%d\t%s\t%s\n", (int)seen.facts[i].kind,
			seen.facts[i].name, seen.facts[i].value);
}

static void hear(char *text, struct snapshot *snapshot)
{
	const char *first = strsep(&text, "\n");
	char *line;

	snapshot->unknown |= (uint32_t)strtoul(first, NULL, 16);
	while ((line = strsep(&text, "\n"))) {
		const char *kind = strsep(&line, "\t");
		const char *name = line ? strsep(&line, "\t") : NULL;

		if (line)
			snapshot_add(snapshot, (enum fact_kind)atoi(kind), name,
				     line);
	}
}

static void send_helper(pid_t pid, bool uts, bool net,
			struct snapshot *snapshot)
{
	cleanup_free char *text = NULL;
	int told[2] = { -1, -1 };
	pid_t helper = pipe2(told, O_CLOEXEC) < 0 ? -1 : fork();

	if (helper == 0) {
		tell(told[1], pid, uts, net);
		_exit(0);
	}
	if (told[1] >= 0)
		close(told[1]);
	if (helper > 0 &&
	    file_read_fd(told[0], TOLD_MAX, &text, NULL, NULL) == 0 && *text)
		hear(text, snapshot);
	else
		snapshot->unknown |= (uts ? 1U << FACT_HOSTNAME : 0) |
				     (net ? 1U << FACT_LINK : 0) |
				     (net ? 1U << FACT_ADDRESS : 0);
	if (told[0] >= 0)
		close(told[0]);
	while (helper > 0 && waitpid(helper, NULL, 0) < 0 && errno == EINTR)
		continue;
}

static void look_at_file(pid_t pid, const char *name, struct snapshot *snapshot,
			 void (*look)(char *, struct snapshot *))
{
	cleanup_free char *path = xasprintf("/proc/%d/%s", (int)pid, name);
	cleanup_free char *text = NULL;

	if (file_read(path, TOLD_MAX, &text, NULL, NULL) == 0)
		look(text, snapshot);
}

/* What is in a network namespace that is ours, too, comes and goes for other
 * reasons, and is not noted. */
void look_through(pid_t pid, struct snapshot *snapshot)
{
	bool uts = !whereabouts_shared(pid, "ns/uts");
	bool net = !whereabouts_shared(pid, "ns/net");

	if (!uts)
		look_at_hostname(snapshot);
	if (uts || net)
		send_helper(pid, uts, net, snapshot);
	if (!net)
		return;
	look_at_file(pid, "net/route", snapshot, look_routes);
	look_at_file(pid, "net/ipv6_route", snapshot, look_routes6);
}
