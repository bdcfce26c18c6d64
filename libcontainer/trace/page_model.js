/* page_model.js  the container as it was after an event */

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
