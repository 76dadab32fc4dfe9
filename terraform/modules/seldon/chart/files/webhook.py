"""Wait until Seldon's webhook listens: the operator's pod is Ready before, and a model made then would be refused.

Usage: webhook.py HOST SECONDS.
"""

from __future__ import annotations

import socket
import sys
import time


def main(host: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((host, 443), timeout=5).close()
        except OSError as error:
            if time.monotonic() > deadline:
                sys.exit(f"Seldon's webhook {host} doesn't answer: {error}")
            sys.stderr.write(f"waiting for the webhook: {error}\n")
            time.sleep(1)
        else:
            return


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
