#!/bin/bash
# t20: network devices: a cable to a bridge, its names, addresses and routes
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "$TOP/tests/container.sh"
# shellcheck source=tests/network.sh
. "$TOP/tests/network.sh"
needs_root
needs_program ip nsenter busybox
cd "$TEST_DIR"
network_rootfs
new_bridge br0 10.9.8.1/24 fd09::1/64
new_bridge br1 10.9.7.1/24
snapshot_to "$TEST_DIR/before"

# --- one veth with everything ------------------------------------------------

config networks "[$lo, $(veth name eth5 bridge br0 address 10.9.8.2/24 \
	gateway 10.9.8.1 ipv6_address fd09::2/64 ipv6_gateway fd09::1 \
	mac_address 02:55:0a:09:08:02 mtu 1400 txqueuelen 77)]" \
	routes '[{"destination": "10.77.0.0/16", "gateway": "10.9.8.77"},
		{"destination": "10.78.0.0/16", "interface_name": "eth5"},
		{"destination": "10.79.0.0/16", "source": "10.9.8.2",
		 "interface_name": "eth5"},
		{"destination": "fd77::/48", "gateway": "fd09::77",
		 "interface_name": "eth5"}]'
begin
host=$(veths)
like "$host" '^veth[0-9a-f]{7}$' "the host has one end, with a random name"
link=$(ip -d -o link show "$host")
like "$link" ' master br0 state UP ' "... which is a port of the bridge, and up"
like "$link" ' mtu 1400 .* qlen 77[^0-9]' "... with the MTU and queue length asked for"
like "$link" ' hairpin off ' "... and without hairpin mode, which was not"
like "$link" 'alias /run/nsinit/nsinit$' "its alias says whose it is"
like "$(<"$state_file")" "\"host_interface_name\":\"$host\"" \
	"state.json knows its name"
inside ip -d -o link show
like "$out" ': eth5@if.* mtu 1400 .* state UP .* qlen 77[^0-9]' \
	"inside, the other end is called as asked, up, with MTU and queue length"
like "$out" 'link/ether 02:55:0a:09:08:02 ' "... and with the MAC address"
like "$out" '1: lo: <LOOPBACK,UP,' "lo is up, too"
is "$(wc -l <<<"$out")" 2 "there is no third device"
inside ip -o addr show dev eth5
like "$out" 'inet 10\.9\.8\.2/24 ' "it has the IPv4 address"
like "$out" 'inet6 fd09::2/64 scope global( nodad)? *[^ a-z]' \
	"... and the IPv6 address, which is not tentative"
inside ip -o route
# shellcheck disable=SC2001 # each line
is "$(sed 's/ *$//' <<<"$out" | sort)" "$(sort <<-'ROUTES'
	default via 10.9.8.1 dev eth5
	10.9.8.0/24 dev eth5 proto kernel scope link src 10.9.8.2
	10.77.0.0/16 via 10.9.8.77 dev eth5
	10.78.0.0/16 dev eth5 scope link
	10.79.0.0/16 dev eth5 scope link src 10.9.8.2
	ROUTES
)" "the IPv4 routes are those of address, gateway and routes, and no other"
inside ip -6 -o route
like "$out" '(^|'$'\n'')default via fd09::1 dev eth5 ' "there is an IPv6 default route"
like "$out" 'fd77::/48 via fd09::77 dev eth5 ' "... and the other IPv6 route"
passes "the host reaches the container" ping_to 10.9.8.2
passes "... by IPv6 at once as well" ping_to fd09::2
in_container /bin/ping -c 1 -W 5 10.9.8.1
is "$status" 0 "the container reaches the host"
in_container /bin/ping -6 -c 1 -W 5 fd09::1
is "$status" 0 "... by IPv6 as well"
in_container /bin/ping -c 1 -W 5 127.0.0.1
is "$status" 0 "... and itself"
in_container /sbin/ip -o addr show dev eth5
like "$out$err" '10\.9\.8\.2/24' "a process that joins sees the same device"
end
is "$(veths)" "" "the end of the container is the end of its cable"
leftovers "... and nothing is left of it"
# The host remembers that MAC address, and no other container asks for it.
ip neigh flush dev br0

