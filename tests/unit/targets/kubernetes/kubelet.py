"""A server on loopback that runs what `exec` asks for as a child of its own, and speaks as the API server does."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, urlsplit

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from mlops_install.targets.kubernetes.access.model import Access
from mlops_install.targets.kubernetes.api import Cluster

V5, V4 = Subprotocol("v5.channel.k8s.io"), Subprotocol("v4.channel.k8s.io")


@dataclass
class Kubelet:
    """What the server is to do, and what was asked of it."""

    port: int = 0
    refusal: tuple[int, bytes] | None = None
    drops: bool = False
    """Whether it closes the connection before the program has ended."""
    paths: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def cluster(self) -> Cluster:
        """Return a client of it."""
        return Cluster(Access(Path("/k"), "here", f"http://127.0.0.1:{self.port}", token="t"), {})

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuse the handshake, or let it go on."""
        self.paths.append(request.path)
        self.tokens.append(request.headers.get("Authorization", ""))
        if self.refusal is None:
            return None
        status, body = self.refusal
        return Response(status, "Refused", Headers({"Content-Length": str(len(body))}), body)

    def serve(self, connection: ServerConnection) -> None:
        """Run the program that the path names, its streams over the connection."""
        request = connection.request
        assert request is not None
        argv = parse_qs(urlsplit(request.path).query)["command"]
        argv = [sys.executable if argv[0] == "python3" else argv[0], *argv[1:]]
        pipe = subprocess.PIPE
        try:
            child = subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=pipe)
        except OSError as error:
            self._status(connection, {"status": "Failure", "reason": "InternalError", "message": str(error)})
            return
        self.children.append(child)
        if self.drops:
            connection.close()
            return
        assert child.stdout is not None
        assert child.stderr is not None
        streams = ((1, child.stdout), (2, child.stderr))
        pumps = [threading.Thread(target=_pump, args=(connection, *stream)) for stream in streams]
        feeder = threading.Thread(target=_feed, args=(connection, child))
        for thread in (*pumps, feeder):
            thread.start()
        code = child.wait()
        for thread in pumps:
            thread.join()
        causes = [{"reason": "ExitCode", "message": str(code)}]
        failed = {"status": "Failure", "reason": "NonZeroExitCode", "details": {"causes": causes}}
        self._status(connection, failed if code else {"status": "Success"})
        connection.close()
        feeder.join()

    @staticmethod
    def _status(connection: ServerConnection, status: object) -> None:
        with contextlib.suppress(ConnectionClosed):
            connection.send(b"\x03" + json.dumps(status).encode())


def _pump(connection: ServerConnection, channel: int, stream: IO[bytes]) -> None:
    with contextlib.suppress(ConnectionClosed):
        while data := stream.read1(1000):  # type: ignore[attr-defined]  # of a BufferedReader
            connection.send(bytes([channel]) + data)


def _feed(connection: ServerConnection, child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    with contextlib.suppress(ConnectionClosed, BrokenPipeError):
        while True:
            message = connection.recv()
            assert isinstance(message, bytes)
            if message == b"\xff\x00":
                break
            child.stdin.write(message[1:])
            child.stdin.flush()
    with contextlib.suppress(BrokenPipeError):
        child.stdin.close()


@contextlib.contextmanager
def kubelet(*protocols: Subprotocol) -> Iterator[Kubelet]:
    """Run the server with these protocols; none: one that speaks something else."""
    made = Kubelet()
    known = list(protocols) or None
    with serve(made.serve, "127.0.0.1", 0, subprotocols=known, process_request=made.answer) as server:
        made.port = server.socket.getsockname()[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
            for child in made.children:
                child.kill()
                child.wait()
                for stream in (child.stdin, child.stdout, child.stderr):
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()  # type: ignore[union-attr]  # all three are pipes
