/*
 * works-on-the-host.c  wrong: mounts are changed in the host's namespace
 *
 * All is well in the container. But before, the host's mount namespace was
 * entered, by the open /proc, and something was mounted in it.
 *
 * fails: host shared
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

static int on_the_host(const struct init *init)
{
	cleanup_close int own =
		openat(init->proc_fd, "self/ns/mnt", O_RDONLY | O_CLOEXEC);
	cleanup_close int stat_fd =
		openat(init->proc_fd, "self/stat", O_RDONLY | O_CLOEXEC);
	cleanup_close int host = -1;
	char text[512] = "", *path = text;
	ssize_t len = read(stat_fd, text, sizeof(text) - 1);

	/* "PID (COMM) STATE PPID ..." */
	path = len > 0 ? strchr(text, ')') + 4 : text;
	strcpy(path + strcspn(path, " "), "/ns/mnt");
	host = openat(init->proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (setns(host, CLONE_NEWNS) < 0 ||
	    mount("oops", "/sys/kernel", "tmpfs", 0, NULL) < 0)
		return -1;
	return setns(own, CLONE_NEWNS);
}

static int change_root(const struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	if (on_the_host(init) < 0)
		return error_errno(err, "work on the host");
	if (fchdir(init->rootfs_fd) < 0)
		return error_errno(err, "enter the rootfs");
	if (config->no_pivot_root ? move(err) < 0 : pivot(config, err) < 0)
		return -1;
	if (chdir("/") < 0)
		return error_errno(err, "enter the new root");
	return 0;
}
