"""The modules that came with a model (`log_model(…, code_paths=[…])`), in a process that serves several models.

MLflow puts a model's `code` folder on sys.path for good, and Python keeps a module under its name: a second model, or
a second version, with a module of the same name would run the first one's code. So each model's modules are in their
place only while that model is loaded or predicts, one such model at a time.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

_turn = threading.Lock()


class OwnCode:
    """The modules of one model; nothing at all for a model without any."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the model's."""
        self._path = str(folder / "code") if (folder / "code").is_dir() else ""
        self._modules: dict[str, ModuleType] = {}

    @contextlib.contextmanager
    def in_place(self) -> Iterator[None]:
        """Let `import` find the model's modules, those that it imported before and those it imports now."""
        if not self._path:
            yield
            return
        with _turn:
            before = set(sys.modules)
            sys.path.insert(0, self._path)
            sys.modules.update(self._modules)
            importlib.invalidate_caches()
            try:
                yield
            finally:
                self._put_away(before)

    def _put_away(self, before: set[str]) -> None:
        # MLflow put the folder there a second time.
        sys.path[:] = [path for path in sys.path if path != self._path]
        new = [(name, module) for name, module in list(sys.modules.items()) if name not in before]
        self._modules = {name: module for name, module in new if self._is_own(module)}
        for name in self._modules:
            del sys.modules[name]

    def _is_own(self, module: object) -> bool:
        # Not by attribute: some libraries' modules load more when asked for one.
        said = getattr(module, "__dict__", {})
        files = [said.get("__file__"), *(said.get("__path__") or ())]
        return any(isinstance(file, str) and file.startswith(f"{self._path}/") for file in files)
