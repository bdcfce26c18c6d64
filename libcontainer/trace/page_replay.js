/* page_replay.js  which event is chosen, and who may choose: keys, a timer */

let now = null, timer = 0;

function order() {
	return events.filter((e) => !$("filter").checked || !e.quiet ||
		e === wrong);
}

function select(e, silently) {
	const had = document.activeElement &&
		document.activeElement.closest(".event");

	now = e;
	mark();
	$("label").replaceChildren(...(e ? describe(e) :
		events.length ? welcome() : nothing()));
	$("label").scrollTop = 0;
	model(e);
	$("caption").replaceChildren(...(e ? [html("b", {}, e.tag + "  " +
		e.name), " ", html("span", {}, e.chapter || "")] :
		[html("span", {}, count(events.length, "event", "events") +
			" in " + duration(trace.total_us))]));
	if (e && had)
		e.bar.focus();
	if (!silently)
		try {
			history.replaceState(null, "", e ? "#" + e.tag :
				location.pathname);
		} catch (error) {
			/* a file may be denied its own address */
		}
}

/* The bars and rows as they look when `now` is chosen. */
function mark() {
	const at = events.indexOf(now);

	events.forEach((e, i) => {
		e.bar.classList.toggle("now", e === now);
		e.bar.classList.toggle("later", at >= 0 && i > at);
		e.bar.setAttribute("aria-pressed", e === now);
		e.bar.setAttribute("tabindex",
			e === (now || events[0]) ? 0 : -1);
		e.item.classList.toggle("now", e === now);
		e.row.setAttribute("aria-expanded", e === now);
	});
	const x = now ? chart.x(now.from) : 0;

	$("head-line").classList.toggle("off", !now);
	$("head-line").setAttribute("x1", x);
	$("head-line").setAttribute("x2", x);
	$("prev").disabled = !now;
	$("next").disabled = !events.length || now !== null &&
		now === order().pop();
	$("play").disabled = !events.length;
}

function step(by) {
	const all = order();
	const from = now ? events.indexOf(now) : -1;
	const next = by > 0 ? all.find((e) => events.indexOf(e) > from) :
		all.filter((e) => events.indexOf(e) < from).pop();

	if (next || by < 0)
		select(next || null);
	return Boolean(next);
}

/* Longer acts stay longer, but none as short as it was. */
function dwell(e) {
	return 1000 + 1800 * Math.sqrt(e.us === null ? .2 : e.us / end);
}

function tick() {
	if (!step(1))
		return stop();
	timer = setTimeout(tick, dwell(now));
}

function play() {
	if (!now || now === order().pop())
		select(null);
	document.body.classList.add("playing");
	$("play-text").textContent = "Pause";
	const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

	$("main").scrollIntoView({ behavior: calm ? "auto" : "smooth" });
	tick();
}

function stop() {
	clearTimeout(timer);
	timer = 0;
	document.body.classList.remove("playing");
	$("play-text").textContent = "Replay";
}

function keys(key) {
	const busy = key.target.closest("button, input, summary, a, .event");

	if (key.ctrlKey || key.altKey || key.metaKey)
		return;
	if (key.key === "ArrowRight" || key.key === "ArrowLeft") {
		stop();
		step(key.key === "ArrowRight" ? 1 : -1);
	} else if (key.key === "Escape") {
		stop();
		select(null);
	} else if (key.key === " " && !busy) {
		(timer ? stop : play)();
	} else {
		return;
	}
	key.preventDefault();
}

function setScale(to) {
	even = to;
	$("scale-even").setAttribute("aria-pressed", even);
	$("scale-time").setAttribute("aria-pressed", !even);
	chart();
	mark();
}

document.documentElement.classList.remove("plain");
document.body.classList.toggle("empty", !events.length);
heading();
list();
chart();
const asked = decodeURIComponent(location.hash.slice(1));
select(events.find((e) => e.tag === asked) || wrong, true);

$("play").addEventListener("click", () => (timer ? stop : play)());
$("prev").addEventListener("click", () => { stop(); step(-1); });
$("next").addEventListener("click", () => { stop(); step(1); });
$("scale-time").addEventListener("click", () => setScale(false));
$("scale-even").addEventListener("click", () => setScale(true));
$("filter").addEventListener("change", () => {
	document.body.classList.toggle("only-changes", $("filter").checked);
	mark();
});
document.addEventListener("keydown", keys);
addEventListener("resize", () => {
	if ($("chart").clientWidth !== Number($("chart").dataset.width)) {
		chart();
		mark();
	}
});
for (const [print, open] of [["beforeprint", true], ["afterprint", false]])
	addEventListener(print, () => {
		for (const more of document.querySelectorAll("#list details"))
			more.open = open;
	});
