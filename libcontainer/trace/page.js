/*
 * page.js  the program of a trace's page: draws the trace that the page holds
 *
 * All that is shown comes from the JSON in #trace and is put into the page as
 * text, never as HTML. Here are the data, the words for it, and the heading;
 * behind it the build puts page_timeline.js, page_details.js (the list and the
 * label), page_model.js, and page_replay.js, which moves them all from one
 * event to the next; around them a function, so that the names are its own.
 */
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
