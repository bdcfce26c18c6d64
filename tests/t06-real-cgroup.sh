#!/bin/bash
# t06: the cgroup manager alone, on the kernel that runs here
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_root
tap "$TOP/${BUILD:-build}/tests/real_cgroup"
done_testing
