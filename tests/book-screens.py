#!/usr/bin/env -S python3 -B
"""book-screens.py  the book as a reader's browser shows it; pictures to look at

    tests/book-screens.py [NAME...]     only the pages whose name has NAME in it

Each page is opened from its file, in a browser without a network, in several
windows, lights and languages. What a program can judge is judged; the pictures
in build/screens/ are for somebody who looks. The pages of traces have their own:
trace-screens.py.
"""
import re
import shutil
import sys
from pathlib import Path

from book_browser import Browser, colours

TOP = Path(__file__).resolve().parent.parent
BOOK, SCREENS = TOP / 'build/book', TOP / 'build/screens'
CHAPTER = '05-twelve-steps.html'
LAB = 'labs/05-pivot-root.html'

# name, page, width, height, dark
VIEWS = [
    ('start', 'index.html?lang=both', 1440, 900, False),
    ('start-zh-390', 'index.html?lang=zh', 390, 844, True),
    ('top', f'{CHAPTER}?lang=en', 1440, 900, False),
    ('step-1', f'{CHAPTER}?lang=en#step-1', 1440, 1200, False),
    ('step-5-both', f'{CHAPTER}?lang=both#step-5', 1440, 1200, False),
    ('step-7-dark', f'{CHAPTER}?lang=en#step-7', 1440, 1200, True),
    ('step-8-zh', f'{CHAPTER}?lang=zh#step-8', 1440, 1200, False),
    ('step-9-both-dark', f'{CHAPTER}?lang=both#step-9', 1440, 1200, True),
    ('step-12-zh-dark', f'{CHAPTER}?lang=zh#step-12', 1440, 1200, True),
    ('step-9-900', f'{CHAPTER}?lang=en#step-9', 900, 1200, False),
    ('top-390', f'{CHAPTER}?lang=en', 390, 844, False),
    ('step-4-both-390', f'{CHAPTER}?lang=both#step-4', 390, 1600, False),
    ('step-9-390', f'{CHAPTER}?lang=en#step-9', 390, 1600, False),
    ('step-9-390-dark', f'{CHAPTER}?lang=en#step-9', 390, 1600, True),
    ('step-10-zh-390', f'{CHAPTER}?lang=zh#step-10', 390, 1600, False),
    ('lab-5', f'{LAB}?lang=en', 1440, 1200, False),
    ('lab-5-both-dark', f'{LAB}?lang=both#look', 1440, 1200, True),
    ('lab-5-390', f'{LAB}?lang=en', 390, 1600, False),
    ('lab-5-zh-390-dark', f'{LAB}?lang=zh#look', 390, 1600, True),
    ('start-labs', 'index.html?lang=both#labs', 1440, 900, False),
    ('start-labs-390', 'index.html?lang=en#labs', 390, 844, False),
    ('source', 'source/dockerinit/step09_pivot_root.c.html?lang=en#L60', 1440, 900, False),
    ('source-390', 'source/dockerinit/step09_pivot_root.c.html?lang=en#L60', 390, 844, True),
    ('sources', 'source/index.html?lang=en', 1440, 900, False),
]

# The text whose colour is too near to that of what is behind it (WCAG: 4.5).
CONTRAST = '''(() => {
	const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
	const over = (top, under) => {
		paint.fillStyle = `rgb(${under})`; paint.fillRect(0, 0, 1, 1);
		paint.fillStyle = top; paint.fillRect(0, 0, 1, 1);
		return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
	};
	const behind = e => e ? over(getComputedStyle(e).backgroundColor,
		behind(e.parentElement)) : [255, 255, 255];
	const light = colour => colour.map(c => (c /= 255) <= .04045 ? c / 12.92 :
		((c + .055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
	const bad = new Set();
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (texts.nextNode()) {
		const e = texts.currentNode.parentElement;
		if (!texts.currentNode.data.trim() || !e.getClientRects().length) continue;
		const style = getComputedStyle(e), below = behind(e);
		const one = light(over(e.closest('svg') ? style.fill : style.color, below));
		const two = light(below);
		const ratio = (Math.max(one, two) + .05) / (Math.min(one, two) + .05);
		if (ratio < 4.5) bad.add(`${e.tagName}.${e.className} ${ratio.toFixed(1)}`);
	}
	return [...bad].slice(0, 5).join(', ');
})()'''
SHOWN = '''(name => [...document.querySelectorAll('main .' + name)]
	.filter(e => e.getClientRects().length).length)'''


