#!/bin/bash
# vm.sh [NAME...]  the integration tests on a second kernel: pure cgroup v2
#
# This machine may have cgroup v1 only; qemu boots Debian's kernel on a copy of
# its files (see vmtest). Where there is no qemu, or no kernel package, that is
# said as one skipped test.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

skip() {
	echo "1..0 # SKIP $1"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}

tests/setup.sh vm || skip "qemu cannot be had here"
tests/vmtest --cgroup v2 --timeout "${VM_TIMEOUT:-1500}" \
	--env "BUILD=${BUILD:-build}" --env "SAN=${SAN-}" -- \
	tests/run.sh --integration "$@"
status=$?
[[ $status -ne 123 ]] || skip "a machine with pure cgroup v2 cannot be had here"
case $status in
124 | 125)
	echo "not ok - the virtual machine ran the tests (status $status)"
	echo "0 passed, 1 failed, 0 skipped"
	;;
esac
exit "$status"
