"""both.py  the same with the parent beside the child: both rooms are watched

To be read after container.py. nsinit and the container's process both stay
under gdb and run and stop together; each stop says in which room it is. Beside
the twelve steps of the inside, the five acts of the outside can be stopped at.
They come in their order, and so do the steps; how the two mix is the kernel's
choice of a moment, but for the pipe: step 3 never comes before S4.
"""
import gdb

from gates import Gate, say, walk

# What initProcess.start and setnsProcess.start call, in the chapter's order.
ACTS = (
    ("S1", "parent_process_execute", "a new process, in new namespaces"),
    ("S2", "cgroup_manager_join", "its pid under the cgroup's control"),
    ("S3", "network_create", "its network devices"),
    ("S4", "parent_process_send_config", "the configuration through the pipe"),
    ("S5", "parent_process_await", "wait until dockerinit has done its work"),
)


class ActGate(Gate):
    """An act of nsinit's begins. Once: a failure may call it again."""

    def __init__(self, act, function, text, wanted):
        super().__init__(function)
        self.act, self.text, self.wanted = act, text, wanted
        self.name = function

    def stop(self):
        if self.act in walk.acts:
            return False
        walk.acts.append(self.act)
        say("[outside] [act  %-5s] %-18s hostpid=%-7d %s" % (
            self.act, self.name.rpartition("_")[2],
            gdb.selected_inferior().pid, self.text))
        walk.at_act = self.wanted
        return self.wanted


class MapsGate(Gate):
    """The child is there; newuidmap, which may be run now, is nobody's."""

    def __init__(self):
        super().__init__("idmap_write")

    def stop(self):
        gdb.execute("set detach-on-fork on")
        return False


class Both(gdb.Command):
    """container-both [N... S1...]: make a container, and stop before each act of
the outside and each step of the inside, or before those alone."""

    def __init__(self):
        super().__init__("container-both", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        words = argument.split()
        acts = [word for word in words if word in [act[0] for act in ACTS]]
        rest = [word for word in words if word not in acts]
        steps = numbers(rest) if rest or not words else set()

        def make_gates():
            walk.both, walk.acts = True, []
            gates(steps)
            MapsGate()
            for act, function, text in ACTS:
                ActGate(act, function, text, not words or act in acts)
            gdb.execute("set schedule-multiple on")
        begin(make_gates)


Both()
