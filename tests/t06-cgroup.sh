#!/bin/bash
# t06: a container is in its cgroups, is held by them, and takes them along
# timeout: 180
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_root
cd "$TEST_DIR"
busybox_rootfs rootfs
cp "$PROBE" rootfs/probe
# shellcheck source=tests/cgroup.sh
. "$TOP/tests/cgroup.sh"

# Our own groups as they would be with /nsinit/ID: below us, or (v2) beside us.
expected_groups() { # ID
	local n controllers path
	while IFS=: read -r n controllers path; do
		path=${path%/}
		[[ $controllers ]] || {
			# A hybrid machine's v2 tree keeps only names.
			[[ $v2 ]] || { echo "$n::${path:-/}"; continue; }
			path=${path%/*}
		}
		# Known to the kernel, mounted in another namespace: not ours.
		[[ ! $controllers || -e /sys/fs/cgroup/${controllers#name=} ]] ||
			{ echo "$n:$controllers:${path:-/}"; continue; }
		echo "$n:$controllers:$path/nsinit/$1"
	done </proc/self/cgroup
}

# --- where it is -------------------------------------------------------------

start place --rootfs rootfs /probe sleep 1000
is "$(<"/proc/$pid/cgroup")" "$(expected_groups place)" \
	"the container is in nsinit/ID below our own group, in each hierarchy"
nsinit exec --id place /bin/sh -c 'sleep 1000; :' &
joiner=$!
joined=''
two() {
	joined=$(grep -vx "$pid" "$(dir "$pid" memory)/cgroup.procs" | tail -n1) &&
		[[ $(readlink "/proc/$joined/exe") == */busybox ]]
}
passes "a process that joins appears in its cgroup.procs" wait_for two
is "$(<"/proc/$joined/cgroup")" "$(<"/proc/$pid/cgroup")" \
	"... and is in each of the same groups"
like "$(every_group place | wc -l)" "$(v1or2 '^([5-9]|1[0-9])$' '^1$')" \
	"state and kernel name the same directories"
stop
is "$status" 137 "a killed container's status is 128 + 9"
wait "$joiner" || :
is "$(every_group place)" "" "its groups are gone with it"
run nsinit exec --id place --rootfs rootfs /bin/cat /proc/self/cgroup
is "$out" "$(expected_groups place)" \
	"the process finds itself in the groups before its first instruction"

# --- the numbers -------------------------------------------------------------

keys=(memory 67108864 memory_reservation 33554432 cpu_shares 512
	cpu_quota 50000 cpu_period 200000 pids_limit 7)
cpus=$(sed -n 's/^Cpus_allowed_list:\t\([0-9]*\).*/\1/p' /proc/self/status)
has_cpuset=''
! has_cgroup "$(v1or2 v1 v2)" cpuset || has_cpuset=1
[[ ! $has_cpuset ]] || keys+=(cpuset_cpus "\"$cpus\"" cpuset_mems '"0"')
limits "${keys[@]}" >limits.json
start numbers --config limits.json /probe sleep 1000
is "$(value "$pid" memory memory.limit_in_bytes memory.max)" 67108864 \
	"cgroups.memory is the kernel's limit of memory"
is "$(value "$pid" memory memory.soft_limit_in_bytes memory.low)" 33554432 \
	"cgroups.memory_reservation is its soft limit"
is "$(value "$pid" cpu cpu.shares cpu.weight)" "$(v1or2 512 20)" \
	"cgroups.cpu_shares is its part of the processor"
quota=$(value "$pid" cpu cpu.cfs_quota_us cpu.max)
[[ $v2 ]] || quota+=" $(value "$pid" cpu cpu.cfs_period_us '')"
is "$quota" "50000 200000" \
	"cgroups.cpu_quota and cpu_period are its quota"
is "$(value "$pid" pids pids.max pids.max)" 7 \
	"cgroups.pids_limit is its number of processes"
