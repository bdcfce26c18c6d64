# shellcheck shell=bash
# prepare.sh  what fail.sh and kill.sh share: the rootfs, and which points
#
# ALL=1 tries every point. Else each EVERYth call fails, which is a prime, so
# that loops of the code do not always show the same call, and POINTS kills are
# tried of each who at whose calls; FROM, where it begins, is another one each
# day.
needs_root
needs_program python3
needs_plain_build "the sanitizers' own calls would fail"
needs_no_vm
cd "$TEST_DIR" || exit
probe_rootfs rootfs
nsinit spec --id x --rootfs "$PWD/rootfs" >new.json
export INJECT=$TOP/${BUILD:-build}/tests/inject
# shellcheck disable=SC2154 # lib.sh knows them
CGROUPS=$(IFS=: && echo "${cgroups[*]}")
export CGROUPS

network='' # fail.sh and kill.sh say what else
if ip link add br0 type bridge 2>/dev/null && ip link set br0 up; then
	# shellcheck disable=SC2034
	network=network
else
	skip "network: calls fail, processes die" "no bridge can be made here"
fi

# disturb fail|kill SCENE...: those of them that $SCENES names, else all.
disturb() {
	local act=$1 scenes
	shift
	read -ra scenes <<<"${SCENES:-$*}"
	if [[ ${ALL-} ]]; then
		EVERY=1 FROM=0 POINTS=0
	else
		: "${EVERY:=7}" "${POINTS:=100}"
		: "${FROM:=$(($(date +%s) / 86400 % EVERY))}"
	fi
	export EVERY FROM POINTS
	echo "# again: EVERY=$EVERY POINTS=$POINTS FROM=$FROM SCENES='${scenes[*]}'"
	tap python3 -B "$TOP/tests/inject/points.py" "$act" "${scenes[@]}"
}
