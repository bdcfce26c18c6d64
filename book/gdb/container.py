"""container.py  gdb stops before each of the twelve steps, inside the container

    make gdb          does all of this;    by hand, in rootfs/:
    gdb -q -x ../book/gdb/container.py -ex container-steps \\
        --args ../bin/nsinit --plain-init exec /bin/sh

nsinit makes the container's first process with one clone, in spawn_init(). From
there on gdb has to follow the child; a moment earlier it would follow a helper
of nsinit's, a moment later it would have lost it. That child executes
dockerinit, which calls init_step_begin(step) before each step: the one place to
stop at. Whatever else may fork (a mount command, the program itself) is not
followed, with one exception: step 4 is born again in a pid namespace it joins.

At the execve of step 12 gdb lets go of the process. A debugger and a shell on
one terminal would take it from each other; so nsinit gets it, as in any run,
and gdb waits at its own prompt's door until the container has ended.
"""
import gdb
import os
import re
import signal
import sys
import termios

sys.dont_write_bytecode = True      # beside files that may be another user's
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gates import (STEPS, TOP, CloneGate, ExecGate, Gate, StepGate,  # noqa: E402
                   StrippedCloneGate, StrippedStepGate, say, walk)

SETTINGS = (
    "pagination off",
    "confirm off",
    "breakpoint pending on",        # dockerinit is not loaded yet
    "follow-exec-mode same",
    # The room for it is kept over an execve, where the new program has none.
    "displaced-stepping off",
    "print thread-events off",
    "print inferior-events off",
    "debuginfod enabled off",       # a question at the first stop, and a network
)

HELP = """\
You stand inside a container that is being made, before one of its steps. Type:

  step-into     to the first line of this step's function
  next          the next line of it
  print init->config->config->rootfs    what it is to become (from step 3 on)
  shell ls /proc/%s/root/       any command of the host's: its / as it is now
  continue      to the next step; after step 12 its prompt comes, exit leads back

container-steps 9 begins again and stops before step 9 alone; quit ends all."""


# What gdb says at each start of a process, which is of no use here.
NOISE = re.compile(
    r"\[Thread debugging using |Using host libthread_db |\[Switching to |"
    r".*is executing new program: |Function \".*\" not defined|\s*$|"
    r"Error in re-setting breakpoint -|"
    r"warning: Target and debugger are in different PID namespaces")


def quietly(command):
    walk.quiet = True
    try:
        text = gdb.execute(command, to_string=True)
    finally:
        walk.quiet = False
    for line in text.splitlines():
        if not NOISE.match(line):
            say(line)


# --- the terminal ------------------------------------------------------------

class Terminal:
    """gdb's terminal, if it has one, which the container borrows at the end."""

    def __init__(self):
        self.fd, self.mode = -1, None
        try:
            fd = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
            self.mode = termios.tcgetattr(fd)
            self.fd = fd
        except (OSError, termios.error):
            pass

    def give_to(self, group):
        """Let that process group have it, in the mode in which we found it."""
        if self.fd < 0:
            return
        # Whoever is in the background may set a terminal while this is blocked.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        try:
            termios.tcsetattr(self.fd, termios.TCSADRAIN, self.mode)
            os.tcsetpgrp(self.fd, group)
        except (OSError, termios.error):
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def is_not_of(self, group):
        try:
            return self.fd >= 0 and os.tcgetpgrp(self.fd) != group
        except OSError:
            return False


terminal = Terminal()


# --- stops -------------------------------------------------------------------

def wait_for_nsinit():
    """Until nsinit has reported and cleaned up; it is gdb's own child."""
    pid, walk.nsinit = walk.nsinit, 0
    if not pid:
        return
    try:
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except ChildProcessError:       # gdb was quicker, and keeps it to itself
        say("[container] nsinit has ended")
        return
    if status < 0:
        say("[container] nsinit was ended by signal %d" % -status)
    else:
        say("[container] nsinit has ended; its exit status is %d" % status)


def detach_all():
    for inferior in gdb.inferiors():
        if inferior.pid:
            gdb.execute("detach inferiors %d" % inferior.num, to_string=True)


def let_go():
    """The container gets its life and the terminal; we wait for its end."""
    say("[step 12/12] execve: gdb lets go, the container is on its own")
    group = os.getpgid(walk.nsinit)
    terminal.give_to(group)         # before nsinit looks whether it has it
    detach_all()
    if terminal.is_not_of(group):
        terminal.give_to(group)
        os.kill(walk.nsinit, signal.SIGCONT)    # look again
    wait_for_nsinit()
    terminal.give_to(os.getpgrp())


