#!/bin/bash
# t45: a question that the kernel does not answer is not answered "no"
# timeout: 240
#
# Where the answer decides what confines, a call that fails ends the start with
# a line, or changes nothing: never a container that is confined less. (make
# test-inject asks that of every call; here are those that were once wrong, and
# their kind.)
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program strace
needs_no_vm

fresh_rootfs
config
read -ra sheet <<<"/probe caps , id , flags , fds , mounts , \
read /proc/self/cgroup , stat $(echo /proc/self/ns/{pid,mnt,net,ipc,uts,user}) , \
say complete"
command=()

# facts_of FILE: the sheet; of a namespace, whether it is the host's.
facts_of() {
	local text kind
	text=$(<"$1")
	for kind in pid mnt net ipc uts user; do
		text=${text//"$(readlink /proc/self/ns/$kind)"/"the host's"}
	done
	printf '%s\n' "$text" | sed 's/link [a-z]*:\[[0-9]*\]/its own/'
}

# undisturbed WORD...: from now on this is the command; as it is, it says this.
undisturbed() {
	command=("$@" "${sheet[@]}")
	run "${command[@]}"
	wanted=$(facts_of "$TEST_DIR/run.out")
	like "$wanted" complete "undisturbed, it tells what confines it"
}

# fails STRACE-FLAG...: leaves in $wrong what is wrong when these calls fail:
# nothing; and $status.
wrong=''
fails() {
	wrong=''
	run strace -f -qq -o /dev/null "$@" "${command[@]}"
	if [[ $status -eq 0 ]]; then
		wrong=$(facts_of "$TEST_DIR/run.out" |
			diff - <(echo "$wanted") | grep '^[<>]' || :)
	elif [[ $status -ne 125 || $out ||
		$(grep -c '^nsinit: ' <<<"$err") -ne 1 ]]; then
		wrong="status $status: $out$err"
	fi
}

# refused WHAT STRACE-FLAG...: when these calls fail the start is, with a line.
refused() {
	local what=$1
	shift
	fails "$@"
	is "$status $wrong" "125 " "$what"
}

# Of some prctls one fails; most of them are PR_CAPBSET_READ.
failing_prctls() { # SENTENCE
	local n error all=''
	for ((n = 2; n <= 110; n += 6)); do
		error=EIO
		[[ $((n % 4)) -eq 0 ]] || error=EPERM
		fails -e trace=prctl -e "inject=prctl:error=$error:when=$n"
		[[ ! $wrong ]] || all+="prctl $n $error: $wrong"$'\n'
	done
	is "$all" "" "$1"
}

undisturbed nsinit exec --config "$config_file"
failing_prctls "a prctl that fails leaves no new container more capabilities"
refused "... nor do all that come after one" \
	-e trace=prctl -e inject=prctl:error=EIO:when=20+
refused "whether setgroups is denied is not guessed" -P /proc/self/setgroups \
	-e trace=openat -e inject=openat:error=EIO
config process_label '"x"'
for file in filesystems self/attr/current; do
	refused "$file: whether a security module runs is not guessed" \
		-P "$file" -e trace=openat -e inject=openat:error=EIO
done
config

begin
undisturbed nsinit exec --config "$config_file"
failing_prctls "... nor who joins"
for file in pid pid_for_children; do
	for error in EIO ENOMEM EACCES; do
		refused "$file, $error: who joins is not left with the host's pids" \
			-P "/proc/self/ns/$file" -e trace=newfstatat,statx \
			-e "inject=newfstatat,statx:error=$error"
	done
done
for error in EPERM EIO; do
	refused "setgroups, $error: who joins does not keep the caller's groups" \
		-e trace=setgroups -e "inject=setgroups:error=$error"
done
end

if ! has_user_namespaces; then
	skip "... nor in a user namespace that allows to change them" "there are none here"
	done_testing
	exit 0
fi
config namespaces '[{"type": "NEWUSER"}, {"type": "NEWNS"}, {"type": "NEWPID"},
	{"type": "NEWUTS"}, {"type": "NEWIPC"}, {"type": "NEWNET"}]' \
	uid_mappings '[{"container_id": 0, "host_id": 100000, "size": 65536}]' \
	gid_mappings '[{"container_id": 0, "host_id": 100000, "size": 65536}]'
begin
undisturbed nsinit exec --config "$config_file"
refused "... nor in a user namespace that allows to change them" \
	-e trace=setgroups -e inject=setgroups:error=EPERM
end
done_testing
