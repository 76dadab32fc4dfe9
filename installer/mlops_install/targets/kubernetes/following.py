"""Lists of objects that are kept up to date by Kubernetes' watches, instead of being asked for again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from mlops_install.targets.kubernetes.api import Cluster, Query
from mlops_install.targets.kubernetes.errors import ClusterError

_WATCH_SECONDS = 240
"""How long the server lets one watch last."""
_SILENCE = 300.0
"""Seconds after which a watch that said nothing, not even its end, is made anew; bookmarks come about every minute."""
_PAUSE = 1.5
"""Seconds until the next try after a watch that failed, or that ended."""
_GONE = 410
_NEVER = frozenset({403, 404, 405})
"""Statuses of a watch that won't be allowed later either: no right to it, or a server without it."""


class Follower:
    """Follows lists of one cluster, each with a thread and a connection; `close` lets the threads end.

    A list that may be read but not watched is asked for at each look.
    """

    def __init__(
        self, cluster: Cluster, *, report: Callable[[str], object], changed: Callable[[], None] = lambda: None
    ) -> None:
        """Make one; nothing is asked yet.

        `report` gets a sentence for each list that can't be watched; `changed` is called after each change, by the
        threads.
        """
        self._cluster, self._report, self._changed = cluster, report, changed
        self._closing = threading.Event()
        self._lists: dict[tuple[str, str], _List] = {}

    def items(self, path: str, query: Query | None = None) -> list[dict[str, Any]]:
        """Return the list's objects as they are now; raises ClusterError when the list can't be read."""
        key = (path, repr(sorted((query or {}).items())))
        found = self._lists.get(key)
        if found is None:
            found = _List(self._cluster, path, query or {}, self._closing, self._changed)
            found.read()
            self._lists[key] = found
            threading.Thread(target=found.follow, args=(self._report,), daemon=True).start()
        return found.items()

    def close(self) -> None:
        """End the following; a thread that waits for the server ends with the process."""
        self._closing.set()


class _List:
    """One list: written by its thread, read by the others."""

    def __init__(
        self, cluster: Cluster, path: str, query: Query, closing: threading.Event, changed: Callable[[], None]
    ) -> None:
        self._cluster, self._path, self._query = cluster, path, query
        self._closing, self._changed = closing, changed
        self._lock = threading.Lock()
        self._objects: dict[str, dict[str, Any]] = {}
        self._version = ""
        self._polled = False

    def items(self) -> list[dict[str, Any]]:
        if self._polled:
            return self._cluster.items(self._path, self._query)
        with self._lock:
            return list(self._objects.values())

    def read(self) -> None:
        """Read the whole list; raises ClusterError."""
        objects, version = self._cluster.listed(self._path, self._query)
        with self._lock:
            self._objects = {_key(one): one for one in objects}
            self._version = version

    def follow(self, report: Callable[[str], object]) -> None:
        """Watch until the end, reading the list again where the server has forgotten what came since."""
        while not self._closing.is_set():
            try:
                if not self._version:
                    self.read()
                    self._changed()
                if not self._version:
                    return self._poll(report, "the server gives no version of the list")
                self._watch()
            except ClusterError as error:
                if error.status == _GONE:
                    self._version = ""
                elif error.status in _NEVER:
                    return self._poll(report, error.message)
                # The server is out of reach for a while (what it said last stays), or has forgotten the version.
            self._closing.wait(_PAUSE)
        return None

    def _poll(self, report: Callable[[str], object], why: str) -> None:
        self._polled = True
        report(f"{self._path} can't be watched and is asked for again and again instead: {why}")
        self._changed()

    def _watch(self) -> None:
        """Take in one watch's events until the server ends it; raises ClusterError."""
        asked: Mapping[str, str | int] = {
            **self._query,
            "resourceVersion": self._version,
            "allowWatchBookmarks": "true",
            "timeoutSeconds": _WATCH_SECONDS,
        }
        for event in self._cluster.watch(self._path, asked, silence=_SILENCE):
            kind, about = event.get("type"), event.get("object") or {}
            if kind == "ERROR":
                # The server's word for a version that it no longer knows is 410; after any other the list is read too.
                raise ClusterError(_GONE, "Expired", str(about.get("message") or "the watch failed"))
            with self._lock:
                if kind == "DELETED":
                    self._objects.pop(_key(about), None)
                elif kind in ("ADDED", "MODIFIED"):
                    self._objects[_key(about)] = about
                self._version = str((about.get("metadata") or {}).get("resourceVersion") or self._version)
            self._changed()
            if self._closing.is_set():
                return


def _key(one: Mapping[str, Any]) -> str:
    metadata = one.get("metadata") or {}
    return str(metadata.get("uid") or f"{metadata.get('namespace')}/{metadata.get('name')}")
