/* page_timeline.js  the bars: the outside above, the inside below */

let even = false;

/*
 * Rows of one lane: an event goes to the first row where it fits, together
 * with those of its letter. A microsecond's overlap is the clock's: in a row
 * each begins where the one before ends (e.from, e.to), and none is nothing.
 */
function rows(room) {
	const rows = [];
	const letters = new Map();

	for (const e of events) {
		const letter = room === "inside" ? "" : e.tag[0];

		if (e.room !== room)
			continue;
		if (!letters.has(letter))
			letters.set(letter, []);
		letters.get(letter).push(e);
	}
	for (const group of letters.values()) {
		let last = null;

		for (const e of group) {
			const fits = (row) => row.every((o) =>
				o.until <= e.start_us + 1 ||
				e.until <= o.start_us + 1);
			let row = last && fits(last) ? last : rows.find(fits);

			if (!row)
				rows.push(row = []);
			const before = row.length ? row[row.length - 1].to : 0;

			e.from = Math.max(e.start_us, before);
			e.to = Math.max(e.until, e.from + .1);
			row.push(e);
			last = row;
		}
	}
	return rows;
}

/* From microseconds to pixels: true to time, or each moment at which
 * something begins or ends as far from the next as all others. */
function scale(left, width) {
	if (!even)
		return (t) => left + t / end * width;
	const moments = [...new Set([0, end].concat(
		...events.map((e) => [e.from, e.to])))]
		.sort((a, b) => a - b);
	const rank = new Map(moments.map((t, i) => [t, i]));

	return (t) => left + rank.get(t) / (moments.length - 1) * width;
}

function ticks(width) {
	const most = Math.max(2, Math.floor(width / 90));
	let unit = 1;

	for (let n = 0; end / unit > most; n++)
		unit *= n % 3 === 1 ? 2.5 : 2;
	const all = [];
	for (let t = 0; t <= end; t += unit)
		all.push(t);
	return all;
}

function tickName(t) {
	return end < 2000 ? t + " µs" : +(t / 1000).toFixed(3) + " ms";
}

/* The text that a bar has room for: tag and name, the tag, or none. */
function inscription(e, width) {
	for (const text of [e.tag + "  " + e.name, e.tag])
		if (width > text.length * 6.5 + 9)
			return text;
	return null;
}

function bar(e, x, y, height) {
	const from = x(e.from);
	const width = Math.max(1.5, x(e.to) - from - 1);
	const line = e.quiet || e.us === null ? .5 : 0;
	const text = inscription(e, width);
	const box = (by, more) => Object.assign({ x: from - by, y: y - by,
		width: Math.max(1, width + 2 * by), height: height + 2 * by,
		rx: Math.min(3, width / 2) }, more);

	e.bar = svg("g", {
		class: "event " + classes(e), role: "button", tabindex: -1,
		"data-tag": e.tag,
		"aria-label": e.room + ", " + place(e) + ", " + e.name + ", " +
			duration(e.us) + ", " + (e.quiet ? "changed nothing" :
				count(e.changes.length, "change", "changes")),
	}, [
		svg("rect", box(3, { class: "hit" })),
		svg("rect", box(-line, { class: "fill" })),
		svg("rect", box(2, { class: "ring" })),
		text && svg("text", { x: from + 5, y: y + height / 2 + 4 },
			text),
	]);
	e.middle = from + width / 2;
	e.top = y;
	e.bottom = y + height;
	e.bar.addEventListener("click", () => { stop(); select(e); });
	e.bar.addEventListener("keydown", (key) => {
		if (key.key === "Enter" || key.key === " ") {
			key.preventDefault();
			stop();
			select(e);
		}
	});
	for (const enter of ["pointerenter", "focus"])
		e.bar.addEventListener(enter, () => tip(e));
	for (const leave of ["pointerleave", "blur"])
		e.bar.addEventListener(leave, () => tip(null));
	return e.bar;
}

/* A thread from one room to the other: what made the next thing go on. */
function thread(from, to, x) {
	if (!from || !to)
		return null;
	const x1 = Math.max(x(from.from), x(from.to) - 1);
	const x2 = from.tag === "S4" ? x(to.to) - 1 : x(to.from) + 1;
	const y1 = from.bottom + 1, y2 = to.top - 2;
	const bend = (y2 - y1) / 2;

	return svg("g", { "aria-hidden": "true" }, [
		svg("path", { class: "thread", d: `M${x1} ${y1}C${x1} ` +
			`${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2 - 3}` }),
		svg("path", { class: "head-of",
			d: `M${x2} ${y2}l-3 -5h6z` }),
	]);
}

function tip(e) {
	const tip = $("tip");

	tip.hidden = !e;
	if (!e)
		return;
	tip.textContent = plain(e.tag + "  " + e.name + " · " +
		duration(e.us) + (e.quiet ? "" : " · " +
			count(e.changes.length, "change", "changes")));
	const room = $("chart").clientWidth - tip.offsetWidth;

	tip.style.left = Math.max(0,
		Math.min(room, e.middle - tip.offsetWidth / 2)) + "px";
	tip.style.top = e.top - tip.offsetHeight - 8 + "px";
}

const find = (tag) => events.find((e) => e.tag === tag);
const lanes = [
	["outside", "libcontainer, on the host", rows("outside")],
	["inside", "dockerinit, in the container", rows("inside")],
];

function chart() {
	const width = $("chart").clientWidth;
	const height = width < 600 ? 22 : 26;
	const x = scale(0, width);
	const lines = [], bars = [];
	let y = 20;

	for (const [room, note, rows] of lanes) {
		if (room === "inside") {
			y += 12;
			lines.push(svg("line", { class: "wall", x1: 0,
				x2: width, y1: y, y2: y }));
			y += 4;
		}
		lines.push(svg("text", { class: "lane " + room, x: 0,
			y: y + 15 }, room), svg("text", { class: "lane-note",
			x: 72, y: y + 15 }, note));
		y += 24;
		for (const row of rows) {
			for (const e of row)
				bars.push(bar(e, x, y, height));
			y += height + 6;
		}
	}
	const grid = even ? [] : ticks(width).map((t) => svg("g", {}, [
		svg("line", { class: "grid", x1: x(t), x2: x(t), y1: 16,
			y2: y }),
		svg("text", { x: Math.min(x(t), width - 30), y: 10,
			"text-anchor": t === 0 ? "start" :
				x(t) > width - 30 ? "start" : "middle" },
		tickName(t)),
	]));
	if (even)
		grid.push(svg("text", { x: 0, y: 10 }, "order of beginnings " +
			"and ends; lengths are not times"));
	const first = events.find((e) => e.room === "inside");
	const box = svg("svg", { height: y + 4, role: "group",
		viewBox: "0 0 " + width + " " + (y + 4),
		"aria-label": "Acts above, steps below; arrow keys move" },
	[...grid, thread(find("S1"), first, x),
		thread(find("S4"), find("2"), x), ...lines,
		svg("line", { class: "head-line", id: "head-line", y1: 16,
			y2: y }), ...bars]);

	$("chart").replaceChildren(box, html("div", { class: "tip", id: "tip",
		hidden: "" }));
	$("chart").dataset.width = width;
	chart.x = x;
}
