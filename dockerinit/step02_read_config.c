/*
 * step02_read_config.c  [inside]  step 2: the configuration arrives
 *
 * The outside sends CONFIG as its fourth act (S4), after it has seen to the
 * cgroup (S2) and the network devices (S3). Waiting here is therefore the
 * barrier that makes those acts come first: nothing of what follows can happen
 * outside of the container's limits.
 *
 * End of file instead of a message means that the parent has died.
 */
#include "dockerinit/inside.h"

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
	return 0;
}
//< step-02
