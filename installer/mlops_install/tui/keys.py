"""The program's own keys on a screen: what help and the command palette list."""

from __future__ import annotations

from typing import Any

from textual.binding import Binding
from textual.screen import Screen


def own_keys(screen: Screen[Any]) -> list[tuple[Binding, str]]:
    """Return the keys that work now with what each does, an action once; Textual's own (scroll, copy, …) are left out.

    The program's bindings are those with an id, or shown in the footer.
    """
    found: dict[str, tuple[Binding, str]] = {}
    for _, binding, enabled, tooltip in screen.active_bindings.values():
        ours = binding.id or (binding.show and not binding.action.startswith("screen."))
        if enabled and ours and binding.description and not binding.system:
            found.setdefault(binding.action, (binding, tooltip or binding.tooltip or ""))
    return list(found.values())
