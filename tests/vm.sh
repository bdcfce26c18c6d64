#!/bin/bash
# vm.sh [NAME...]  the integration tests on a second kernel
#
# This machine may have cgroup v1 only, and no AppArmor; qemu boots Debian's
# kernel on a copy of its files (see vmtest): once with pure cgroup v2 for all
# tests, once with v1's hierarchies and v2 beside them for those that are about
# cgroups, and once with AppArmor for those that are about it. Where there is
# no qemu, or no kernel package, that is said as one skipped test.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
log=$(mktemp) || exit 1
trap 'rm -f -- "$log"' EXIT

skip() {
	echo "1..0 # SKIP $1"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}

# boot TITLE FLAG... -- NAME...: those tests in a machine with those flags.
worst=0
boot() {
	local title=$1 flags=() status=0
	shift
	while [[ $1 != -- ]]; do
		flags+=("$1")
		shift
	done
	echo "# $title"
	tests/vmtest "${flags[@]}" --disk 64M --timeout "${VM_TIMEOUT:-2400}" \
		--env "BUILD=${BUILD:-build}" --env "SAN=${SAN-}" -- \
		tests/run.sh --integration "${@:2}" | tee -a "$log" || status=$?
	[[ $status -ne 123 ]] || skip "$title cannot be had here"
	case $status in
	124 | 125)
		echo "not ok - the virtual machine ran the tests (status $status)"
		echo "0 passed, 1 failed, 0 skipped" | tee -a "$log"
		;;
	esac
	[[ $status -le $worst ]] || worst=$status
}

tests/setup.sh vm || skip "qemu cannot be had here"
# An emulated machine is some twenty times slower than this one: without names
# it runs what depends on the cgroup layout or the kernel. TESTS=t runs all.
names=("$@")
if [[ $# -eq 0 ]]; then
	set -- t01 t03 t04 t06 t10 t15 t20 t21 t22 t23 t24 t27 t28 t42
	names=("$@" t26)
fi
boot "a machine with pure cgroup v2" --cgroup v2 -- "$@"

# some TITLE FLAG... -- TEST...: of these tests those that were asked for.
some() {
	local machine=() chosen=() name test
	while [[ $1 != -- ]]; do
		machine+=("$1")
		shift
	done
	shift
	for name in "${names[@]}"; do
		for test; do
			if [[ $test == "$name"* ]]; then chosen+=("$test")
			elif [[ $name == "$test"* ]]; then chosen+=("$name"); fi
		done
	done
	[[ ${#chosen[@]} -eq 0 ]] || boot "${machine[@]}" -- "${chosen[@]}"
}
some "a hybrid machine, cgroup v1 and v2" --cgroup hybrid -- t03-stats t06 t27
some "a machine with AppArmor" --apparmor -- t26
awk '/^[0-9]+ passed, / { p += $1; f += $3; s += $5 }
	END { printf "%d passed, %d failed, %d skipped\n", p, f, s }' "$log"
exit "$worst"
