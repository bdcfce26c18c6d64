#!/usr/bin/env python3
# points.py fail|kill SCENE...  a start or a join, disturbed at one system call
#
# A scene is a command that starts a container or joins one. inject.c tells
# which calls it makes; then it is run again and again, and each time one call
# fails (fail), or one of its processes is killed as it begins one (kill).
# Whatever happens: it ends; nobody crashes; who fails says one line, and why;
# who succeeds has said nothing and has the same facts inside as undisturbed;
# no process, lock, mount or link is left, and after the next command on that
# id nothing at all.
#
# EVERY and FROM choose the points where a call fails: each EVERYth, from the
# FROMth on. POINTS says how many kills each row gets: who dies at whose calls.
# Speaks TAP; the environment comes from lib.sh by fail.sh and kill.sh.
import os
import re
import subprocess
import sys
import time

from scenes import SCENES
from world import World

ERRORS = {'EPERM': 'Operation not permitted', 'EIO': 'Input/output error',
          'ENOMEM': 'Cannot allocate memory', 'EINTR': 'Interrupted system call'}
HANGS = 20  # seconds, on a loaded machine
EVERY = int(os.environ.get('EVERY') or 1)
FROM = int(os.environ.get('FROM') or 0)
POINTS = int(os.environ.get('POINTS') or 0)
SHOWN = 20  # faults of one sentence
count = 0


def verdict(good, sentence, details=()):
    global count
    count += 1
    print(f'{"ok" if good else "not ok"} {count} - {sentence}')
    for line in details:
        print(f'#   {line}')
    sys.stdout.flush()


class Run:
    """One run of a scene's command below inject."""

    def __init__(self, world, scene, *how):
        environment = dict(os.environ, INJECT_REPORT='report',
                           ASAN_OPTIONS='detect_leaks=0')
        self.error = how[-1]
        if os.path.exists('report'):
            os.remove('report')
        with open('out', 'w') as out, open('err', 'w') as err:
            child = subprocess.Popen(
                [os.environ['INJECT'], *how, '--', *scene.command],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                env=environment)
            try:
                self.status = child.wait(HANGS)
                self.hangs = False
            except subprocess.TimeoutExpired:
                self.hangs = True
                world.end_strangers()
                self.status = child.wait()
        self.out = read('out')
        self.said = [line for line in read('err').splitlines()
                     if not re.match(scene.chatter, line)]
        self.calls = read('report').splitlines()
        # The command's own status is not lost to an end that fails.
        self.left_over = len(self.said) == 1 and re.match(
            scene.program + r': the program has ended, but container x is left ',
            self.said[0])
        self.missed = self.status == 124 and not self.calls


def read(path):
    try:
        with open(path, errors='replace') as file:
            return file.read()
    except FileNotFoundError:
        return ''


def is_left_out(scene, run, lines):
    """Two things are refused to some, and they go without. Who may not make a
    cgroup in some hierarchy, and asks for no limit there, has none: so it is
    where nobody has delegated them. And a user namespace which may mount no
    sysfs has the host's, read-only. Nothing else is left out."""
    call = run.calls[0].split()[1] if run.calls else ''
    wanted = r'\d+:|mount /sys/fs/cgroup/' if call in ('mkdir', 'newfstatat') \
        else r'mount /sys\S* \S+ ro,' if scene.shares_sys else '$.'
    return run.error == 'EPERM' and \
        all(re.match(wanted, line) for line in lines)


def the_same(scene, run):
    """Is what the container's program says of itself as it should be?"""
    got = scene.facts(run.out)
    lost = [line for line in scene.undisturbed if line not in got]
    new = [line for line in got if line not in scene.undisturbed]
    if got == scene.undisturbed or is_left_out(scene, run, lost + new):
        return []
    return ['SILENT: ' + '; '.join(
        [f'-{line}' for line in lost[:4]] + [f'+{line}' for line in new[:4]])]


def judge_words(scene, run, why):
    """What it said, and whether it is true. why: the error's text, or None."""
    if run.hangs:
        return ['HANG: it does not end']
    if run.missed:
        return []
    whole = 'Sanitizer' in read('err') or 'runtime error' in read('err')
    if whole or re.search(r'killed by signal (?!9 )', read('err')):
        return ['CRASH: ' + ' / '.join(run.said)]
    if run.status > 128 and run.status != 137:
        return [f'CRASH: status {run.status}']
    if run.status == 0:
        faults = the_same(scene, run)
        if run.said and not run.left_over:
            faults.append('it succeeds, and says: ' + ' / '.join(run.said))
        return faults
    if run.calls and run.calls[0].split()[1:3] == ['write', '2']:
        return []  # its very words were refused
    if len(run.said) != 1 or not run.said[0].startswith(scene.program + ': '):
        return [f'LINES: status {run.status}, ' +
                (' / '.join(run.said) or 'without a word')]
    if why and why not in run.said[0] and not scene.names_reason(run.said[0]):
        return ['VAGUE: ' + run.said[0]]
    return []


