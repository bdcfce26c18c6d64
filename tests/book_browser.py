"""book_browser.py  a headless Chromium on a pipe, without a network

The protocol is JSON, each message ended by a zero byte: commands go to the
browser's descriptor 3, answers and events come from its descriptor 4.
"""
import base64
import fcntl
import json
import os
import select
import shutil
import struct
import subprocess
import tempfile
import time
import zlib

FLAGS = ('--headless --no-sandbox --disable-gpu --disable-quic --no-first-run '
         '--disable-background-networking --disable-component-update --disable-sync '
         '--hide-scrollbars --lang=en-US --remote-debugging-pipe').split()
SECONDS = 60


class Browser:
    """One browser process with one page."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix='book-browser.')
        commands, self.writer = high_pipe()
        self.reader, answers = high_pipe()
        alone = ['unshare', '--net'] if os.geteuid() == 0 and subprocess.run(
            ['unshare', '--net', 'true'], capture_output=True).returncode == 0 else []
        self.alone = bool(alone)
        self.process = subprocess.Popen(
            alone + ['chromium', *FLAGS, f'--user-data-dir={self.home}', 'about:blank'],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, pass_fds=(3, 4),
            preexec_fn=lambda: (os.dup2(commands, 3), os.dup2(answers, 4)))
        os.close(commands)
        os.close(answers)
        self.buffer, self.count, self.events, self.session = b'', 0, [], None
        target = self.call('Target.createTarget', url='about:blank')['targetId']
        self.session = self.call('Target.attachToTarget', targetId=target,
                                 flatten=True)['sessionId']
        self.call('Page.enable')
        self.call('Network.enable')

    def close(self):
        """End the browser, and remove what it kept."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def message(self):
        """The next message from the browser."""
        deadline = time.monotonic() + SECONDS
        while b'\0' not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.reader], [], [], left)[0]:
                raise TimeoutError('the browser says nothing')
            data = os.read(self.reader, 1 << 20)
            if not data:
                raise EOFError('the browser ended')
            self.buffer += data
        text, _, self.buffer = self.buffer.partition(b'\0')
        return json.loads(text)

    def call(self, method, **parameters):
        """A command, and its answer; events that come meanwhile are kept."""
        self.count += 1
        command = {'id': self.count, 'method': method, 'params': parameters}
        if self.session:
            command['sessionId'] = self.session
        data = json.dumps(command).encode() + b'\0'
        while data:
            data = data[os.write(self.writer, data):]
        while (answer := self.message()).get('id') != self.count:
            self.events.append(answer)
        if 'error' in answer:
            raise RuntimeError(f'{method}: {answer["error"]["message"]}')
        return answer['result']

    def open(self, url, width, height, dark=False):
        """Load a page in a window of a size; returns what it asked to load."""
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 500)
        self.call('Emulation.setEmulatedMedia', features=[
            {'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'},
            {'name': 'prefers-reduced-motion', 'value': 'reduce'}])
        for place in ('about:blank', url): # or only the # of the address may differ
            self.events.clear()
            self.call('Page.navigate', url=place)
            while not any(e.get('method') == 'Page.loadEventFired' for e in self.events):
                self.events.append(self.message())
        self.settle()
        return [e['params']['request']['url'] for e in self.events
                if e.get('method') == 'Network.requestWillBeSent']

    def run(self, script):
        """What a JavaScript expression is."""
        answer = self.call('Runtime.evaluate', expression=script, returnByValue=True,
                           awaitPromise=True)
        if 'exceptionDetails' in answer:
            raise RuntimeError(answer['exceptionDetails']['exception'].get('description'))
        return answer['result'].get('value')

    def settle(self):
        """Until what was asked for is drawn."""
        self.run('new Promise(done => requestAnimationFrame('
                 '() => requestAnimationFrame(done)))')

    def picture(self, path=None, scale=1):
        """The window as a PNG file, or as its bytes."""
        size = self.run('({width: innerWidth, height: innerHeight, x: scrollX, y: scrollY})')
        data = base64.b64decode(self.call(
            'Page.captureScreenshot', clip={**size, 'scale': scale})['data'])
        if path:
            path.write_bytes(data)
        return data

    def paper(self, path):
        """The page as a PDF file."""
        data = base64.b64decode(self.call('Page.printToPDF', preferCSSPageSize=True,
                                          printBackground=True)['data'])
        path.write_bytes(data)
        return data


def high_pipe():
    """A pipe whose ends are not 3 or 4."""
    ends = []
    for end in os.pipe():
        ends.append(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10))
        os.close(end)
    return ends


def colours(png):
    """How many different pixels a PNG has (8 bits a channel, not interlaced)."""
    at, data = 8, b''
    while at < len(png):
        size, kind = struct.unpack('>I4s', png[at:at + 8])
        if kind == b'IHDR':
            width, height, _, model = struct.unpack('>IIBB', png[at + 8:at + 18])
        if kind == b'IDAT':
            data += png[at + 8:at + 8 + size]
        at += size + 12
    step = {2: 3, 6: 4}[model]
    data, row, seen = zlib.decompress(data), bytearray(width * step), set()
    for y in range(height):
        begin = y * (width * step + 1)
        how, line = data[begin], bytearray(data[begin + 1:begin + 1 + width * step])
        for i, byte in enumerate(line):
            left = line[i - step] if i >= step else 0
            up, corner = row[i], row[i - step] if i >= step else 0
            near = min((abs(up - corner), 0, left), (abs(left - corner), 1, up),
                       (abs(left + up - 2 * corner), 2, corner))[2]
            line[i] = byte + (0, left, up, (left + up) // 2, near)[how] & 255
        seen.update(bytes(line[i:i + 3]) for i in range(0, len(line), step))
        row = line
    return len(seen)
