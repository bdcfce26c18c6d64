#!/bin/bash
# t28: whatever fails, and whoever is killed: no end of a cable is left
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "$TOP/tests/container.sh"
# shellcheck source=tests/network.sh
. "$TOP/tests/network.sh"
needs_root
needs_program ip nsenter strace
cd "$TEST_DIR"
fresh_rootfs
new_bridge br0 10.9.8.1/24 fd09::1/64
snapshot_to "$TEST_DIR/before"

# --- bad input ---------------------------------------------------------------

# refused SENTENCE REGEX COMMAND...: in one line, and at once nothing is there.
refused() {
	local text=$1 regex=$2
	shift 2
	run "$@"
	if [[ $status -eq 125 && ! $out && $err != *$'\n'* &&
		$err =~ ^nsinit:\ exec:\ $regex && ! $(veths) &&
		! -e /run/nsinit/nsinit ]]; then
		ok "$text"
	else
		not_ok "$text" "status $status, said: $err"$'\n'"links: $(veths)"
	fi
}

bad() { # SENTENCE REGEX NETWORKS [ROUTES]
	config networks "$3" routes "${4:-[]}"
	refused "$1" "$2" nsinit exec --config "$config_file" /probe say never
}
bad "no bridge of that name is refused" \
	'networks\[1\]\.bridge: there is no network device br9 here$' \
	"[$lo, $(veth bridge br9)]"
bad "... nor one that is no bridge" \
	'networks\[0\]\.bridge: the network device lo is no bridge$' \
	"[$(veth bridge lo)]"
bad "... nor a name for the host's end that is taken" \
	'networks\[0\]\.host_interface_name: there is a network device lo already$' \
	"[$(veth bridge br0 host_interface_name lo)]"
bad "the second network is named by its number" 'networks\[1\]\.mtu: 67 is ' \
	"[$lo, $(veth bridge br0 mtu 67)]"
bad "a misspelt type is corrected" \
	'networks\[0\]\.type: .*"vteh"; did you mean "veth"\?$' '[{"type": "vteh"}]'
bad "an address needs the length of its prefix" 'networks\[0\]\.address: ' \
	"[$(veth bridge br0 address 10.9.8.2)]"
bad "a route needs a device that is there" 'routes\[0\]\.interface_name: ' \
	"[$(veth bridge br0 address 10.9.8.2/24)]" \
	'[{"destination": "10.0.0.0/8", "interface_name": "eth1"}]'
bad "a number that is text is refused" 'config .*networks\[0\]\.mtu: a number|.*networks\[0\]\.mtu: a number' \
	'[{"type": "veth", "bridge": "br0", "mtu": "big"}]'
config networks "[$lo]" namespaces '[{"type": "NEWNS"}, {"type": "NEWUTS"}]'
refused "networks need a network namespace" 'networks: needs NEWNET' \
	nsinit exec --config "$config_file" /probe
refused "--veth-bridge needs one that is there, too" \
	'networks\[1\]\.bridge: there is no network device br9 here \(--veth-bridge br9\)$' \
	nsinit exec --id nsinit --rootfs "$rootfs" --veth-bridge br9 /probe
refused "... and a network namespace of the container's own" \
	'networks: needs NEWNET in namespaces \(--net host, --veth-bridge br0\)$' \
	nsinit exec --id nsinit --rootfs "$rootfs" --net host --veth-bridge br0 \
	/probe

bad "a gateway outside of the network is refused" \
	'networks\[1\]\.gateway: 10\.1\.1\.1 is not in the network of the address 10\.9\.8\.2/24$' \
	"[$lo, $(veth bridge br0 address 10.9.8.2/24 gateway 10.1.1.1)]"
bad "... so is one by IPv6" \
	'networks\[0\]\.ipv6_gateway: fd01::1 is not in the network of the address fd09::2/64$' \
	"[$(veth bridge br0 ipv6_address fd09::2/64 ipv6_gateway fd01::1)]"
bad "... and an address that is the bridge's own" \
	'networks\[0\]\.ipv6_address: fd09::1/64 is the own address of the bridge br0$' \
	"[$(veth bridge br0 ipv6_address fd09::1/64)]"

# typed SENTENCE REGEX FLAG...: as who typed flags alone is told of them.
typed() {
	local text=$1 regex=$2
	shift 2
	refused "$text" "networks\\[1\\]\\.$regex" nsinit exec --id nsinit \
		--rootfs "$rootfs" --veth-bridge br0 "$@" /probe
}
typed "flags ask for no gateway outside of the network" \
	'gateway: 10\.1\.1\.1 is not in .* \(--veth-address 10\.9\.8\.2/24, --veth-gateway 10\.1\.1\.1\)$' \
	--veth-address 10.9.8.2/24 --veth-gateway 10.1.1.1
typed "... nor for one without an address" \
	'gateway: 10\.9\.8\.1 cannot be reached without .* \(--veth-gateway 10\.9\.8\.1\)$' \
	--veth-gateway 10.9.8.1
typed "... nor for the address of the network" \
	'address: 10\.9\.8\.0/24 is the network itself.* \(--veth-address 10\.9\.8\.0/24\)$' \
	--veth-address 10.9.8.0/24
typed "... nor for its broadcast address" \
	'address: 10\.9\.8\.255/24 is the broadcast .* \(--veth-address 10\.9\.8\.255/24\)$' \
	--veth-address 10.9.8.255/24
typed "... nor for the bridge's own" \
	'address: 10\.9\.8\.1/24 is the own address of the bridge br0 \(--veth-bridge br0, --veth-address 10\.9\.8\.1/24\)$' \
	--veth-address 10.9.8.1/24
