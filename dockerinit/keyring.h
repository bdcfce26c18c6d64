/* keyring.h  [inside]  a session keyring that is not the caller's */
#ifndef DOCKERINIT_KEYRING_H
#define DOCKERINIT_KEYRING_H

#include "dockerinit/inside.h"

/*
 * keyring_renew - leave the session keyring of the caller for a new one, unless
 * the config has no_new_keyring. To be called while /proc is the host's. A
 * refusal is an error; a kernel without keyrings has nothing to leave. Returns
 * 0, or -1 with *err. Source: session-keyring(7).
 */
int keyring_renew(const struct init *init, struct error *err);

#endif
