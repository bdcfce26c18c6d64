# world.py  what a command could leave: processes, locks, mounts, links, state
import ctypes
import os
import signal
import subprocess
import time

PATIENCE = 5.0  # seconds for what is dying; a busy machine is slow


class World:
    """What is there, compared with what was there before."""

    def __init__(self):
        # Orphans come to us, so that they are seen, and reaped.
        libc = ctypes.CDLL(None)
        libc.prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
        # What the caller's session keyring holds is not the container's.
        add_key, keyctl = {'x86_64': (248, 250)}.get(os.uname().machine,
                                                     (217, 219))
        libc.syscall(keyctl, 1, None)  # KEYCTL_JOIN_SESSION_KEYRING
        libc.syscall(add_key, b'user', b'caller', b'secret', 6, -3)
        self.roots = os.environ['CGROUPS'].split(':')
        self.learn()

    def learn(self):
        """What is there now belongs here."""
        self.processes = self.now_processes()
        self.before = self.now()
        self.rest_before = self.now_rest()

    def now_processes(self):
        return {int(name) for name in os.listdir('/proc') if name.isdigit()}

    def reap(self):
        try:
            while os.waitpid(-1, os.WNOHANG)[0] > 0:
                pass
        except ChildProcessError:
            pass

    def strangers(self):
        self.reap()
        return sorted(self.now_processes() - self.processes)

    def end_strangers(self):
        for pid in self.strangers():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def now(self):
        """Locks, mounts and links, a line each."""
        lines = set()
        with open('/proc/self/mountinfo') as file:
            lines |= {'mount ' + line.split()[4] for line in file}
        with open('/proc/locks') as file:
            lines |= {'lock ' + line.split(':', 1)[1].strip() for line in file}
        lines |= {'link ' + name for name in os.listdir('/sys/class/net')}
        return lines

    def now_rest(self):
        """State directories and cgroups."""
        found = set()
        for top in self.roots:
            for path, folders, _ in os.walk(top):
                found |= {f'{path}/{name}' for name in folders}
        for top in ('/run/nsinit', '/run/execdriver'):
            if os.path.isdir(top):
                found |= {f'{top}/{name}' for name in os.listdir(top)}
        return found

    def rest(self):
        return sorted(self.now_rest() - self.rest_before)

    def wait_until_gone(self):
        """The faults: what should be gone at once, and is not. Who dies has
        a moment for it."""
        end = time.monotonic() + PATIENCE
        while True:
            left = [self.describe(pid) for pid in self.strangers()]
            left += sorted(self.now() - self.before)
            if not left:
                return []
            if time.monotonic() > end:
                self.end_strangers()
                return ['LEFT: ' + '; '.join(left[:3])]
            time.sleep(0.002)

    def describe(self, pid):
        try:
            with open(f'/proc/{pid}/stat') as file:
                text = file.read()
            return f'process {pid} ' + text[text.index('('):][:24]
        except OSError:
            return f'process {pid}'

    def sweep(self):
        """Remove what stays, so that the next point begins anew."""
        for path in sorted(self.rest(), reverse=True):
            subprocess.run(['rm', '-rf', path] if path.startswith('/run/')
                           else ['rmdir', path], stderr=subprocess.DEVNULL)
