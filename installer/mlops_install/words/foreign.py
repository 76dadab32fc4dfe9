"""Text that others wrote, on its way to people: control characters and secrets go."""

from __future__ import annotations

from mlops_install.words.secrets import SecretFilter
from mlops_install.words.terminal import visible


class ForeignText(SecretFilter):
    """`visible` first, then without secrets: a control sequence inside a secret would hide it from the look."""

    def __call__(self, text: str) -> str:
        """Return the text as it may be shown."""
        return super().__call__(visible(text))
