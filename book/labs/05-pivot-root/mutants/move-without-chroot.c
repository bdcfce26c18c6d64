/*
 * move-without-chroot.c  wrong: the mount is moved, the process is not
 *
 * The rootfs lies on top of /, but the process's root is what lies beneath: it
 * still sees the host.
 *
 * fails: image
 */
static int change_root(const struct init *init, struct error *err)
{
	if (fchdir(init->rootfs_fd) < 0 ||
	    mount(".", "/", NULL, MS_MOVE, NULL) < 0)
		return error_errno(err, "move the rootfs");
	if (chdir("/") < 0)
		return error_errno(err, "enter the new root");
	return 0;
}
