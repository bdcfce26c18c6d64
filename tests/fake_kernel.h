/*
 * fake_kernel.h  a socket pair that stands for the kernel's netlink
 *
 * Its answers are queued before a request is made, and what was sent is read
 * after it.
 */
#ifndef TESTS_FAKE_KERNEL_H
#define TESTS_FAKE_KERNEL_H

#include <check.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

/* Who is tested has ours, and takes it for a netlink socket. */
static int ours, kernel;

/* setup, teardown - make and close the pair; a checked fixture. */
static void setup(void)
{
	int pair[2];

	ck_assert_int_eq(
		socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair), 0);
	ours = pair[0];
	kernel = pair[1];
}

/* teardown - see setup. */
static void teardown(void)
{
	close(ours);
	close(kernel);
}

/* expect - the next request is exactly that. */
static void expect(const void *message, size_t len)
{
	unsigned char got[2048];
	ssize_t n = recv(kernel, got, sizeof(got), MSG_DONTWAIT);

	ck_assert_int_eq(n, (ssize_t)len);
	for (size_t i = 0; i < len; i++)
		ck_assert_msg(got[i] == ((const unsigned char *)message)[i],
			      "byte %zu is %#x, not %#x", i, got[i],
			      ((const unsigned char *)message)[i]);
}

#endif
