/*
 * register.c  [inside]  "native" -> the staircase
 *
 * The chapter: "what init does is decided by the implementation that the
 * execdriver has registered in reexec; for libcontainer that is the Factory's
 * StartInitialization()". This object has a constructor and nothing that
 * anybody calls, so it must stand on dockerinit's link line itself: in an
 * archive the linker would leave it out, silently.
 */
#include "dockerinit/init.h"
#include "reexec/reexec.h"

#include <stdlib.h>

static void native_initializer(void)
{
	exit(factory_start_initialization());
}

REEXEC_REGISTER("native", native_initializer)
