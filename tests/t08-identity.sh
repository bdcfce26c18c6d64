#!/bin/bash
# t08: who the program is, and what it may do: seen from outside and from inside
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root

fresh_rootfs
config

# refused REGEX SENTENCE: it failed with one such line, and ran nothing.
refused() {
	like "$status $err" "^125 nsinit: exec: .*$1" "$2"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line, and runs nothing"
}

# --- capabilities ------------------------------------------------------------

# What the host reads of the living container: Inh Prm Eff Bnd Amb.
sets_of() { # PID
	local set
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		printf '%x ' "0x$(of_status "$1" "$set")"
	done
}
own=$(of_status self CapBnd)
# Only what we have ourselves can be given.
can_give() { # NUMBER
	[[ $((0x$own >> $1 & 1)) -eq 1 ]]
}

begin
is "$(sets_of "$pid")" "0 a80425fb a80425fb a80425fb 0 " \
	"by default there are fourteen capabilities, none inheritable or ambient"
probe caps
is "$out" "bounding 00000000a80425fb
permitted 00000000a80425fb
effective 00000000a80425fb
inheritable 0000000000000000
ambient 0000000000000000" "a process that joins has the same"
in_container --user user /probe caps
is "$out" "bounding 00000000a80425fb
permitted 0000000000000000
effective 0000000000000000
inheritable 0000000000000000
ambient 0000000000000000" "... and as a user only what it could get back"
end

config capabilities '[]'
begin
is "$(sets_of "$pid")" "0 0 0 0 0 " "an empty list leaves none at all, to root"
end
probe try mount mknod chroot sethostname setuid0 , write /root/x x
is "$out" "try mount EPERM
try mknod EPERM
try chroot EPERM
try sethostname EPERM
try setuid0 ok
write /root/x ok" "... and what needs one is refused"

config capabilities '["chown", "CAP_KILL", "KILL", "Net_Raw"]'
probe caps
is "$(facts permitted)" 0000000000002021 "names may lack CAP_, be small, come twice"

# As a user: exactly the sets, for execve adds nothing.
config user '"user"' capabilities '{
	"bounding": ["CHOWN", "KILL", "NET_RAW", "MKNOD"],
	"permitted": ["CHOWN", "KILL", "NET_RAW"], "effective": ["KILL"],
	"inheritable": ["KILL", "MKNOD"], "ambient": ["KILL"]}'
begin
is "$(sets_of "$pid")" "8000020 20 20 8002021 20 " \
	"a user keeps the ambient set; bounding and inheritable are exact"
end
config capabilities '{"bounding": ["CHOWN", "KILL"], "permitted": ["CHOWN"],
	"effective": ["CHOWN"], "inheritable": ["KILL"]}'
begin
is "$(sets_of "$pid")" "20 21 21 21 0 " "root gets all of bounding by execve"
end

config capabilities '["NO_SUCH"]'
probe say never
refused 'unknown capability "NO_SUCH"' "an unknown capability is refused"
config capabilities '{"bounding": [], "effective": ["KILL"]}'
probe say never
refused 'KILL is not permitted' "... and an effective one that is not permitted"
config capabilities '{"permitted": ["KILL"], "ambient": ["KILL"]}'
probe say never
refused 'KILL is not inheritable' "... and an ambient one that is not inheritable"
config capabilities '{"permitted": ["KILL"], "inheritable": ["KILL"]}'
probe say never
refused 'KILL is not bounding' "... and an inheritable one that is not bounding"
if can_give 24; then
	config capabilities '["SYS_RESOURCE"]'
	probe caps
	is "$(facts effective)" 0000000001000000 "SYS_RESOURCE can be given"
else
	config capabilities '["SYS_RESOURCE"]'
	probe say never
	refused 'CAP_SYS_RESOURCE, which we do not have ourselves' \
		"a capability that we lack ourselves is named"
fi

# --- users and groups --------------------------------------------------------

# id_is SPEC UID GID GROUPS HOME: with --user SPEC.
id_is() {
	in_container --user "$1" /probe id , env
	is "$status$(facts uid | tr '\n' ' ')$(facts gid)" \
		"0$2 $2 $2 $3 $3 $3" "--user '$1' is uid $2, gid $3"
	is "$(sed -n 's/^groups *//p' <<<"$out")" "$4" "... its groups are '$4'"
	is "$(sed -n 's/^env HOME=//p' <<<"$out")" "$5" "... its home is $5"
}
config
printf '%s\n' 'other:x:3000:' 'more:x:3001:someone,user,else' 'bad:x:y:user' \
	'users:x:3002:user1,auser' >>"$rootfs/etc/group"
