#!/usr/bin/env python3
"""grade.py  lab 5: is the rootfs the root, and is the old root gone?

Behaviour is graded, not text: containers are run, looked at from the host,
and attacked from inside (attack.c). What a process in a chroot sees cannot
tell it from a pivoted root, and its mount table cannot either; what the host
sees can, and so can an attack.
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from gradelib import TOP, Grader, Wrong, labs  # noqa: E402
from processes import Host, Run, link, mounts  # noqa: E402

MARK = "this-is-the-image"
APPLETS = ("sh", "ls", "cat", "hostname", "mount", "umount", "touch", "sleep")
MS_BIND, MS_REC, MS_SHARED = 4096, 16384, 1 << 20
INSIDE = f"the image's names, {MARK} among them"

g = Grader(__file__, "build/book/05-twelve-steps.html#step-9 (make book)\n"
           "build/book/labs/05-pivot-root.html")


class Room:
    """The image, the host that containers run on, and what was seen of it."""

    def __init__(self, grader, work):
        self.work, self.image = work, work / "image"
        self.attack = grader.tool("attack")
        self.make_image()
        self.image_was = self.listing()
        # Containers shall have no cgroup here: one that is killed leaves it.
        Run(["umount", "-R", "-l", "/sys/fs/cgroup"])
        self.template = self.make_template()
        (work / "volume").mkdir()
        self.number = 0
        self.host = Host()
        self.host_was = [m.line for m in self.host.mounts()]

    def end(self):
        self.host.end()

    def make_image(self):
        for name in ("bin", "dev", "proc", "sys", "tmp", "etc", "vol"):
            (self.image / name).mkdir(parents=True)
        path = os.environ["PATH"] + ":/usr/sbin:/sbin"
        busybox = shutil.which("busybox", path=path)
        if not busybox:
            labs.fail("there is no busybox for an image: "
                      "apt-get install busybox-static")
        shutil.copy(busybox, self.image / "bin/busybox")
        for name in APPLETS:
            (self.image / "bin" / name).symlink_to("busybox")
        shutil.copy(self.attack, self.image / "attack")
        (self.image / MARK).touch()

    def listing(self):
        return sorted(str(p.relative_to(self.image))
                      for p in self.image.rglob("*"))

    def make_template(self):
        made = Run([TOP / "bin/nsinit", "spec", "--id", "x",
                    "--rootfs", self.image])
        if made.status:
            labs.fail("bin/nsinit spec: " + made.seen())
        config = json.loads(made.out)
        config["cgroups"] = {"allow_all_devices": True}
        return config

    def words(self, *command, before=(), flags=(), **config):
        """nsinit exec of a new container, whose config has these members."""
        self.number += 1
        file = self.work / f"config{self.number}.json"
        file.write_text(json.dumps(self.template | config))
        return [*before, TOP / "bin/nsinit", "--root", self.work / "state",
                "exec", "--id", f"c{self.number}", "--config", file, *flags,
                "--", *command]

    def run(self, *command, **more):
        return self.host.run(*self.words(*command, **more))

    @contextlib.contextmanager
    def living(self, host=None, **more):
        """A container that lives; -> its pid, as we see it."""
        host = host or self.host
        words = self.words("/bin/sh", "-c", "echo up; read -r line", **more)
        with host.live(*words) as life:
            if life.line != "up":
                raise Wrong("a container with a shell that waits",
                            life.line + life.end(), "up")
            state = self.work / f"state/c{self.number}/state.json"
            pid = re.search(r'"init_process_pid": *(\d+)', state.read_text())
            try:
                yield int(pid[1])
            except (FileNotFoundError, ProcessLookupError):
                raise Wrong("a container with a shell that waits",
                            "it has ended", "it waits") from None


def typed(*words):
    return " ".join(["bin/nsinit exec --rootfs $PWD/rootfs", *words])


def is_image(names):
    return MARK in names.split()


def names_in(seen):
    """The Run of an ls, with all names on one line."""
    seen.out = " ".join(seen.out.split())
    return seen


def first(text, words=16):
    """The first words of each line."""
    lines = []
    for line in text.splitlines():
        part = line.split()
        lines.append(" ".join(part[:words]) +
                     (" ..." if len(part) > words else ""))
    return "\n".join(lines)


# --- gates -------------------------------------------------------------------

@g.gate("others", "the other steps still work")
def others(room):
    for flags in ((), ("--read-only",)):
        script = "hostname; echo $$; exit 7"
        seen = room.run("/bin/sh", "-c", script,
                        flags=("--hostname", "kitchen", *flags))
        if (seen.status, seen.out) != (7, "kitchen\n1"):
            raise Wrong(typed("--hostname kitchen", *flags,
                              f"/bin/sh -c '{script}'"), seen.seen(),
                        "kitchen\n1\n(exit status 7)")


# --- from inside -------------------------------------------------------------

@g.check("image", 5, "the container's / is the image")
def image(room):
    seen = names_in(room.run("/bin/ls", "-A", "/"))
    if not is_image(seen.out):
        raise Wrong(typed("/bin/ls -A /"), first(seen.seen()), INSIDE)


@g.check("above", 5, "above / is only /", needs="image")
def above(room):
    for path in ("/..", "/../../.."):
        seen = names_in(room.run("/bin/ls", "-A", path))
        if not is_image(seen.out):
            raise Wrong(typed(f"/bin/ls -A {path}"), first(seen.seen()),
                        INSIDE)


@g.check("escape", 20, "the way out of a chroot leads nowhere", needs="image")
def escape(room):
    seen = room.run("/attack", "escape")
    if not is_image(seen.out):
        raise Wrong("/attack escape (from attack.c) in the container",
                    first(seen.seen()), "reached: " + INSIDE)


@g.check("descriptors", 5, "no open folder leads out", needs="image")
def descriptors(room):
    seen = room.run("/attack", "descriptors")
    if seen.status or not all(map(is_image, seen.out.splitlines())):
        raise Wrong("/attack descriptors (from attack.c) in the container",
                    first(seen.seen()),
                    "each: " + INSIDE)


# --- from the host -----------------------------------------------------------

@g.check("host-root", 20, "seen from the host, / is the root of the mounts",
         needs="image")
def host_root(room):
    with room.living() as pid:
        seen = link(f"/proc/{pid}/root")
    if seen != "/":
        raise Wrong("on the host: readlink /proc/PID/root", seen,
                    "/ (a path: there are mounts above the container's /)")


@g.check("host-enter", 10, "who joins the mounts sees the image alone",
         needs="image")
def host_enter(room):
    with room.living() as pid:
        seen = names_in(Run(["nsenter", f"--mount=/proc/{pid}/ns/mnt",
                             "ls", "-A", "/"]))
    if not is_image(seen.out):
        raise Wrong("on the host: nsenter -t PID -m ls -A /",
                    first(seen.seen()), INSIDE)


@g.check("mount-table", 10, "no mount of the host is in its mount table",
         needs="image")
def mount_table(room):
    hosts = {(m.device, m.root) for m in room.host.mounts()}
    with room.living() as pid:
        left = [m for m in mounts(pid) if (m.device, m.root) in hosts]
    if left:
        raise Wrong("on the host: cat /proc/PID/mountinfo",
                    f"{len(left)} mounts of the host; " + ", ".join(
                        f"{m.type} at {m.at}" for m in left[:3]),
                    "the rootfs, and what step 8 mounted in it")


# --- the finer points --------------------------------------------------------

@g.check("leftovers", 5, "the image is left as it was", needs="image")
def leftovers(room):
    new = [n for n in room.listing() if n not in room.image_was]
    if new:
        raise Wrong("ls -AR on the image, after the containers above",
                    "new: " + " ".join(new), "nothing new")


@g.check("refusal", 5, "what the kernel refuses is an error of step 9",
         needs="image")
def refusal(room):
    """A container that does without pivot_root is as good."""
    seen = names_in(room.run("/bin/ls", "-A", "/",
                             before=(room.attack, "ramfs")))
    if "step 9" in seen.err and seen.status == 125 and not seen.out:
        return
    if not is_image(seen.out):
        raise Wrong("/bin/ls -A / in a container, where pivot_root(2) fails "
                    "with EINVAL", first(seen.seen()),
                    "nsinit: exec: dockerinit step 9 (...): ...: Invalid "
                    "argument\n(exit status 125), and nothing runs")


@g.check("no-pivot-root", 10, "with no_pivot_root it does without",
         needs="image")
def no_pivot_root(room):
    with_key = {"before": (room.attack, "ramfs"), "no_pivot_root": True}
    what = "no_pivot_root: true, where pivot_root(2) fails: "
    seen = room.run("/attack", "escape", **with_key)
    if not is_image(seen.out):
        raise Wrong(what + "/attack escape", first(seen.seen()),
                    "reached: " + INSIDE)
    with room.living(**with_key) as pid:
        root = link(f"/proc/{pid}/root")
    if root != "/":
        raise Wrong(what + "readlink /proc/PID/root", root, "/")


@g.check("shared", 5, "with a shared /, the host keeps its mounts, and shares",
         needs="image")
def shared(room):
    host, late = Host(), room.work / "volume/late"
    what = f"rootPropagation: {MS_SHARED | MS_REC} (MS_SHARED | MS_REC)"
    config = {"rootPropagation": MS_SHARED | MS_REC, "mounts":
              room.template["mounts"] + [{
                  "device": "bind", "source": str(room.work / "volume"),
                  "destination": "/vol", "flags": MS_BIND,
                  "propagation_flags": [MS_SHARED]}]}
    try:
        host.run("mount", "-t", "tmpfs", "volume", room.work / "volume")
        host.run("mkdir", late)
        before = [m.line for m in host.mounts()]
        with room.living(host, **config) as pid:
            host.run("mount", "-t", "tmpfs", "late", late)
            seen = [m.at for m in mounts(pid)]
            host.run("umount", late)
        lost = [line.split()[4] for line in before
                if line not in [m.line for m in host.mounts()]]
        new = [m.at for m in host.mounts() if m.line not in before]
    finally:
        host.end()
    if lost or new:
        raise Wrong(f"{what}: the host's mounts, before and after",
                    f"lost: {first(' '.join(lost))}\n"
                    f"new: {first(' '.join(new))}", "the same")
    if "/vol/late" not in seen:
        raise Wrong(f"{what}: mount -t tmpfs late VOLUME/late on the host, "
                    "where VOLUME is bound on /vol", "no /vol/late in "
                    "/proc/PID/mountinfo", "it appears in the container")


@g.gate("host", "the host is untouched")
def host_gate(room):
    now = [m.line for m in room.host.mounts()]
    if now != room.host_was:
        raise Wrong("the host's mounts, before all containers and after",
                    f"{len(room.host_was)} mounts, then {len(now)}",
                    "the same")


if __name__ == "__main__":
    g.main(Room)