def judge_rest(world, scene, run, may_stay):
    """What it left. Directories and cgroups may stay for the next command when
    the program had run, and its end was what failed, or when it was killed."""
    faults = world.wait_until_gone()
    rest = world.rest()
    if not rest and not faults and not scene.alive:
        return []
    # The folder that all containers of a program share may wait for them.
    own = [path for path in rest if path.endswith('/x')]
    if own and not may_stay:
        faults.append('LEFT: ' + ' '.join(own[:3]))
    if scene.alive:
        faults += scene.lives(world)
        return faults
    again = subprocess.run(scene.again, stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, timeout=60)
    if again.returncode or 'again' not in again.stdout:
        faults.append('BLOCKED: ' + (again.stderr or again.stdout))
    faults += world.wait_until_gone()
    rest = world.rest()
    if rest:
        faults.append('STAYS: ' + ' '.join(rest[:3]))
        world.sweep()
    return faults


def fail_points(calls):
    for error in ERRORS:
        for call in calls:
            point, name, _, kind = call.split()
            if kind == 'never' or (error == 'EINTR' and kind != 'waits'):
                continue
            yield point, name, error


def fail(world, scene):
    calls = Run(world, scene, 'count').calls
    points = list(fail_points(calls))
    chosen = points[FROM % EVERY::EVERY]
    for error, why in ERRORS.items():
        faults, missed = [], 0
        tried = [p for p in chosen if p[2] == error]
        for point, name, _ in tried:
            run = Run(world, scene, 'fail', point, error)
            if run.missed:
                missed += 1
            bad = judge_words(scene, run, why)
            may_stay = scene.complete(run.out) and (run.status or
                                                    run.left_over)
            bad += judge_rest(world, scene, run, may_stay)
            done = run.calls[0] if run.calls else f'{point} {name}'
            faults += [f'{done} {error}: {text}' for text in bad]
        report(scene, f'a call may fail with {error}', tried, missed,
               len([p for p in points if p[2] == error]), faults)


def number(call):
    """Of the process, and of the call."""
    return tuple(int(part) for part in call.split()[0].split('.'))


def kill_points(calls):
    """Who dies at whose call: each at its own, and the first one at those of
    the processes that it has made."""
    for call in calls:
        point, name = call.split()[:2]
        process = number(call)[0]
        for victim in {0, process}:
            yield point, name, victim, process


def was_ready(calls, run):
    """Has it said its last word? From then on it is the container's program
    that was killed, and that status is the command's, without a word."""
    process, at = number(run.calls[0])
    said = [number(call)[1] for call in calls
            if number(call)[0] == process and call.split()[1] == 'sendmsg']
    return process > 0 and at > max(said) and run.status == 137 and not run.said


def kill(world, scene):
    calls = Run(world, scene, 'count').calls
    points = list(kill_points(calls))
    rows = sorted({p[2:] for p in points})
    for victim, process in rows:
        faults, missed = [], 0
        row = [p for p in points if p[2:] == (victim, process)]
        every = max(1, len(row) // POINTS) if POINTS else 1
        tried = row[FROM % every::every]
        for point, name, *_ in tried:
            run = Run(world, scene, 'kill', point, str(victim))
            if run.missed:
                missed += 1
                continue
            bad = []
            if run.hangs or (victim > 0 and not was_ready(calls, run)):
                bad += judge_words(scene, run, None)
            bad += judge_rest(world, scene, run, victim == 0 or
                              scene.complete(run.out))
            done = run.calls[0] if run.calls else f'{point} {name}'
            faults += [f'{done}: {text}' for text in bad]
        report(scene, f'{scene.role(victim)} may be killed at a call of '
               f'{scene.role(process)}', tried, missed, len(row), faults)


def report(scene, what, tried, missed, whole, faults):
    note = f'{len(tried)} of {whole} tried'
    if missed:
        note += f', {missed} not reached'
    # A run that is not as it was counted tells nothing; many are a fault. (How
    # often a terminal is read differs.)
    if missed * 4 > len(tried):
        faults.append(f'{missed} points were not reached')
    verdict(not faults, f'{scene.name}: {what} ({note})', faults[:SHOWN] +
            ([f'... and {len(faults) - SHOWN} more']
             if len(faults) > SHOWN else []))
    if os.environ.get('FAULTS'):
        with open(os.environ['FAULTS'], 'a') as file:
            file.writelines(f'{scene.name} {line}\n' for line in faults)


def main():
    act = {'fail': fail, 'kill': kill}[sys.argv[1]]
    world = World()
    for name in sys.argv[2:] or SCENES:
        began = time.monotonic()
        scene = SCENES[name](name)
        scene.begin(world)
        act(world, scene)
        verdict(*scene.end(world))
        print(f'# {name} took {time.monotonic() - began:.0f} s')
    print(f'1..{count}')


main()
