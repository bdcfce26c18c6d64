/*
 * leave_chroot.c  [inside]  our / is, or becomes, the root of our mounts
 *
 * Whoever started us may live in a chroot(2), a debootstrap folder for one.
 * Then there is more in our mount namespace than we see: if the container's
 * root took the place of our / alone, the true root would stay above it, and
 * whoever joins the namespace (setns begins at its true root) would stand in
 * the host's. And where / is no mount point, neither propagation can be set
 * nor the root be pivoted. But in a mount namespace of our own we may do what
 * the chroot's maker did not:
 *
 *	setns to our own namespace	its true root is our / again; mostly it
 *					is the same, and that is all
 *	clone the chroot's tree,	so that its top is a mount,
 *	mount that on the directory	which lies where the directory was,
 *	pivot_root into it		and becomes the root of the namespace;
 *	umount the old root		now there never was a chroot
 *
 * Sources: setns(2), pivot_root(2), open_tree(2), statx(2).
 */
#include "dockerinit/leave_chroot.h"

#include "dockerinit/mount.h"

#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/linux.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

static int make_root(int directory, struct error *err)
{
	cleanup_close int tree = mount_clone(directory, directory, true);

	if (tree < 0)
		return error_errno(err, "mount the chroot's / on itself");
	if (fchdir(tree) < 0)
		return error_errno(err, "enter the chroot's /");
	//@lab 5
	if (sys_pivot_root(".", ".") < 0)
		return error_errno(err, "pivot_root into the chroot's /");
	if (umount2(".", MNT_DETACH) < 0)
		return error_errno(err, "detach the root outside the chroot");
	if (chdir("/") < 0)
		return error_errno(err, "chdir to /");
	return 0;
	//@stub
	//| return error_set(err, ERROR_SYSTEM,
	//| 		 "/ is a chroot, which the skeleton of lab 5 "
	//| 		 "cannot leave");
	//@end
}

int leave_chroot(unsigned long propagation, struct error *err)
{
	cleanup_close int ours = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int self =
		open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	cleanup_close int true_root = -1;

	if (ours < 0 || self < 0)
		return error_errno(err, "open / and /proc/self/ns/mnt");
	if (setns(self, CLONE_NEWNS) < 0)
		return error_errno(err, "go to the root of the mounts");
	true_root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (true_root < 0)
		return error_errno(err, "open the root of the mounts");
	if (propagation &&
	    mount(NULL, "/", NULL, MS_REC | propagation, NULL) < 0)
		return error_errno(err, "make / a %s mount",
				   propagation == MS_SLAVE ? "slave"
							   : "private");
	if (mount_is_same(ours, true_root))
		return 0;
	if (errno)
		return error_errno(err, "compare / with the mounts' root");
	/* What is mounted here would be seen where the chroot was made. */
	if (!propagation)
		return error_set(err, ERROR_SYSTEM,
				 "mounts cannot stay shared: / is a chroot");
	return make_root(ours, err);
}
