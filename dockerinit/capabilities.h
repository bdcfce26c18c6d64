/* capabilities.h  [inside]  the five capability sets */
#ifndef DOCKERINIT_CAPABILITIES_H
#define DOCKERINIT_CAPABILITIES_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

/*
 * capabilities_drop_bounding - take everything out of the bounding set that is
 * not in wanted->bounding. Needs CAP_SETPCAP. Returns 0 or -1.
 */
int capabilities_drop_bounding(const struct capabilities *wanted,
			       struct error *err);

/*
 * capabilities_set - make permitted, effective, inheritable and ambient what
 * wanted says, exactly. Returns 0 or -1.
 */
int capabilities_set(const struct capabilities *wanted, struct error *err);

#endif
