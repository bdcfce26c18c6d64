/*
 * netlink.c  [both]  sending an rtnetlink request, reading the answer
 *
 * A request is a header (type, flags, sequence number), a fixed struct of its
 * family (for links: struct ifinfomsg) and attributes of type, length, value.
 * libmnl lays these out in a buffer and aligns them; what is put there stands
 * in the other netlink files, one function for each message. Every send and
 * receive is here.
 *
 * The kernel answers a change with an acknowledgement that holds 0 or an
 * errno. EINVAL has a hundred reasons, so newer kernels add a sentence, an
 * "extended acknowledgement", to whoever asks for it on the socket.
 * Source: netlink(7), rtnetlink(7), the kernel's
 * Documentation/userspace-api/netlink/intro.rst.
 */
#include "libcontainer/system/netlink.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEQUENCE = 1, ANSWER = 1024 };

int netlink_open(struct error *err)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	const int one = 1;

	if (fd < 0)
		return error_errno(err, "open a netlink socket");
	if (connect(fd, (struct sockaddr *)&kernel, sizeof(kernel)) < 0) {
		error_errno(err, "connect a netlink socket");
		close(fd);
		return -1;
	}
	/* Old kernels have no sentences; the errno always comes. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	return fd;
}

struct nlmsghdr *netlink_begin(void *buffer, uint16_t type, uint16_t flags,
			       size_t size, void *fixed)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = SEQUENCE;
	*(void **)fixed = mnl_nlmsg_put_extra_header(message, size);
	return message;
}

/* Send a message, and read one into buffer. Its length, or -1 with errno. */
static ssize_t exchange(int fd, const struct nlmsghdr *message, void *buffer,
			size_t size)
{
	const struct nlmsghdr *answer = buffer;
	ssize_t n;

	if (send(fd, message, message->nlmsg_len, 0) < 0)
		return -1;
	do
		n = recv(fd, buffer, size, MSG_TRUNC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	if ((size_t)n > size || !mnl_nlmsg_ok(answer, (int)n)) {
		errno = EPROTO;
		return -1;
	}
	return n;
}

static int take_sentence(const struct nlattr *attribute, void *text)
{
	if (mnl_attr_get_type(attribute) == NLMSGERR_ATTR_MSG &&
	    mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0)
		*(const char **)text = mnl_attr_get_str(attribute);
	return MNL_CB_OK;
}

/* What an acknowledgement says: 0, or -1 with errno, and *text perhaps. */
static int judge(const struct nlmsghdr *answer, const char **text)
{
	const struct nlmsgerr *status;

	if (answer->nlmsg_type != NLMSG_ERROR ||
	    mnl_nlmsg_get_payload_len(answer) < sizeof(*status)) {
		errno = EPROTO;
		return -1;
	}
	status = mnl_nlmsg_get_payload(answer);
	if (status->error == 0)
		return 0;
	if (answer->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_parse(answer, sizeof(*status), take_sentence, text);
	errno = -status->error;
	return -1;
}

__attribute__((format(printf, 3, 0))) static int failed(struct error *err,
							const char *text,
							const char *fmt,
							va_list args)
{
	cleanup_free char *act = NULL;
	int reason = errno;

	if (vasprintf(&act, fmt, args) < 0)
		act = xstrdup("netlink");
	errno = reason;
	if (text)
		return error_errno(err, "%s (%s)", act, text);
	return error_errno(err, "%s", act);
}

int netlink_request(int fd, struct nlmsghdr *message, struct error *err,
		    const char *fmt, ...)
{
	char buffer[ANSWER] __attribute__((aligned(NLMSG_ALIGNTO)));
	const char *text = NULL;
	va_list args;
	int rc = -1;

	message->nlmsg_flags |= NLM_F_ACK;
	if (exchange(fd, message, buffer, sizeof(buffer)) >= 0)
		rc = judge((struct nlmsghdr *)buffer, &text);
	if (rc == 0)
		return 0;
	va_start(args, fmt);
	failed(err, text, fmt, args);
	va_end(args);
	return -1;
}

int netlink_query(int fd, struct nlmsghdr *message, uint16_t type, void *buffer,
		  size_t size, struct error *err, const char *fmt, ...)
{
	const struct nlmsghdr *answer = buffer;
	const char *text = NULL;
	va_list args;

	if (exchange(fd, message, buffer, size) >= 0) {
		if (answer->nlmsg_type == type)
			return 0;
		if (judge(answer, &text) == 0)
			errno = EPROTO; /* done, where a word was wanted */
	}
	va_start(args, fmt);
	failed(err, text, fmt, args);
	va_end(args);
	return -1;
}
