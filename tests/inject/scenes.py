# scenes.py  what is disturbed: the starts and the joins, and who knows them
import json
import os
import re
import subprocess
import time

ROOTFS = os.path.abspath('rootfs')
# What the container's program tells of itself: all that confines it.
SHEET = ('pid , id , caps , flags , signals , limits , mounts , fds , env , '
         'where , links , comm , key caller , '
         'stat /proc/self/ns/mnt /proc/self/ns/pid /proc/self/ns/net '
         '/proc/self/ns/ipc /proc/self/ns/uts /proc/self/ns/user '
         '/proc/self/ns/cgroup /dev/null /dev/console /proc/kcore , '
         'read /proc/self/cgroup , read /proc/self/uid_map , '
         'read /proc/self/gid_map , read /proc/self/oom_score_adj , '
         'write /proc/sys/kernel/hostname x , '
         'try device , say complete').split()
KINDS = ('mnt', 'pid', 'net', 'ipc', 'uts', 'user', 'cgroup')


def own_namespaces():
    return {os.readlink(f'/proc/self/ns/{kind}') for kind in KINDS}


class Scene:
    """A start: a new container, which ends with its program."""
    program = 'nsinit'
    alive = False
    shares_sys = False
    chatter = r'$.'  # lines on stderr that are no complaint: none

    def __init__(self, name):
        self.name = name
        self.host = own_namespaces()
        flags = ['nsinit', 'exec', '--id', 'x', *self.flags()]
        self.command = [*flags, '/probe', *SHEET]
        self.again = [*flags, '/probe', 'say', 'again']

    def flags(self):
        return ['--config', 'new.json']

    def role(self, number):
        return self.program if number == 0 else 'dockerinit'

    def facts(self, out):
        """The sheet, without what differs from run to run."""
        lines = []
        for line in out.replace('\r', '').splitlines():
            found = re.search(r'(\w+):\[\d+\]', line)
            if found:
                whose = 'host' if found[0] in self.host else 'own'
                line = line.replace(found[0], f'{found[1]} {whose}')
            line = re.sub(r'^(pid|ppid|sid|pgid|session|group) \d+', r'\1 N', line)
            lines.append(re.sub(r'/dev/pts/\d+', '/dev/pts/N', line))
        return lines

    def complete(self, out):
        return 'complete' in out

    def names_reason(self, line):
        """A reason that is no errno's text, and says more than one."""
        return re.search(r'exited with|was killed by|newuidmap|newgidmap|'
                         'Directory not empty', line)

    def begin(self, world):
        self.undisturbed = self.sheet()
        again = self.sheet()
        if again != self.undisturbed or not self.complete('\n'.join(again)):
            raise SystemExit(f'points.py: {self.name}: two runs tell different '
                             f'facts: {set(self.undisturbed) ^ set(again)}')
        world.learn()

    def sheet(self):
        """What the program says of itself in a run that nobody disturbs."""
        with open('out', 'w') as out, open('err', 'w') as err:
            subprocess.run(self.command, stdin=subprocess.DEVNULL, stdout=out,
                           stderr=err, timeout=60)
        with open('out') as out:
            return self.facts(out.read())

    def end(self, world):
        left = world.wait_until_gone() + world.rest()
        return not left, f'{self.name}: nothing is left at the end', left


class Network(Scene):
    """With a cable to a bridge of the host's."""

    def flags(self):
        return [*super().flags(), '--veth-bridge', 'br0',
                '--veth-address', '10.9.8.2/24']


class User(Scene):
    shares_sys = True

    def flags(self):
        return ['--rootfs', ROOTFS, '--userns-root-uid', '1000']


class Terminal(Scene):
    def flags(self):
        return ['-t', *super().flags()]


class Driver(Scene):
    program = 'execdriver'
    chatter = r'(started pid|exit status) \d+$'

    def __init__(self, name):
        super().__init__(name)
        self.command = self.run_words('driver.json', SHEET)
        # What a dead one has left, a daemon cleans first.
        again = self.run_words('again.json', ['say', 'again'])
        self.again = ['sh', '-c', 'execdriver clean x; ' + ' '.join(again)]

    def run_words(self, file, words):
        with open(file, 'w') as out:
            json.dump({'id': 'x', 'rootfs': ROOTFS, 'process_config': {
                'entrypoint': '/probe', 'arguments': words}}, out)
        return ['execdriver', 'run', file]


class Join(Scene):
    """One more process in a container that lives on."""
    alive = True
    start = ['--config', 'new.json']

    def __init__(self, name):
        super().__init__(name)
        self.command = [*self.join(), '/probe', *SHEET]

    def join(self):
        return ['nsinit', 'exec', '--id', 'x']

    def role(self, number):
        return ['nsinit', 'who joins', 'who joins, born again'][number]

    def init(self):
        with open('/run/nsinit/x/state.json') as file:
            return json.load(file)['init_process_pid']

    def begin(self, world):
        self.starter = subprocess.Popen(
            ['nsinit', 'exec', '--id', 'x', *self.start, '/probe', 'say',
             'ready', ',', 'sleep', '100000'], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE)
        self.starter.stdout.readline()
        self.pid = self.init()
        super().begin(world)
        self.procs = self.members()

    def members(self):
        return {line for top in os.environ['CGROUPS'].split(':')
                for path, _, files in os.walk(top) if '/x' in path
                for line in open(f'{path}/cgroup.procs')}

    def lives(self, world):
        """Is the container as it was?"""
        faults = []
        if not os.path.exists(f'/proc/{self.pid}') or self.init() != self.pid:
            faults.append('HARM: the container is no more the same')
            raise SystemExit('points.py: the container died: ' + self.name)
        if self.members() != self.procs:
            faults.append('HARM: others are in its cgroup')
        return faults

    def end(self, world):
        faults = self.lives(world)
        if self.sheet() != self.undisturbed:
            faults.append('who joins finds other facts: ' + str(
                set(self.sheet()) ^ set(self.undisturbed)))
        os.kill(self.pid, 9)
        self.starter.wait()
        time.sleep(0.1)
        world.learn()
        return not faults, \
            f'{self.name}: at the end the container is as before', faults


class Nsenter(Join):
    start = ['--rootfs', ROOTFS, '--userns-root-uid', '1000']

    def join(self):
        return ['nsinit', 'nsenter', '--id', 'x', '-t']


SCENES = {'new': Scene, 'network': Network, 'user': User, 'terminal': Terminal, 'driver': Driver,
          'join': Join, 'nsenter': Nsenter}
