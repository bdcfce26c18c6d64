#!/bin/bash
# t27: every limit that this kernel has, by its file; and who can have none
# timeout: 120
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_root
cd "$TEST_DIR"
busybox_rootfs rootfs
cp "$PROBE" rootfs/probe
# shellcheck source=tests/cgroup.sh
. "$TOP/tests/cgroup.sh"

# points CONTROLLER: where its hierarchy is mounted; "": v2's.
points() {
	awk -v c="$1" '{
		point = $5
		sub(/.* - /, "")
		if (c == "" && $1 == "cgroup2") print point
		if (c != "" && $1 == "cgroup" &&
			index("," $3 ",", "," c ",")) print point
	}' /proc/self/mountinfo
}

# group PID FILE: the directory of the process's groups that has that file;
# also on a hybrid machine's v2 tree, and where the test has mounted one.
group() {
	local controllers path point
	while IFS=: read -r _ controllers path; do
		for point in $(points "${controllers%%,*}"); do
			[[ -e $point$path/$2 ]] || continue
			echo "$point$path"
			return
		done
	done <"/proc/$1/cgroup"
	return 1
}

# holds SENTENCE FILE WANT KEY JSON...: a container with those keys has WANT in
# that file. Leaves it running.
holds() {
	local text=$1 file=$2 want=$3
	shift 3
	limits "$@" >holds.json
	start holds --config holds.json /probe sleep 1000
	has "$text" "$file" "$want"
}

has() { # SENTENCE FILE WANT
	local where
	where=$(group "$pid" "$2") || {
		not_ok "$1" "no $2 in $(<"/proc/$pid/cgroup")"
		return
	}
	is "$(<"$where/$2")" "$3" "$1"
}

# here FILE: has a new group of ours such a file?
here() {
	if [[ ! -e files ]]; then
		start probed --config plain.json /probe sleep 1000
		find "${cgroups[@]}" -path '*/nsinit/*' -type f \
			-printf '%f\n' >files
		stop
	fi
	grep -qxF "$1" files
}

# --- memory and time ---------------------------------------------------------

if [[ ! $v2 ]]; then
	holds "cgroups.memory_swappiness is written" memory.swappiness 30 \
		memory_swappiness 30 oom_kill_disable true
	like "$(<"$(group "$pid" memory.oom_control)/memory.oom_control")" \
		'^oom_kill_disable 1' "cgroups.oom_kill_disable, too"
	stop
	limits kernel_memory 1048576 >kernel.json
	if here memory.kmem.limit_in_bytes; then
		# Newer kernels take the number, and limit nothing.
		run nsinit exec --id kernel --config kernel.json /bin/true
		like "$status $err" '^(0 |125 .*cgroups\.kernel_memory: .*the kernel made)' \
			"cgroups.kernel_memory is kept, or refused"
	else
		refused "cgroups.kernel_memory is refused without its file" \
			'cgroups.kernel_memory: ' --config kernel.json
	fi
	if here cpu.rt_runtime_us; then
		# The test's own group, like every new one, has none to give.
		for home in "${cgroups[@]}"; do
			[[ ! -e $home/cpu.rt_runtime_us ]] ||
				echo 100000 >"$home/cpu.rt_runtime_us"
		done
		holds "cgroups.cpu_rt_runtime is written" cpu.rt_runtime_us 2000 \
			cpu_rt_runtime 2000 cpu_rt_period 500000
		has "... in its cpu_rt_period" cpu.rt_period_us 500000
		like "$(cat "$(dir "$pid" cpu)/../cpu.rt_runtime_us")" \
			'^400[0-9]$' "... out of a budget of its parent's"
		stop
		limits cpu_rt_runtime 2000000 >rt.json
		refused "more than all real time is refused" \
			'cgroups.cpu_rt_runtime: write "2000000" to /.*: Inv' \
			--config rt.json
	else
		limits cpu_rt_runtime 2000 >rt.json
		refused "cgroups.cpu_rt_runtime is refused without its file" \
			'cgroups.cpu_rt_runtime: ' --config rt.json
	fi
else
	for key in kernel_memory memory_swappiness cpu_rt_runtime \
		cpu_rt_period net_cls_classid; do
		limits $key 1 >foreign.json
		refused "v2 has no cgroups.$key" \
			"cgroups.$key: cgroup v2 has no such limit" \
			--config foreign.json
	done
	limits net_prio_ifpriomap '[{"interface": "lo", "priority": 1}]' \
		>foreign.json
	refused "... and no cgroups.net_prio_ifpriomap" \
		'cgroups.net_prio_ifpriomap: cgroup v2' --config foreign.json
	holds "a swappiness of 0, as 2015 wrote everywhere, is no wish" \
		pids.max max memory_swappiness 0
	stop
fi

# --- block devices -----------------------------------------------------------

