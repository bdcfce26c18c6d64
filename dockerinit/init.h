/* init.h  [inside]  the half of the factory that wakes inside the container */
#ifndef DOCKERINIT_INIT_H
#define DOCKERINIT_INIT_H

/*
 * factory_start_initialization - walk the twelve steps. The process must have
 * been started by the outside, with the pipe's descriptor in the environment
 * (syncpipe.h). Does not return when it succeeds, for step 12 becomes the
 * user's program; else the error has gone up the pipe, and what is returned is
 * the exit status to leave with (125, 126 or 127).
 * Source: Factory.StartInitialization, libcontainer 2015.
 */
int factory_start_initialization(void);

#endif
