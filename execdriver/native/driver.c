/*
 * driver.c  [outside]  the native driver: six acts, and what comes after
 *
 * Between the daemon, which knows images and clients, and libcontainer, which
 * knows the kernel. Run is the chapter's list of what the execdriver does with
 * libcontainer, E1 to E6; it returns when the program has ended.
 *
 * Docker's daemon kept its living containers in a table in memory. Here every
 * method asks the factory, so that another process can kill or pause what this
 * one runs, and a crash forgets nothing.
 *
 * Source: the chapter, "How libcontainer works".
 */
#include "execdriver/native/native.h"

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/process.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/trace/tracer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <time.h>

struct native_driver *native_of(struct driver *driver)
{
	return (struct native_driver *)driver;
}

/* The last two acts, with the container running. */
static int stay(struct container *c, struct process *p, struct pump *pump,
		const struct process_config *process_config,
		const struct start_callback *callback,
		struct exit_status *status, struct error *err)
{
	struct tracer *tracer = c->factory->tracer;
	int pumped, wait_status;

	/* [E5] "The execdriver executes the startCallback that the Docker
	 * daemon provides, to complete its callback action." */
	trace_act(tracer, ACT_E5, process_pid(p));
	if (callback)
		callback->call(callback->data, process_config, process_pid(p));

	/* [E6] "The execdriver executes Process.Wait, and waits until all the
	 * work of that Process is done." Its output is part of its work. */
	trace_act(tracer, ACT_E6, process_pid(p));
	pumped = pump_run(pump, err);
	if (process_wait(p, &wait_status, pumped < 0 ? NULL : err) < 0 ||
	    pumped < 0)
		return -1;
	status->exit_code = exit_status(wait_status);
	status->oom_killed = cgroup_manager_was_oom_killed(c->cgroup_manager);
	return 0;
}

static void warn_left(const struct container *c, const struct error *why)
{
	cleanup_free char *text =
		xasprintf("the program has ended, but container %s is left to "
			  "be cleaned: %s",
			  c->id, why->message);

	c->factory->warn(text);
}

/* Run with the config made; it is taken over. */
static int run_config(struct native_driver *native, struct command *c,
		      struct config *config, const struct pipes *pipes,
		      const struct start_callback *callback,
		      struct exit_status *status, struct error *err)
{
	cleanup_strv char **args = process_config_args(&c->process_config);
	struct container *container = NULL;
	struct process process;
	struct pump pump;
	struct error later;
	struct tracer *tracer = native->factory.tracer;
	int result = -1;

	/* [E1] "Create the process object that libcontainer needs to build a
	 * container, called Process." */
	trace_act(tracer, ACT_E1, 0);
	process_init(&process);
	process.args = args;
	process.env = config->environment;
	process.user = config->user;
	process.cwd = config->working_dir;

	/* [E2] "Set the container's output pipes; what is used here are the
	 * pipes that the daemon provides." */
	trace_act(tracer, ACT_E2, 0);
	if (pump_connect(&pump, pipes, c->process_config.tty, &process, err) <
	    0)
		goto undo;

	/* [E3] "Use the factory class called Factory to create, by
	 * factory.Create(<container id>, <container configuration>), a logical
	 * container, called Container; the configuration is filled into the
	 * Container's config." */
	trace_act(tracer, ACT_E3, 0);
	if (factory_create(&native->factory, c->id, config, &container, err) <
	    0)
		goto undo;
	config = NULL; /* the container's now */

	/* [E4] "Execute Container.Start(Process) to start the physical
	 * container." */
	trace_act(tracer, ACT_E4, 0);
	if (container_start(container, &process, err) < 0)
		goto undo;
	result = stay(container, &process, &pump, &c->process_config, callback,
		      status, err);
undo:
	pump_close(&pump);
	process_free(&process);
	/* The program's status is what was asked for. */
	if (container && container_destroy(container, &later) < 0 &&
	    result == 0)
		warn_left(container, &later);
	container_free(container);
	config_free(config);
	return result;
}

/* Load it. An orphan is ended and removed, and then 1 is returned. */
static int load(struct driver *d, const char *id, struct container **out,
		struct error *err)
{
	struct container *container;
	int result;

	if (factory_load(&native_of(d)->factory, id, &container, err) < 0)
		return -1;
	result = container_end_orphan(container, err);
	if (result == 0)
		*out = container;
	else
		container_free(container);
	return result;
}

/* Who has an orphan's id may have it. Any other container keeps it. */
static int end_orphan(struct driver *d, const char *id, struct error *err)
{
	struct container *container;
	struct error why;
	int result = factory_check_id(id, err);

	if (result == 0)
		result = load(d, id, &container, &why);
	else
		return -1;
	if (result == 0)
		container_free(container);
	if (result >= 0 || why.code == ERROR_CONTAINER_NOT_EXISTS)
		return 0;
	*err = why;
	return -1;
}

