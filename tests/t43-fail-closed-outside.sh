#!/bin/bash
# t43: a question to the kernel that fails is never answered "no": outside
# timeout: 300
#
# strace lets the K-th call of a kind fail, in nsinit alone. A start then ends
# with one line, or its program is in the same places as ever: cgroups, user
# namespace, devices. A container that lives is never taken for a dead one.
# shellcheck disable=SC2016,SC2119,SC2034,SC2054,SC1078,SC1079,SC2044 # for the inner shell
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program strace
needs_plain_build "the sanitizers' own calls would fail"
cd "$TEST_DIR"
fresh_rootfs
config
export ASAN_OPTIONS=detect_leaks=0

# inject CALL ERRNO K COMMAND...: leaves $status, $out, $err; 1 when there is no
# such call. Of those that strace -P chose before, with $only.
only=()
inject() {
	local call=$1 errno=$2 k=$3
	shift 3
	run timeout -s KILL $((20 * SLOW)) strace -qq -o trace "${only[@]}" \
		-e "trace=$call" -e "inject=$call:error=$errno:when=$k" -- "$@"
	grep -q INJECTED trace
}
empty() {
	[[ ! $(find /run/nsinit "${cgroups[@]}" -mindepth 1 -type d \
		-path '*nsinit*') ]]
}
places=(/probe read /proc/self/cgroup , read /proc/self/uid_map , id , pid)

# wrong: what is wrong with a run whose program should have said $1, if it
# succeeded.
wrong() { # WANTED
	if [[ $status -eq 137 ]]; then
		echo "it hangs, or is killed"
	elif [[ $status -eq 0 && $1 != any && $out != "$1" ]]; then
		echo "it runs elsewhere: $out"
	elif [[ $status -ne 0 && $out ]]; then
		echo "status $status, and it ran: $out"
	elif [[ $status -ne 0 && ($err == *$'\n'* ||
		! $err =~ ^(nsinit: |.*error while loading shared libraries)) ]]; then
		echo "status $status, in other than one line: $err"
	fi
}

# clean: $after holds; or what could not be removed was said, and the next
# command removes it.
clean() {
	if eval "$after"; then return 0; fi
	sleep 0.2
	if eval "$after"; then return 0; fi
	[[ $err ]] || return 1
	timeout 20 "${new[@]}" /probe say next >next.out 2>&1 || return 1
	eval "$after"
}

# each_of KINDS ERRNO MOST AFTER COMMAND...: each of their calls, at most MOST
# of a kind; AFTER is run behind each, and must succeed.
each_of() {
	local kinds=$1 errno=$2 most=$3 after=$4 call n k step complaint bad='' tried=0
	shift 4
	for call in $kinds; do
		run strace -qq -o trace -e "trace=$call" -- "$@"
		n=$(grep -c "^$call(" trace || :)
		step=$(((n + most - 1) / most))
		for ((k = 1; n > 0 && k <= n; k += step)); do
			inject "$call" "$errno" "$k" "$@" || continue
			tried=$((tried + 1))
			complaint=$(wrong "$wanted")
			clean || complaint+=" and $after fails"
			[[ ! $complaint ]] || bad+="$call $k: $complaint $(
				grep -m 1 INJECTED trace | cut -c 1-120)"$'\n'
		done
	done
	isnt "$tried" 0 "$what: calls are let fail with $errno"
	is "$bad" "" "... each is an error, or changes nothing ($kinds)"
}
most=9
[[ ! ${VMTEST-} ]] || most=2

# --- a new container ---------------------------------------------------------

new=(nsinit exec --id closed --rootfs "$rootfs" --pids-limit 50)
run "${new[@]}" "${places[@]}"
wanted=$out
is "$status $err" "0 " "a container says where it is"
what="a new container"
each_of "openat read statfs newfstatat getdents64 faccessat2" EIO \
	$most empty "${new[@]}" "${places[@]}"
