#!/bin/bash
# compare.sh MODE BUNDLE(min|default|docker) [bench.py options...]
#   RUNTIMES="ours=/path/to/ours crun=crun runc=runc" REF=crun DIR=build/perf tests/bench/compare.sh run default -n 40 --gap 80
#   CMDS=$'bwrap=bwrap --unshare-all --ro-bind {rootfs} / --proc /proc --dev /dev /bin/true'   (one per line)
# Builds the floor (static; with musl if musl-gcc is there) and the bundles in DIR on first use, then
# compares every runtime with it in one interleaved run.  Root.  Everything runs in a private mount
# namespace without the cgroup2 mount, since crun refuses a hybrid tree whose v2 root has controllers.
set -e
here=$(cd "$(dirname "$0")" && pwd); DIR=$(realpath -m "${DIR:-build/perf}"); mkdir -p "$DIR"
mode=$1 b=$2; shift 2
[ -d "$DIR/rootfs" ] || python3 "$here/mkbundles.py" "$DIR" "${SPEC:-runc}"
[ -x "$DIR/floor" ] || gcc -O2 -static -o "$DIR/floor" "$here/floor.c" 2>/dev/null
[ -x "$DIR/floor-musl" ] || ! command -v musl-gcc >/dev/null || musl-gcc -O2 -static -idirafter /usr/include -idirafter /usr/include/"$(gcc -dumpmachine | sed s/-pc//)" -o "$DIR/floor-musl" "$here/floor.c" 2>/dev/null || true
[ -f "$DIR/docker.bpf" ] || { gcc -O2 -o "$DIR/seccomp2bpf" "$here/seccomp2bpf.c" -lseccomp -lcjson && "$DIR/seccomp2bpf" "$DIR/b-docker/config.json" "$DIR/docker.bpf"; } || true
export FLOOR_BPF=$DIR/docker.bpf
args=(--bundle "$DIR/b-$b")
for r in ${RUNTIMES:-crun=crun runc=runc}; do args+=(--oci "$r"); done
F="$b $DIR/rootfs /bin/true"
args+=(--cmd "floor=$DIR/floor $F" --cmd "floor-tasks=FLOOR_ON=tasks $DIR/floor $F")
[ -x "$DIR/floor-musl" ] && args+=(--cmd "floor-musl=FLOOR_ON=tasks $DIR/floor-musl $F" --cmd "floor-musl-re=FLOOR_ON=tasks,reexec $DIR/floor-musl $F")
while read -r c; do [ -z "$c" ] || args+=(--cmd "${c//\{rootfs\}/$DIR/rootfs}"); done <<<"${CMDS:-}"
[ "$mode" = exec ] && args+=(--floor "$DIR/floor")
[ -n "${REF:-}" ] && args+=(--ref "$REF")
exec unshare -m --propagation private sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null; exec "$@"' sh python3 "$here/bench.py" "$mode" "${args[@]}" "$@"