if [[ $has_cpuset ]]; then
	is "$(value "$pid" cpuset cpuset.cpus cpuset.cpus)" "$cpus" \
		"cgroups.cpuset_cpus is its list of processors"
	is "$(value "$pid" cpuset cpuset.mems cpuset.mems)" 0 \
		"cgroups.cpuset_mems is its list of memory nodes"
	is "$(sed -n 's/^Cpus_allowed_list:\t//p' "/proc/$pid/status")" \
		"$cpus" "... and the process may use no other"
else
	skip "cgroups.cpuset_cpus is its list of processors" "no cpuset here"
fi
stop

swap_file=$(v1or2 memory.memsw.limit_in_bytes memory.swap.max)
limits memory 33554432 memory_swap 50331648 >swap.json
run nsinit exec --id swap --config swap.json /bin/true
if [[ $err == *"$swap_file"* ]]; then
	like "$err" 'cgroups.memory_swap' \
		"a kernel that does not count swap refuses cgroups.memory_swap"
else
	start swap --config swap.json /probe sleep 1000
	is "$(value "$pid" memory memory.memsw.limit_in_bytes \
		memory.swap.max)" "$(v1or2 50331648 16777216)" \
		"cgroups.memory_swap limits memory and swap together"
	stop
fi

start flags --rootfs rootfs --memory-limit 50000000 --cpushares 2048 \
	/probe sleep 1000
like "$(value "$pid" memory memory.limit_in_bytes memory.max)" '^4999[0-9]{4}$' \
	"--memory-limit limits it (in whole pages)"
is "$(value "$pid" cpu cpu.shares cpu.weight)" "$(v1or2 2048 79)" \
	"--cpushares gives it its part"
stop

# --- what they do ------------------------------------------------------------

# Without swap, so that it has nowhere to go.
limits memory 25165824 >memory.json
[[ ! -e $(dir self memory)/$swap_file ]] ||
	limits memory 25165824 memory_swap 25165824 >memory.json
run nsinit exec --id memory --config memory.json /probe memory 64
is "$status" 137 "a container above its limit of memory is killed"
run nsinit exec --id memory --config memory.json /bin/sh -c \
	'/probe memory 64; echo "child $?"; /probe memory 4'
is "$out" $'child 137\nmemory 4 ok' \
	"a child above the limit is killed, and the container lives on"

limits pids_limit 5 >pids.json
run nsinit exec --id pids --config pids.json /probe forks 20
is "$out" "forks 4 EAGAIN" "the limit of processes lets no more be born"
start pids --config pids.json /probe sleep 1000
run nsinit exec --id pids /probe forks 20
like "$out" '^forks [23] EAGAIN$' "... and counts those that join"
stop

