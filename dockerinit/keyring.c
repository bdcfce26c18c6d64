/*
 * keyring.c  [inside]  a session keyring that is not the caller's
 *
 * The kernel keeps keys for programs: passwords, tickets, tokens. They hang in
 * keyrings, and a process has that of its session from its parent, over every
 * fork, execve and change of its user. No namespace comes between: whoever has
 * the keyring may read what hangs in it. So a container gets a new one, which
 * is empty, and so does each process that joins: that of the container's first
 * process can be had by its name only, and a name can be taken by somebody
 * else before. This one has none.
 *
 * It is made after the user namespace was entered and before the user is
 * chosen: it belongs to the root of the container, in whose quota it counts;
 * the user has it because it is the one of his session.
 * Sources: keyrings(7), session-keyring(7), keyctl(2).
 */
#include "dockerinit/keyring.h"

#include "libcontainer/system/linux.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/* ENOSYS is the word of a kernel without keyrings, but a filter of system
 * calls may say so, too. Returns 1, 0, or -1 with *err. */
static int kernel_has_keyrings(struct error *err)
{
	struct statfs proc;
	struct stat keys;

	if (statfs("/proc", &proc) < 0)
		return error_errno(err, "statfs the host's /proc");
	if (proc.f_type != PROC_SUPER_MAGIC)
		return error_set(err, ERROR_SYSTEM,
				 "the host's /proc is no proc file system");
	if (stat("/proc/keys", &keys) == 0)
		return 1;
	if (errno != ENOENT)
		return error_errno(err, "look for /proc/keys");
	return 0;
}

int keyring_renew(const struct init *init, struct error *err)
{
	int has, why;

	if (init->config->config->no_new_keyring)
		return 0;
	if (sys_keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0)
		return 0;
	why = errno;
	has = why == ENOSYS ? kernel_has_keyrings(err) : 1;
	if (has <= 0)
		return has;
	errno = why;
	return error_errno(err, "make a session keyring in place of the "
				"caller's (no_new_keyring keeps that)");
}
