/* program.h  [inside]  which file args[0] means */
#ifndef DOCKERINIT_PROGRAM_H
#define DOCKERINIT_PROGRAM_H

#include "libcontainer/system/error.h"

/*
 * program_find - name itself when it holds a "/", else the first executable
 * file of that name in the environment's PATH. The caller's: free(). NULL and
 * ERROR_COMMAND_NOT_FOUND or ERROR_COMMAND_NOT_EXECUTABLE.
 */
char *program_find(const char *name, struct error *err);

/*
 * program_error - *err for a program that could not be executed, by errno.
 * Returns -1.
 */
int program_error(const char *name, struct error *err);

#endif
