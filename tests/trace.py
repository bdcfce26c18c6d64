#!/usr/bin/env python3
"""trace.py  judge and question a document of --trace=json

trace.py check FILE                       is it what README promises?
trace.py ask FILE WHAT NAME               what this is in the end
trace.py event FILE TAG WHAT NAME         "before > after" of one event
trace.py tags FILE                        the tags, by their start
trace.py skeleton FILE                    all but numbers: equal in each run
trace.py gone FILE WHAT                   the names that are gone in the end
trace.py left FILE WHAT                   the names that came and stayed
trace.py get FILE KEY...                   a member of the document
"""
import json
import re
import sys

WHAT = """namespace mount root cwd hostname link address route limit capabilities
user group cgroup environment descriptor label seccomp no_new_privs session
command file""".split()

TEXT, NUMBER, FLAG, NOTHING = str, int, bool, type(None)

DOCUMENT = {
    "trace": [NUMBER], "program": [TEXT], "version": [TEXT],
    "command": [[TEXT]], "id": [TEXT], "joined": [FLAG],
    "rootfs": [TEXT, NOTHING], "pid": [NUMBER, NOTHING], "time": [TEXT],
    "total_us": [NUMBER], "events": [[dict]],
    "error": [{"step": [NUMBER, NOTHING], "message": [TEXT]}, NOTHING],
}
EVENT = {
    "room": [TEXT], "tag": [TEXT], "name": [TEXT], "function": [TEXT],
    "file": [TEXT], "line": [NUMBER], "chapter": [TEXT], "kernel": [TEXT],
    "man": [[TEXT]], "book": [TEXT, NOTHING], "start_us": [NUMBER],
    "us": [NUMBER, NOTHING], "failed": [FLAG], "notes": [[TEXT]],
    "changes": [[dict]],
}
CHANGE = {"what": [TEXT], "name": [TEXT], "before": [TEXT, NOTHING],
          "after": [TEXT, NOTHING]}

faults = []


def fits(value, kind):
    """Is value of that kind: a type, a list of a type, or an object's rows?"""
    if isinstance(kind, list):
        return isinstance(value, list) and all(fits(v, kind[0]) for v in value)
    if isinstance(kind, dict):
        return isinstance(value, dict) and not shape("error", value, kind)
    return type(value) is kind  # a bool is no number here


def shape(where, value, rows):
    """Each member is there, of its kind, and there is no other."""
    found = [f"{where}: {key} is missing" for key in rows if key not in value]
    for key, item in value.items():
        if key not in rows:
            found.append(f"{where}: what is {key}?")
        elif not any(fits(item, kind) for kind in rows[key]):
            found.append(f"{where}: {key} is {item!r}")
    return found


def fault(condition, text):
    if condition:
        faults.append(text)


def check_event(event):
    tag = event["tag"]
    inside = event["room"] == "inside"
    fault(event["room"] not in ("inside", "outside"), f"{tag}: which room?")
    fault(not re.fullmatch(r"[1-9]|1[0-2]" if inside else r"[EFPS][1-9]", tag),
          f"{tag}: no tag of the {event['room']}")
    fault(event["start_us"] < 0 or (event["us"] or 0) < 0, f"{tag}: backwards")
    fault(not event["man"], f"{tag}: no man page")
    for change in event["changes"]:
        faults.extend(shape(tag, change, CHANGE))
        fault(change["what"] not in WHAT, f"{tag}: a change of {change}")
        fault(change["before"] == change["after"], f"{tag}: no change: {change}")


def check(trace):
    faults.extend(shape("document", trace, DOCUMENT))
    if faults:
        return
    fault(trace["trace"] != 1, "the version is not 1")
    fault(not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", trace["time"]),
          f"time: {trace['time']}")
    last, events = 0, trace["events"]
    for event in events:
        faults.extend(shape(event.get("tag", "?"), event, EVENT))
        if faults:
            return
        check_event(event)
        fault(event["start_us"] < last, f"{event['tag']}: out of order")
        last = event["start_us"]
        fault(last + (event["us"] or 0) > trace["total_us"] + 1,
              f"{event['tag']}: it ends after the end")
    tags = [event["tag"] for event in events]
    fault(len(tags) != len(set(tags)), f"a tag comes twice: {tags}")
    failed = [event["tag"] for event in events if event["failed"]]
    if trace["error"]:
        fault(len(failed) != min(1, len(events)), f"failed: {failed}")
        step = trace["error"]["step"]
        fault(step and failed != [str(step)], f"failed: {failed}, not {step}")
    else:
        fault(failed, f"no error, but failed: {failed}")
        fault(not trace["pid"], "no pid")
        check_walk(trace, tags)


def check_walk(trace, tags):
    """All that the pipeline walks, in its order."""
    steps = "1 2 3 4 6 10 11 12" if trace["joined"] else \
        "1 2 3 4 5 6 7 8 9 10 11 12"
    want = "P1 P2 P3 P4 P5 S1 S2 " + ("" if trace["joined"] else "S3 ") + \
        "S4 S5 " + steps
    if not trace["joined"]:
        want = "F1 F2 F3 F4 " + want
    got = " ".join(tag for tag in tags if tag[0] != "E")
    fault(got != want, f"the walk is {got}, not {want}")


def changes(trace, tag=None):
    return [change for event in trace["events"]
            if tag in (None, event["tag"]) for change in event["changes"]]


def in_the_end(trace, what):
    """name -> the values that are left of it."""
    found = {}
    for change in changes(trace):
        if change["what"] != what:
            continue
        values = found.setdefault(change["name"], [])
        if change["before"] in values:
            values.remove(change["before"])
        if change["after"] is not None:
            values.append(change["after"])
    return found


def skeleton(trace):
    for event in trace["events"]:
        yield f"{event['room']} {event['tag']} {event['name']}"
        for change in event["changes"]:
            yield "  {what} {name}: {0} -> {1}".format(
                *(re.sub(r"\d+", "N", change[side] or "nothing")
                  for side in ("before", "after")), **change)


def main():
    act, path, *words = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        trace = json.load(file)
    if act == "check":
        check(trace)
        print("\n".join(faults) or "ok")
    elif act == "ask":
        print("\n".join(in_the_end(trace, words[0]).get(words[1], [])))
    elif act == "event":
        for change in changes(trace, words[0]):
            if (change["what"], change["name"]) == tuple(words[1:]):
                print(f"{change['before']} > {change['after']}")
    elif act == "tags":
        print(*(event["tag"] for event in trace["events"]))
    elif act == "skeleton":
        print("\n".join(skeleton(trace)))
    elif act in ("gone", "left"):
        for name, values in sorted(in_the_end(trace, words[0]).items()):
            if bool(values) == (act == "left"):
                print(name)
    elif act == "get":
        value = trace
        for word in words:
            value = value[int(word) if isinstance(value, list) else word]
        print(value)
    return bool(faults)


sys.exit(main())
