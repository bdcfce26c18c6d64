#!/bin/bash
# t17: what confines in a command.json, or a container.json, is done or refused
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
fresh_rootfs
nl=$'\n'
file=$TEST_DIR/command.json

# drive MEMBERS PROCESS WORD...: run such a command; $status, $out, $err.
drive() {
	local members=$1 process=$2 words
	shift 2
	words=$(printf '"%s",' "$@")
	cat >"$file" <<-JSON
		{"id": "oak", "rootfs": "$rootfs", ${members:+$members,}
		 "process_config": {"entrypoint": "/probe",
		  ${process:+$process,} "arguments": [${words%,}]}}
	JSON
	run execdriver run "$file"
}

# stay MEMBERS: a container that lives until leave.
stay() {
	drive "$1" '' pid # which writes the file
	sed -i 's/"pid"/"await", "15"/' "$file"
	execdriver run "$file" >"$TEST_DIR/life.out" 2>&1 &
	runner=$!
	wait_for execdriver pids oak || not_ok "a container begins" \
		"$(cat "$TEST_DIR/life.out")"
}
leave() {
	execdriver kill oak KILL
	wait "$runner" || :
}

# refused KEY SENTENCE: what was driven is one line that names the key.
refused() {
	is "$status:$out" 125: "$2 is refused"
	like "$err" "^[a-z]*: [a-z]*: [^$nl]*$1[^$nl]*\$" \
		"... in one line that names it"
}

# --- keys of other Dockers, which ask for something --------------------------

while read -r key value <&9; do
	[[ $key ]] || continue
	drive "\"$key\": $value" '' pid
	refused "$key: not supported" "$key"
done 9<<-'ROWS'
	seccomp_profile "default.json"
	oom_score_adj 500
	uidmapping [{"container_id":0,"host_id":100000,"size":65536}]
	gidmapping [{"container_id":0,"host_id":100000,"size":65536}]
	remap_root {"root_uid":100000,"root_gid":100000}
	lxc_config ["lxc.cap.drop=sys_admin"]
	seccomp {"syscalls":[{"name":"mount"}]}
	capabilities ["CHOWN"]
	ulimits [{"name":"nofile","hard":5}]
	mask_paths ["/proc/kcore"]
ROWS
drive '"pid": {"container_id": "elm"}' '' pid
refused 'pid\.container_id: not supported' "a pid namespace of another container"
drive "\"mounts\": [{\"source\": \"$TEST_DIR\", \"destination\": \"/tmp\",
	\"data\": \"noexec,size=1m\"}]" '' pid
refused 'mounts\[0\]\.data: not supported' "an option of a mount"
drive "\"mounts\": [{\"source\": \"$TEST_DIR\", \"destination\": \"/tmp\",
	\"mountpropagation\": \"rshared\"}]" '' pid
refused 'mounts\[0\]\.mountpropagation: "rshared" is not supported' \
	"a mount that is shared with the host"
drive '"resources": {"hugetlb_limit": [{"page_size": "2MB", "limit": 0}]}' '' pid
refused 'resources\.hugetlb_limit: not supported' "a limit that there is not"
drive '"seccomp_profile": "unconfined", "oom_score_adj": 0, "lxc_config": [],
	"uidmapping": null, "remap_root": {"root_uid": 0, "root_gid": 0},
	"mounts": null, "resources": {"ulimits": null, "pids_limit": 0,
	"memory_reservation": 0, "blkio_weight_device": null}' '' pid
is "$status $out" $'0 pid 1\nppid 0\npgid 1\nsid 1' "where they ask for nothing, it runs"

# --- two wishes of which one would be lost -----------------------------------

while read -r first second members <&9; do
	[[ $first ]] || continue
	drive "$members" '' pid
	refused "$first: it cannot be had together with $second" \
		"$first with $second"
done 9<<-'ROWS'
	network.host_networking network.container_id "network": {"host_networking": true, "container_id": "elm"}
	network.host_networking network.namespace_path "network": {"host_networking": true, "namespace_path": "/proc/1/ns/net"}
	network.host_networking network.interface "network": {"host_networking": true, "interface": {"ip": "10.0.0.2"}}
	network.container_id network.interface "network": {"container_id": "elm", "interface": {"ip": "10.0.0.2"}}
	ipc.host_ipc ipc.container_id "ipc": {"host_ipc": true, "container_id": "elm"}
ROWS
drive '"cap_drop": ["MKNOD"]' '"privileged": true' pid
refused 'process_config\.privileged: .* cap_drop' "privileged with cap_drop"

# --- those that are done -----------------------------------------------------

drive '"no_new_privileges": true' '' flags
is "$status $(facts no_new_privs)$(facts nnp)" "0 1" "no_new_privileges is set"
if has_cgroup v1 pids || has_cgroup v2 pids; then
	stay '"resources": {"pids_limit": 5}'
	pid=$(execdriver pids oak | head -1)
	if has_cgroup v2; then
		place=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
	else
		place=/sys/fs/cgroup/pids$(sed -n 's/^[0-9]*:pids://p' "/proc/$pid/cgroup")
	fi
	is "$(cat "$place/pids.max")" 5 "resources.pids_limit is the cgroup's"
	leave
else
	skip "resources.pids_limit is the cgroup's" "no pids controller here"
fi
if has_cgroup v1 memory || has_cgroup v2 memory; then
	drive '"resources": {"memory": 16777216, "memory_swap": 16777216,
		"memory_reservation": 8388608}' '' memory 64
	is "$status" 137 "resources.memory_reservation leaves the limit as it is"
fi

# --- one more program --------------------------------------------------------

stay ''
for key in no_new_privileges seccomp_profile apparmor_profile; do
	value='"x"'
	[[ $key != no_new_privileges ]] || value=true
	echo "{\"entrypoint\": \"/probe\", \"arguments\": [\"pid\"], \"$key\": $value}" \
		>"$TEST_DIR/process.json"
	run execdriver exec oak "$TEST_DIR/process.json"
	refused "$key: not supported" "exec: $key"
done
leave

# --- container.json ----------------------------------------------------------

while read -r key value <&9; do
	[[ $key ]] || continue
	config "$key" "$value"
	probe pid
	refused "$key: not supported" "container.json: $key"
	run nsinit spec --config "$config_file"
	is "$status:$out" 125: "... by spec, too"
done 9<<-'ROWS'
	oom_score_adj 900
	hooks {"prestart":[{"path":"/bin/true"}]}
	ociVersion "1.0.2"
	linux {"maskedPaths":["/proc/kcore"]}
	cap_drop ["MKNOD"]
	readonly_rootfs true
	seccomp_profile "x.json"
ROWS
config oom_score_adj 0 hooks '{"prestart": [], "poststop": null}'
probe pid
is "$status" 0 "where they ask for nothing, it runs"
config sysctl '{"kernel.shm_rmid_forced": "1"}' system_properties null
probe read /proc/sys/kernel/shm_rmid_forced
is "$status $out" "0 1" "sysctl is what runc calls system_properties"
done_testing