id_is '' 0 0 '' /root
id_is root 0 0 '' /root
id_is user 1000 1000 '2000 3001' /tmp
id_is 1000 1000 1000 '2000 3001' /tmp
id_is user:other 1000 3000 '' /tmp
id_is 1000:3000 1000 3000 '' /tmp
id_is user:0 1000 0 '' /tmp
id_is 0:extra 0 2000 '' /root
id_is 1234 1234 0 '' /
id_is 1234:5678 1234 5678 '' /
id_is 4294967294:4294967294 4294967294 4294967294 '' /
id_is 00 0 0 '' /root

while IFS=: read -r spec why; do
	spec=${spec//;/:}
	in_container --user "$spec" /probe id
	refused "step 10 .*$why" "--user '$spec' is refused"
done <<'SPECS'
nobody:user nobody: not in /etc/passwd
user;nogroup:group nogroup: not in /etc/group
-1:user -1: an id is between 0 and 4294967294
4294967295:an id is between 0 and 4294967294
4294967296:an id is between 0 and 4294967294
18446744073709551616:an id is between 0 and 4294967294
1000;-1:group -1: an id is between 0 and 4294967294
0;4294967296:an id is between 0 and 4294967294
user;:group: is empty
;user:user: is empty
;:user: is empty
+0:not in /etc/passwd
0x0:not in /etc/passwd
 0:not in /etc/passwd
0 :not in /etc/passwd
SPECS

config user '"1000"' additional_groups '["extra", "7", "other"]'
begin
is "$(of_status "$pid" Uid) $(of_status "$pid" Gid)" \
	"1000 1000 1000 1000 1000 1000 1000 1000" \
	"the host sees the user of the config"
is "$(of_status "$pid" Groups | tr ' ' '\n' | sort -nu | tr '\n' ' ')" \
	"7 2000 3000 3001 " "... with the additional groups, by name and number"
probe id
is "$(facts uid) $(facts groups | tr ' ' '\n' | sort -nu | tr '\n' ' ')" \
	"1000 1000 1000 7 2000 3000 3001 " "a process that joins is the same"
end
config additional_groups '["none"]'
probe say never
refused 'group none: not in /etc/group' "an additional group must be there"
config
in_container --groups 55 /probe id
is "$(facts groups)" 55 "--groups adds one"
# Whoever starts it may have groups of its own.
if command -v setpriv >/dev/null; then
	run setpriv --groups 10,20,30 nsinit exec --config "$config_file" \
		/probe id
	is "$(sed -n 3p <<<"$out")" groups "the caller's groups do not go inside"
fi

mv "$rootfs/etc" "$rootfs/no-etc"
id_is '' 0 0 '' /
id_is 1000:7 1000 7 '' /
in_container --user root /probe id
refused 'user root: not in /etc/passwd' "without /etc/passwd there are no names"
mkdir "$rootfs/etc"
mkfifo "$rootfs/etc/passwd"
probe say never
refused '/etc/passwd is not a file' "a passwd that would never answer is refused"
rm "$rootfs/etc/passwd"
ln -s "$TEST_DIR/passwd" "$rootfs/etc/passwd"
echo 'root:x:77:77::/host:/' >"$TEST_DIR/passwd"
id_is '' 0 0 '' /
rm -r "${rootfs:?}/etc"
mv "$rootfs/no-etc" "$rootfs/etc"
cp "$rootfs/etc/passwd" "$TEST_DIR/passwd"
# A line of the image cannot make a number mean another one.
printf '%s\n' '1000:x:0:0::/root:/' 'bad:x:-1:0::/:/' 'big:x:4294967296:0::/:/' \
	'empty:x::::/' 'short' ':::' >"$rootfs/etc/passwd"
cat "$TEST_DIR/passwd" >>"$rootfs/etc/passwd"
id_is 1000 1000 1000 '2000 3001' /tmp
for name in bad big empty short; do
	in_container --user "$name" /probe say never
	refused "user $name: not in /etc/passwd" \
		"a malformed line of passwd is no user ($name)"
done
cp "$TEST_DIR/passwd" "$rootfs/etc/passwd"

# --- where, and with what ----------------------------------------------------

config working_dir '"/tmp"'
probe where
is "$(facts cwd)" /tmp "it begins in its working directory"
in_container --cwd /etc/../root /probe where
is "$(facts cwd)" /root "--cwd says another one"
in_container --cwd /none /probe say never
refused 'step 10 .*directory /none: No such file' "a missing one is an error"
[[ ! -e $rootfs/none ]] && ok "... and is not made"
in_container --cwd /etc/passwd /probe say never
refused 'Not a directory' "a file is none"
chmod 700 "$rootfs/root"
in_container --cwd /root --user user /probe ls . , read ./file
is "$out" "ls . EACCES
read ./file EACCES" "a folder that is not its user's tells it nothing"
for cwd in relative '' ; do
	in_container --cwd "$cwd" /probe say never
	refused 'an absolute path is wanted' "--cwd '$cwd' is refused"
done
config working_dir '"relative"'
probe say never
refused 'working_dir: relative is not absolute' "... so it is in the config"
config

# The descriptors of the host that dockerinit has are no way out.
exec 7<"$TOP"
for cwd in /proc/self/fd/{3,4,6,7,8,9,10} /proc/self/fd/7/.. /proc/self/cwd/.. \
	/proc/self/fd/{3,4,6,7,8}/1/root /proc/self/fd/{3,4,6,7,8}/self/cwd; do
	in_container --cwd "$cwd" /probe where , ls .
	if [[ $status -eq 0 ]]; then
		like "$out" $'^cwd /\n.*\nentry probe\n' \
			"--cwd $cwd is in the rootfs"
	else
		refused 'step 10 .*working directory' "--cwd $cwd is refused"
	fi
done
exec 7<&-

config hostname '"a.b-c"'
begin
probe where
is "$(facts hostname)" a.b-c "it has its host name"
is "$(nsenter -t "$pid" -u uname -n)" a.b-c "... in its uts namespace"
isnt "$(uname -n)" a.b-c "... and we have ours"
end
name=$(printf 'x%.0s' {1..64})
config hostname "\"$name\""
probe where
is "$(facts hostname)" "$name" "a host name has up to 64 characters"
config hostname "\"${name}x\""
probe say never
refused 'hostname: longer than 64' "... and no more"

config environment '["A=1", "EMPTY=", "EQUALS==x=y", "A=2", "LINES=a\nb",
	"with blank=1", "é=ü", "HOME=/elsewhere", "PATH=/none:/"]'
