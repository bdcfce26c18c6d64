#!/bin/bash
# t12: after a thousand runs, good and bad, the machine is as it was before
# timeout: 200
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_root
cd "$TEST_DIR"
probe_rootfs rootfs
echo x >rootfs/plain
# Without a name, the cgroup has the id's.
nsinit spec --id x --rootfs rootfs | sed 's/"name": "x"/"name": ""/' >good.json
sed 's/"NEWNS"/"NEWSN"/' good.json >unknown.json
sed 's/"cpu_quota": 0/"cpu_quota": 1/' good.json >quota.json
runs=1000
# Ten times slower, and an emulated machine a hundred times.
[[ ! ${SAN-} ]] || runs=200
[[ ! ${VMTEST-} ]] || runs=60
[[ $runs -eq 1000 ]] || echo "# $runs runs only"

# bad WAY ID: fail in that way; says which status it should have.
bad() {
	local flags=(--id "$2" --config good.json)
	case $1 in
	0) echo 127 && nsinit exec "${flags[@]}" /no/such ;;
	1) echo 126 && nsinit exec "${flags[@]}" /plain ;;
	2) echo 125 && nsinit exec "${flags[@]}" --user nobody-here /probe ;;
	3) echo 125 && nsinit exec --id "$2" --config quota.json /probe ;;
	4) echo 125 && nsinit exec "${flags[@]}" --bind /no/such:/mnt /probe ;;
	5) echo 125 && nsinit exec --id "$2" --config unknown.json /probe ;;
	6) echo 9 && "$TRACER" /run/nsinit "$2" "$TEST_DIR/rootfs" \
		$((${2#run-} / 10 % 12 + 1)) /probe >/dev/null ;;
	7) echo 143 && nsinit exec "${flags[@]}" /probe kill 15 , \
		exit 143 ;; # process 1 has no death by its own hand
	8) # The entrance is killed, at some moment; the next one cleans up.
		echo 0
		timeout -s KILL "0.00$((RANDOM % 10))" \
			nsinit exec "${flags[@]}" /probe sleep 9 || :
		# It may come so soon that it joins the one that is just ending,
		# and ends with it (137) or before it; then what is left is for
		# the one after it.
		for ((i = 0; i < 100; i++)); do
			local code=0
			nsinit exec "${flags[@]}" /probe || code=$?
			[[ $code -eq 0 || $code -eq 137 ]] || return "$code"
			[[ $code -ne 0 || -e /run/nsinit/$2 ]] || return 0
		done
		return 1
		;;
	9) echo 125 && nsinit exec "${flags[@]}" --net /no/such /probe ;;
	esac
}

one() { # NUMBER
	local want=0 status=0
	if [[ $(($1 % 10)) -eq 0 ]]; then
		bad $(($1 / 10 % 10)) "run-$1" >"want.$1" 2>"err.$1" || status=$?
		want=$(<"want.$1")
	else
		nsinit exec --id "run-$1" --config good.json /probe \
			2>"err.$1" || status=$?
	fi
	if [[ $status -eq $want ]]; then
		rm -f "want.$1" "err.$1"
	else
		echo "run $1: status $status, not $want: $(<"err.$1")"
	fi
}
export -f one bad
export TRACER TEST_DIR

parts() { # NAME: a snapshot, by what it is about
	snapshot_to "$TEST_DIR/$1"
	find /sys/fs/cgroup -type d -path "*/$TEST_CGROUP*" | sort >"$1.cgroup"
}
parts before.all
start=$SECONDS
half=$((runs / 2))
seq 1 $half | while read -r i; do one "$i"; done >sequential
is "$(head -n 5 sequential)" "" "$half runs, one after another, end as they should"
took=$((SECONDS - start))
# shellcheck disable=SC2016 # for the other bash
seq $((half + 1)) "$runs" |
	xargs -P 8 -n 25 bash -c 'for i; do one "$i"; done' sh >parallel
is "$(head -n 5 parallel)" "" "$half runs, eight at a time, end as they should"
echo "# $took and $((SECONDS - start - took)) seconds"

settled() {
	parts after.all
	cmp -s before.all after.all && cmp -s before.all.cgroup after.all.cgroup
}
wait_for settled || :
as_before() { # WORD SENTENCE
	is "$(grep "^$1 " after.all || :)" "$(grep "^$1 " before.all || :)" "$2"
}
as_before mount "mountinfo is as before"
as_before link "ip link is as before"
as_before state "the state root is as before"
as_before process "no process is left"
as_before hostname "the host's name is as before"
is "$(<after.all.cgroup)" "$(<before.all.cgroup)" "the cgroup trees are as before"
is "$(ls rootfs)" $'bin\ndev\netc\nplain\nprobe\nproc\nroot\nsys\ntmp' \
	"nothing is in the root file system but what mounts need"
is "$(find rootfs/dev rootfs/proc rootfs/sys -mindepth 1)" "" \
	"... and nothing in what they cover"
done_testing
