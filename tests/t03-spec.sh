#!/bin/bash
# t03: nsinit spec prints the container's config, which nsinit reads again
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_root
cd "$TEST_DIR"
probe_rootfs rootfs
mkdir given

# again SENTENCE FILE: what spec makes of the file, it makes of that again.
again() {
	run nsinit spec --id again --config "$2"
	printf '%s\n' "$out" >given/once
	is "$status:$err" 0: "$1"
	run nsinit spec --id again --config given/once
	is "$status:$out" "0:$(<given/once)" "... and is printed as it was read"
}

# member KEY...: what stands at that place of $out (a tab for each level).
has() { # SENTENCE LINE
	if grep -qxF -- "$2" <<<"$out"; then ok "$1"; else
		not_ok "$1" "no line: $2"
	fi
}

# --- the template ------------------------------------------------------------

run nsinit spec --rootfs rootfs
is "$status:$err" 0: "without a config, spec prints the template"
printf '%s\n' "$out" >given/template
is "${out:0:1}${out: -1}" "{}" "... as one JSON object"
has "its rootfs is absolute" $'\t"rootfs": "'"$TEST_DIR"'/rootfs",'
has "its host name is nsinit" $'\t"hostname": "nsinit",'
has "its process dies with nsinit" $'\t"parent_death_signal": 9,'
unlike "$out" '"name": "nsinit"' "its cgroup has no name, and will have the id's"
has "... below nsinit" $'\t\t"parent": "nsinit",'
list() { # KEY MEMBER: the values of a list of objects
	awk -v begin=$'\t"'"$1"'": [' '
		$0 == begin { inside = 1; next }
		/^\t\]/ { inside = 0 }
		inside' <<<"$out" | sed -n 's/^\t*"'"$2"'": "\?\([^",]*\).*/\1/p' |
		tr '\n' ' '
}
is "$(list namespaces type)" "NEWNS NEWUTS NEWIPC NEWPID NEWNET " \
	"it has five new namespaces"
is "$(list mounts destination)" \
	"/proc /dev /dev/pts /dev/shm /dev/mqueue /sys " \
	"it has the mounts of 2015"
is "$(list devices path)" \
	"/dev/null /dev/zero /dev/full /dev/tty /dev/urandom /dev/random " \
	"... and its devices"
is "$(list networks type)" "loopback " "... and a loopback network"
is "$(awk '/^\t"capabilities"/, /^\t\]/' <<<"$out" | grep -c '^		"')" 14 \
	"... and fourteen capabilities"
unlike "$(awk '/^\t"capabilities"/, /^\t\]/' <<<"$out")" \
	'SYS_ADMIN|NET_ADMIN|SYS_PTRACE|SYS_MODULE' "... none of the great ones"
has "/proc/kcore is masked" $'\t\t"/proc/kcore",'
has "/proc/sys is read-only" $'\t\t"/proc/sys",'
is "$(ls -A rootfs/dev rootfs/proc; ls -A /run)" $'rootfs/dev:\n\nrootfs/proc:' \
	"nothing is made for it, not even the state root"
again "the template can be read" given/template
run nsinit exec --id spec --config given/template /probe where
is "$status:$out" $'0:cwd /\nhostname nsinit' "... and run"
nsinit exec --id first --config given/template /probe sleep 600 &
wait_for grep -q '"starting":false' /run/nsinit/first/state.json
run nsinit exec --id second --config given/template /probe pid
is "$status:${out%%$'\n'*}" "0:pid 1" "... as two containers at once"
kill -KILL "$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' \
	/run/nsinit/first/state.json)"
wait $! || :
cd rootfs
run nsinit spec
has "in a folder, that is the rootfs" $'\t"rootfs": "'"$TEST_DIR"'/rootfs",'
unlike "$out" '"name": "rootfs-' "... and no cgroup is named for it alone"
cd ..

# --- flags -------------------------------------------------------------------

run nsinit spec --id flags --rootfs rootfs --hostname other --read-only \
	--net host --pid private --bind /tmp:/mnt:ro --tmpfs /run \
	--memory-limit 1048576 --cpushares 512 --cpuset-cpus 0 \
	--parent-death-signal TERM --groups extra --groups 7 \
	--sysctl kernel.msgmax=9000 --process-label a:b
is "$status:$err" 0: "spec takes the flags that exec takes"
printf '%s\n' "$out" >given/flags
has "--hostname is in it" $'\t"hostname": "other",'
has "--read-only is in it" $'\t"readonlyfs": true,'
is "$(list namespaces type)" "NEWNS NEWUTS NEWIPC NEWPID " \
	"--net host takes a namespace away"