limits cpu_quota 20000 cpu_period 100000 >quota.json
run nsinit exec --id quota --config quota.json /probe spin 1000
got=${out#spin }
# An emulated processor is measured badly.
if [[ $got -ge 20 && $got -le $((SLOW > 1 ? 700 : 450)) ]]; then
	ok "a fifth of a processor gives about 200 ms in a second"
else
	not_ok "a fifth of a processor gives about 200 ms in a second" "$out"
fi

# --- devices -----------------------------------------------------------------

# node TYPE MAJOR MINOR: make it, and open it for reading.
# shellcheck disable=SC2016 # it is for the shell in the container
node='mknod /dev/n $1 $2 $3 && dd if=/dev/n of=/dev/null bs=1 count=1 2>&1'
run nsinit exec --id dev --rootfs rootfs /bin/sh -c "$node" sh c 1 5
is "$status" 0 "a node of an allowed device opens"
run nsinit exec --id dev --rootfs rootfs /bin/sh -c "$node" sh c 1 1
like "$out" 'Operation not permitted' \
	"a node of another (the machine's memory) can be made, not opened"
run nsinit exec --id dev --rootfs rootfs /bin/sh -c "$node" sh b 7 0
like "$out" 'Operation not permitted' "... and neither can a block device"
rule() { # MINOR PERMISSIONS
	echo '{"type": 99, "major": 1, "minor": '"$1"', "permissions": "'"$2"'"}'
}
# The nodes of the config are made under these rules, too.
limits allowed_devices "[$(rule -1 m), $(rule 3 rw), $(rule 5 r),
	{\"type\": 99, \"major\": 5, \"minor\": -1, \"permissions\": \"m\"}]" \
	>allowed.json
run nsinit exec --id dev --config allowed.json /probe write /dev/null x , \
	write /dev/zero x , write /dev/full x , try mknod
is "$out" $'write /dev/null ok\nwrite /dev/zero EPERM
write /dev/full EPERM\ntry mknod ok' \
	"allowed_devices are all there are, each with its permissions"
limits allowed_devices "[$(rule 3 rwm), $(rule 5 r)]" >allowed.json
run nsinit exec --id dev --config allowed.json /probe say never
like "$status $out$err" '^125 nsinit: .*step 8 .*mknod /dev/[a-z]*: Operation not permitted$' \
	"a device that they do not let the container make is an error"
limits allow_all_devices true denied_devices "[$(rule 5 w)]" >denied.json
run nsinit exec --id dev --config denied.json /bin/sh -c \
	'/probe write /dev/zero x , write /dev/null x; head -c1 /dev/zero | wc -c'
is "$out" $'write /dev/zero EPERM\nwrite /dev/null ok\n1' \
	"denied_devices are taken from those that are allowed"

# --- the freezer -------------------------------------------------------------

freezer() { # PID frozen|thawed
	if [[ $v2 ]]; then
		[[ $2 != frozen ]] || set -- "$1" 1
		echo "${2/thawed/0}" >"$(dir "$1" '')/cgroup.freeze"
	else
		echo "${2^^}" >"$(dir "$1" freezer)/freezer.state"
	fi
}
is_frozen() { # PID
	if [[ $v2 ]]; then
		grep -qx 'frozen 1' "$(dir "$1" '')/cgroup.events"
	else
		grep -qx FROZEN "$(dir "$1" freezer)/freezer.state"
	fi
}
start cold --rootfs rootfs /bin/sh -c \
	'while :; do echo x >>/tmp/ticks; /probe sleep 0.01; done'
wait_for test -s rootfs/tmp/ticks || :
freezer "$pid" frozen
wait_for is_frozen "$pid" || not_ok "the kernel freezes it"
before=$(wc -c <rootfs/tmp/ticks)
sleep 0.3
is "$(wc -c <rootfs/tmp/ticks)" "$before" "a frozen container stands still"
run nsinit exec --id cold /bin/true
is "$status" 125 "nobody joins a paused container"
like "$err" '^nsinit: exec: .*cold.* is paused$' "... and the message says so"
freezer "$pid" thawed
ticks_more() { [[ $(wc -c <rootfs/tmp/ticks) -gt $before ]]; }
passes "a thawed container goes on" wait_for ticks_more
run nsinit exec --id cold /bin/true
is "$status" 0 "... and can be joined again"
stop
rm rootfs/tmp/ticks

# --- what is left in them ----------------------------------------------------

# Its own pid namespace dies with its init. In a shared one nobody would care.
start shared --rootfs rootfs --pid host /bin/sh -c \
	'sleep 1000 & setsid sleep 1000 & exec /probe sleep 1000'
three() { [[ $(wc -l <"$(dir "$pid" memory)/cgroup.procs") -eq 3 ]]; }
wait_for three || :
mapfile -t children < <(grep -vx "$pid" "$(dir "$pid" memory)/cgroup.procs")
is "${#children[@]}" 2 "a container in a shared pid namespace has two children"
stop
alive=''
for child in "${children[@]}"; do
	[[ ! -e /proc/$child ]] || alive+=" $child"
done
is "$alive" "" "... which do not outlive its first process"
is "$(every_group shared)" "" "... and neither do its groups"

start nested --rootfs rootfs /bin/sh -c 'sleep 1000 & exec /probe sleep 1000'
wait_for pgrep -P "$pid" || :
child=$(pgrep -P "$pid")
made=()
for group in $(every_group nested); do
	mkdir -p "$group/inner/most"
	made+=("$group/inner/most")
done
inner=$(dir "$pid" pids)/inner/most
echo "$child" >"$inner/cgroup.procs"
is "$(<"$inner/cgroup.procs")" "$child" "a child of it went into a group below"
stop
is "$(find "${made[@]}" -maxdepth 0 2>/dev/null)" "" \
	"groups below its own are removed, too"

# --- what is refused ---------------------------------------------------------

used=$(expected_groups no | sed -n 's|^[0-9]*:[^:]*pids[^:]*:|/sys/fs/cgroup/pids|p
	s|^0::|/sys/fs/cgroup|p' | head -n1)
[[ $v2 ]] || used=$(dir self pids)/nsinit/no
mkdir -p "$used"
sleep 1000 &
stranger=$!
[[ ! $v2 || -d $used ]] || exit 1
echo "$stranger" >"$used/cgroup.procs"
run nsinit exec --id no --rootfs rootfs /bin/true
is "$status" 125 "a group with somebody else's process in it is refused"
like "$err" "^nsinit: exec: cgroup $used is in use: pid $stranger is in it; end that process, or take another cgroups.name, or id$" \
	"... in one line that names the process, and a way out"
is "$(<"$used/cgroup.procs")" "$stranger" "... and both are left as they were"
is "$(find "${cgroups[@]}" -path '*/nsinit/no')" "$used" \
	"... while the others that were made are removed"
kill "$stranger"
wait "$stranger" 2>/dev/null || :
rmdir "$used" "${used%/*}"

if [[ $has_cpuset ]]; then
	limits cpuset_cpus '"4095"' >cpuset.json
	refused "a processor that is not there is refused by file and value" \
		'cgroups.cpuset_cpus: write "4095" to /.*/cpuset.cpus: ' \
		--config cpuset.json
else
	skip "a processor that is not there is refused" "no cpuset here"
fi
limits cpu_quota 1 >quota.json
refused "so is a quota that is too small for the kernel" \
	"cgroups.cpu_quota: 1 us is less than the kernel's least, 1000 us" \
	--config quota.json
limits allowed_devices '[{"type": 99, "major": 1, "minor": 3}]' >rule.json
refused "a device rule without permissions is refused" \
	'cgroups.allowed_devices\[0\].permissions' --config rule.json
refused "... and shares that the kernel would bend" \
	'--cpushares 1: a number from 2' --rootfs rootfs --cpushares 1
limits memory 33554432 memory_swap 16777216 >swap.json
refused "... and less memory and swap together than memory" \
	'cgroups.memory_swap' --config swap.json
cat >place.json <<-JSON
	{"rootfs": "$TEST_DIR/rootfs", "namespaces": [{"type": "NEWNS"}, {"type": "NEWPID"}]}
JSON
start nsinit --config place.json /probe sleep 1000
is "$(<"/proc/$pid/cgroup")" "$(expected_groups nsinit)" \
	"a file that names no cgroup has the template's place"
stop
start flags --rootfs rootfs --pids-limit 9 /probe sleep 1000
is "$(value "$pid" pids pids.max pids.max)" 9 \
	"--pids-limit is a flag for the number of processes"
stop
refused "--memory-swap alone says that it needs memory" \
	'cgroups.memory_swap: .* needs cgroups.memory, .* \(--memory-swap 16777216\)$' \
	--rootfs rootfs --memory-swap 16777216
limits blkio_weight 9 >weight.json
refused "... and a weight below 10" \
	'cgroups.blkio_weight: 9 is not between 10 and 1000$' --config weight.json
limits unified '{"memory.max": "1"}' >unified.json
if [[ $v2 ]]; then
	limits unified '{"memory.high": "12x"}' >unified.json
	refused "a file of v2 that does not take the value is refused" \
		'cgroups.unified: write "12x" to /.*/memory.high: ' \
		--config unified.json
	limits unified '{"memory.high": "67108864"}' >unified.json
	start unified --config unified.json /probe sleep 1000
	is "$(<"$(dir "$pid" '')/memory.high")" 67108864 \
		"... and one that takes it is written"
	stop
	limits oom_kill_disable true >foreign.json
	refused "what v2 cannot do is refused by its key" \
		'cgroups.oom_kill_disable: cgroup v2 has no such' \
		--config foreign.json
else
	refused "unified keys are refused where there is v1" \
		'cgroups.unified: ' --config unified.json
fi

# --- controllers that are not there ------------------------------------------

limits pids_limit 5 >pids.json
limits allow_all_devices true >bare.json
if [[ ! $v2 ]]; then
	# shellcheck disable=SC2016
	without='m=$(stat -c %m /sys/fs/cgroup/$0) && umount "$m" && exec "$@"'
	run unshare -m sh -c "$without" pids \
		nsinit exec --id no --config pids.json /bin/true
	is "$status" 125 "a limit without its controller is refused"
	like "$err" '^nsinit: exec: cgroups\.pids_limit: .*pids.* not mounted$' \
		"... with the key and the controller's name"
	run unshare -m sh -c "$without" pids \
		nsinit exec --id no --rootfs rootfs /bin/true
	is "$status" 0 "without that limit, the controller is not missed"
	none="grep -o '/sys/fs/cgroup/[^ ]*' /proc/self/mounts |
		xargs -n1 umount; exec \"\$@\""
else
	# Who has processes hands nothing down.
	home=${cgroups[0]}
	for c in $(<"$home/cgroup.subtree_control"); do
		echo "-$c" >"$home/cgroup.subtree_control"
	done
	sleep 1000 &
	stranger=$!
	echo "$stranger" >"$home/cgroup.procs"
	run nsinit exec --id no --config pids.json /bin/true
	is "$status" 125 "a limit without its controller is refused"
	like "$err" '^nsinit: exec: cgroups\.pids_limit: .*pids\.max' \
		"... with the key and the missing file"
	run nsinit exec --id no --rootfs rootfs /bin/true
	is "$status" 0 "without that limit, the controller is not missed"
	kill "$stranger"
	wait "$stranger" 2>/dev/null || :
	none='umount /sys/fs/cgroup && exec "$@"'
fi
run unshare -m sh -c "$none" sh nsinit exec --id no --config bare.json /bin/true
is "$status:$err" 0: "without any cgroups a container runs that asks for none"
run unshare -m sh -c "$none" sh nsinit exec --id no --config pids.json /bin/true
is "$status" 125 "... and one that asks for a limit does not"
like "$err" 'cgroups\.(pids_limit|allowed_devices)' "... with the key"

# --- the ways into a group ---------------------------------------------------

# enters SENTENCE ERRNO: clone3 fails once, and still it is in its groups.
enters() {
	run strace -f -qq -o trace -e trace=clone3 \
		-e inject=clone3:error="$2":when=1 \
		nsinit exec --id way --rootfs rootfs /bin/cat /proc/self/cgroup
	is "$out" "$(expected_groups way)" "$1"
	grep -q INJECTED trace || not_ok "... clone3 was made to fail"
}
if command -v strace >/dev/null; then
	enters "a kernel without clone3 still has it in its groups" ENOSYS
	if [[ $v2 ]]; then
		enters "one without CLONE_INTO_CGROUP, too" EINVAL
	fi
else
	skip "a kernel without clone3" "there is no strace here"
fi

# --- many at once ------------------------------------------------------------

many=20
[[ ! ${VMTEST-} ]] || many=8
starters=()
for ((i = 0; i < many; i++)); do
	nsinit exec --id "many-$i" --rootfs rootfs /bin/true 2>"many-$i.err" &
	starters+=($!)
done
failures=0
for starter in "${starters[@]}"; do
	wait "$starter" || failures=$((failures + 1))
done
is "$failures $(cat many-*.err)" "0 " \
	"$many containers that come and go at once do not miss their parent"
is "$(find "${cgroups[@]}" -name nsinit)" "" \
	"the parent group goes with the last of them"
done_testing