begin
is "$(tr '\0' '|' <"/proc/$pid/environ")" "A=2|EMPTY=|EQUALS==x=y|LINES=a
b|with blank=1|é=ü|HOME=/elsewhere|PATH=/none:/|" \
	"the environment is the config's: odd ones, too, and the last of two"
end
in_container --env A=3 --env B=4 --env HOME= probe env
is "$(facts env | grep -E '^(A|B|HOME)=' | sort | tr '\n' ' ')" \
	"A=3 B=4 HOME=/root " "--env says it over the config; PATH finds the probe"
for entry in A =A ''; do
	config environment "[\"$entry\"]"
	probe say never
	refused 'environment\[0\]' "the environment entry '$entry' is refused"
done
config environment '["X='"$(printf 'x%.0s' {1..100000})"'"]'
probe env
is "${#out}" "$((6 + 100000 + 15))" "a value may be long (100000 characters)"
config
export HOSTS_OWN=1
probe env
unlike "$out" 'HOSTS_OWN|LIBCONTAINER' "nothing of the host's comes along"
in_container --env PATH=/none probe say never
is "$status" 127 "another PATH finds nothing"

# --- limits ------------------------------------------------------------------

limits_of() { # PID ROW
	sed -n "s/^$2  *\([0-9a-z]*\)  *\([0-9a-z]*\).*/\1 \2/p" "/proc/$1/limits"
}
config rlimits '[{"type": "NOFILE", "soft": 10, "hard": 20},
	{"type": 4, "soft": 0, "hard": 18446744073709551615},
	{"type": "LOCKS", "soft": 9223372036854775809,
	"hard": 18446744073709551614},
	{"type": "RTTIME", "soft": 4294967296, "hard": 9007199254740993}]'
begin
is "$(limits_of "$pid" "Max open files")" "10 20" "soft and hard limits are exact"
is "$(limits_of "$pid" "Max core file size")" "0 unlimited" \
	"... infinity is 2^64 - 1"
is "$(limits_of "$pid" "Max file locks")" \
	"9223372036854775809 18446744073709551614" "... and the largest number not"
is "$(limits_of "$pid" "Max realtime timeout")" \
	"4294967296 9007199254740993" "... and no bit gets lost"
probe limits
is "$(facts 'limit NOFILE')" "10 20" "a process that joins has them, too"
end
hard=$(ulimit -Hn)
config rlimits "[{\"type\": \"NOFILE\", \"soft\": $hard, \"hard\": $((hard + 1))}]"
if can_give 24; then
	probe limits
	is "$(facts 'limit NOFILE')" "$hard $((hard + 1))" "a hard limit is raised"