class Verdicts:
    """Sentences, counted."""
    passed = failed = 0

    def ok(self, good, sentence, detail=''):
        """Say whether a sentence is true."""
        if good:
            self.passed += 1
        else:
            self.failed += 1
        print(('ok' if good else 'not ok') + f' {self.passed + self.failed} - {sentence}')
        if not good and detail not in ('', None):
            print(f'#   {detail}')


def look(browser, say, name, url, width, height, dark):
    """What must hold of any page; its picture."""
    loaded = browser.open(url, width, height, dark)
    browser.picture(SCREENS / f'{name}.png')
    say.ok(colours(browser.picture(scale=.15)) > 30, f'{name}: the page is not blank')
    strange = [u for u in loaded if not u.startswith(('file:', 'data:'))]
    say.ok(loaded and not strange, f'{name}: nothing comes from a network', strange)
    wide = browser.run('document.documentElement.scrollWidth')
    say.ok(wide <= width, f'{name}: nothing sticks out at {width}', f'{wide} pixels')
    faint = browser.run(CONTRAST)
    say.ok(not faint, f'{name}: every text can be read on its ground', faint)


def look_at_book(browser, say, url):
    """The bar, the languages, the columns, the answers of the chapter."""
    browser.open(url + '?lang=zh', 1440, 900)
    say.ok(browser.run(f'{SHOWN}("en") === 0 && {SHOWN}("zh") > 50'),
           '?lang=zh shows Chinese alone')
    say.ok(browser.run('document.documentElement.lang') == 'zh-Hans',
           '... and the page says that it is Chinese')
    browser.open(url, 1440, 900)
    say.ok(browser.run(f'{SHOWN}("en")') == 0, 'what was chosen is remembered')
    browser.run('document.querySelector("[data-set=en]").click()')
    say.ok(browser.run(f'{SHOWN}("zh") === 0 && {SHOWN}("en") > 50'),
           'the button English shows English alone')
    browser.run('document.querySelector("[data-set=both]").click()')
    say.ok(browser.run(f'{SHOWN}("zh") > 50 && {SHOWN}("en") > 50'), 'both shows both')
    say.ok(browser.run('document.querySelectorAll("[aria-pressed=true]").length') == 1,
           '... and one button is pressed')

    browser.open(url + '?lang=en', 1440, 900)
    say.ok(browser.run('document.querySelectorAll(".bar [data-step]").length') == 12,
           'the bar has twelve steps')
    for step in (1, 9, 12):
        browser.run(f'document.querySelector(".bar [data-step=\\"{step}\\"]").click()')
        browser.settle()
        say.ok(browser.run('document.querySelector(".bar [aria-current]").dataset.step')
               == str(step), f'... and shows step {step} when one is there')
    say.ok(browser.run('location.search') == '?lang=en', '... without leaving the page')
    code = '#step-9 .code'
    before = f'''(() => {{ const e = document.querySelector('{code}').getBoundingClientRect(),
        p = document.querySelector('#step-9 .pair > .en').getBoundingClientRect();
        return [e.left - p.right, e.top, p.top, p.bottom, e.bottom - innerHeight]; }})()'''
    browser.run('document.getElementById("step-9").scrollIntoView(); scrollBy(0, 700)')
    browser.settle()
    gap, top, _, _, low = browser.run(before)
    say.ok(gap > 0, 'code stands to the right of prose')
    say.ok(50 < top < 110 and low <= 0, '... and stays there when one reads on', (top, low))
    cut = browser.run('''[...document.querySelectorAll('.excerpt pre')]
        .filter(e => e.scrollWidth > e.clientWidth).length''')
    say.ok(cut == 0, '... and no line of it is cut off', f'{cut} excerpts')
    say.ok(browser.run('''[...document.querySelectorAll('details')].every(e => !e.open)'''),
           'answers are folded')
    browser.open(url + '?lang=en', 390, 844)
    gap, top, _, bottom, _ = browser.run(before)
    say.ok(gap < 0 and top > bottom, 'on a phone prose comes first, then code')