# --- the figures -------------------------------------------------------------

# traffic: the container's own view in "rx_bytes tx_bytes rx_packets tx_packets".
traffic() {
	run nsinit stats --id nsinit
	awk '/"(Rx|Tx)(Bytes|Packets)":/ { gsub(/[^A-Za-z0-9]/, " ")
		at[$1] = $2 }
		END { print at["RxBytes"], at["TxBytes"], at["RxPackets"],
			at["TxPackets"] }' <<<"$out"
}

# at_rest: no more than a packet or two of the kernel's own in half a second.
at_rest() {
	local before now
	before=$(traffic)
	sleep 0.5
	now=$(traffic)
	[[ $((${now##* } - ${before##* })) -lt 2 ]]
}

grown() { # BEFORE NOW: what each of the four has grown by
	local old new i
	read -ra old <<<"$1"
	read -ra new <<<"$2"
	for i in 0 1 2 3; do
		echo -n "$((new[i] - old[i])) "
	done
}

config networks "[$lo, $(veth bridge br0 address 10.9.8.2/24 \
	host_interface_name vethfigures)]"
begin
wait_for at_rest || :
run nsinit stats --id nsinit
is "$(grep -c '"Name": ' <<<"$out")" 1 "stats knows one interface"
like "$out" '^\{'$'\n\t''"Interfaces": \['$'\n\t\t''\{'$'\n\t\t\t''"Name": "vethfigures",' \
	"... by the name that was asked for"
is "$(sed -n '/Interfaces/,/\]/s/^\t\t\t"\([A-Za-z]*\)": .*/\1/p' <<<"$out" |
	tr '\n' ' ')" \
	"Name RxBytes RxPackets RxErrors RxDropped TxBytes TxPackets TxErrors TxDropped " \
	"... with the keys of 2015"
# Nobody answers a broadcast: what is sent so goes one way.
before=$(traffic)
in_container /bin/ping -c 5 -i 0.1 -W 1 -s 1000 10.9.8.255
read -r rx tx _ <<<"$(grown "$before" "$(traffic)")"
if [[ $tx -ge 5210 && $tx -lt 9000 && $rx -lt 2000 ]]; then
	ok "what the container sends is in its Tx figures"
else
	not_ok "what the container sends is in its Tx figures" "rx $rx tx $tx"
fi
before=$(traffic)
run busybox ping -c 5 -i 0.1 -W 1 -s 1000 10.9.8.255
read -r rx tx packets _ <<<"$(grown "$before" "$(traffic)")"
if [[ $rx -ge 5210 && $rx -lt 9000 && $tx -lt 2000 && $packets -ge 5 ]]; then
	ok "what it receives is in its Rx figures"
else
	not_ok "what it receives is in its Rx figures" \
		"rx $rx tx $tx packets $packets"
fi
end

# --- two networks, two containers --------------------------------------------

config networks "[$(veth name front bridge br0 address 10.9.8.2/24 \
	gateway 10.9.8.1 veth_prefix ship), $lo,
	$(veth name back bridge br1 address 10.9.7.2/24 mtu 1300)]" \
	cgroups '{"parent": "nsinit"}'
begin
is "$(veths | grep -c '^ship[0-9a-f]\{7\}$')" 1 "a veth_prefix begins the host's name"
inside ip -o -4 addr
like "$out" ' front  *inet 10\.9\.8\.2/24' "of two networks there is the first"
like "$out" ' back  *inet 10\.9\.7\.2/24' "... and the second"
for address in 10.9.8.2 10.9.7.2; do
	passes "... which answers at $address" ping_to $address
done
inside ip -o link show front
like "$out" 'link/ether 02:42:0a:09:08:02 ' \
	"without a MAC address that is asked for it follows from the address"
inside ip -o link show back
like "$out" 'link/ether 02:42:0a:09:07:02 ' "... for each network"
end
begin
passes "who takes the addresses of another is reached at once" ping_to 10.9.8.2
passes "... at both" ping_to 10.9.7.2
run nsinit stats --id nsinit
is "$(grep -c '"RxBytes": ' <<<"$out")" 2 "stats has figures of both"
nsinit exec --id other --config "$config_file" --veth-address 10.9.8.3/24 \
	--veth-gateway 10.9.8.2 --veth-mtu 1200 /probe sleep 600 &
other=$!
wait_for ping_to 10.9.8.3 || not_ok "a second container answers"
run nsinit exec --id other /bin/ping -c 1 -W 5 10.9.8.2
is "$status" 0 "two containers on one bridge reach each other"
in_container /bin/ping -c 1 -W 5 10.9.8.3
is "$status" 0 "... both ways"
run nsinit exec --id other /sbin/ip -o link show front
like "$out" ' mtu 1200 ' "--veth-mtu is for the config's own veth"
run nsinit exec --id other /sbin/ip route
like "$out" 'default via 10\.9\.8\.2 ' "... and so is --veth-gateway"
kill -TERM "$other"
kill -KILL "$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' \
	/run/nsinit/other/state.json)"
wait "$other" || :
end
leftovers "nothing is left of both"

# --- hairpin, loopback's MTU -------------------------------------------------

config networks "[{\"type\": \"loopback\", \"mtu\": 1500},
	$(veth bridge br0 address 10.9.8.2/24 hairpin_mode true)]"
begin
host=$(veths)
like "$(ip -d -o link show "$host")" ' hairpin on ' "hairpin mode is set"
wait_for at_rest || :
before=$(traffic)
in_container /bin/ping -c 5 -i 0.1 -W 1 -s 1000 10.9.8.255
read -r rx tx _ <<<"$(grown "$before" "$(traffic)")"
if [[ $tx -ge 5210 && $rx -ge 5210 ]]; then
	ok "... and what the container sends to all comes back to it"
else
	not_ok "... and what the container sends to all comes back to it" \
		"rx $rx tx $tx"
fi
inside ip -o link show
like "$out" '1: lo: <LOOPBACK,UP,.* mtu 1500 ' "lo has the MTU that 2014 gives it"
like "$out" ': eth0@if' "a veth without a name is eth0"
end

# --- flags, and the daemon's command -----------------------------------------

run nsinit exec --id flags --rootfs "$rootfs" --veth-bridge br0 \
	--veth-address 10.9.8.9/24 --veth-gateway 10.9.8.1 --veth-mtu 1350 \
	/bin/sh -c 'ip -o link; ip -o addr; ip route; ping -c 1 -W 5 10.9.8.1'
is "$status" 0 "the flags of 2015 ask for a veth as well"
like "$out" 'eth0@if.* mtu 1350 .*inet 10\.9\.8\.9/24 .*default via 10\.9\.8\.1 ' \
	"... as they say"
run nsinit exec --id flags --rootfs "$rootfs" --veth-mtu 1400 /probe
is "$status $err" "125 nsinit: exec: --veth-mtu 1400: there is no veth to set \
it for; --veth-bridge asks for one" "without one they have no meaning"

cat >command.json <<JSON
{"id": "docked", "rootfs": "$rootfs",
 "network": {"mtu": 1400, "interface": {"bridge": "br0", "ip": "10.9.8.6",
	"ip_prefix_len": 24, "gateway": "10.9.8.1",
	"mac": "02:42:0a:09:08:06", "global_ipv6": "fd09::6",
	"global_ipv6_prefix_len": 64, "ipv6_gateway": "fd09::1"}},
 "process_config": {"entrypoint": "/bin/sh", "arguments": ["-c",
	"ip -o link; ip -o addr; ip route; ip -6 route; ping -c 1 -W 5 10.9.8.1"],
	"env": ["PATH=/bin:/sbin:/usr/bin", "HOSTNAME=docked"]}}
JSON
run execdriver run command.json
is "$status" 0 "execdriver's command.json asks for a veth by network.interface"
like "$out" 'eth0@if.* mtu 1400 .*02:42:0a:09:08:06.*10\.9\.8\.6/24.*fd09::6/64' \
	"... which has the addresses of it"
like "$out" 'default via 10\.9\.8\.1 .*default via fd09::1 ' "... and the gateways"
leftovers "nothing is left of them"

# --- shapes of 2014 ----------------------------------------------------------

cat >june.json <<JSON
{"hostname": "june", "environment": ["PATH=/bin:/sbin"],
 "namespaces": {"NEWNS": true, "NEWUTS": true, "NEWIPC": true, "NEWPID": true,
	"NEWNET": true},
 "capabilities": ["NET_RAW"],
 "networks": [{"type": "loopback", "address": "127.0.0.1/0",
	"gateway": "localhost", "mtu": 1500},
	{"type": "veth", "context": {"bridge": "br0", "prefix": "dock"},
	 "address": "10.9.8.4/24", "gateway": "10.9.8.1", "mtu": 1500}],
 "routes": [{"gateway": "10.9.8.1", "interface_name": "eth0"},
	{"destination": "192.168.0.0/24", "interface_name": "eth0"}],
 "cgroups": {"name": "june", "parent": "docker"}}
JSON
run nsinit exec --config june.json --rootfs "$rootfs" /sbin/ip route
# shellcheck disable=SC2001 # each line
is "$status $(sed 's/ *$//' <<<"$out" | sort | tr '\n' ';')" \
	"0 10.9.8.0/24 dev eth0 scope link  src 10.9.8.4;192.168.0.0/24 dev eth0 scope link;default via 10.9.8.1 dev eth0;" \
	"a file of June 2014, which lists its default route twice, has it once"

unshare --net sleep 600 &
holder=$!
differs() { [[ $(readlink "/proc/$holder/ns/net") != \
	"$(readlink /proc/self/ns/net)" ]]; }
wait_for differs || :
nsenter -t $holder -n ip link set lo up
nsenter -t $holder -n ip link add mark type bridge
config networks "[$lo, {\"type\": \"netns\",
	\"context\": {\"nspath\": \"/proc/$holder/ns/net\"}}]"
in_container /sbin/ip -o link
like "$status $out" '^0 .* mark: ' "the netns strategy of 2014 joins its namespace"
config namespaces "[{\"type\": \"NEWNS\"}, {\"type\": \"NEWUTS\"},
	{\"type\": \"NEWPID\"},
	{\"type\": \"NEWNET\", \"path\": \"/proc/$holder/ns/net\"}]" networks '[]'
in_container /sbin/ip -o link
like "$status $out" '^0 .* mark: ' "... and so does a path of NEWNET"
kill -KILL $holder
wait $holder 2>/dev/null || :
leftovers "nothing is left of them"

# --- a hundred at once -------------------------------------------------------

many=100
[[ ! ${SAN-} ]] || many=20
[[ ! ${VMTEST-} ]] || many=10
[[ $many -eq 100 ]] || echo "# $many containers only"
config networks "[$lo, $(veth bridge br1 address 10.9.7.9/24)]" \
	cgroups '{"parent": "nsinit"}'
for ((i = 1; i <= many; i++)); do
	nsinit exec --id "many-$i" --config "$config_file" \
		--veth-address "10.9.7.$((i + 100))/24" /probe sleep 600 \
		>"many.$i" 2>&1 &
done
pids=()
all_run() {
	local i p
	pids=()
	for ((i = 1; i <= many; i++)); do
		p=$(sed -n 's/.*"init_process_pid":\([1-9][0-9]*\).*/\1/p' \
			"/run/nsinit/many-$i/state.json") || return 1
		comm_is "$p" probe || return 1
		pids+=("$p")
	done
}
begun=$SECONDS
passes "$many containers start at once, each with its veth" wait_for all_run ||
	cat many.* | sort | uniq -c
echo "# $((SECONDS - begun)) seconds"
is "$(ip -o link show type veth | grep -c ': veth.* master br1 state UP ')" $many \
	"all $many cables are up at one bridge"
dead=''
for ((i = 1; i <= many; i++)); do
	ping_to "10.9.7.$((i + 100))" >/dev/null || dead+="$i "
done
is "$dead" "" "each answers"
kill -KILL "${pids[@]}"
for job in $(jobs -p); do
	wait "$job" 2>/dev/null || :
done
is "$(cat many.*)" "" "... and none of them has said a word"
is "$(veths)" "" "then no cable is left"
done_testing
