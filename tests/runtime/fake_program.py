"""A program to supervise: answers GET / with a text, and misbehaves as its arguments say."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--body", default="fine")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--child-port", type=int, help="a detached child that serves too, and ignores SIGTERM")
    parser.add_argument("--stubborn", action="store_true")
    parser.add_argument("--fail", type=int, default=None, help="print a word and end with this code")
    parser.add_argument("--print-variable", default="")
    parser.add_argument("--busy", type=float, default=0.0, help="seconds of processor time used before it serves")
    arguments = parser.parse_args()
    if arguments.stubborn:
        import signal

        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if arguments.print_variable:
        sys.stdout.write(f"{arguments.print_variable} is {os.environ.get(arguments.print_variable)}\n")
        sys.stdout.flush()
    if arguments.fail is not None:
        sys.stdout.write("the last words\n")
        sys.exit(arguments.fail)
    while time.process_time() < arguments.busy:
        pass
    if arguments.child_port:
        command = [sys.executable, __file__, str(arguments.child_port), "--body", "child", "--stubborn"]
        subprocess.Popen(command, start_new_session=True)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = arguments.body.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    ThreadingHTTPServer((arguments.host, arguments.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
