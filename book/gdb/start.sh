#!/bin/bash
# start.sh check|run gdb|gdb-both|gdb-exec  what `make gdb` and its kin do
#
# From the environment, as it was typed:
#   GDB_STEP    the numbers of the steps to stop before; gdb-both: S1 to S5, too
#   GDB_CMD     what to run in the container in place of a shell
#   GDB_FLAGS   more flags of nsinit exec
#   GDB_SCRIPT  a file of gdb commands, in place of a person at the terminal
# "check" looks at these before anything is built, "run" does it.
set -uo pipefail

top=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd) || exit 1
phase=$1 mode=$2
bin=$top/${GDB_BIN:-build/debug/bin}
read -ra steps <<<"${GDB_STEP-}" || :
read -ra flags <<<"${GDB_FLAGS-}" || :

die() {
	echo "make $mode: $*" >&2
	exit 1
}

# --- what was asked for ------------------------------------------------------

# The numbers of the steps that a process of that type walks.
walked_by() { # STANDARD|SETNS
	sed -nE "s/^STEP\(([0-9]+), [a-z0-9_]+, INIT_(BOTH|$1),.*/\1/p" \
		"$top/dockerinit/steps.def" | tr '\n' ' '
}

check_steps() {
	local all joining step acts=''
	[[ $mode != gdb-both ]] || acts=' S1 S2 S3 S4 S5'
	all=$(walked_by '[A-Z]+') joining=$(walked_by SETNS)
	for step in "${steps[@]}"; do
		[[ $mode != gdb-both || $step != S[1-5] ]] || continue
		[[ $step =~ ^[0-9]+$ && " $all" == *" $step "* ]] ||
			die "STEP=$step: there is no such step; they are$acts ${all% }"
		[[ $mode != gdb-exec || " $joining" == *" $step "* ]] ||
			die "STEP=$step: a process that joins does not take" \
				"that step; it takes ${joining% }"
	done
}

check() {
	check_steps
	if [[ ${GDB_SCRIPT-} ]]; then
		[[ -f $GDB_SCRIPT && -r $GDB_SCRIPT ]] ||
			die "SCRIPT=$GDB_SCRIPT: there is no such file to read"
	elif [[ ! -t 0 || ! -t 1 ]]; then
		die "gdb needs a terminal to ask at, and there is none;" \
			"SCRIPT=FILE gives it commands from a file"
	fi
}

# --- may gdb trace here? -----------------------------------------------------

status_of_us() { # FIELD
	sed -n "s/^$1:[[:space:]]*//p" /proc/self/status
}

why_not() { # WHAT-GDB-SAID
	local scope tracer
	scope=$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)
	tracer=$(status_of_us TracerPid)
	if [[ $tracer != 0 ]]; then
		echo "process $tracer ($(cat "/proc/$tracer/comm")) traces us" \
			"already, and a process has one tracer"
	elif [[ $scope -ge 3 ]]; then
		echo "kernel.yama.ptrace_scope is $scope, until the next boot"
	elif [[ $scope -eq 2 && $EUID -ne 0 ]]; then
		echo "kernel.yama.ptrace_scope is 2: only root may"
	elif [[ $(status_of_us Seccomp) != 0 ]]; then
		echo "a seccomp filter forbids it (inside a container?)"
	else
		grep -m 1 -i ptrace <<<"$1" || tail -n 1 <<<"$1"
	fi
}

check_ptrace() {
	local said
	command -v gdb >/dev/null ||
		die "there is no gdb; as root: apt-get install gdb"
	[[ $(gdb -nx -q -batch -ex 'python print(6 * 7)' 2>&1) == 42 ]] ||
		die "this gdb has no Python; as root: apt-get install gdb"
	said=$(SHELL=/bin/sh gdb -nx -q -batch -ex run --args /bin/true \
		</dev/null 2>&1)
	[[ $said == *'exited normally]'* ]] ||
		die "gdb may trace no process here (ptrace): $(why_not "$said")"
}

# --- a container to join -----------------------------------------------------

# It lives until our end of its input is closed, be it by our death.
begin_other() {
	local ready=''
	coproc other {
		exec "$bin/nsinit" exec --id "$id" "${flags[@]}" \
			/bin/sh -c 'echo ready; exec cat'
	}
	# shellcheck disable=SC2154 # other_PID is coproc's
	other_end=${other[1]} other_pid=$other_PID
	IFS= read -r ready <&"${other[0]}"
	[[ $ready == ready ]] || die "the container to join did not begin"
	echo "[container] $id runs in the background, to be joined"
	flags=()
}

end_other() {
	eval "exec $other_end>&-"
	wait "$other_pid"
}

# --- run ---------------------------------------------------------------------

run() {
	local command="container-steps ${steps[*]}" status=0
	local options=(-x "$top/book/gdb/container.py") words=(/bin/sh)

	[[ ! ${GDB_CMD-} ]] || words+=(-c "$GDB_CMD")
	if [[ $mode == gdb-both ]]; then
		options+=(-x "$top/book/gdb/both.py")
		command="container-both ${steps[*]}"
	fi
	options+=(-ex "$command")
	[[ ! ${GDB_SCRIPT-} ]] || options+=(-x "$(realpath "$GDB_SCRIPT")")
	id=gdb-$$
	cd "$top/rootfs" || exit 1
	[[ $mode != gdb-exec ]] || begin_other
	options+=(--args "$bin/nsinit" --plain-init exec --id "$id"
		"${flags[@]}" "${words[@]}")
	export SHELL=/bin/sh # which gdb starts nsinit with
	unset DEBUGINFOD_URLS
	if [[ ${GDB_SCRIPT-} ]]; then
		gdb -nx -q -batch "${options[@]}" </dev/null
	else
		# A job of its own: Ctrl-C at gdb's prompt is not make's.
		set -m
		gdb -nx -q "${options[@]}"
	fi || status=$?
	[[ $mode != gdb-exec ]] || end_other
	# If nsinit itself was killed, its next run finds what is left.
	"$bin/nsinit" exec --id "$id" /.none </dev/null >/dev/null 2>&1
	return $status
}

check
[[ $phase == run ]] || exit 0
check_ptrace
run