def look_at_lab(browser, say, url):
    """The lab's page: how hard, how long; from the chapter and back."""
    for lang, words in (('en', 'LAB · MODERATE · ABOUT 3 HOURS'),
                        ('zh', '实验 · 中等 · 约 3 小时')):
        for width in (1440, 390):
            browser.open(f'{url}?lang={lang}', width, 900)
            seen = browser.run('document.querySelector(".kicker").innerText')
            say.ok(seen == words, f'a lab says in {lang} at {width} what it asks for', seen)
    say.ok(browser.run('document.querySelector(".bar [aria-current]").dataset.step') == '9',
           '... and the bar shows where it is')
    for link, there in (('main a[href$="#step-9"]', f'/{CHAPTER}#step-9'),
                        ('#step-9 a[href*="labs/"]', f'/{LAB}')):
        browser.events.clear()
        browser.run(f"""document.querySelector('{link}').click()""")
        while not any(e.get('method') == 'Page.loadEventFired' for e in browser.events):
            browser.events.append(browser.message())
        seen = browser.run('location.href')
        say.ok(seen.endswith(there), f'a click leads to {there[1:]}', seen)
    pdf = browser.paper(SCREENS / 'lab.pdf')
    say.ok(len(re.findall(rb'/Type\s*/Page\b', pdf)) > 2, 'a lab can be printed')


def look_at_paper(browser, say, url):
    """The chapter printed."""
    browser.open(url + '?lang=both', 1440, 900)
    pdf = browser.paper(SCREENS / 'chapter.pdf')
    pages = len(re.findall(rb'/Type\s*/Page\b', pdf))
    say.ok(pdf.startswith(b'%PDF') and pages > 20, 'the chapter can be printed', pages)
    say.ok(re.search(rb'/FontName\s*/\w+\+\w*CJK', pdf), '... with its Chinese letters')
    say.ok(browser.run('''[...document.querySelectorAll('details')].every(e => !e.open)'''),
           '... and its answers are folded again')
    browser.open(url + '?lang=en', 680, 1000)
    browser.call('Emulation.setEmulatedMedia', media='print')
    browser.settle()
    browser.picture(SCREENS / 'paper.png')
    say.ok(browser.run('''getComputedStyle(document.querySelector('.bar')).display'''
                       ) == 'none', 'there is no bar on paper')
    browser.call('Emulation.setEmulatedMedia', media='')


def main():
    """Look at everything, or at what was asked for."""
    if not shutil.which('chromium'):
        sys.exit('book-screens: there is no chromium; as root: apt-get install chromium')
    if not (BOOK / 'index.html').exists():
        sys.exit('book-screens: there is no build/book; make book')
    shutil.rmtree(SCREENS, ignore_errors=True)
    SCREENS.mkdir(parents=True)
    views = [(name, f'file://{BOOK}/{page}', *rest) for name, page, *rest in VIEWS]
    say, browser = Verdicts(), Browser()
    try:
        if not browser.alone:
            print('# the network cannot be taken away here; requests are counted')
        for view in views:
            if not sys.argv[1:] or any(part in view[0] for part in sys.argv[1:]):
                look(browser, say, *view)
        if not sys.argv[1:]:
            look_at_book(browser, say, f'file://{BOOK}/{CHAPTER}')
            look_at_lab(browser, say, f'file://{BOOK}/{LAB}')
            look_at_paper(browser, say, f'file://{BOOK}/{CHAPTER}')
    except (EOFError, TimeoutError, RuntimeError) as fault:
        say.ok(False, 'the browser does what it is told', fault)
    finally:
        browser.close()
    print(f'pictures: {SCREENS.relative_to(TOP)}/')
    print(f'{say.passed} passed, {say.failed} failed, 0 skipped')
    sys.exit(say.failed > 0)


if __name__ == '__main__':
    main()
