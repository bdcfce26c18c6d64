/*
 * linux.h  [both]  four system calls that glibc 2.36 has no word for
 *
 * Each is the bare system call: it returns what the kernel returns, -1 with
 * errno on failure. Man pages: pivot_root(2), openat2(2), clone(2), keyctl(2).
 */
#ifndef LIBCONTAINER_SYSTEM_LINUX_H
#define LIBCONTAINER_SYSTEM_LINUX_H

#include <linux/openat2.h>
#include <linux/sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static inline int sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)syscall(SYS_pivot_root, new_root, put_old);
}

/* resolve: RESOLVE_ flags, which keep a path inside dirfd's tree. */
static inline int sys_openat2(int dirfd, const char *path, uint64_t flags,
			      uint64_t mode, uint64_t resolve)
{
	struct open_how how = { .flags = flags,
				.mode = mode,
				.resolve = resolve };

	return (int)syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
}

/* An operation that takes one string or NULL: KEYCTL_JOIN_SESSION_KEYRING. */
static inline long sys_keyctl(int operation, const char *text)
{
	return syscall(SYS_keyctl, operation, text);
}

/* Without a stack in args this returns twice, like fork(2). */
static inline pid_t sys_clone3(struct clone_args *args)
{
	return (pid_t)syscall(SYS_clone3, args, sizeof(*args));
}

#endif