is "$(list networks type)" "" "... and its networks"
like "$(list mounts destination)" ' (/mnt /run|/run /mnt) $' "--bind and --tmpfs add mounts"
has "--memory-limit is in it" $'\t\t"memory": 1048576,'
has "--cpushares is in it" $'\t\t"cpu_shares": 512,'
has "--cpuset-cpus is in it" $'\t\t"cpuset_cpus": "0",'
has "--parent-death-signal is in it, as a number" \
	$'\t"parent_death_signal": 15,'
has "each of --groups is in it" $'\t\t"extra",'
has "--sysctl is in it" $'\t\t"kernel.msgmax": "9000"'
has "--process-label is in it" $'\t"process_label": "a:b",'
again "what the flags made can be read" given/flags

# --- a running container -----------------------------------------------------

nsinit exec --id lives --rootfs rootfs --hostname alive --tmpfs /tmp/x \
	/probe sleep 1000 &
starter=$!
pid=''
runs() {
	pid=$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' \
		/run/nsinit/lives/state.json) &&
		[[ $(readlink "/proc/$pid/exe") == */probe ]]
}
wait_for runs || not_ok "the container starts"
run nsinit spec --id lives
is "$status:$err" 0: "the spec of a running container is its own"
has "... with the host name it was given" $'\t"hostname": "alive",'
like "$(list mounts destination)" '/tmp/x $' "... and its mounts"
printf '%s\n' "$out" >given/lives
run nsinit spec --id lives --rootfs / --hostname other
is "$out" "$(<given/lives)" "... whatever the flags say"
kill -KILL "$pid"
wait $starter 2>/dev/null || :
again "it can be read when the container is gone" given/lives
run nsinit exec --id lives --config given/lives /probe where , ls /tmp/x
is "$status:$out" $'0:cwd /\nhostname alive' "... and be run again"
run nsinit spec --id lives --rootfs rootfs
has "a dead container is none" $'\t"hostname": "nsinit",'

# --- container.json of the eras ----------------------------------------------

for era in june-2014 v1.4 2015; do
	run nsinit spec --config "$TOP/tests/fixtures/$era.json" --rootfs rootfs
	is "$status:$err" 0: "the container.json of $era is read"
	printf '%s\n' "$out" >"given/$era"
	has "... and printed in the words of 2015" $'\t"implicit_mounts": false,'
	like "$(list mounts destination)" '/proc .*/dev .*/dev/pts' \
		"... with the mounts that were implicit"
	like "$(list namespaces type)" 'NEWNS' "... and its namespaces"
	again "what is printed can be read" "given/$era"
done

# June 2014: container.json in the folder that is the rootfs, which is no reason
# to trust it, or in $data_path.
cat >rootfs/container.json <<-'JSON'
	{"hostname": "june", "tty": false, "environment": ["WHEN=2014"],
	"namespaces": {"NEWNS": true, "NEWUTS": true, "NEWIPC": true,
	"NEWPID": true, "NEWNET": true}, "capabilities": ["MKNOD"],
	"networks": [{"type": "loopback", "address": "127.0.0.1/0",
	"gateway": "localhost", "mtu": 1500}],
	"cgroups": {"name": "koye", "parent": "docker",
	"allowed_devices": [{"type": 99, "path": "/dev/null",
	"major_number": 1, "minor_number": 3, "cgroup_permissions": "rwm"}]},
	"device_nodes": [{"type": 99, "path": "/dev/null", "major_number": 1,
	"minor_number": 3, "cgroup_permissions": "rwm", "file_mode": 438}]}
JSON
cd rootfs
run nsinit spec
like "$status:$err" "^125:nsinit: spec: $TEST_DIR/rootfs/container\\.json: .*--config\$" \
	"container.json in the folder is not trusted"
run nsinit spec --config container.json
has "... by its name it is read" $'\t"hostname": "june",'
run nsinit exec --config container.json /probe where , env , stat /dev/null /dev/zero
is "$status:$out" "0:cwd /
hostname june
env WHEN=2014
env HOME=/root
stat /dev/null char 0666 0 0 1:3
stat /dev/zero ENOENT" "... and run, with the folder as its rootfs"
cd ..
mkdir data
mv rootfs/container.json data
cd rootfs
run env data_path=../data nsinit spec
has "container.json in \$data_path is read" $'\t"hostname": "june",'
has "... and the current folder is the rootfs" \
	$'\t"rootfs": "'"$TEST_DIR"'/rootfs",'
nsinit spec --hostname found >../given/found
mv ../given/found container.json
run nsinit spec
has "what spec prints may lie in the folder" $'\t"hostname": "found",'
run nsinit exec --id found /probe where
is "$status:$out" $'0:cwd /\nhostname found' "... and be run from there"
rm container.json
cd ..
run env data_path=/no/such nsinit spec
is "$status:$err" \
	"125:nsinit: spec: find the folder /no/such: No such file or directory" \
	"a \$data_path that is missing is an error"
run nsinit spec --config given/template --rootfs rootfs extra
is "$status" 125 "spec takes no words"
done_testing
