# shellcheck shell=bash
# network.sh  what the tests of networks share: bridges, veths, JSON of both
#
# Sourced after container.sh. The host's side is the test's own network
# namespace, in which lib.sh has left lo alone.

ping_to() { # ADDRESS [FLAG...]: from the host
	local address=$1
	shift
	busybox ping -c 1 -W $((2 * SLOW)) "$@" "$address"
}

# new_bridge NAME [ADDRESS...]: it has the host's addresses, and is up, for
# good: with a port of its own it does not lose its carrier with the last veth.
# A bridge has the lowest of its ports' MAC addresses, and forgets all its
# neighbours when that changes; here it never does.
new_bridge() {
	local name=$1 address nodad
	shift
	ip link add "$name" type bridge
	ip link add "port-$name" address 02:00:00:00:00:01 type veth \
		peer name "plug-$name"
	ip link set "port-$name" master "$name"
	for address; do
		nodad=''
		[[ $address != *:* ]] || nodad=nodad
		ip addr add "$address" dev "$name" $nodad
	done
	for address in "plug-$name" "port-$name" "$name"; do
		ip link set "$address" up
	done
	wait_for has_carrier "$name"
}

has_carrier() { # DEVICE
	[[ $(ip -o link show "$1") != *NO-CARRIER* ]]
}

# veth KEY VALUE...: one network's JSON; numbers and booleans as they are.
veth() {
	local text='{"type": "veth"'
	while [[ $# -gt 0 ]]; do
		if [[ $2 =~ ^(true|[0-9]+)$ ]]; then
			text+=", \"$1\": $2"
		else
			text+=", \"$1\": \"$2\""
		fi
		shift 2
	done
	echo "$text}"
}
# shellcheck disable=SC2034 # the tests use it
lo='{"type": "loopback"}'

# The names of the host's ends, one a line.
veths() {
	ip -o link show type veth |
		sed 's/^[0-9]*: \([^@:]*\).*/\1/; /^p...-/d'
}

# inside COMMAND...: in the network namespace of the living container.
inside() {
	# shellcheck disable=SC2154 # container.sh has it
	run nsenter -t "$pid" -n "$@"
}

# network_rootfs: the probe's, with busybox for ping and ip.
network_rootfs() {
	fresh_rootfs
	# shellcheck disable=SC2154 # container.sh has it
	busybox_rootfs "$rootfs"
}
