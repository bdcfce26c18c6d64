/*
 * syncpipe.c  [both]  one JSON object per line over a socketpair
 *
 * The chapter ends with why Docker chose a pipe: signals carry too little,
 * shared memory must be polled, and the network stack of a new container is
 * empty. A socketpair is that pipe in both directions (and can carry a
 * descriptor, unix(7)). A message ends at its newline, which JSON never holds
 * raw, so it does not matter how the kernel cuts the stream into pieces.
 *
 * Descriptors arrive with the first byte of the message they belong to; we
 * keep one until that message is complete.
 */
#include "libcontainer/syncpipe/syncpipe.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 64 * 1024 };

static const struct name message_names[] = {
	{ "MAPS", MSG_MAPS },	  { "JOINED", MSG_JOINED },
	{ "CONFIG", MSG_CONFIG }, { "PID", MSG_PID },
	{ "RESUME", MSG_RESUME }, { "CONSOLE", MSG_CONSOLE },
	{ "NOTE", MSG_NOTE },	  { "READY", MSG_READY },
	{ "ERROR", MSG_ERROR },	  { NULL, 0 },
};

/* What an ERROR carries; the char arrays of struct error as strings. */
struct wire_error {
	int code, errnum, step;
	char *step_name, *message;
};

struct wire_message {
	int type;
	int pid;
	char *note;
	struct init_config *config;
	struct wire_error *error;
};

static const struct field error_rows[] = {
	FIELD(struct wire_error, "code", FIELD_INT, code),
	FIELD(struct wire_error, "errno", FIELD_INT, errnum),
	FIELD(struct wire_error, "step", FIELD_INT, step),
	FIELD(struct wire_error, "step_name", FIELD_STRING, step_name),
	FIELD(struct wire_error, "message", FIELD_STRING, message,
	      .flags = FIELD_BYTES),
	FIELD_END,
};

static const struct field message_rows[] = {
	FIELD_NAME(struct wire_message, "type", type, message_names, "message"),
	FIELD(struct wire_message, "pid", FIELD_INT, pid,
	      .flags = FIELD_OMIT_EMPTY),
	FIELD(struct wire_message, "note", FIELD_STRING, note,
	      .flags = FIELD_OMIT_EMPTY | FIELD_BYTES),
	FIELD_POINTER(struct wire_message, "config", config, struct init_config,
		      init_config_rows, .flags = FIELD_OMIT_EMPTY),
	FIELD_POINTER(struct wire_message, "error", error, struct wire_error,
		      error_rows, .flags = FIELD_OMIT_EMPTY),
	FIELD_END,
};

void syncpipe_open(struct syncpipe *pipe, int fd)
{
	*pipe = (struct syncpipe){ .fd = fd, .passed_fd = -1 };
}

int syncpipe_pair(struct syncpipe *outside, struct syncpipe *inside,
		  struct error *err)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return error_errno(err, "make the sync pipe");
	syncpipe_open(outside, fds[0]);
	syncpipe_open(inside, fds[1]);
	return 0;
}

void syncpipe_close(struct syncpipe *pipe)
{
	if (pipe->fd >= 0)
		close(pipe->fd);
	if (pipe->passed_fd >= 0)
		close(pipe->passed_fd);
	free(pipe->buffer);
	syncpipe_open(pipe, -1);
}

bool syncpipe_pending(const struct syncpipe *pipe)
{
	return pipe->used > 0;
}

/* Send len bytes; fd (if not -1) goes with the first of them. name is the
 * message's. */
static int send_bytes(const struct syncpipe *pipe, const char *data, size_t len,
		      int fd, const char *name, struct error *err)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	int flags = MSG_NOSIGNAL | (pipe->wait ? MSG_DONTWAIT : 0);

	while (len > 0) {
		struct iovec iov = { (void *)data, len };
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
		ssize_t n;

		if (fd >= 0) {
			msg.msg_control = &control;
			msg.msg_controllen = sizeof(control.space);
			control.header.cmsg_level = SOL_SOCKET;
			control.header.cmsg_type = SCM_RIGHTS;
			control.header.cmsg_len = CMSG_LEN(sizeof(int));
			memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
		}
		n = sendmsg(pipe->fd, &msg, flags);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN && pipe->wait) {
			if (pipe->wait(pipe->waiter, POLLOUT, err) < 0)
				return -1;
			continue;
		}
		if (n < 0)
			return error_errno(err, "send %s through the sync pipe",
					   name);
		fd = -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

int syncpipe_send(struct syncpipe *pipe, const struct message *message,
		  struct error *err)
{
	struct wire_message wire = {
		.type = message->type,
		.pid = message->pid,
		.note = message->note,
		.config = message->config,
	};
	struct wire_error wire_error = {
		.code = (int)message->error.code,
		.errnum = message->error.errnum,
		.step = message->error.step,
		.step_name = (char *)message->error.step_name,
		.message = (char *)message->error.message,
	};
	cleanup_free char *text = NULL;
	const char *name = number_to_name(message_names, message->type);
	size_t len;