else
	probe say never
	refused "step 6 .*raise RLIMIT_NOFILE from $hard to $((hard + 1))" \
		"a hard limit that we may not raise is an error"
fi
config rlimits "[{\"type\": \"NOFILE\", \"soft\": 100, \"hard\": 100}]"
(
	ulimit -Sn 50
	nsinit exec --config "$config_file" /probe limits
) >"$TEST_DIR/limits"
is "$(sed -n 's/^limit NOFILE //p' "$TEST_DIR/limits")" "100 100" \
	"our own soft limit is no bound"
is "$(ulimit -Hn)" "$hard" "... and our hard limit is as before"
for bad in '{"type": "NOFILE", "soft": 2, "hard": 1}' \
	'{"type": "NO_SUCH", "soft": 1, "hard": 1}' \
	'{"type": 99, "soft": 1, "hard": 1}' \
	'{"type": "CPU", "soft": -1, "hard": 1}' \
	'{"type": "CPU", "soft": 1, "hard": 18446744073709551616}' \
	'{"type": "CPU", "soft": 1.5, "hard": 2}' \
	'{"type": "CPU", "soft": "1", "hard": 2}' \
	'{"type": "CPU", "soft": 1, "hard": 2}, {"type": 0, "soft": 1, "hard": 2}'; do
	config rlimits "[$bad]"
	probe say never
	refused 'rlimits\[[01]\]' "the limit $bad is refused"
done
config

# --- flags -------------------------------------------------------------------

begin
is "$(of_status "$pid" Umask)" 0022 "the umask is 022"
is "$(of_status "$pid" NoNewPrivs)" 0 "new privileges are possible"
is "$(cat "/proc/$pid/oom_score_adj")" "$(cat /proc/self/oom_score_adj)" \
	"its oom score is ours"
is "$(of_status "$pid" SigBlk) $(of_status "$pid" SigIgn) \
$(of_status "$pid" SigCgt)" "0000000000000000 0000000000000000 0000000000000000" \
	"no signal is blocked, ignored or caught"
end
(
	umask 077
	trap '' INT USR1 PIPE CHLD
	exec nsinit exec --config "$config_file" /probe flags , signals
) >"$TEST_DIR/flags"
is "$(grep -E 'umask|blocked|ignored' "$TEST_DIR/flags")" "umask 022" \
	"... whatever umask and ignored signals the caller has"
probe flags , signals
is "$out" "no_new_privs 0
dumpable 1
pdeathsig 9
seccomp 0
keepcaps 0
umask 022" "it dies with nsinit by default, and nothing else is left over"
config no_new_privileges true
begin
is "$(of_status "$pid" NoNewPrivs)" 1 "no_new_privileges is there when asked for"
probe flags
is "$(facts no_new_privs)" 1 "... for one that joins, too"
end
config parent_death_signal 15
probe flags
is "$(facts pdeathsig)" 15 "parent_death_signal can be another one"
in_container --user user --parent-death-signal 0 /probe flags
is "$(facts pdeathsig)" 0 "... or none"
in_container --user user --parent-death-signal USR1 /probe flags
is "$(facts pdeathsig)" 10 "... and stays when the user changes"
for signal in 65 -1 '"KILL"'; do
	config parent_death_signal "$signal"
	probe say never
	refused 'parent_death_signal' "parent_death_signal $signal is refused"
done
config

before=$(cat /proc/sys/net/ipv4/ip_forward)
in_container --sysctl net.ipv4.ip_forward=1 --sysctl kernel.msgmax=9000 /probe \
	read /proc/sys/net/ipv4/ip_forward , read /proc/sys/kernel/msgmax
is "$out" $'1\n9000' "kernel parameters of its namespaces are set"
is "$(cat /proc/sys/net/ipv4/ip_forward)" "$before" "... and ours are as before"
for key in kernel.panic vm.swappiness kernel.hostname net..x ../../x; do
	in_container --sysctl "$key=1" /probe say never
	refused system_properties "the host's kernel parameters are refused ($key)"
done

# --- the end -----------------------------------------------------------------

begin
child=$pid
kill -KILL "$runner"
passes "when nsinit is killed, the container dies at once" wait_for gone "$child"
pid=''
end
config parent_death_signal 0
probe say next
is "$status $out" "0 next" "... and the next one cleans up"
begin
kill -KILL "$runner"
wait "$runner" || :
passes "without a death signal it outlives nsinit" comm_is "$pid" probe
probe say next
is "$status $out" "0 next" "... until the next command, which begins anew"
is "$err" "nsinit: container nsinit was left by process $runner, which is dead: ended and removed" \
	"... and says what it did"
is "$(gone "$pid" && echo gone)" gone "... and it is dead"
done_testing