class Stopped(gdb.Command):
    """Run by gdb at each stop, before it is shown (hook-stop)."""

    def __init__(self):
        super().__init__("container-stopped", gdb.COMMAND_OBSCURE)

    def invoke(self, argument, from_tty):
        if walk.leaving:
            walk.leaving = False
            let_go()
        elif walk.both and not gdb.selected_inferior().pid:
            # The inside has failed: nsinit shall say why.
            detach_all()
            wait_for_nsinit()
        elif walk.at_act:
            walk.at_act = False
            gdb.execute("frame")
        elif walk.at_gate:
            walk.at_gate = False
            # init_step_begin knows the step alone, its caller the container.
            try:
                gdb.execute("up-silently", to_string=True)
            except gdb.error:
                pass                # without symbols there may be no caller
            if not walk.helped and terminal.fd >= 0:
                walk.helped = True
                say("\n" + HELP % gdb.selected_inferior().pid + "\n")


def exited(event):
    """dockerinit has failed: its reason comes before our prompt."""
    if walk.both or event.inferior.num == 1:
        return
    if hasattr(event, "exit_code") or gdb.convenience_variable("_exitsignal"):
        wait_for_nsinit()


def end_all(event=None):
    """Kill the inside; nsinit, if it has made one, shall clean up after it."""
    living = [inferior.num for inferior in gdb.inferiors() if inferior.pid]
    for number in reversed(living):
        if number == 1 and len(living) > 1:
            gdb.execute("detach inferiors 1", to_string=True)
        else:
            gdb.execute("kill inferiors %d" % number, to_string=True)
    wait_for_nsinit()


# --- commands ----------------------------------------------------------------

def begin(make_gates):
    """Forget the last container, and run nsinit up to the first stop."""
    end_all()
    if gdb.selected_inferior().num != 1:
        gdb.execute("inferior 1", to_string=True)
    for inferior in gdb.inferiors():
        if inferior.num != 1:
            gdb.execute("remove-inferiors %d" % inferior.num, to_string=True)
    for gate in gdb.breakpoints() or ():
        if isinstance(gate, Gate):
            gate.delete()
    helped = walk.helped
    walk.__init__()
    walk.helped = helped
    gdb.execute("set follow-fork-mode parent")
    gdb.execute("set detach-on-fork on")
    gdb.execute("set schedule-multiple off")
    walk.make_gates = make_gates
    quietly("python walk.make_gates()")
    quietly("run")


def gates(wanted):
    StrippedCloneGate(CloneGate())
    StrippedStepGate(wanted, StepGate(wanted))
    ExecGate()


def numbers(words):
    for word in words:
        if not word.isdecimal() or not 1 <= int(word) <= STEPS:
            raise gdb.GdbError("there is no step %s: they are 1 to %d"
                               % (word, STEPS))
    return {int(word) for word in words} or set(range(1, STEPS + 1))


class Steps(gdb.Command):
    """container-steps [N...]: make a container, and stop before each step,
or before the steps N alone."""

    def __init__(self):
        super().__init__("container-steps", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        wanted = numbers(argument.split())

        begin(lambda: gates(wanted))


class Into(gdb.Command):
    """step-into: from before a step, go to the first line of its function."""

    def __init__(self):
        super().__init__("step-into", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        if walk.stripped:
            raise gdb.GdbError("step-into finds no function: "
                               "dockerinit has no symbols")
        if not (gdb.selected_inferior().pid and
                gdb.newest_frame().name() == "init_step_begin"):
            raise gdb.GdbError("step-into goes on from before a step of the "
                               "inside; elsewhere, finish and next do")
        # By name: at the function's address its arguments are not there yet.
        entry = gdb.Breakpoint(function=walk.name, temporary=True, internal=True)
        entry.silent = True
        gdb.execute("continue", to_string=True)
        if gdb.selected_inferior().pid:
            gdb.execute("frame")


class Help(gdb.Command):
    """container-help: what to type before a step."""

    def __init__(self):
        super().__init__("container-help", gdb.COMMAND_SUPPORT)

    def invoke(self, argument, from_tty):
        say(HELP % (gdb.selected_inferior().pid or "PID"))


def setup():
    for setting in SETTINGS:
        try:
            gdb.execute("set " + setting, to_string=True)
        except gdb.error:
            pass                    # another gdb than ours may not know it
    gdb.execute("directory " + TOP, to_string=True)
    if os.geteuid() != 0:           # who may not enter the container to read
        gdb.execute("set sysroot /")    # its files takes the host's
    Steps()
    Into()
    Help()
    Stopped()
    gdb.execute("define hook-stop\ncontainer-stopped\nend")
    gdb.events.exited.connect(exited)
    if hasattr(gdb.events, "gdb_exiting"):
        gdb.events.gdb_exiting.connect(end_all)


setup()
