#!/usr/bin/env python3
"""trace-screens.py [FOLDER]  a browser looks at the pages of real traces

Makes containers with --trace=html, opens their pages in headless Chromium,
does what a reader does, and leaves pictures in FOLDER (build/screens). Says
what is as it should be, as TAP. Root, like the containers.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from book_browser import Browser, colours

TOP = pathlib.Path(__file__).resolve().parent.parent
OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else TOP / 'build/screens')
EVIL = '</script><img src=x onerror="owned=1"><!--'
WIDE, PHONE = (1440, 900), (390, 844)

said, failed = 0, 0


def verdict(good, sentence, detail=''):
    """One line of TAP."""
    global said, failed
    said += 1
    failed += not good
    print(f'{"" if good else "not "}ok {said} - {sentence}')
    if not good and detail != '':
        print(f'#   {detail}')


def same(got, want, sentence):
    """A verdict that tells what differs."""
    verdict(got == want, sentence, f'{got!r} is not {want!r}')


def trace(folder, name, *words):
    """The address of the page of a new container, and what it shows."""
    page = folder / f'{name}.html'
    subprocess.run([TOP / 'bin/nsinit', '--root', folder / 'state', f'--trace=html:{page}',
                    'exec', '--id', f'screens-{name}', *words],
                   cwd=TOP / 'rootfs', capture_output=True, check=False)
    text = page.read_text(encoding='utf-8')
    begin = text.index('id="trace">') + len('id="trace">')
    return page.as_uri(), json.loads(text[begin:text.index('</script>', begin)])


WIDER = 'document.documentElement.scrollWidth > innerWidth'
LABEL = '(innerWidth > 1120 ? document.getElementById("label") : ' \
    'document.querySelector(".now > .inline"))'


# Text too near in colour to what is behind it (WCAG: 4.5), in a bar or elsewhere.
FAINT = '''(() => {
    const numbers = c => c.match(/[0-9.]+/g).map(Number);
    const ground = e => {
        if (e.closest('.event')) return numbers(getComputedStyle(
            e.closest('.event').querySelector('.fill')).fill);
        for (; e; e = e.parentElement) {
            const c = numbers(getComputedStyle(e).backgroundColor);
            if (c.length === 3) return c;
        }
    };
    const light = c => c.slice(0, 3).map(v => (v /= 255) <= .04045 ? v / 12.92 :
        ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), bad = [];
    while (texts.nextNode()) {
        const e = texts.currentNode.parentElement;
        if (!e.getClientRects().length || e.closest(':disabled, noscript, script')) continue;
        const style = getComputedStyle(e), under = light(ground(e));
        const own = light(numbers(e.closest('svg') ? style.fill : style.color));
        const ratio = (Math.max(own, under) + .05) / (Math.min(own, under) + .05);
        if (ratio < 4.5) bad.push(`${texts.currentNode.data.slice(0, 20)} ${ratio.toFixed(1)}`);
    }
    return bad;
})()'''


def look(browser, url, shown, size, dark):
    """One page in one window: all that holds at any width."""
    name = f'at {size[0]}{", dark" if dark else ""}'
    loaded = browser.open(url, *size, dark)
    same([u for u in loaded if u not in (url, 'about:blank')], [],
         f'{name}: nothing but the page is loaded')
    verdict(not browser.run(WIDER), f'{name}: nothing is wider than the window')
    same(browser.run(FAINT), [], f'{name}: every text stands out from its ground')
    for what in ('.event', '.row'):
        same(browser.run(f'[...document.querySelectorAll("{what}")].map('
                         'e => e.dataset.tag).sort()'),
             sorted(e['tag'] for e in shown['events']),
             f'{name}: each event is one {what[1:]}')
    verdict(colours(browser.picture(OUT / f'trace-{size[0]}{"-dark" * dark}.png')) > 40,
            f'{name}: the picture is no blank')
    wrong = []
    for event in shown['events']:
        click = 'dispatchEvent(new MouseEvent("click", {bubbles: true}))'
        browser.run(f'''document.querySelector('.event[data-tag="{event["tag"]}"]').{click}''')
        text = browser.run(LABEL + '.textContent') or ''
        rows = browser.run(LABEL + '.querySelectorAll("tbody tr").length')
        height = browser.run(LABEL + '.offsetHeight')
        for word in (event['function'], f'{event["file"]}:{event["line"]}', event['kernel']):
            if word not in text:
                wrong.append(f'{event["tag"]}: no {word}')
        if rows != len(event['changes']) or not height or browser.run(WIDER):
            wrong.append(f'{event["tag"]}: {rows} rows, {height} px high')
    same(wrong, [], f'{name}: a click on a bar shows function, place, kernel and each change')
    browser.picture(OUT / f'trace-{size[0]}-last{"-dark" * dark}.png')


def press(browser, key, count=1):
    """A key, as a person presses it."""
    for _ in range(count):
        for kind in ('rawKeyDown', 'keyUp'):
            browser.call('Input.dispatchKeyEvent', type=kind, key=key, code=key,
                         windowsVirtualKeyCode={'ArrowRight': 39, 'ArrowLeft': 37,
                                                'Escape': 27, 'Tab': 9}[key])


def walk(browser, url, shown):
    """The keys, the filter, the replay and the model."""
    now = '(document.querySelector(".event.now") || {dataset: {}}).dataset.tag || null'
    walls = 'document.querySelectorAll(".wall-name.on").length'
    order = [e['tag'] for e in shown['events']]
    browser.open(url, *WIDE)
    before = browser.run('document.body.innerHTML')
    browser.open(url, *WIDE)
    verdict(browser.run('document.body.innerHTML') == before,
            'the same trace is drawn the same way')
    press(browser, 'ArrowRight')
    same([browser.run(now), browser.run(walls)], [order[0], 0],
         'right arrow: the first act, before any namespace')
    press(browser, 'ArrowRight', order.index('S1'))
    same([browser.run(now), browser.run(walls) > 2], ['S1', True],
         'and on: at S1 the first walls of the container stand')
    press(browser, 'ArrowLeft')
    same(browser.run(now), order[order.index('S1') - 1], 'left arrow: one back')
    press(browser, 'Escape')
    same(browser.run(now), None, 'escape: nothing is chosen')
    browser.run('document.getElementById("filter").click()')
    same(browser.run('[...document.querySelectorAll("#list li")].filter('
                     'e => e.offsetHeight).length'),
         sum(bool(e['changes']) for e in shown['events']),
         'the filter leaves what changed something')
    browser.run('document.getElementById("filter").click()')
    browser.run('document.getElementById("scale-even").click()')
    widths = browser.run('[...document.querySelectorAll(".event .fill")].map('
                         'e => e.getBoundingClientRect().width)')
    verdict(min(widths) > 5, 'the even scale leaves no hairline', min(widths))
    browser.picture(OUT / 'trace-1440-even.png')
    browser.run('document.getElementById("scale-time").click()')
    browser.run('document.getElementById("play").click()')
    first, end = browser.run(now), time.monotonic() + 10
    while browser.run(now) == first and time.monotonic() < end:
        time.sleep(.2)
    same([first, browser.run(now)], order[:2], 'Replay goes from event to event')
    browser.run('document.getElementById("play").click()')
    same(browser.run('document.getElementById("play").textContent.trim()'), 'Replay',
         'and stops when asked')
    same(browser.run('[...document.querySelectorAll("button, input, [role=button]")].filter('
                     'e => !(e.ariaLabel || e.textContent.trim() || e.labels.length)).length'),
         0, 'each control has a name')
    browser.open(url + '#9', *WIDE)
    same(browser.run(now), '9', 'an address may name an event')
    browser.picture(OUT / 'trace-1440-step-9.png')
    verdict(len(browser.paper(OUT / 'trace.pdf')) > 20000, 'it prints')


def others(browser, folder):
    """A container that fails, one with hostile names, a page without its program."""
    spec = json.loads(subprocess.run([TOP / 'bin/nsinit', 'spec'], cwd=TOP / 'rootfs',
                                     capture_output=True, check=True).stdout)
    spec['mounts'] = [{'device': 'bind', 'source': '/nosuch', 'destination': '/mnt',
                       'flags': 4096}]
    (folder / 'spec').write_text(json.dumps(spec))
    url, shown = trace(folder, 'failing', '--config', folder / 'spec', '/bin/true')
    browser.open(url, *WIDE)
    told = browser.run('document.getElementById("result").textContent')
    verdict(told.startswith('failed at step 8') and shown['error']['message'] in told,
            'a failure is told with its step, in its words', told)
    same(browser.run('[...document.querySelectorAll(".event.wrong, .event.now")].map('
                     'e => e.dataset.tag)'), ['8'], 'its step is red, and chosen')
    browser.picture(OUT / 'trace-1440-failed.png')
    url, shown = trace(folder, 'hostile', '--hostname', '</script><b>', '/bin/true', EVIL)
    browser.open(url, *PHONE)
    same([browser.run('typeof owned'), browser.run('document.images.length'),
          EVIL in browser.run('document.getElementById("command").textContent')],
         ['undefined', 0, True], 'a hostile command is text, and nothing more')
    verdict(not browser.run(WIDER), 'nor is it wider than a phone')
    browser.call('Emulation.setScriptExecutionDisabled', value=True)
    browser.call('Page.navigate', url=url)
    end, seen = time.monotonic() + 10, None
    while seen != 'block' and time.monotonic() < end:
        time.sleep(.2)
        seen = browser.run('getComputedStyle(document.getElementById("trace")).display')
    same([seen, browser.run(WIDER)], ['block', False],
         'where no program may run, the page shows its data')
    browser.picture(OUT / 'trace-390-no-script.png')
    browser.call('Emulation.setScriptExecutionDisabled', value=False)


def main():
    """All of it."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix='trace-screens.') as folder:
        folder = pathlib.Path(folder)
        url, shown = trace(folder, 'plain', '/bin/sh', '-c', 'echo hello')
        browser = Browser()
        try:
            for size in (WIDE, PHONE):
                for dark in (False, True):
                    look(browser, url, shown, size, dark)
            walk(browser, url, shown)
            others(browser, folder)
        finally:
            browser.close()
    print(f'1..{said}')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
