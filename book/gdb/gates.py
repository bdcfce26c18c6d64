"""gates.py  where the walk can be stopped, and what is known of it there

For container.py and both.py. A gate is a breakpoint of ours: at the container's
birth, at each step's begin, at the last execve. Where debug information, or even
symbols are missing, the same is found from registers, memory and libc's names.
"""
import gdb
import os
import re
import struct
import sys

STEPS = 12
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Walk:
    """One container on its way: what is known about it between two stops."""

    def __init__(self):
        self.nsinit = 0         # its pid
        self.step = 0           # the number of the step that was begun last
        self.name = ""          # and its function
        self.at_gate = False    # stopped in init_step_begin, not shown yet
        self.at_act = False     # stopped in an act's function (both.py)
        self.leaving = False    # stopped at the execve of step 12
        self.both = False       # nsinit is being watched, too
        self.make_gates = None  # makes them
        self.stripped = False   # dockerinit has no symbols
        self.told = False       # ... which was said
        self.helped = False
        self.quiet = False


walk = Walk()


def say(text):
    """Also while what gdb itself says is being held back (quietly)."""
    if walk.quiet:
        sys.__stdout__.write(text + "\n")
        sys.__stdout__.flush()
    else:
        gdb.write(text + "\n")
        gdb.flush()


# --- what a step is ----------------------------------------------------------

# Where a function's first two arguments are when nobody tells gdb their names.
ARGUMENTS = {"i386:x86-64": ("rdi", "rsi"), "aarch64": ("x0", "x1")}
PR_SET_NAME, SYS_CLONE3 = 15, 435


def argument(index):
    frame = gdb.newest_frame()
    registers = ARGUMENTS.get(frame.architecture().name())
    if not registers:
        raise gdb.GdbError("on this machine gdb needs debug information "
                           "to find a function's arguments: make DEBUG=1")
    return int(frame.read_register(registers[index])) & (2 ** 64 - 1)


def first_argument():
    return argument(0)


def text_at(address):
    text = b""
    while not text.endswith(b"\0"):
        text += bytes(gdb.selected_inferior().read_memory(address + len(text), 1))
    return text[:-1].decode()


def step_at_gate():
    """number, function, the chapter's words: the row that is being begun."""
    try:
        step = gdb.newest_frame().read_var("step")
        return (int(step["number"]), step["name"].string(),
                step["chapter"].string())
    except (ValueError, gdb.error):
        names_only("debug information")
    row = gdb.selected_inferior().read_memory(first_argument(), 40)
    number, name, _, _, chapter = struct.unpack("@iPPiP", bytes(row))
    return number, text_at(name), text_at(chapter)


def steps_of_the_source():
    names_only("symbols, or runs without --plain-init")
    with open(os.path.join(TOP, "dockerinit", "steps.def")) as table:
        rows = re.findall(r'^STEP\((\d+), (\w+), \w+,\s+"([^"]*)"',
                          table.read(), re.MULTILINE)
    return [(int(number), name, chapter) for number, name, chapter in rows]


def names_only(what):
    if not walk.told:
        walk.told = True
        say("[container] dockerinit has no %s: you get the steps' names, "
            "but no lines and variables" % what)


# --- the gates ---------------------------------------------------------------

class Gate(gdb.Breakpoint):
    """A place that the student's `delete` and `info breakpoints` leave alone."""

    def __init__(self, function):
        super().__init__(function=function, internal=True)
        self.silent = True


class CloneGate(Gate):
    """nsinit is about to make the container's process: follow that one."""

    def __init__(self, function="spawn_init"):
        super().__init__(function)

    def stop(self):
        walk.nsinit = gdb.selected_inferior().pid
        if walk.both:
            gdb.execute("set detach-on-fork off")
        else:
            gdb.execute("set follow-fork-mode child")
        self.enabled = False
        return False


class StepGate(Gate):
    """A step begins: tell it, and stop if it was asked for."""

    def __init__(self, wanted, function="init_step_begin"):
        super().__init__(function)
        self.wanted = wanted

    def stop(self):
        return self.begun(*step_at_gate())

    def begun(self, number, name, chapter):
        walk.step, walk.name = number, name
        born_again = walk.step == 4
        gdb.execute("set detach-on-fork on")
        gdb.execute("set follow-fork-mode "
                    + ("child" if born_again else "parent"))
        say("%s[step %2d/%d] %-18s hostpid=%-7d %s" % (
            "[inside]  " if walk.both else "", walk.step, STEPS,
            walk.name.partition("_")[2], gdb.selected_inferior().pid, chapter))
        walk.at_gate = walk.step in self.wanted
        return walk.at_gate


class StrippedCloneGate(CloneGate):
    """The same where nsinit has no symbols: by its system call."""

    def __init__(self, gate):
        super().__init__("syscall")
        self.gate = gate

    def stop(self):
        if self.gate.pending and first_argument() == SYS_CLONE3:
            super().stop()
        return False


class StrippedStepGate(StepGate):
    """The same where dockerinit has none: before each step it calls
    prctl(PR_SET_NAME, "dockerinit:NN"), and libc's names are always there."""

    def __init__(self, wanted, gate):
        super().__init__(wanted, "prctl")
        self.gate = gate

    def stop(self):
        if not self.gate.pending or first_argument() != PR_SET_NAME:
            return False
        name = text_at(argument(1))
        if not name.startswith("dockerinit:"):
            return False
        walk.stripped = True
        return self.begun(*steps_of_the_source()[int(name[11:]) - 1])


class ExecGate(Gate):
    """The end of step 12: from here on it is not our program any more."""

    def __init__(self):
        super().__init__("execve")

    def stop(self):
        walk.leaving = walk.step == STEPS
        return walk.leaving