typed "... nor for an MTU that is none" \
	'mtu: 67 is not between 68 and 65535 \(--veth-mtu 67\)$' --veth-mtu 67

# What only the kernel can judge, when the devices are there.
bad "a second default route is refused in the kernel's words" \
	'dockerinit step 5 .*networks\[1\]\.gateway: .*: File exists$' \
	"[$(veth bridge br0 address 10.9.8.2/24 gateway 10.9.8.1),
	$(veth name eth1 bridge br0 address 10.9.7.2/24 gateway 10.9.7.1)]"
bad "... and a route by an unreachable neighbour" \
	'dockerinit step 6 \(step06_route_rlimit\): routes\[1\]: .*: Network is unreachable$' \
	"[$(veth bridge br0 address 10.9.8.2/24)]" \
	'[{"destination": "10.1.0.0/16", "gateway": "10.9.8.7"},
	{"destination": "10.2.0.0/16", "gateway": "10.1.0.1",
	"interface_name": "eth0"}]'
leftovers "nothing is left of all these"

# --- each step fails ---------------------------------------------------------

config networks "[$lo, $(veth bridge br0 address 10.9.8.2/24 \
	gateway 10.9.8.1), $(veth name eth1 bridge br0 hairpin_mode true)]"
for n in {1..12}; do
	run "$TRACER" /run/nsinit nsinit "$config_file" "$n" /probe say never
	is "$status:$(grep -c "^failed $n " <<<"$out"):$(veths)" "9:1:" \
		"when step $n fails, both cables are gone at once"
done
leftovers "... and all the rest"

# --- each call of the host's half fails --------------------------------------

# After a failure the next run must find the way free: the names are fixed.
config networks "[$lo, $(veth bridge br0 address 10.9.8.2/24 \
	host_interface_name here0), $(veth name eth1 bridge br0 \
	hairpin_mode true host_interface_name here1)]"
export ASAN_OPTIONS=detect_leaks=0
no_veths() { [[ ! $(veths) ]]; }
bad_runs='' tried=0
calls=(sendto recvfrom socket connect ioctl getrandom)
[[ ! ${VMTEST-} ]] || calls=(sendto)
for call in "${calls[@]}"; do
	for ((k = 1; k < 40; k++)); do
		: >trace
		run timeout -s KILL $((10 * SLOW)) strace -f -qq -o trace \
			-e "trace=$call" -e "inject=$call:error=ENOBUFS:when=$k" \
			nsinit exec --config "$config_file" /probe say ran
		grep -q INJECTED trace || break
		tried=$((tried + 1))
		[[ $status:$out:$err == 0:ran: || ($status -eq 125 &&
			$err == nsinit:\ * && $err != *$'\n'*) ||
			($status -eq 0 && $err == nsinit:\ *) ]] ||
			bad_runs+="$call $k: status $status, $out, $err"$'\n'
		# An answer that was not heard: the pair goes with its namespace.
		wait_for no_veths || :
		run nsinit exec --config "$config_file" /probe say again
		[[ $status:$out == 0:again ]] ||
			bad_runs+="after $call $k: $status, $out, $err"$'\n'
		[[ ! $(veths) ]] || bad_runs+="after $call $k: $(veths)"$'\n'
	done
done
unset ASAN_OPTIONS
is "$bad_runs" "" "whichever call of the network fails, the next container starts"
echo "# $tried calls"
isnt "$tried" 0 "... and calls did fail"
leftovers "... and nothing is left"

# --- killed ------------------------------------------------------------------

begin
is "$(veths | tr '\n' ' ')" "here0 here1 " "a container runs"
kill -KILL "$runner"
wait "$runner" 2>/dev/null || :
passes "when nsinit is killed, its cables go with the namespace" wait_for no_veths
for n in 1 2 3; do
	in_container /probe say again
	is "$status $out$err" "0 again" "its names can be used again at once"
done

# Somebody holds the namespace: then the kernel keeps the devices.
begin
exec 9<"/proc/$pid/ns/net"
kill -KILL "$runner"
wait "$runner" 2>/dev/null || :
wait_for gone "$pid"
is "$(veths | wc -l)" 2 "a namespace that is held keeps them when nsinit is killed"
in_container /probe say again
is "$status $out$err $(veths)" "0 again " \
	"... and the next exec, which destroys what was left, deletes them"
exec 9<&-

# A device of the same name that belongs to somebody else is left alone.
begin
kill -KILL "$runner"
wait "$runner" 2>/dev/null || :
wait_for no_veths
ip link add here0 type veth peer name there0
config networks "[$lo]"
in_container /probe say again
is "$status $out $(veths | sort | tr '\n' ' ')" "0 again here0 there0 " \
	"what is called the same, but is not the container's, is not deleted"
ip link del here0

# Killed in the middle of act S3: with the pair made, and nothing more. The
# calls of nsinit itself: find the bridge, find it, make the pair, attach it.
config networks "[$(veth bridge br0 host_interface_name here0)]"
ASAN_OPTIONS=detect_leaks=0 strace -qq -o /dev/null -e trace=sendto \
	-e "inject=sendto:delay_enter=60000000:when=4" \
	nsinit exec --config "$config_file" /probe say never >slow.out 2>&1 &
runner=$!
half_made() { [[ $(ip -o link show here0) == *' state DOWN '* ]]; }
passes "nsinit stands in the middle of act S3" wait_for half_made
is "$(ip -d link show here0 | grep -c 'alias\|master')" 0 \
	"... with a pair that is nobody's yet"
kill -KILL "$(pgrep -P "$runner")"
passes "... and when it is killed there, the pair goes" wait_for no_veths
wait "$runner" 2>/dev/null || :
in_container /probe say again
is "$status $out" "0 again" "... and the next exec starts anew"
done_testing
