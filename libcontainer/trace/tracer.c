/* tracer.c  [outside]  the table of acts, and the hooks of the pipeline */
#include "libcontainer/trace/tracer.h"

const struct act acts[ACTS] = {
#define ACT(tag, name, function, file, chapter) \
	{ #tag, name, #function, file, chapter },
#include "libcontainer/trace/acts.def"
#undef ACT
};

int trace_begin(struct tracer *tracer, const struct container *container,
		const struct process *process, bool joined, struct error *err)
{
	if (tracer)
		tracer->watched = false;
	if (tracer && tracer->begin)
		return tracer->begin(tracer, container, process, joined, err);
	return 0;
}

void trace_act(struct tracer *tracer, enum act_number act, pid_t pid)
{
	if (tracer && tracer->act)
		tracer->act(tracer, &acts[act], pid);
}

void trace_executed(struct tracer *tracer, pid_t pid)
{
	if (tracer && tracer->executed)
		tracer->executed(tracer, pid);
	if (tracer)
		tracer->watched = false;
}

void trace_note(struct tracer *tracer, const char *text)
{
	if (tracer && tracer->note)
		tracer->note(tracer, text);
}

void trace_done(struct tracer *tracer, pid_t pid, const struct error *err)
{
	if (tracer && tracer->done)
		tracer->done(tracer, pid, err);
}
