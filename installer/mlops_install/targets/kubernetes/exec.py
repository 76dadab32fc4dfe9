"""Run a program in a pod's container, over the WebSocket that `kubectl exec` speaks (channel.k8s.io, v5 and v4)."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from urllib.parse import urlencode

from mlops_install.targets.kubernetes.api import Cluster, refusal
from mlops_install.targets.kubernetes.errors import ClusterError

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
"""Kubernetes 1.30 has both, older ones v4, which can't end a program's input."""
STDIN, STDOUT, STDERR, ERROR, CLOSE = 0, 1, 2, 3, 255
"""A message's first byte says what the rest is."""
_PIECE = 16 * 1024
"""Bytes of input in one message: the API server takes 32 KiB."""
_OPEN_SECONDS = 20.0
_SEND_SECONDS = 20.0
_PING_SECONDS = 20.0
_BUFFER = 64 * 1024


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
            self._channel = self._open(urlencode([*asked, *streams]))
        except ClusterError as error:
            if (error.status, error.reason) != (401, "Unauthorized"):
                raise
            cluster.renew()
            self._channel = self._open(urlencode([*asked, *streams]))

    def __enter__(self) -> PodProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, and with it the input."""
        self._channel.close()

    def write(self, data: bytes) -> None:
        """Send input; raises ClusterError when the connection is lost."""
        for start in range(0, len(data), _PIECE):
            self._send(bytes([STDIN]) + data[start : start + _PIECE])

    def end_input(self) -> None:
        """Close the program's input: with v4, where that can't be said, by closing the connection."""
        if self._channel.subprotocol == PROTOCOLS[0]:
            self._send(bytes([CLOSE, STDIN]))
        else:
            self._channel.close()

    def keep(self) -> None:
        """Show whatever is between here and the program that the connection is used; once in 30 s is enough."""
        try:
            self._channel.ping()
        except OSError as error:
            raise self._lost() from error

    def read(self, seconds: float) -> Iterator[tuple[int, bytes]]:
        """Yield STDOUT's and STDERR's output as it comes until the program ends, which sets `exit_code`.

        Raises TimeoutError after so many seconds, after which reading may go on; ClusterError when the connection
        is lost or the program can't be started.
        """
        until = time.monotonic() + seconds
        while self.exit_code is None:
            try:
                data = self._channel.receive(until)
            except TimeoutError:
                raise
            except OSError as error:
                raise self._lost() from error
            if data[:1] == bytes([ERROR]):
                self.exit_code = self._ended(data[1:])
            elif len(data) > 1:
                yield data[0], data[1:]

    def _open(self, query: str) -> Channel:
        from websockets.exceptions import InvalidHandshake, InvalidStatus

        made, address, headers = self._cluster.raw(f"{self._path}?{query}")
        channel = Channel(made, address, headers)
        try:
            channel.open()
        except InvalidStatus as error:
            channel.close()
            body = bytes(error.response.body or b"")
            raise refusal(error.response.status_code, body, "GET", self._path, self._cluster.access) from error
        except InvalidHandshake as error:
            channel.close()
            raise ClusterError(0, "NotWebSocket", f"the API server runs nothing in {self._pod}: {error}.") from error
        except OSError as error:
            channel.close()
            raise self._cluster.failure(error) from error
        if channel.subprotocol not in PROTOCOLS:
            channel.close()
            raise ClusterError(0, "NotWebSocket", "the API server speaks none of the protocols for `exec`.")
        return channel

    def _send(self, message: bytes) -> None:
        try:
            self._channel.send(message)
        except OSError as error:
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


class Channel:
    """A WebSocket over a socket that is connected; may be written to by one thread while another reads.

    Only one of them is ever inside TLS: OpenSSL's connections aren't made for two.
    """

    def __init__(self, made: socket.socket, address: str, headers: Iterable[tuple[str, str]]) -> None:
        """Make one; nothing is sent yet. `address` is host, path and query."""
        from websockets.client import ClientProtocol
        from websockets.typing import Subprotocol
        from websockets.uri import parse_uri

        self._socket, self._headers = made, headers
        names = [Subprotocol(name) for name in PROTOCOLS]
        # Whether there is TLS beneath is the socket's own business.
        self._protocol = ClientProtocol(parse_uri(f"ws://{address}"), subprotocols=names, max_size=None)
        self._lock = threading.RLock()
        self._messages: deque[bytes] = deque()
        self._part = b""
        self._opened = self._over = False

    @property
    def subprotocol(self) -> str:
        """The protocol that the server chose; empty for none."""
        return str(self._protocol.subprotocol or "")

    def open(self) -> None:
        """Shake hands; raises InvalidHandshake and OSError."""
        request = self._protocol.connect()
        for name, value in self._headers:
            request.headers[name] = value
        with self._lock:
            self._protocol.send_request(request)
            self._flush()
        until = time.monotonic() + _OPEN_SECONDS
        while not self._opened:
            self._wait(until)
            if self._protocol.handshake_exc:
                raise self._protocol.handshake_exc

    def send(self, message: bytes) -> None:
        """Send one message; raises OSError."""
        with self._lock:
            if self._over:
                raise ConnectionResetError
            self._protocol.send_binary(message)
            self._flush()

    def ping(self) -> None:
        """Send a ping; raises OSError."""
        with self._lock:
            if self._over:
                raise ConnectionResetError
            self._protocol.send_ping(b"")
            self._flush()

    def receive(self, until: float) -> bytes:
        """Return the next message; raises TimeoutError at `until` (monotonic seconds), OSError when it is lost."""
        while True:
            with self._lock:
                if self._messages:
                    return self._messages.popleft()
                if self._over:
                    raise ConnectionResetError
            self._wait(until)

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        with self._lock:
            self._over = True
            with contextlib.suppress(OSError):  # wakes a thread that waits for it
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()

    def _wait(self, until: float) -> None:
        """Take in what has come, or wait for it a while."""
        with self._lock:
            if self._take() or self._over:
                return
            left = min(until - time.monotonic(), _PING_SECONDS)
        if left <= 0:
            raise TimeoutError
        try:
            ready = select.select([self._socket], [], [], left)[0]
        except ValueError as error:  # another thread closed it
            raise ConnectionResetError from error
        if not ready and time.monotonic() < until:
            self.ping()

    def _take(self) -> bool:
        """Read what is there, without waiting; return whether there was something."""
        self._socket.settimeout(0)
        try:
            data = self._socket.recv(_BUFFER)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        except OSError:
            # The other side is gone: the program's status, if there was one, came before.
            data = b""
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
            self._over = True
        self._sort()
        if not self._over:
            self._flush()
        return True

    def _sort(self) -> None:
        from websockets.frames import Frame, Opcode

        for event in self._protocol.events_received():
            if not isinstance(event, Frame):
                self._opened = self._protocol.handshake_exc is None
            elif event.opcode in (Opcode.BINARY, Opcode.TEXT, Opcode.CONT):
                self._part += bytes(event.data)
                if event.fin:
                    self._messages.append(self._part)
                    self._part = b""
            elif event.opcode is Opcode.CLOSE:
                self._over = True

    def _flush(self) -> None:
        self._socket.settimeout(_SEND_SECONDS)
        for data in self._protocol.data_to_send():
            if data:
                self._socket.sendall(data)
