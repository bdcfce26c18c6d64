"""processes.py  what a grader runs, and how it looks at it

What an answer prints is its author's: it comes in as text that can be shown.
"""
import os
import pathlib
import re
import select
import subprocess
import time

import labs

DEADLINE = 20  # seconds

# A terminal obeys these, and XML has no place for them.
CONTROLS = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(raw):
    """Bytes as text, in which a control character is written as \\x1b."""
    return CONTROLS.sub(lambda c: ascii(c[0])[1:-1],
                        raw.decode(errors="replace"))


def slow():
    text = os.environ.get("GRADE_SLOW") or "1"
    try:
        factor = float(text)
        if not 0 < factor <= 1000:
            raise ValueError
    except ValueError:
        labs.fail(f"GRADE_SLOW={text}: a number is wanted that deadlines are "
                  "multiplied by")
    return factor


class Run:
    """One finished command: status, out, err; 124 when time was up."""

    def __init__(self, words, **more):
        try:
            done = subprocess.run(
                words, stdin=subprocess.DEVNULL, capture_output=True,
                timeout=DEADLINE * slow(), check=False, **more)
            self.status = done.returncode
            self.out, self.err = (printable(t).strip()
                                  for t in (done.stdout, done.stderr))
        except subprocess.TimeoutExpired:
            self.status, self.out = 124, ""
            self.err = "it did not end in time"

    def seen(self):
        text = "\n".join(t for t in (self.out, self.err) if t)
        return (text or "nothing") + (
            f"\n(exit status {self.status})" if self.status else "")


class Living:
    """A command that says a line when it is there, and ends when its standard
    input does."""

    def __init__(self, words):
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        self.line = self._line()

    def _line(self):
        end = time.monotonic() + DEADLINE * slow()
        text, fd = b"", self.process.stdout.fileno()
        while not text.endswith(b"\n"):
            left = end - time.monotonic()
            if left <= 0 or not select.select([fd], [], [], left)[0]:
                break
            more = os.read(fd, 1)
            if not more:
                break
            text += more
        return printable(text).strip()

    def end(self):
        """-> what it said at its end."""
        try:
            _, err = self.process.communicate(timeout=DEADLINE * slow())
        except subprocess.TimeoutExpired:
            self.process.kill()
            err = b"it did not end in time"
        return printable(err).strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def link(path):
    """Where it leads to, as text."""
    return printable(os.readlink(os.fsencode(path)))


class Host:
    """A mount namespace that plays the host: shared from / down, as a machine
    with systemd is. What an answer does to it is seen in its table."""

    def __init__(self):
        self.life = Living(["unshare", "--mount", "--propagation", "private",
                            "sh", "-c", "mount --make-rshared / && echo up &&"
                            " exec cat"])
        if self.life.line != "up":
            labs.fail("no mount namespace to grade in: " + self.life.end())
        self.pid = self.life.process.pid
        # setns leads to the root of the mounts, and out of any chroot.
        root = os.stat("/")
        if self.run("stat", "-c", "%d %i", "/").out.split() != [
                str(root.st_dev), str(root.st_ino)]:
            self.life.end()
            labs.fail("this is a chroot: from in here nobody can look at a "
                      "container as the host does; grade outside of it")

    def words(self, *command):
        return ["nsenter", f"--mount=/proc/{self.pid}/ns/mnt", "--", *command]

    def run(self, *command):
        return Run(self.words(*command))

    def live(self, *command):
        return Living(self.words(*command))

    def mounts(self):
        return mounts(self.pid)

    def end(self):
        self.life.end()


class Mount:
    """A line of /proc/PID/mountinfo."""

    def __init__(self, line):
        part = line.split()
        self.id, self.parent, self.device, self.root, self.at = part[:5]
        self.tags = part[6:part.index("-")]
        self.type = part[part.index("-") + 1]
        self.line = line


def mounts(pid):
    text = printable(pathlib.Path(f"/proc/{pid}/mountinfo").read_bytes())
    return [Mount(line) for line in text.splitlines()]
