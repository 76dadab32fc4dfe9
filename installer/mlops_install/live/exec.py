"""Run a program in a pod's container, over the WebSocket that `kubectl exec` speaks (channel.k8s.io, v5 and v4)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from mlops_install.live.api import Cluster, refusal
from mlops_install.live.errors import ClusterError

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
"""Kubernetes 1.30 has both, older ones v4, which can't end a program's input."""
STDIN, STDOUT, STDERR, ERROR, CLOSE = 0, 1, 2, 3, 255
"""A message's first byte says what the rest is."""
_PIECE = 16 * 1024
"""Bytes of input in one message: the API server takes 32 KiB."""
_OPEN_SECONDS = 20.0


class PodProcess:
    """One program in a container; a context manager, whose end closes the connection and with it the input.

    The program itself isn't ended by that: it must heed the end of its input.
    """

    def __init__(self, cluster: Cluster, namespace: str, pod: str, container: str, argv: Sequence[str]) -> None:
        """Start the program; raises ClusterError when the API server refuses or can't be reached.

        `argv` is seen by whoever may list processes or read the audit log: nothing secret belongs there.
        """
        self.exit_code: int | None = None
        """None until it has ended."""
        asked = [("container", container), *(("command", part) for part in argv)]
        streams = [(name, "true") for name in ("stdin", "stdout", "stderr")]
        self._cluster, self._pod = cluster, pod
        self._path = f"/api/v1/namespaces/{namespace}/pods/{pod}/exec"
        try:
            self._socket = self._open(urlencode([*asked, *streams]))
        except ClusterError as error:
            if (error.status, error.reason) != (401, "Unauthorized"):
                raise
            cluster.renew()
            self._socket = self._open(urlencode([*asked, *streams]))

    def __enter__(self) -> PodProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def write(self, data: bytes) -> None:
        """Send input; raises ClusterError when the connection is lost. Input for a program that ended is dropped."""
        for start in range(0, len(data), _PIECE):
            self._send(bytes([STDIN]) + data[start : start + _PIECE])

    def end_input(self) -> None:
        """Close the program's input; with v4, where that can't be, the connection's end does it."""
        if self._socket.subprotocol == PROTOCOLS[0]:
            self._send(bytes([CLOSE, STDIN]))

    def read(self, seconds: float) -> Iterator[tuple[int, bytes]]:
        """Yield STDOUT's and STDERR's output as it comes until the program ends, which sets `exit_code`.

        Raises TimeoutError after so many seconds, after which reading may go on; ClusterError when the connection
        is lost or the program can't be started.
        """
        from websockets.exceptions import ConnectionClosed

        until = time.monotonic() + seconds
        while self.exit_code is None:
            try:
                message = self._socket.recv(timeout=max(0.0, until - time.monotonic()))
            except ConnectionClosed as error:
                raise self._lost() from error
            data = message.encode() if isinstance(message, str) else message
            if data[:1] == bytes([ERROR]):
                self.exit_code = self._ended(data[1:])
            elif len(data) > 1:
                yield data[0], data[1:]

    def _open(self, query: str) -> ClientConnection:
        from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException
        from websockets.sync.client import connect
        from websockets.typing import Subprotocol

        made, address, headers = self._cluster.raw(f"{self._path}?{query}")
        try:
            socket = connect(
                # The socket has its TLS already.
                f"ws://{address}",
                sock=made,
                subprotocols=[Subprotocol(name) for name in PROTOCOLS],
                additional_headers=headers,
                compression=None,
                proxy=None,
                open_timeout=_OPEN_SECONDS,
                close_timeout=2,
                ping_timeout=None,
                max_size=None,
                legacy=True,
            )
        except InvalidStatus as error:
            body = bytes(error.response.body or b"")
            raise refusal(error.response.status_code, body, "GET", self._path, self._cluster.access) from error
        except (InvalidHandshake, WebSocketException) as error:
            raise ClusterError(0, "NotWebSocket", f"the API server runs nothing in {self._pod}: {error}.") from error
        except OSError as error:
            raise self._cluster.failure(error) from error
        if socket.subprotocol not in PROTOCOLS:
            socket.close()
            raise ClusterError(0, "NotWebSocket", "the API server speaks none of the protocols for `exec`.")
        return socket

    def _send(self, message: bytes) -> None:
        from websockets.exceptions import ConnectionClosed, ConnectionClosedOK

        try:
            self._socket.send(message)
        except ConnectionClosedOK:
            return
        except ConnectionClosed as error:
            raise self._lost() from error

    def _lost(self) -> ClusterError:
        return ClusterError(0, "lost", f"the connection to {self._pod} was lost before the program in it had ended.")

    def _ended(self, content: bytes) -> int:
        """Return the exit code of a Status; raises ClusterError when the program didn't even start."""
        try:
            status = json.loads(content)
        except ValueError:
            status = {}
        if status.get("status") == "Success":
            return 0
        causes = (status.get("details") or {}).get("causes") or ()
        codes = [str(cause.get("message", "")) for cause in causes if cause.get("reason") == "ExitCode"]
        if status.get("reason") == "NonZeroExitCode" and codes and codes[0].isdigit():
            return int(codes[0])
        said = status.get("message") or content[:300].decode(errors="replace")
        raise ClusterError(0, str(status.get("reason") or "exec"), f"nothing could be run in {self._pod}: {said}")
