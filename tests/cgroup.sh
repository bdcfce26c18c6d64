# shellcheck shell=bash
# cgroup.sh  containers with limits: their config, their groups, their numbers
#
# Sourced after lib.sh, where rootfs/ stands. $v2 says that this machine's
# cgroups are v2's alone; a hybrid one counts as v1.
# shellcheck disable=SC2154 # what lib.sh sets

v2=''
has_cgroup v1 || v2=1
nsinit spec --rootfs rootfs >plain.json

# limits KEY JSON [KEY JSON]...: plain.json with those cgroup keys.
limits() {
	local text key
	text=$(<plain.json)
	while [[ $# -gt 0 ]]; do
		key=$'\t\t"'$1'": '
		# What stands there goes; a list goes with its lines.
		text=$(awk -v key="$key" '
			index($0, key) == 1 {
				skipping = /\[$/
				next
			}
			skipping { skipping = !/^\t\t\]/; next }
			{ print }' <<<"$text")
		text=${text//$',\n\t}'/$'\n\t}'}
		text=${text/$'\t"cgroups": {'/$'\t"cgroups": {\n'"$key$2,"}
		shift 2
	done
	printf '%s\n' "$text"
}

# start ID FLAG... CMD...: a container in the background; $pid is its init.
start() {
	local id=$1
	shift
	nsinit exec --id "$id" "$@" >"$id.out" 2>"$id.err" &
	starter=$!
	wait_for runs "$id" || {
		not_ok "container $id starts" "$(<"$id.err")"
		exit 1
	}
	pid=$(init_of "$id")
}

init_of() {
	sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' "/run/nsinit/$1/state.json"
}

# Its program runs, and no longer dockerinit.
runs() {
	local init
	init=$(init_of "$1") && [[ $init -gt 0 ]] &&
		[[ $(readlink "/proc/$init/exe") == */probe ||
			$(readlink "/proc/$init/exe") == */busybox ]]
}

# stop: end the container that start made.
stop() {
	kill -KILL "$pid"
	status=0
	wait "$starter" || status=$?
}

# dir PID CONTROLLER: the directory of the process's group, from the host.
dir() {
	local want=$2 controllers path
	if [[ $v2 ]]; then
		sed -n 's|^0::|/sys/fs/cgroup|p' "/proc/$1/cgroup"
		return
	fi
	while IFS=: read -r _ controllers path; do
		[[ ,$controllers, != *,$want,* ]] ||
			echo "/sys/fs/cgroup/${want#name=}$path"
	done <"/proc/$1/cgroup"
}

# value PID CONTROLLER V1-FILE V2-FILE: what the kernel has written down.
value() {
	local file=$3
	[[ ! $v2 ]] || file=$4
	cat "$(dir "$1" "$2")/$file"
}

# v1or2 V1 V2
v1or2() {
	if [[ $v2 ]]; then echo "$2"; else echo "$1"; fi
}

# every_group ID: the container's directories, those that are there.
every_group() {
	find "${cgroups[@]}" -type d -path "*/nsinit/$1" 2>/dev/null
}

# refused SENTENCE REGEX FLAG...
refused() {
	local text=$1 regex=$2
	shift 2
	run nsinit exec --id no "$@" /bin/true
	if [[ $status -eq 125 && $err =~ $regex && $err != *$'\n'* &&
		! $(every_group no) && ! -e /run/nsinit/no ]]; then
		ok "$text"
	else
		not_ok "$text" "status $status, said: $err
like: $regex
left: $(every_group no) $(ls /run/nsinit)"
	fi
}
