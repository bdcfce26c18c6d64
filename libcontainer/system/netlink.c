/*
 * netlink.c  [both]  the rtnetlink requests of the house
 *
 * A request is a header (type, flags, sequence number), a fixed struct of its
 * family (for links: struct ifinfomsg) and attributes of type, length, value.
 * libmnl lays these out in a buffer and aligns them; what is put there, and
 * every send and receive, stands here. Source: netlink(7), rtnetlink(7).
 */
#include "libcontainer/system/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEQUENCE = 1, BUFFER = 8192 };

int netlink_open(struct error *err)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return error_errno(err, "open a netlink socket");
	if (connect(fd, (struct sockaddr *)&kernel, sizeof(kernel)) < 0) {
		error_errno(err, "connect a netlink socket");
		close(fd);
		return -1;
	}
	return fd;
}

/* Send one request, and read its acknowledgement: errno, negated, or 0.
 * Returns 0, or -1 with errno. */
static int request(int fd, struct nlmsghdr *message)
{
	char buffer[BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *answer = (const struct nlmsghdr *)buffer;
	const struct nlmsgerr *status;
	ssize_t n;

	message->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	message->nlmsg_seq = SEQUENCE;
	if (send(fd, message, message->nlmsg_len, 0) < 0)
		return -1;
	do
		n = recv(fd, buffer, sizeof(buffer), 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	if (!mnl_nlmsg_ok(answer, (int)n) ||
	    answer->nlmsg_type != NLMSG_ERROR ||
	    mnl_nlmsg_get_payload_len(answer) < sizeof(*status)) {
		errno = EPROTO;
		return -1;
	}
	status = mnl_nlmsg_get_payload(answer);
	if (status->error != 0) {
		errno = -status->error;
		return -1;
	}
	return 0;
}

int netlink_link_up(int fd, const char *name, struct error *err)
{
	char buffer[BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *link;

	message->nlmsg_type = RTM_NEWLINK;
	link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
	link->ifi_family = AF_UNSPEC;
	link->ifi_change = IFF_UP;
	link->ifi_flags = IFF_UP;
	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	if (request(fd, message) < 0)
		return error_errno(err, "set network device %s up", name);
	return 0;
}
