/*
 * exec.c  [outside]  a second program in a living container
 *
 * Docker's "docker exec": the environment and the folder are the container's,
 * the user, the arguments and the tty are the program's own.
 */
#include "execdriver/native/native.h"

#include "libcontainer/process.h"
#include "libcontainer/system/cleanup.h"

static int run_process(struct container *container,
		       const struct process_config *process_config,
		       const struct pipes *pipes,
		       const struct start_callback *callback, int *exit_code,
		       struct error *err)
{
	cleanup_strv char **args = process_config_args(process_config);
	const struct config *config = container->config;
	struct process process;
	struct pump pump;
	int wait_status, result, pumped;

	process_init(&process);
	process.args = args;
	process.env =
		process_config->env ? process_config->env : config->environment;
	process.user = process_config->user;
	process.cwd = config->working_dir;
	result = pump_connect(&pump, pipes, process_config->tty, &process, err);
	if (result == 0)
		result = container_start(container, &process, err);
	if (result == 0) {
		if (callback)
			callback->call(callback->data, process_config,
				       process_pid(&process));
		pumped = pump_run(&pump, err);
		result = process_wait(&process, &wait_status,
				      pumped < 0 ? NULL : err);
		if (result == 0)
			*exit_code = exit_status(wait_status);
		if (pumped < 0)
			result = -1;
	}
	pump_close(&pump);
	process_free(&process);
	return result;
}

int native_exec(struct driver *d, struct command *c,
		const struct process_config *process_config,
		const struct pipes *pipes,
		const struct start_callback *callback, int *exit_code,
		struct error *err)
{
	struct container *container;
	int result;

	*exit_code = -1;
	if (!process_config->entrypoint)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "entrypoint: a program is wanted");
	if (process_config->privileged)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "privileged: this driver has it for whole "
				 "containers only");
	if (factory_load(&native_of(d)->factory, c->id, &container, err) < 0)
		return -1;
	result = container_end_orphan(container, err);
	if (result > 0)
		result = error_set(err, ERROR_CONTAINER_NOT_EXISTS,
				   "%s: there is no such container",
				   container->root);
	else if (result == 0)
		result = run_process(container, process_config, pipes, callback,
				     exit_code, err);
	container_free(container);
	return result;
}
