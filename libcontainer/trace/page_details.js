/* page_details.js  the list of all events, and all that is known of one */

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