# Where he may make no cgroup a container has none: but then nothing is left of
# the try.
wanted=any
each_of "mkdir newfstatat" EPERM 20 empty "${new[@]}" "${places[@]}"

# --- one who joins -----------------------------------------------------------

begin
run nsinit exec --id nsinit /probe read /proc/self/cgroup , id
wanted=$out
is "$status $err" "0 " "one who joins says where it is"
alive='comm_is "$pid" probe'
what="one who joins"
each_of "openat read statfs newfstatat getdents64" EIO $most "$alive" \
	nsinit exec --id nsinit /probe read /proc/self/cgroup , id

# A lasting failure, of what tells that a container lives. With --config, so
# that a new one could be made.
for call in openat read; do
	for errno in EIO ENOMEM EACCES; do
		only=(-P "/proc/$pid/stat")
		inject $call $errno 1+ nsinit exec --config "$config_file" \
			--id nsinit /probe say elsewhere || :
		like "$status $out$err" "^125 nsinit: exec: .*/proc/$pid/stat" \
			"exec, /proc/PID/stat cannot be read ($call: $errno): it is an error"
		is "$(comm_is "$pid" probe && echo lives)" lives "... the container lives"
	done
done
for verb in "nsenter --id nsinit /probe say elsewhere" "stats --id nsinit"; do
	# shellcheck disable=SC2086
	inject openat EIO 1+ nsinit $verb || :
	like "$status $out$err" "^125 nsinit: .*/proc/$pid/stat" \
		"${verb%% *}: it is an error"
done
for verb in clean pause; do
	inject openat EIO 1+ execdriver --root /run/nsinit $verb nsinit || :
	like "$status $out$err" "^125 execdriver: .*/proc/$pid/stat" \
		"execdriver $verb: it is an error"
	is "$(comm_is "$pid" probe && echo lives)" lives "... the container lives"
done
end

# --- who is in a cgroup, and is it frozen? -----------------------------------

begin
mapfile -t files < <(find "${cgroups[@]}" -path '*/nsinit/nsinit/*' \
	\( -path '*freezer*/freezer.state' -o -name cgroup.events \))
for file in "${files[@]}"; do
	only=(-P "$file")
	inject openat EIO 1+ nsinit exec --id nsinit /probe say elsewhere || :
	like "$status $out$err" "^125 nsinit: exec: .*${file##*/}" \
		"exec, ${file##*/} cannot be read: it is an error"
done
mapfile -t lists < <(find "${cgroups[@]}" -path '*/nsinit/nsinit/cgroup.procs')
only=(-P "${lists[0]}")
inject read EIO 1+ nsinit kill nsinit KILL || :
like "$status $err" '^125 nsinit: kill: look into .* and below: Input/output' \
	"kill, a list of processes cannot be read: it does not say that none is left"
only=()
end
mkdir -p "${lists[0]%/*}"
sleep 600 &
other=$!
echo $other >"${lists[0]}"
only=(-P "${lists[0]}")
inject read EIO 1+ nsinit exec --config "$config_file" --id nsinit \
	/probe say elsewhere || :
like "$status $out$err" '^125 nsinit: exec: look into .*Input/output' \
	"exec, a cgroup that is there and cannot be looked into is not taken for empty"
only=()
kill $other
wait $other 2>/dev/null || :
wait_for rmdir "${lists[0]%/*}"
rmdir "$(dirname "${lists[0]%/*}")" 2>/dev/null || :

# --- who are we? -------------------------------------------------------------

for file in /proc/self/status /proc/self/uid_map; do
	run strace -qq -o trace -e trace=openat -- "${new[@]}" "${places[@]}"
	k=$(grep -n -m 1 "\"$file\"" trace | cut -d: -f1)
	inject openat EIO "${k:-1000}" "${new[@]}" "${places[@]}" || :
	like "$status $out$err" "^125 nsinit: exec: .*$file" \
		"$file cannot be read: it is an error, and no user namespace"
done
done_testing
