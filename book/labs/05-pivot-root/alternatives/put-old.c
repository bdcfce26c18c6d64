/*
 * put-old.c  right: a folder for the old root, removed afterwards
 *
 * As in the examples of pivot_root(2), and in libcontainer of 2014. It wants
 * an image that can be written to.
 */
static int move(struct error *err)
{
	if (mount(".", "/", NULL, MS_MOVE, NULL) < 0)
		return error_errno(err, "move the rootfs");
	if (chroot(".") < 0)
		return error_errno(err, "chroot");
	return 0;
}

static int pivot(const struct init *init, struct error *err)
{
	if (mkdirat(init->rootfs_fd, ".old", 0700) < 0)
		return error_errno(err, "make a folder for the old root");
	if (sys_pivot_root(".", ".old") < 0) {
		error_errno(err, "pivot_root");
		unlinkat(init->rootfs_fd, ".old", AT_REMOVEDIR);
		return -1;
	}
	if ((init->config->config->root_propagation & MS_SHARED) &&
	    mount(NULL, "/.old", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return error_errno(err, "make the old root a slave mount");
	if (umount2("/.old", MNT_DETACH) < 0)
		return error_errno(err, "unmount the old root");
	if (rmdir("/.old") < 0)
		return error_errno(err, "remove its folder");
	return 0;
}

static int change_root(const struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	if (fchdir(init->rootfs_fd) < 0)
		return error_errno(err, "enter the rootfs");
	if (config->no_pivot_root ? move(err) < 0 : pivot(init, err) < 0)
		return -1;
	if (chdir("/") < 0)
		return error_errno(err, "enter the new root");
	return 0;
}
