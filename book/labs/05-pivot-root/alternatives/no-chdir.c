/*
 * no-chdir.c  right: nobody enters the new /
 *
 * Not nice, and not wrong: pivot_root takes along who stood in the old root,
 * and step 10 enters the working directory in any case.
 */
static int let_go(int old_root, struct error *err)
{
	if (fchdir(old_root) < 0 ||
	    mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return error_errno(err, "make the old root a slave mount");
	return 0;
}

static int move(struct error *err)
{
	if (mount(".", "/", NULL, MS_MOVE, NULL) < 0)
		return error_errno(err, "move the rootfs");
	if (chroot(".") < 0)
		return error_errno(err, "chroot");
	return 0;
}

static int pivot(const struct config *config, struct error *err)
{
	cleanup_close int old_root =
		open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (old_root < 0)
		return error_errno(err, "open the old root");
	if (sys_pivot_root(".", ".") < 0)
		return error_errno(err, "pivot_root");
	if ((config->root_propagation & MS_SHARED) && let_go(old_root, err) < 0)
		return -1;
	if (umount2(".", MNT_DETACH) < 0)
		return error_errno(err, "unmount the old root");
	return 0;
}

static int change_root(const struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	if (fchdir(init->rootfs_fd) < 0)
		return error_errno(err, "enter the rootfs");
	if (config->no_pivot_root ? move(err) < 0 : pivot(config, err) < 0)
		return -1;
	return 0;
}
