/*
 * page.js  the program of a trace's page: draws the trace that the page holds
 *
 * All that is shown comes from the JSON in #trace and is put into the page as
 * text, never as HTML. In the order of this file: the data, words for it, the
 * heading, the timeline, the list, the label, the model, and the player that
 * moves them all from one event to the next.
 */
(function () {
"use strict";

const $ = (id) => document.getElementById(id);
const trace = JSON.parse($("trace").textContent);
const book = JSON.parse($("book").textContent);
const events = trace.events.slice().sort((a, b) => a.start_us - b.start_us);
const end = Math.max(trace.total_us || 0, 1,
	...events.map((e) => e.start_us + (e.us || 0)));

/* The event that failed; where none says so, the last of the outside. */
const wrong = !trace.error ? null : events.find((e) => e.failed) ||
	events.filter((e) => e.room === "outside").pop() || null;
const waiting = events.find((e) => e.tag === "S5" && e.us !== null);
for (const e of events) {
	e.until = e.us !== null ? e.start_us + e.us :
		e.room === "inside" && waiting ?
			Math.max(e.start_us, waiting.start_us + waiting.us) :
			end;
	e.quiet = e.changes.length === 0;
}

/* --- words ------------------------------------------------------------- */

/* What would act on the text around it is shown by its number. */
const hidden = new RegExp("[\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f" +
	"\\u2028-\\u202e\\u2060-\\u206f\\ufeff]", "g");
const plain = (text) => String(text).replace(hidden, (c) =>
	"\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));

function make(parent, name, attributes, children) {
	for (const key in attributes)
		if (attributes[key] !== null && attributes[key] !== undefined)
			parent.setAttribute(key, attributes[key]);
	for (const child of [].concat(children === undefined ? [] : children))
		if (child !== null)
			parent.append(typeof child === "object" ? child :
				plain(child));
	return parent;
}
const html = (name, attributes, children) =>
	make(document.createElement(name), name, attributes, children);
const svg = (name, attributes, children) =>
	make(document.createElementNS("http://www.w3.org/2000/svg", name),
		name, attributes, children);

function duration(us) {
	if (us === null || us === undefined)
		return "not known";
	if (us < 1000)
		return us + " µs";
	if (us < 1e6)
		return (us / 1000).toFixed(us < 1e5 ? 2 : 0) + " ms";
	return (us / 1e6).toFixed(2) + " s";
}

function quoted(word) {
	return /^[\w@%+=:,./-]+$/.test(word) ? word :
		"'" + word.replace(/'/g, "'\\''") + "'";
}

function date(time) {
	const d = new Date(time);

	return isNaN(d) ? time : d.toISOString().slice(0, 10) + ", " +
		d.toISOString().slice(11, 19) + " UTC";
}

const count = (n, one, many) => n + " " + (n === 1 ? one : many);
const steps = 12;
const place = (e) => e.room === "inside" ?
	"step " + e.tag + " of " + steps : "act " + e.tag;
const classes = (e) => e.room + (e.quiet ? " quiet" : "") +
	(e.us === null ? " open" : "") + (e === wrong ? " wrong" : "");

/* --- the heading ------------------------------------------------------- */

function fact(name, value, look) {
	$("facts").append(html("div", { class: look },
		[html("dt", {}, name), html("dd", {}, value)]));
}

function heading() {
	const inside = events.filter((e) => e.room === "inside").length;

	document.title = plain(trace.id) + (trace.joined ?
		" is joined" : ": the birth of a container");
	if (trace.joined)
		$("overline").textContent = "A process joins a container";
	$("title").textContent = plain(trace.id);
	$("title").classList.toggle("long", trace.id.length > 28);
	$("command").textContent = plain(trace.command.map(quoted).join(" "));
	if (trace.error) {
		document.body.classList.add("failed");
		$("result").append(trace.error.step ?
			"failed at step " + trace.error.step : "failed",
		html("q", {}, trace.error.message));
	} else {
		$("result").textContent = "the program runs";
	}
	fact(trace.error ? "until it failed" : "total time",
		duration(trace.total_us), "big");
	fact("outside", count(events.length - inside, "act", "acts"), "big");
	fact("inside", count(inside, "step", "steps"), "big");
	fact("date", date(trace.time));
	fact("pid on the host", trace.pid ? trace.pid : "none");
	fact("made by", trace.program + " " + trace.version);
	if (trace.rootfs)
		fact("root file system", html("code", {}, trace.rootfs),
			"wide");
}

/* --- the timeline ------------------------------------------------------ */

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

/* --- the list ---------------------------------------------------------- */

function list() {
	for (const e of events) {
		const from = e.start_us / end * 100;
		const width = Math.max(1.5, (e.until - e.start_us) / end * 100);
		const row = html("button", { class: "row", type: "button",
			"data-tag": e.tag, "aria-expanded": "false" }, [
			html("span", { class: "tag" }, e.tag),
			html("span", { class: "name" }, e.name),
			svg("svg", { viewBox: "0 0 100 8",
				preserveAspectRatio: "none",
				"aria-hidden": "true" }, [
				svg("rect", { class: "track", width: 100, y: 3,
					height: 2 }),
				svg("rect", { class: "span", width: width,
					x: Math.min(from, 100 - width),
					height: 8 })]),
			html("span", { class: "time" },
				e.us === null ? "…" : duration(e.us)),
		]);

		row.addEventListener("click", () => {
			stop();
			select(now === e ? null : e);
		});
		e.row = row;
		e.item = html("li", { class: classes(e) }, [row,
			html("div", { class: "inline" }, describe(e))]);
		$("list").append(e.item);
	}
}

/* --- the label --------------------------------------------------------- */

const words = { namespace: "namespace", no_new_privs: "no new privileges",
	cwd: "working directory", hostname: "host name", root: "root" };

/* Sets of capabilities are masks of bits: say how many there are. */
function amount(change, value) {
	if (change.what !== "capabilities" || !/^[0-9a-f]{8,16}$/.test(value))
		return null;
	let n = 0;
	for (const digit of value)
		n += [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4][
			parseInt(digit, 16)];
	return n;
}

function worth(change, value) {
	const n = amount(change, value);

	return value + (n === null ? "" : " (" + n + ")");
}

function table(changes) {
	return html("table", { class: "changes" }, [
		html("thead", {}, html("tr", {}, ["what", "before", "after"]
			.map((text) => html("th", { scope: "col" }, text)))),
		html("tbody", {}, changes.map((c) => html("tr", {}, [
			html("td", {}, [
				html("span", { class: "what" },
					words[c.what] || c.what),
				!c.name || c.name === c.what ? null :
					html("div", { class: "mono" }, c.name),
			]),
			html("td", { class: "before mono" +
				(c.after === null ? " gone" : "") },
			c.before === null ? "–" : worth(c, c.before)),
			html("td", { class: "after mono" + (c.after === null ||
				c.after === "?" ? " nothing" : "") },
			c.after === null ? "gone" : c.after === "?" ?
				"hidden from here on" : worth(c, c.after)),
		]))),
	]);
}

function part(title, content) {
	return html("div", { class: "part" },
		[html("h3", {}, title)].concat(content));
}

/* The sections of the book are named in the trace; where there is a book,
 * book is its folder. Only a file, or what is beside this page, is a link. */
function section(name) {
	const text = name.replace(/^[0-9]+-/, "").replace(".html", "")
		.replace("#", ", ").replace(/-/g, " ");

	if (!book)
		return html("span", {}, text);
	const url = new URL(book + name, location.href);

	return url.protocol === "file:" ?
		html("a", { href: url.href }, text) : html("span", {}, text);
}

function describe(e) {
	const many = e.changes.length > 10;
	const parts = [
		html("p", { class: "over" }, [
			html("span", { class: e.room }, e.room),
			" · " + place(e)]),
		html("h2", { class: "name-of" }, e.name),
		e.chapter && html("p", { class: "said" }, e.chapter),
		e === wrong ? html("p", { class: "wrong-here" },
			trace.error.message) : null,
		html("p", { class: "figures part" }, [
			html("span", {}, [e.us === null ? "time " : "takes ",
				html("b", {}, duration(e.us))]),
			html("span", {}, "begins at " + duration(e.start_us)),
			e.us === null ? null : html("span", {}, (e.us < end /
				1000 ? "< 0.1" :
				(e.us / end * 100).toFixed(1)) +
				" % of the whole"),
		]),
		e.notes && e.notes.length ? part("Left out",
			e.notes.map((note) => html("p", {}, note))) : null,
		part("What changed", e.quiet ? html("p", { class: "none" },
			e === wrong ? "It failed before anything was seen." :
				"Nothing that can be seen from outside it.") :
			many ? [table(e.changes.slice(0, 8)),
				html("details", {}, [html("summary", {},
					"and " + (e.changes.length - 8) +
					" more"), table(e.changes.slice(8))])] :
				table(e.changes)),
		e.kernel && part("What the kernel does",
			html("p", {}, e.kernel)),
		part("Where it stands", html("p", {}, [
			html("code", {}, e.function + "()"), html("br"),
			html("code", {}, e.file + (e.line ? ":" + e.line : "")),
		])),
	];
	if ((e.man && e.man.length) || e.book)
		parts.push(part("Read on", [html("p", {}, (e.man || []).map(
			(page) => html("span", { class: "man" }, page))),
		e.book && html("p", {}, ["the book: ", section(e.book)])]));
	return parts.filter((p) => p);
}

/* What the label says when nothing was begun. */
function nothing() {
	return [
		html("p", { class: "over" }, "nothing was made"),
		html("h2", { class: "name-of" }, "Before the first act"),
		html("p", { class: "said" }, "What was asked for cannot be: " +
			"that was seen before anything was begun."),
	];
}

/* What the label says when no event is chosen. */
function welcome() {
	const key = (look, text) => html("p", { class: "key" },
		[html("i", { class: look }), html("span", {}, text)]);

	return [
		html("p", { class: "over" }, "how to read this"),
		html("h2", { class: "name-of" }, "Two rooms, one door"),
		html("p", { class: "said" }, "A container is made from two " +
			"sides: by a program on the host, and by the process " +
			"that will become the container’s first."),
		part("The timeline", [
			key("o", "an act outside, as long as it took"),
			key("i", "a step inside that changed something"),
			key("q", "one that changed nothing to be seen"),
			key("u", "one whose end nobody could measure")]),
		part("Look closer", html("p", {}, "Choose an act or a step, " +
			"above or in the list, or press Replay: the " +
			"container on the right is then as it was at that " +
			"moment.")),
	];
}

/* --- the model --------------------------------------------------------- */

/* A change takes a thing away, brings one, or both. Things may share a name
 * (two addresses of one device): then the value says which one it is. What
 * cannot be looked at any more ("?") is no change of it. */
function apply(change, things, unseen) {
	const from = things.findIndex((t) => t.what === change.what &&
		t.name === change.name && t.value === change.before);
	const thing = { what: change.what, name: change.name,
		value: change.after, changed: true };

	if (change.before === "?" || change.after === "?")
		return null;
	if (change.before !== null && from < 0)
		unseen({ what: change.what, name: change.name,
			value: change.before, changed: false });
	if (from >= 0 && change.after !== null)
		things[from] = thing;
	else if (from >= 0)
		things.splice(from, 1);
	else if (change.after !== null)
		things.push(thing);
	return thing;
}

/* What was there before all this, of that which changes: whatever is taken
 * away and was never brought. */
const origin = (function () {
	const things = [], first = [];

	for (const e of events)
		for (const c of e.changes)
			apply(c, things, (t) => first.push(t));
	return first;
})();

/* The things as they are after event `last` (null: after all); touched are
 * the kinds of which something has changed, those that did so at last are
 * fresh. */
function state(last) {
	const things = origin.slice();
	const touched = new Set(), fresh = new Set();

	for (const e of events) {
		for (const c of e.changes) {
			const thing = apply(c, things, () => null);

			touched.add(c.what);
			if (e === last && thing)
				fresh.add(thing).add(c.what);
		}
		if (e === last)
			break;
	}
	return { things, touched, fresh };
}

/* The tiles, in their order; what belongs to them. */
const tiles = [
	["root", ["root", "cwd"]],
	["mounts", ["mount"]],
	["host name", ["hostname"]],
	["network", ["link", "address", "route"]],
	["user", ["user", "group", "capabilities", "no_new_privs", "seccomp",
		"label"]],
	["limits", ["limit"]],
	["process", ["command", "session", "environment"]],
];

/* Before pivot_root the container's mounts are in a folder of the host. */
function below(path) {
	return trace.rootfs && path.startsWith(trace.rootfs + "/") ?
		"rootfs" + path.slice(trace.rootfs.length) : path;
}

/* One thing in a tile; a mount in short. */
function value(t, fresh) {
	const text = plain(t.value);
	const mono = (content) => html("span", { class: "mono" }, content);
	const small = (content) => html("small", {}, content);
	const n = amount(t, t.value);
	let content = [small(t.name || words[t.what] || t.what), " ",
		mono(n === null ? text : n + " of 41")];

	if (t.what === "root" && t.changed)
		content = [mono(trace.rootfs || text)];
	else if (t.what === "root")
		content = [mono("/"), " ", small("of the host")];
	else if (t.what === "session" && /^\d+( \d+)+$/.test(text))
		content = [small(t.name), " ", mono(text.split(" ").pop()),
			" ", small(text.split(" ")[0] + " on the host")];
	else if (t.what === "hostname" && !t.name)
		content = [mono(text)];
	else if (t.what === "mount")
		content = [mono(below(t.name)), " ",
			small(text.split(" ")[0])];
	return html("span", { class: "value" + (fresh ? " fresh" : "") },
		content);
}

/* The newest are shown, the others counted. */
function tile(name, kinds, now) {
	const most = name === "mounts" ? 6 : 5;
	const there = now.things.filter((t) => kinds.includes(t.what) &&
		t.what !== "environment" && !outside(t)).sort((a, b) =>
		kinds.indexOf(a.what) - kinds.indexOf(b.what) ||
		(a.name < b.name ? -1 : a.name > b.name));
	const rank = (t) => now.fresh.has(t) ? 0 : t.changed ? 1 : 2;
	const shown = there.slice().sort((a, b) => rank(a) - rank(b))
		.slice(0, most);
	const set = now.things.filter((t) => t.what === "environment").length;
	const more = there.length - shown.length;
	const any = (set) => kinds.some((kind) => set.has(kind));
	const content = there.filter((t) => shown.includes(t)).map(
		(t) => value(t, now.fresh.has(t)));

	if (more > 0)
		content.push(html("small", {}, "and " + more + " more"));
	if (set && kinds.includes("environment"))
		content.push(html("span", { class: "value" +
			(now.fresh.has("environment") ? " fresh" : "") },
		html("small", {}, "environment, " + count(set, "variable",
			"variables"))));
	return html("dl", { class: "tile" + (any(now.touched) ? "" : " hosts") +
		(any(now.fresh) ? " fresh" : "") }, [
		html("dt", {}, name),
		html("dd", {}, content.length ? content :
			html("small", {}, "none yet")),
	]);
}

/* The devices of the host that S3 makes or takes are no part of the box. */
const outside = (t) => t.what === "link" && t.name.startsWith("host's ");
const spaces = ["user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"];

/* A namespace, as a piece of the wall and by name. */
function piece(t, i, all, fresh) {
	const share = 100 / all.length;

	return svg("rect", { class: "seg" + (t.changed ? " on" : "") +
		(fresh ? " fresh" : ""), width: "100%", height: "100%", rx: 10,
	pathLength: 100, "stroke-dasharray": share - .6 + " " +
		(100 - share + .6), "stroke-dashoffset": -i * share });
}

function model(last) {
	const now = state(last);
	const walls = now.things.filter((t) => t.what === "namespace").sort(
		(a, b) => spaces.indexOf(a.name) - spaces.indexOf(b.name));
	const known = new Set(events.flatMap((e) => e.changes.filter(
		(c) => !outside(c)).map((c) => c.what)));
	const used = (kinds) => kinds.some((kind) => known.has(kind));

	$("when").textContent = !last ? (trace.error ? "as it was at the end" :
		"as the program finds it") : plain(last === wrong ?
		"when " + last.tag + " failed" : "after " + last.tag);
	$("box").replaceChildren(
		svg("svg", { "aria-hidden": "true" }, [svg("rect", {
			width: "100%", height: "100%", rx: 10 })]
			.concat(walls.map((t, i) => piece(t, i, walls,
				now.fresh.has(t))))),
		html("div", { class: "walls" }, walls.map((t) => html("span", {
			class: "wall-name" + (t.changed ? " on" : ""),
			title: plain(t.name + ":[" + t.value + "]" +
				(t.changed ? "" : ", the host’s")),
		}, t.name))),
		html("div", {}, tiles.filter(([, kinds]) => used(kinds))
			.map(([name, kinds]) => tile(name, kinds, now))));
	$("ground").replaceChildren(...ground(now));
}

/* What the host knows of it. */
function ground(now) {
	return [
		["cgroup", (t) => t.what === "cgroup"],
		["host", (t) => t.what === "file" || outside(t)],
	].flatMap(([name, is]) => {
		const all = now.things.filter(is);

		return all.length ? [html("dt", {}, name), html("dd", { class:
			all.some((t) => now.fresh.has(t)) ? "fresh" : "" },
		name === "cgroup" ? groups(all) : all.map((t) => value(t,
			now.fresh.has(t))))] : [];
	});
}

/* v1 has a hierarchy for each controller, mostly with the same path. */
function groups(all) {
	const paths = [...new Set(all.map((t) => t.value))];

	return paths.map((path) => html("span", { class: "value" }, [
		html("span", { class: "mono" }, path), " ",
		html("small", {}, all.filter((t) => t.value === path).map(
			(t) => t.name).join(", "))]));
}

/* --- the player -------------------------------------------------------- */

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
})();