	if (message->type == MSG_ERROR)
		wire.error = &wire_error;
	text = fields_encode(message_rows, &wire, false);
	len = strlen(text);
	text = xreallocarray(text, len + 2, 1);
	memcpy(text + len, "\n", 2);
	if (len + 1 > SYNCPIPE_LIMIT)
		return error_set(err, ERROR_SYSTEM,
				 "send %s: longer than %d bytes", name,
				 SYNCPIPE_LIMIT);
	return send_bytes(pipe, text, len + 1, message->fd, name, err);
}

/* Keep the descriptor that came with msg, if one did. */
static void take_passed_fd(struct syncpipe *pipe, struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	int fd;

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof(int)))
		return;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	if (pipe->passed_fd >= 0)
		close(pipe->passed_fd);
	pipe->passed_fd = fd;
}

/* Read once into the buffer. Returns the bytes, 0 at the end, or -1. */
static ssize_t read_more(struct syncpipe *pipe)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov;
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n;

	if (pipe->size - pipe->used < READ_SIZE) {
		pipe->size = pipe->size * 2 + READ_SIZE;
		pipe->buffer = xreallocarray(pipe->buffer, pipe->size, 1);
	}
	iov = (struct iovec){ pipe->buffer + pipe->used,
			      pipe->size - pipe->used };
	do
		n = recvmsg(pipe->fd, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n > 0) {
		take_passed_fd(pipe, &msg);
		pipe->used += (size_t)n;
	}
	return n;
}

/* Read until a newline is in the buffer; *len is the line's length with it.
 * Returns 1, 0 at a clean end of file, or -1. */
static int read_line(struct syncpipe *pipe, size_t *len, struct error *err)
{
	size_t searched = 0;

	for (;;) {
		char *end = NULL;
		ssize_t n;

		if (pipe->used > searched)
			end = memchr(pipe->buffer + searched, '\n',
				     pipe->used - searched);
		if (end) {
			*len = (size_t)(end - pipe->buffer) + 1;
			return 1;
		}
		searched = pipe->used;
		if (pipe->used > SYNCPIPE_LIMIT)
			return error_set(err, ERROR_SYSTEM,
					 "sync pipe: a message of more than "
					 "%d bytes",
					 SYNCPIPE_LIMIT);
		if (pipe->wait && pipe->wait(pipe->waiter, POLLIN, err) < 0)
			return -1;
		n = read_more(pipe);
		/* A process that dies with our message unread resets. */
		if (n == 0 || (n < 0 && errno == ECONNRESET)) {
			if (pipe->used == 0)
				return 0;
			return error_set(err, ERROR_SYSTEM,
					 "sync pipe: it ends inside a message");
		}
		if (n < 0)
			return error_errno(err, "read the sync pipe");
	}
}

static void fill_error(struct error *err, const struct wire_error *wire)
{
	*err = (struct error){ .errnum = wire->errnum, .step = wire->step };
	err->code = wire->code >= 0 && wire->code < ERROR_CODES
			    ? (enum error_code)wire->code
			    : ERROR_SYSTEM;
	if (wire->step_name)
		strncpy(err->step_name, wire->step_name,
			sizeof(err->step_name) - 1);
	if (wire->message)
		strncpy(err->message, wire->message, sizeof(err->message) - 1);
}

int syncpipe_receive(struct syncpipe *pipe, struct message *message,
		     struct error *err)
{
	struct wire_message wire = { .type = -1 };
	size_t len = 0;
	int rc = read_line(pipe, &len, err);

	*message = (struct message){ .type = -1, .fd = -1 };
	if (rc <= 0)
		return rc;
	rc = fields_decode(message_rows, pipe->buffer, len - 1, &wire, err);
	memmove(pipe->buffer, pipe->buffer + len, pipe->used - len);
	pipe->used -= len;
	if (rc == 0 && wire.type < 0)
		rc = error_set(err, ERROR_SYSTEM, "no type in it");
	if (rc < 0) {
		fields_free(message_rows, &wire);
		return error_wrap(err, "sync pipe");
	}
	message->type = wire.type;
	message->pid = wire.pid;
	message->config = steal_ptr(&wire.config);
	message->note = steal_ptr(&wire.note);
	if (wire.error)
		fill_error(&message->error, wire.error);
	if (message->type == MSG_CONSOLE)
		message->fd = steal_fd(&pipe->passed_fd);
	fields_free(message_rows, &wire);
	return 1;
}

void message_free(struct message *message)
{
	init_config_free(message->config);
	free(message->note);
	if (message->fd >= 0)
		close(message->fd);
	*message = (struct message){ .type = -1, .fd = -1 };
}

void syncpipe_send_error(struct syncpipe *pipe, const struct error *err)
{
	struct message message = { .type = MSG_ERROR, .error = *err, .fd = -1 };

	syncpipe_send(pipe, &message, NULL);
}
