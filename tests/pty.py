#!/usr/bin/env python3
"""pty.py STEP... -- COMMAND [ARG...]  a person at a terminal, for tests

Runs COMMAND as a shell runs a job: on a new pseudo-terminal, in its
foreground. The steps are done in order:

    wait=REGEX    until that was printed (after what the last wait found)
    send=TEXT     type it; \\n \\x03 ... as in Python
    sign=SIGNAL   send COMMAND a signal: sign=TERM
    size=ROWSxCOLUMNS  of the window
    until=SHELL   until this host's shell command succeeds; $JOB is COMMAND's pid
    host=SHELL    the same, once; it must succeed
    mode=raw, mode=cooked  until the terminal is so
    away, back    the foreground job is somebody else, is COMMAND again
    hang          read no more: the person looks away
    end           until COMMAND ends

All that was printed goes to standard output, carriage returns removed, and
then one line "terminal restored" or "terminal spoilt". The exit status is
COMMAND's, 128 + n for signal n, or 99 when a step was waited for in vain.
"""
import codecs
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

TIMEOUT = 10 * (10 if os.environ.get("VMTEST") else 1)


class Terminal:
    """The master is the person's end; the slave is kept open, for asking."""

    def __init__(self, rows=24, columns=80):
        self.master, self.slave = os.openpty()
        self.printed, self.found = b"", 0
        self.resize(rows, columns)
        if os.getpid() != os.getsid(0):
            os.setsid()
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        self.before = termios.tcgetattr(self.slave)
        self.status = None

    def start(self, command):
        self.job = os.fork()
        if self.job == 0:
            os.setpgid(0, 0)
            os.tcsetpgrp(self.slave, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            for fd in range(3):
                os.dup2(self.slave, fd)
            os.closerange(3, 64)
            os.execvp(command[0], command)
        self.until(lambda: os.tcgetpgrp(self.slave) != os.getpgrp())
        os.environ["JOB"] = str(self.job)

    def read(self, seconds):
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        self.printed += os.read(self.master, 65536)
        return True

    def ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.job, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def until(self, condition, read=True):
        deadline = time.monotonic() + TIMEOUT
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError
            if read:
                self.read(0.02)
            else:
                time.sleep(0.02)

    def see(self, regex):
        match = re.compile(regex.encode()).search(self.printed, self.found)
        if match:
            self.found = match.end()
        return match

    def is_mode(self, mode):
        canonical = termios.tcgetattr(self.slave)[3] & termios.ICANON
        return bool(canonical) == (mode == "cooked")

    def resize(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ,
                    struct.pack("4H", rows, columns, 0, 0))

    def send(self, text):
        data = codecs.decode(text, "unicode_escape").encode("latin-1")
        while data:
            data = data[os.write(self.master, data[:256]):]
            self.read(0)

    def do(self, step, value):
        if step == "wait":
            self.until(lambda: self.see(value))
        elif step == "send":
            self.send(value)
        elif step == "sign":
            os.kill(self.job, signal.Signals["SIG" + value])
        elif step == "size":
            self.resize(*map(int, value.split("x")))
        elif step == "until":
            self.until(lambda: subprocess.call(
                value, shell=True, stdout=subprocess.DEVNULL) == 0)
        elif step == "host":
            subprocess.run(value, shell=True, check=True, stdout=sys.stderr)
        elif step == "mode":
            self.until(lambda: self.is_mode(value))
        elif step == "away":
            os.tcsetpgrp(self.slave, os.getpid())
        elif step == "back":
            os.tcsetpgrp(self.slave, self.job)
            os.kill(self.job, signal.SIGCONT)
        elif step == "hang":
            time.sleep(0.3)
        elif step == "end":
            self.until(self.ended)
        else:
            sys.exit("pty.py: no such step: " + step)

    def finish(self):
        """Whatever happened: no COMMAND stays, all that was printed is read."""
        if not self.ended():
            os.kill(self.job, signal.SIGKILL)
            os.kill(self.job, signal.SIGCONT)
            self.until(self.ended)
        while self.read(0.1):
            pass
        after = termios.tcgetattr(self.slave)
        sys.stdout.buffer.write(self.printed.replace(b"\r", b""))
        print("\nterminal " + ("restored" if after == self.before else "spoilt"))


def main():
    split = sys.argv.index("--")
    terminal = Terminal()
    steps = [step.partition("=") for step in sys.argv[1:split]]
    while steps and steps[0][0] == "size":
        terminal.do("size", steps.pop(0)[2])
    terminal.start(sys.argv[split + 1:])
    for step, _, value in steps:
        try:
            terminal.do(step, value)
        except (TimeoutError, subprocess.CalledProcessError):
            print(f"pty.py: in vain: {step}={value}", file=sys.stderr)
            terminal.finish()
            sys.exit(99)
    terminal.finish()
    status = terminal.status
    sys.exit(status if status >= 0 else 128 - status)


main()
