/*
 * leave_chroot.c  [inside]  when our / is a chroot directory, make it a mount
 *
 * Propagation can be set, and the root be pivoted, only where / is a mount
 * point. In a plain chroot(2), a debootstrap folder for one, it is not. But in
 * a mount namespace of our own we may do what the chroot's maker did not:
 *
 *	setns to our own namespace	its true root is our / again
 *	clone the chroot's tree,	so that its top is a mount,
 *	mount that on the directory	which lies where the directory was
 *	pivot_root into it		and becomes the root of the namespace
 *	umount the old root		which is gone, as if there had been
 *					no chroot
 *
 * Sources: setns(2) ("the root directory becomes that of the namespace"),
 * pivot_root(2), open_tree(2).
 */
#include "dockerinit/leave_chroot.h"

#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/linux.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

static int mount_on_itself(int directory, struct error *err)
{
	cleanup_close int tree =
		open_tree(directory, "",
			  AT_EMPTY_PATH | AT_RECURSIVE | OPEN_TREE_CLONE |
				  OPEN_TREE_CLOEXEC);

	if (tree < 0)
		return error_errno(err, "clone the mounts below the chroot");
	if (move_mount(tree, "", directory, "",
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return error_errno(err, "mount the chroot's / on itself");
	if (fchdir(tree) < 0)
		return error_errno(err, "enter the chroot's /");
	return 0;
}

int leave_chroot(unsigned long propagation, struct error *err)
{
	cleanup_close int directory =
		open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int self =
		open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);

	if (directory < 0 || self < 0)
		return error_errno(err, "open / and /proc/self/ns/mnt");
	if (setns(self, CLONE_NEWNS) < 0)
		return error_errno(err, "leave the chroot");
	if (mount(NULL, "/", NULL, MS_REC | propagation, NULL) < 0)
		return error_errno(err, "keep mounts from the host");
	if (mount_on_itself(directory, err) < 0)
		return -1;
	if (sys_pivot_root(".", ".") < 0)
		return error_errno(err, "pivot_root into the chroot's /");
	if (umount2(".", MNT_DETACH) < 0)
		return error_errno(err, "detach the root outside the chroot");
	if (chdir("/") < 0)
		return error_errno(err, "chdir to /");
	return 0;
}
