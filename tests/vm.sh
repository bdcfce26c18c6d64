#!/bin/bash
# vm.sh [NAME...]  the integration tests on a second kernel
#
# This machine may have cgroup v1 only, and no AppArmor; qemu boots Debian's
# kernel on a copy of its files (see vmtest): once with pure cgroup v2 for all
# tests, and once with AppArmor for those that are about it. Where there is no
# qemu, or no kernel package, that is said as one skipped test.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

skip() {
	echo "1..0 # SKIP $1"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}

tests/setup.sh vm || skip "qemu cannot be had here"
result=0

# machine WHAT FLAG... -- NAME...: run these tests in one such machine.
machine() {
	local what=$1 flags=() status=0
	shift
	while [[ $1 != -- ]]; do
		flags+=("$1")
		shift
	done
	shift
	echo "# a machine with $what"
	tests/vmtest "${flags[@]}" --timeout "${VM_TIMEOUT:-1500}" \
		--env "BUILD=${BUILD:-build}" --env "SAN=${SAN-}" -- \
		tests/run.sh --integration "$@" || status=$?
	case $status in
	0) return ;;
	123) skip "a machine with $what cannot be had here" ;;
	124 | 125)
		echo "not ok - the virtual machine ran the tests" \
			"(status $status)"
		echo "0 passed, 1 failed, 0 skipped"
		;;
	esac
	result=$status
}

machine "pure cgroup v2" --cgroup v2 -- "$@"
# A name that was given may be of no test about AppArmor.
if [[ $# -eq 0 || " $*" == *" t26"* ]]; then
	machine "AppArmor" --apparmor -- t26
fi
exit "$result"
