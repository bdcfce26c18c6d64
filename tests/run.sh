#!/bin/bash
# run.sh [--unit|--integration|--inject] [NAME...]  run tests and count
#
# Everything speaks TAP: the unit suites (libcheck, one program), the scripts
# that read the sources (rooms, size, style, sentences, security), and
# tests/tNN-*.sh, which use the real kernel; tests/inject/ is apart. NAME is the
# beginning of a script's name. The last line is "N passed, N failed,
# N skipped"; the status is 1 when a test failed or none ran.
set -uo pipefail
shopt -s extglob

cd "$(dirname "$0")/.." || exit 1
export TEST_CGROUP=tests-$$
export BUILD=${BUILD:-build} SAN=${SAN-}
# A test that calls make gets what this make was told, but no job server.
if [[ ${MAKEFLAGS-} ]]; then
	export MAKEFLAGS="${MAKEFLAGS/--jobserver-auth=*([^ ])/}"
fi
unset MAKELEVEL MFLAGS

part=all
case ${1-} in
--unit | --integration | --inject) part=${1#--} && shift ;;
esac

# A student's tree has labs without their wrong answers, and a container of it
# may have the host's files for its own.
for lab in book/labs/*/lab.md; do
	if [[ $part != unit && -e $lab && ! -d ${lab%/*}/mutants ]]; then
		echo "tests: this is the skeleton of a lab: make grade LAB=N" >&2
		exit 1
	fi
done

work=$(mktemp -d "${TMPDIR:-/tmp}/tests.XXXXXX") || exit 1
chmod 0755 "$work"
trap 'tidy; rm -rf --one-file-system -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP PIPE
passed=0 failed=0 skipped=0
: >"$work/failures"
: >"$work/skips"

if [[ $SAN ]]; then
	export UBSAN_OPTIONS=print_stacktrace=1
fi

# As root each test gets namespaces of its own; an ordinary user's tests say
# themselves what they cannot do.
isolate=() TEST_ISOLATED=''
if [[ $EUID -eq 0 ]]; then
	isolate=(unshare --mount --pid --net --uts --ipc --fork --kill-child
		--mount-proc --propagation private)
	# In a chroot, / is no mount point: nothing can be said about its
	# propagation there. setns to the mount namespace one is in goes back
	# to its real root, where it can. Then / is bound on itself, and the
	# way into what now covers it is /.. (busybox: the other chroot does
	# nothing when its argument looks like /).
	# shellcheck disable=SC2016 # for the inner shells
	if ! awk '$5 == "/" { found = 1 } END { exit !found }' \
		/proc/self/mountinfo; then
		isolate=(unshare --mount --propagation unchanged bash -c '
			nsenter --mount=/proc/self/ns/mnt \
				mount --make-rprivate / &&
			mount --rbind / / &&
			exec busybox chroot /.. bash -c "cd \"\$0\" &&
				exec \"\$@\"" "$PWD" "$@"' chroot
			"${isolate[@]}")
	fi
	if "${isolate[@]}" true 2>/dev/null; then TEST_ISOLATED=1
	else isolate=(); fi
fi
export TEST_ISOLATED

# tally NAME STATUS FILE: count what a test said. Beside its own failures, one
# counts when it stopped without telling, or told another number of tests than
# it planned, or a sanitizer complained.
tally() {
	local name=$1 status=$2 p f s broken
	read -r p f s broken < <(awk -v name="$name" -v status="$2" \
		-v skips="$work/skips" -v failures="$work/failures" '
		/^ok .*# SKIP/ {
			s++; sub(/^ok [0-9]* - /, "")
			print name ": " $0 >>skips; next
		}
		/^ok / { p++ }
		/^not ok / { f++; print name ": " $0 >>failures }
		/^1\.\.0 # SKIP/ {
			all = 1; s++; sub(/^1\.\.0 /, "")
			print name ": " $0 >>skips; next
		}
		/^1\.\.[0-9]+/ { plan = substr($1, 4) + 0; planned = 1 }
		END {
			broken = all ? 0 : !planned || plan != p + f + s
			if (status && !f) broken = 1
			print p + 0, f + 0, s + 0, broken
		}' "$3")
	if [[ $broken -ne 0 ]]; then
		f=$((f + 1))
		case $status in
		124 | 137) status="$status, out of time?" ;;
		esac
		echo "$name: ended early (status $status)" |
			tee -a "$work/failures" | sed 's/^/not ok - /'
	fi
	if [[ $SAN ]] && grep -rIlE 'Sanitizer|runtime error:' \
		"$3" "$work/dir" >/dev/null 2>&1; then
		f=$((f + 1))
		echo "$name: a sanitizer complained" |
			tee -a "$work/failures" | sed 's/^/not ok - /'
		grep -rIhE -A12 'Sanitizer|runtime error:' "$3" "$work/dir" |
			sed 's/^/#   /'
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# one NAME COMMAND...: run a test and tally it. Its folder and its cgroups
# (lib.sh makes those) go afterwards, whatever became of it.
one() {
	local name=$1 status=0 begin=$SECONDS
	shift
	echo "# $name"
	mkdir "$work/dir"
	chmod 0755 "$work/dir"
	TEST_DIR=$work/dir "$@" </dev/null 2>&1 | tee "$work/said"
	status=${PIPESTATUS[0]}
	tally "$name" "$status" "$work/said"
	echo "# $name took $((SECONDS - begin)) s"
	rm -rf --one-file-system -- "$work/dir"
	tidy
}

# The cgroups of a test that was killed are empty soon, but not at once.
tidy() {
	local i
	for i in 1 2 3 4 5; do
		find /sys/fs/cgroup -depth -type d -path "*/$TEST_CGROUP*" \
			-exec rmdir {} + 2>/dev/null && return
		sleep "0.$i"
	done
}

# A script says how long it may take: "# timeout: SECONDS", else two minutes.
limit() {
	local seconds
	seconds=$(sed -n 's/^# timeout: \([0-9]*\)$/\1/p' "$1")
	seconds=${seconds:-120}
	[[ ! ${VMTEST-} ]] || seconds=$((seconds * 10))
	echo "$seconds"
}

wanted() { # NAME PATTERN...
	local name=$1 begin
	shift
	[[ $# -gt 0 ]] || return 0
	for begin; do
		[[ $name != "$begin"* ]] || return 0
	done
	return 1
}

if [[ $part == all || $part == unit ]] && wanted unit "$@"; then
	CK_TAP_LOG_FILE_NAME=- CK_VERBOSITY=silent CK_DEFAULT_TIMEOUT=30 \
		one unit timeout 300 "$BUILD/tests/unit"
fi
for name in rooms size style sentences security; do
	if [[ $part == all ]] && wanted "$name" "$@"; then
		one "$name" timeout 300 "tests/$name.sh"
	fi
done
scripts=(tests/t[0-9]*.sh)
[[ $part != inject ]] || scripts=(tests/inject/@(fail|kill).sh)
for script in "${scripts[@]}"; do
	name=$(basename "$script" .sh)
	if [[ -e $script && $part != unit ]] && wanted "$name" "$@"; then
		one "$name" timeout --foreground -s KILL "$(limit "$script")" \
			"${isolate[@]}" bash "$script"
	fi
done

echo
if [[ -s $work/skips ]]; then
	echo "skipped:"
	sed 's/# SKIP/--/; s/^/  /' "$work/skips"
fi
if [[ -s $work/failures ]]; then
	echo "failed:"
	sed 's/^/  /' "$work/failures"
fi
if [[ $((passed + failed)) -eq 0 ]]; then
	echo "run.sh: no test ran" >&2
	failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 ]]
