/*
 * step02_read_config.c  [inside]  step 2: the configuration arrives
 *
 * The outside sends CONFIG as its fourth act (S4), after it has seen to the
 * cgroup (S2) and the network devices (S3). Waiting here is therefore the
 * barrier that makes those acts come first: nothing of what follows can happen
 * outside of the container's limits.
 *
 * It names descriptors, too, which came along over the execve: the namespaces
 * to join, and the folder that act F1 has checked as the rootfs.
 *
 * End of file instead of a message means that the parent has died.
 */
#include "dockerinit/inside.h"

#include <fcntl.h>

/* It came over the execve, and shall not go over the next one. */
static int keep_here(int fd, struct error *err)
{
	if (fd >= 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return error_errno(err, "mark descriptor %d close-on-exec", fd);
	return 0;
}

static int keep_descriptors_here(const struct init_config *config,
				 struct error *err)
{
	for (size_t i = 0; i < config->join_len; i++)
		if (keep_here(config->join[i].fd, err) < 0)
			return -1;
	return keep_here(config->rootfs_fd, err);
}

//> step-02
int step02_read_config(struct init *init, struct error *err)
{
	int got = syncpipe_receive(&init->pipe, &init->message, err);

	if (got < 0)
		return -1;
	if (got == 0)
		return error_set(err, ERROR_SYSTEM,
				 "the parent is gone before it sent the "
				 "configuration");
	if (init->message.type != MSG_CONFIG || !init->message.config)
		return error_set(err, ERROR_SYSTEM,
				 "message %d came instead of the configuration",
				 init->message.type);
	init->config = init->message.config;
	if (!init->config->config)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "config: is missing");
	if (!init->config->args || !init->config->args[0])
		return error_set(err, ERROR_CONFIG_INVALID, "args: are empty");
	return keep_descriptors_here(init->config, err);
}
//< step-02
