#!/bin/bash
# t03: nsinit stats says what a living container uses
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_root
cd "$TEST_DIR"
probe_rootfs rootfs

# figure KEY...: what stands at that place of the JSON in $out, which is printed
# with a tab for each level.
figure() {
	awk -v want="$*" '
		match($0, /^\t*"[^"]*": /) {
			key = value = $0
			sub(/^\t*"[^"]*": /, "", value)
			sub(/,$/, "", value)
			depth = length($0) - length(substr($0, \
				match($0, /"/)))
			sub(/^\t*"/, "", key)
			sub(/": .*/, "", key)
			at[depth] = key
			place = at[1]
			for (i = 2; i <= depth; i++)
				place = place " " at[i]
			if (place == want) {
				print value
				exit
			}
		}' <<<"$out"
}

stats() {
	run nsinit stats --id busy
}

# A probe that does the next thing whenever it is told so.
mkfifo say
# shellcheck disable=SC2094
nsinit exec --id busy --rootfs rootfs --memory-limit 104857600 \
	/probe read - , memory 1 <say >rootfs/tmp/said &
starter=$!
exec 3>say
runs() {
	init=$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' \
		/run/nsinit/busy/state.json) &&
		[[ $(readlink "/proc/$init/exe") == */probe ]]
}
wait_for runs || not_ok "the container starts"
stats
is "$status:$err" 0: "the stats of a running container are printed"
like "$out" '^\{'$'\n\t''"Interfaces": \[\],'$'\n\t''"CgroupStats": \{' \
	"... as an object of Interfaces, of which lo is none, and CgroupStats"
keys=$(sed -n 's/^\t\t\?"\(.*\)": .*/\1/p' <<<"$out" | tr '\n' ' ')
is "$keys" "Interfaces CgroupStats cpu_stats cpuset_stats memory_stats pids_stats blkio_stats hugetlb_stats " \
	"... with the processor, memory, processes and devices"
if command -v python3 >/dev/null && python3 -c 'import json' 2>/dev/null; then
	printf '%s\n' "$out" >stats.json
	passes "... which a JSON reader takes" python3 -m json.tool stats.json
	stats
else
	skip "... which a JSON reader takes" "there is no python3 json here"
fi
is "$(figure CgroupStats pids_stats current)" 1 "one process is in it"
is "$(figure CgroupStats memory_stats usage limit)" 104857600 \
	"its limit of memory is among them"
like "$(figure CgroupStats blkio_stats io_service_bytes_recursive)" '^\[' \
	"block devices are a list"

# --- the numbers move --------------------------------------------------------

cpu() { figure CgroupStats cpu_stats cpu_usage total_usage; }
used() { figure CgroupStats memory_stats usage usage; }

before=$(cpu)
like "$before" '^[1-9][0-9]*$' "processor time has been used"
spun=$(nsinit exec --id busy /probe spin 200)
spun=${spun#spin }
stats
spent=$((($(cpu) - before) / 1000000))
if [[ $spun -gt 0 && $spent -ge $((spun * 8 / 10)) &&
	$spent -lt $((spun + 1000 * SLOW)) ]]; then
	ok "what a process worked is seen in the processor time (nanoseconds)"
else
	not_ok "what a process worked is seen in the processor time" \
		"$spent ms, and the process says $spun"
fi

before=$(used)
nsinit exec --id busy /probe sleep 1000 3>&- &
two() { stats && [[ $(figure CgroupStats pids_stats current) -eq 2 ]]; }
passes "a second process counts" wait_for two
nsinit exec --id busy /probe sleep 1000 3>&- &
third=$!
three() { stats && [[ $(figure CgroupStats pids_stats current) -eq 3 ]]; }
passes "... and a third" wait_for three
kill -KILL "$(pgrep -P "$third")"
wait "$third" || :
passes "one that ends counts no more" wait_for two
# The pages of a file in memory belong to the group of who touched them.
rootfs_shm=/proc/$init/root/dev/shm
group() { # FILE...: the container's directory that has one of them
	local file
	for file; do
		find "${cgroups[@]}" -path "*/nsinit/busy/$file" -printf '%h\n'
	done
}
(
	echo "$BASHPID" >"$(group memory.stat)/cgroup.procs"
	exec dd if=/dev/zero of="$rootfs_shm/big" bs=1M count=20 2>/dev/null
)
stats
grown=$((($(used) - before) >> 20))
if [[ $grown -ge 20 && $grown -lt 60 ]]; then
	ok "20 MiB of memory are seen in its usage"
else
	not_ok "20 MiB of memory are seen in its usage" "$grown MiB"
fi
rm "$rootfs_shm/big"
stats
less=$((($(used) - before) >> 20))
if [[ $less -lt 20 ]]; then ok "... and are gone when they are given back"
else not_ok "... and are gone when they are given back" "$less MiB"; fi
high=$(figure CgroupStats memory_stats usage max_usage)
if [[ ! $(group memory.peak memory.max_usage_in_bytes) ]]; then
	skip "... but the highest usage stays" "this kernel does not keep it"
elif [[ $high -ge $((20 << 20)) ]]; then
	ok "... but the highest usage stays"
else
	not_ok "... but the highest usage stays" "$high"
fi

# --- paused, dead, unknown ---------------------------------------------------

freezer=$(group freezer.state)/freezer.state frozen=FROZEN thawed=THAWED
if [[ $freezer == /freezer.state ]]; then
	freezer=$(group cgroup.freeze)/cgroup.freeze frozen=1 thawed=0
fi
echo $frozen >"$freezer"
is_frozen() {
	if [[ $frozen == 1 ]]; then grep -qx 'frozen 1' "${freezer%/*}/cgroup.events"
	else grep -qx FROZEN "$freezer"; fi
}
wait_for is_frozen || :
stats
is "$status:$err" 0: "a paused container has stats, too"
is "$(figure CgroupStats pids_stats current)" 2 "... of all its processes"
echo $thawed >"$freezer"

echo >&3
exec 3>&-
status=0
wait "$starter" || status=$?
is "$status" 0 "the container ends by itself"
wait
stats
is "$status" 125 "a container that has ended has none"
is "$err" "nsinit: stats: /run/nsinit/busy: there is no such container" \
	"... and one line says so"
is "$out" "" "... and nothing is on standard output"

# One whose entrance was killed leaves its state; it is dead all the same.
nsinit exec --id busy --rootfs rootfs /probe sleep 1000 &
starter=$!
wait_for runs || :
kill -KILL $starter
wait $starter 2>/dev/null || :
gone() { [[ ! -e /proc/$init ]]; }
wait_for gone || :
stats
is "$status" 125 "a container that was killed with its entrance has none"
is "$err" "nsinit: stats: read the figures of container busy: it is stopped" \
	"... which is said, although its state is still there"
nsinit exec --id busy --rootfs rootfs /probe exit 0
done_testing
