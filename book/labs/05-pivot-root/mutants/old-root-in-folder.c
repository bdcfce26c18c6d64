/*
 * old-root-in-folder.c  wrong: the old root stays in a folder of the new one
 *
 * Nothing is hidden: all of the host lies in /.old of the container.
 *
 * fails: mount-table leftovers
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
	mkdirat(init->rootfs_fd, ".old", 0700); /* it may be there */
	if (sys_pivot_root(".", ".old") < 0)
		return error_errno(err, "pivot_root");
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