static int native_run(struct driver *d, struct command *c,
		      const struct pipes *pipes,
		      const struct start_callback *callback,
		      struct exit_status *status, struct error *err)
{
	struct native_driver *native = native_of(d);
	struct config *config;

	*status = (struct exit_status){ .exit_code = -1 };
	if (!c->id)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "id: a string is wanted");
	if (!c->process_config.entrypoint)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "process_config.entrypoint: a program is "
				 "wanted");
	if (end_orphan(d, c->id, err) < 0 ||
	    native_create_config(native, c, &config, err) < 0)
		return -1;
	return run_config(native, c, config, pipes, callback, status, err);
}

static int native_kill(struct driver *d, struct command *c, int sig,
		       struct error *err)
{
	struct container *container;
	int result = load(d, c->id, &container, err);

	if (result != 0)
		return result < 0 ? -1 : 0; /* it has ended */
	result = container_signal(container, sig, err);
	container_free(container);
	return result;
}

static int native_pause(struct driver *d, struct command *c, struct error *err)
{
	struct container *container;
	int result;

	if (factory_load(&native_of(d)->factory, c->id, &container, err) < 0)
		return -1;
	result = container_pause(container, err);
	container_free(container);
	return result;
}

static int native_unpause(struct driver *d, struct command *c,
			  struct error *err)
{
	struct container *container;
	int result;

	if (factory_load(&native_of(d)->factory, c->id, &container, err) < 0)
		return -1;
	result = container_resume(container, err);
	container_free(container);
	return result;
}

static const char *native_name(struct driver *d __attribute__((unused)))
{
	return "native-0.2"; /* Docker 1.8's own */
}

static int native_info(struct driver *d, const char *id,
		       struct driver_info *info, struct error *err)
{
	enum container_status status = CONTAINER_STOPPED;
	struct container *container;
	int result;

	*info = (struct driver_info){ 0 };
	if (factory_load(&native_of(d)->factory, id, &container, err) < 0)
		return err->code == ERROR_CONTAINER_NOT_EXISTS ? 0 : -1;
	result = container_status(container, &status, err);
	info->is_running = container_lives(status);
	info->is_orphaned = status == CONTAINER_ORPHANED;
	container_free(container);
	return result;
}

static int native_get_pids(struct driver *d, const char *id, pid_t **pids,
			   size_t *len, struct error *err)
{
	struct container *container;
	int result;

	if (factory_load(&native_of(d)->factory, id, &container, err) < 0)
		return -1;
	result = container_processes(container, pids, len, err);
	container_free(container);
	return result;
}

/* Whatever it does, also paused, and whoever stays with it. */
static int native_terminate(struct driver *d, struct command *c,
			    struct error *err)
{
	struct container *container;
	int result = load(d, c->id, &container, err);

	if (result != 0)
		return result < 0 ? -1 : 0;
	if (container_end(container, err) < 0)
		result = -1;
	else if (container->directory >= 0) /* its supervisor removes it, too */
		result = container_destroy(container, err);
	container_free(container);
	return result;
}

static int native_clean(struct driver *d, const char *id, struct error *err)
{
	struct container *container;
	int result = load(d, id, &container, err);

	if (result > 0)
		return 0;
	if (result < 0)
		return err->code == ERROR_CONTAINER_NOT_EXISTS ? 0 : -1;
	result = container_destroy(container, err);
	container_free(container);
	return result;
}

static int native_stats(struct driver *d, const char *id,
			struct resource_stats *stats, struct error *err)
{
	struct container *container;
	struct sysinfo machine;
	int result;

	if (factory_load(&native_of(d)->factory, id, &container, err) < 0)
		return -1;
	result = container_stats(container, &stats->stats, err);
	stats->read = (int64_t)time(NULL);
	stats->memory_limit = 0;
	if (container->config->cgroups.memory > 0)
		stats->memory_limit =
			(uint64_t)container->config->cgroups.memory;
	else if (sysinfo(&machine) == 0)
		stats->memory_limit = machine.totalram * machine.mem_unit;
	container_free(container);
	return result;
}

void native_driver_init(struct native_driver *native, const char *root,
			void (*warn)(const char *text))
{
	*native = (struct native_driver){
		.driver =
			{
				.run = native_run,
				.exec = native_exec,
				.kill = native_kill,
				.pause = native_pause,
				.unpause = native_unpause,
				.name = native_name,
				.info = native_info,
				.get_pids_for_container = native_get_pids,
				.terminate = native_terminate,
				.clean = native_clean,
				.stats = native_stats,
			},
		.factory = { .root = root,
			     .init_name = "native",
			     .warn = warn,
			     .stays = true,
			     /* a command.json cannot ask for one */
			     .cgroup_view_is_default = true },
	};
}
