#!/usr/bin/env python3
"""parent.py [LINE]: be dockerinit's parent, say LINE instead of the configuration, and hang up.

What comes back is what steps 1 and 2 have to say about it. No container is made.
"""
import json
import os
import socket
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

ours, theirs = socket.socketpair()
child = subprocess.Popen(
    ["native"], executable=os.path.join(TOP, "bin/dockerinit"), pass_fds=[theirs.fileno()],
    env={"_LIBCONTAINER_INITPIPE": str(theirs.fileno()), "_LIBCONTAINER_INITTYPE": "standard"})
theirs.close()
if len(sys.argv) > 1:
    ours.sendall(sys.argv[1].encode() + b"\n")
ours.shutdown(socket.SHUT_WR)
for answer in ours.makefile():
    error = json.loads(answer)["error"]
    print("step %d (%s): %s" % (error["step"], error["step_name"], error["message"]))
print("dockerinit ended with status", child.wait())
