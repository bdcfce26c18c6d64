/*
 * pipes.c  [outside]  the daemon's pipes, to and from a process
 *
 * Plain: three pipes, so that stdout and stderr stay apart and the end of
 * input reaches the process. With a tty: one console, two directions.
 * Our ends are O_NONBLOCK, the process's are not: a program expects to wait.
 */
#include "execdriver/pipes.h"

#include "libcontainer/system/cleanup.h"

#include <fcntl.h>
#include <unistd.h>

/* One direction: a pipe with its outer end in the relay. */
static int connect_one(struct pump *pump, int number, int daemon_end,
		       struct error *err)
{
	bool outward = number != STDIN_FILENO;
	struct stream *stream;
	int ends[2], ours;

	if (daemon_end < 0) {
		pump->process_ends[number] =
			open("/dev/null", O_RDWR | O_CLOEXEC);
		if (pump->process_ends[number] < 0)
			return error_errno(err, "open /dev/null");
		return 0;
	}
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, "make a pipe");
	ours = ends[outward ? 0 : 1];
	pump->process_ends[number] = ends[outward ? 1 : 0];
	if (fcntl(ours, F_SETFL, O_NONBLOCK) < 0) {
		close(ours);
		return error_errno(err, "make a pipe non-blocking");
	}
	stream = relay_add(&pump->relay, outward ? ours : daemon_end,
			   outward ? daemon_end : ours, outward);
	stream->own_from = outward;
	stream->own_to = !outward;
	return 0;
}

int pump_connect(struct pump *pump, const struct pipes *pipes, bool tty,
		 struct process *process, struct error *err)
{
	const int daemon_ends[3] = { pipes->input, pipes->output,
				     pipes->error };

	relay_init(&pump->relay, process, pipes->signals);
	pump->pipes = pipes;
	for (int i = 0; i < 3; i++)
		pump->process_ends[i] = -1;
	process->tty = tty;
	if (tty)
		return 0;
	for (int i = 0; i < 3; i++) {
		if (connect_one(pump, i, daemon_ends[i], err) < 0)
			return -1;
		process->stdio[i] = pump->process_ends[i];
	}
	return 0;
}

/* While we hold the writing ends, the reading ones have no end of file. */
static void close_process_ends(struct pump *pump)
{
	for (int i = 0; i < 3; i++) {
		if (pump->process_ends[i] >= 0)
			close(pump->process_ends[i]);
		pump->process_ends[i] = -1;
	}
}

int pump_run(struct pump *pump, struct error *err)
{
	int console = pump->relay.process->console;

	close_process_ends(pump);
	if (console >= 0) {
		if (fcntl(console, F_SETFL, O_RDWR | O_NONBLOCK) < 0)
			return error_errno(err, "make the console "
						"non-blocking");
		if (pump->pipes->input >= 0)
			relay_add(&pump->relay, pump->pipes->input, console,
				  false)
				->to_console = true;
		relay_add(&pump->relay, console, pump->pipes->output, true)
			->from_console = true;
	}
	return relay_run(&pump->relay, err);
}

void pump_close(struct pump *pump)
{
	close_process_ends(pump);
	relay_close(&pump->relay);
}