disk='' node=''
for d in /sys/block/*; do
	case ${d##*/} in vd* | sd* | nvme*) disk=$(<"$d/dev") node=${d##*/} ;; esac
done
has_io=''
if [[ $v2 ]]; then
	! has_cgroup v2 io || has_io=1
else
	! here blkio.throttle.read_bps_device || has_io=1
fi
if [[ $disk && $has_io ]]; then
	at="{\"major\": ${disk%:*}, \"minor\": ${disk#*:}"
	limits blkio_throttle_read_bps_device "[$at, \"rate\": 1048576}]" \
		blkio_throttle_write_bps_device "[$at, \"rate\": 2097152}]" \
		blkio_throttle_read_iops_device "[$at, \"rate\": 300}]" \
		blkio_throttle_write_iops_device "\"$disk 400\"" >io.json
	start io --config io.json /probe sleep 1000
	if [[ $v2 ]]; then
		has "cgroups.blkio_throttle_* are in io.max" io.max \
			"$disk rbps=1048576 wbps=2097152 riops=300 wiops=400"
	else
		for key in read_bps:1048576 write_bps:2097152 read_iops:300 \
			write_iops:400; do
			has "cgroups.blkio_throttle_${key%:*}_device is written" \
				"blkio.throttle.${key%:*}_device" \
				"$disk ${key#*:}"
		done
	fi
	# 2 MiB at 1 MiB a second, past the page cache; opened by us, whose
	# device it is.
	[[ -b /dev/$node ]] || mknod "$TEST_DIR/$node" b "${disk%:*}" "${disk#*:}"
	[[ -b /dev/$node ]] && node=/dev/$node || node=$TEST_DIR/$node
	if ! { : <"$node"; } 2>/dev/null; then
		skip "... and slow it down" "the disk cannot be read here"
	else
		file=$(v1or2 blkio.throttle.read_bps_device io.max)
		before=$(date +%s%N)
		(
			echo "$BASHPID" >"$(group "$pid" "$file")/cgroup.procs"
			exec dd bs=64k count=32 iflag=direct of=/dev/null 2>dd.err
		) <"$node" || not_ok "the disk can be read" "$(<dd.err)"
		took=$((($(date +%s%N) - before) / 1000000))
		if [[ $took -ge 900 ]]; then ok "... and slow it down"; else
			not_ok "... and slow it down" "2 MiB took $took ms"
		fi
		run nsinit stats --id io
		bytes=$(tr -d ' \t\n' <<<"$out" |
			grep -o '"io_service_bytes_recursive":\[[^]]*' |
			grep -o '"op":"Read","value":[0-9]*' | sort -t: -k3n | tail -n1)
		like "${bytes##*:}" '^[2-9][0-9]{6}$' "... and the bytes are in its stats"
	fi
	stop
else
	skip "block devices are limited" "no disk, or no controller for it"
fi
if [[ $has_io ]]; then
	weights=()
	for file in blkio.bfq.weight blkio.weight io.bfq.weight io.weight; do
		! here $file || weights+=("$file")
	done
	if [[ ${weights[*]} ]]; then
		limits blkio_weight 505 >weight.json
		start weight --config weight.json /probe sleep 1000
		for file in "${weights[@]}"; do
			want=505
			[[ $file != io.weight ]] || want=5000
			like "$(<"$(group "$pid" "$file")/$file")" \
				"^(default )?$want(\$|"$'\n)' \
				"cgroups.blkio_weight is in $file"
		done
		stop
		limits blkio_weight_device '"4000:1 200"' >weight.json
		refused "the weight of a device that is not there is refused" \
			'cgroups.blkio_weight_device\[0\]: write "4000:1 [0-9]*" to /.*: No such' \
			--config weight.json
	else
		skip "cgroups.blkio_weight is written" "nobody here keeps weights"
		limits blkio_weight 505 >weight.json
		refused "... and so it is refused" 'cgroups.blkio_weight: open /' \
			--config weight.json
	fi
	limits blkio_throttle_read_bps_device '"4000:1 5"' >none.json
	refused "a limit of a device that is not there is refused" \
		'cgroups.blkio_throttle_read_bps_device\[0\]: write "4000:1 .*" to /.*: No such device' \
		--config none.json
fi

# --- huge pages --------------------------------------------------------------

# Mounted as a hierarchy, or in v2's tree, also the one beside v1's.
size=$(sed -n 's/^Hugepagesize: *\([0-9]*\) kB/\1/p' /proc/meminfo)
size=$((${size:-0} / 1024))MB
unified=$(v1or2 /sys/fs/cgroup/unified /sys/fs/cgroup)
limits hugetlb_limit "[{\"page_size\": \"$size\", \"limit\": 8388608}]" >huge.json
given=$(cat "$unified/cgroup.subtree_control" 2>/dev/null) || :
file=''
if here "hugetlb.$size.limit_in_bytes"; then
	file=hugetlb.$size.limit_in_bytes
elif grep -qw hugetlb "$unified/cgroup.controllers" 2>/dev/null; then
	file=hugetlb.$size.max
fi
if [[ $file ]]; then
	start huge --config huge.json /probe sleep 1000
	has "cgroups.hugetlb_limit is in $file" "$file" 8388608
	where=$(group "$pid" "$file")
	passes "... in the container's own group" grep -qx "$pid" \
		"$where/cgroup.procs"
	run nsinit exec --id huge /bin/cat /proc/self/cgroup
	is "$out" "$(<"/proc/$pid/cgroup")" "... which is joined, too"
	run nsinit stats --id huge
	like "$(tr -d ' \t\n' <<<"$out")" \
		"\"hugetlb_stats\":[{].*\"$size\":[{]\"usage\":0,\"max_usage\":0" \
		"... and whose use is in the stats"
	stop
	passes "... and is removed" test ! -e "$where"
	limits hugetlb_limit '[{"page_size": "3MB", "limit": 0}]' >huge.json
	refused "pages of a size that is not there are refused" \
		'cgroups.hugetlb_limit\[0\]: open /.*hugetlb.3MB' \
		--config huge.json
	if [[ ! $v2 && ! " $given " =~ \ hugetlb\  ]]; then
		echo -hugetlb >"$unified/cgroup.subtree_control" 2>/dev/null || :
	fi
else
	refused "cgroups.hugetlb_limit is refused without its controller" \
		'cgroups.hugetlb_limit: ' --config huge.json
fi

# --- packets -----------------------------------------------------------------

if [[ ! $v2 ]]; then
	mounted=''
	if ! here net_cls.classid; then
		limits net_cls_classid '"0x100001"' >net.json
		refused "cgroups.net_cls_classid needs its controller" \
			'cgroups.net_cls_classid: .*net_cls.* not mounted$' \
			--config net.json
		mkdir net
		mount -t cgroup -o net_cls,net_prio cgroup net 2>/dev/null &&
			mounted=1
	fi
	if [[ $mounted ]] || here net_cls.classid; then
		holds "cgroups.net_cls_classid is written" net_cls.classid \
			1048577 net_cls_classid '"0x100001"' net_prio_ifpriomap \
			'[{"interface": "lo", "priority": 7}]'
		like "$(<"$(group "$pid" net_prio.ifpriomap)/net_prio.ifpriomap")" \
			'(^|'$'\n'')lo 7($|'$'\n'')' \
			"cgroups.net_prio_ifpriomap, too"
		stop
		limits net_prio_ifpriomap \
			'[{"interface": "none0", "priority": 1}]' >net.json
		refused "an interface that is not there is refused" \
			'cgroups.net_prio_ifpriomap\[0\]: write "none0 1" to /.*: No such' \
			--config net.json
	else
		skip "cgroups.net_cls_classid is written" "it cannot be mounted"
	fi
	[[ ! $mounted ]] || umount net
fi

# --- a container that begins frozen ------------------------------------------

limits freezer '"FROZEN"' >frozen.json
start frozen --config frozen.json /bin/sh -c \
	'while :; do echo x >>/tmp/ticks; /probe sleep 0.01; done'
freezer=$(group "$pid" "$(v1or2 freezer.state cgroup.freeze)")
is_frozen() {
	if [[ $v2 ]]; then grep -qx 'frozen 1' "$freezer/cgroup.events"; else
		grep -qx FROZEN "$freezer/freezer.state"
	fi
}
ticks() { wc -c 2>/dev/null <rootfs/tmp/ticks || echo none; }
passes '"freezer": "FROZEN" has it begin paused' wait_for is_frozen
before=$(ticks)
sleep 0.3
is "$(ticks)" "$before" "... standing still"
run nsinit exec --id frozen /bin/true
like "$err" 'is paused$' "... and nobody joins it"
if [[ $v2 ]]; then echo 0 >"$freezer/cgroup.freeze"; else
	echo THAWED >"$freezer/freezer.state"
fi
passes "... until it is thawed" wait_for test -s rootfs/tmp/ticks
stop
holds '"THAWED" is how it begins anyway' \
	"$(v1or2 freezer.state cgroup.freeze)" "$(v1or2 THAWED 0)" \
	freezer '"THAWED"'
stop

# --- who outlives the first process ------------------------------------------

start shared --rootfs rootfs --pid host /bin/sh -c \
	'sleep 1000 & setsid sleep 1000 & exec /probe sleep 1000'
three() { [[ $(wc -l <"$(dir "$pid" pids)/cgroup.procs") -eq 3 ]]; }
wait_for three || :
mapfile -t children < <(grep -vx "$pid" "$(dir "$pid" pids)/cgroup.procs")
inner=$(dir "$pid" pids)/inner
mkdir "$inner"
echo "${children[0]}" >"$inner/cgroup.procs"
stop
alive=''
for child in "${children[@]}"; do
	[[ ! -e /proc/$child ]] || alive+=" $child"
done
is "${#children[@]}:$alive" "2:" \
	"in a shared pid namespace all of the group end, also one below it"
is "$(every_group shared)" "" "... and nothing of it is left"

# --- who may make none, or only some -----------------------------------------

tap "$TOP/${BUILD:-build}/tests/real_delegation"
rm -rf holds.json ./*.out
is "$(find "${cgroups[@]}" -name nsinit; ls -d "$unified/nsinit" 2>/dev/null)" \
	"" "no parent group is left"
done_testing
