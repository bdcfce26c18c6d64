/*
 * book.js  which language is shown, and which step one is at
 *
 * Loaded in the head, so that the page is never drawn in the wrong language.
 * Without it both languages are shown, and the bar is a row of links.
 */
(function () {
	'use strict';
	const root = document.documentElement;
	const modes = ['en', 'zh', 'both'];

	/* Under file:// some browsers forbid the storage: then nothing is kept. */
	function remembered() {
		try { return localStorage.getItem('language'); } catch (e) { return null; }
	}
	function remember(mode) {
		try { localStorage.setItem('language', mode); } catch (e) { /* so be it */ }
	}

	function show(mode) {
		root.dataset.lang = mode;
		root.lang = mode === 'zh' ? 'zh-Hans' : 'en';
		for (const button of document.querySelectorAll('[data-set]'))
			button.setAttribute('aria-pressed', button.dataset.set === mode);
	}

	/* The place that is read stays where it is when the text around it changes. */
	function change(mode) {
		const place = [...document.querySelectorAll('h2, .box, .picture, .answer')]
			.filter(e => e.offsetParent && e.getBoundingClientRect().top < innerHeight / 2)
			.pop();
		const before = place && place.getBoundingClientRect().top;
		show(mode);
		remember(mode);
		if (place)
			scrollBy({ top: place.getBoundingClientRect().top - before, behavior: 'instant' });
	}

	const asked = new URLSearchParams(location.search).get('lang');
	const known = [asked, remembered()].find(mode => modes.includes(mode));
	if (known && known === asked)
		remember(known);
	show(known || ((navigator.language || '').startsWith('zh') ? 'zh' : 'en'));

	/* The step one is at: the last one whose heading has passed the bar. */
	function follow(links) {
		const sections = links.map(link => document.getElementById('step-' + link.dataset.step));
		let waiting = false;
		function look() {
			const line = document.querySelector('.bar').offsetHeight + innerHeight / 4;
			let here = -1;
			waiting = false;
			sections.forEach((section, i) => {
				if (section && section.getBoundingClientRect().top <= line)
					here = i;
			});
			links.forEach((link, i) => {
				link.classList.toggle('done', i < here);
				if (i === here) link.setAttribute('aria-current', 'step');
				else link.removeAttribute('aria-current');
			});
		}
		if (!sections.some(Boolean))
			return;
		addEventListener('scroll', () => {
			if (!waiting) requestAnimationFrame(look);
			waiting = true;
		}, { passive: true });
		addEventListener('resize', look);
		look();
	}

	/* Paper cannot be unfolded: answers are printed open. */
	let unfolded = [];
	addEventListener('beforeprint', () => {
		unfolded = [...document.querySelectorAll('details:not([open])')];
		unfolded.forEach(e => { e.open = true; });
	});
	addEventListener('afterprint', () => unfolded.forEach(e => { e.open = false; }));

	document.addEventListener('DOMContentLoaded', () => {
		show(root.dataset.lang);
		for (const button of document.querySelectorAll('[data-set]'))
			button.addEventListener('click', () => change(button.dataset.set));
		follow([...document.querySelectorAll('[data-step]')]);
	});
}());
