/* tracer.c  [outside]  the table of acts, and the hooks of the pipeline */
#include "libcontainer/trace/tracer.h"

const struct act acts[ACTS] = {
#define ACT(tag, name, function, file, chapter) \
	{ #tag, name, #function, file, chapter },
#include "libcontainer/trace/acts.def"
#undef ACT
};

void trace_act(struct tracer *tracer, enum act_number act, pid_t pid)
{
	if (tracer && tracer->act)
		tracer->act(tracer, &acts[act], pid);
}

void trace_done(struct tracer *tracer, pid_t pid, const struct error *err)
{
	if (tracer && tracer->done)
		tracer->done(tracer, pid, err);
}
