"""uv and npm as children: started with the operator's indexes, their failures said in plain words."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence

from mlops_install.errors import InstallerError
from mlops_install.words.foreign import ForeignText

_LAST_LINES = 12


def uv_argv(*arguments: str) -> list[str]:
    """Return the command line of the uv that this program was installed with."""
    import uv

    return [uv.find_uv_bin(), *arguments]


def run(
    program: str,
    argv: Sequence[str],
    environment: Mapping[str, str],
    *,
    redact: ForeignText | None = None,
    keep_open: Sequence[int] = (),
) -> str:
    """Return what the program printed on stdout; raises InstallerError with its last lines when it failed.

    `program` is its name for messages, `environment` the whole of its variables; `keep_open` are descriptors that it
    inherits.
    """
    result = subprocess.run(
        argv,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        pass_fds=tuple(keep_open),
        # Their caches serve other environments too, which would get files that nobody but this user can read.
        umask=0o022,
        check=False,
    )
    output = result.stdout.decode(errors="replace")
    if result.returncode != 0:
        clean = redact or ForeignText(())
        said = clean(f"{output}\n{result.stderr.decode(errors='replace')}").strip().splitlines()
        raise ProgramError(program, result.returncode, said)
    return output


class ProgramError(InstallerError):
    """A package program that failed; `lines` is all it said, without secrets."""

    def __init__(self, program: str, code: int, lines: Sequence[str]) -> None:
        """`code` is its exit status."""
        self.lines = tuple(lines)
        said = "\n".join(f"  {line}" for line in lines[-_LAST_LINES:])
        super().__init__(
            f"Its packages could not be installed: {program} ended with {code}.\n{said}", hint=_hint("\n".join(lines))
        )

    @property
    def unreachable(self) -> bool:
        """Whether the index was not reached, so that nothing is known about the packages."""
        return bool(_NETWORK.search("\n".join(self.lines)))


_NETWORK = re.compile(
    r"(?i)dns error|error sending request|timed out|ENOTFOUND|ECONN|network|status (code|server)|Failed to fetch"
)


def _hint(text: str) -> str:
    if "No space left on device" in text or "ENOSPC" in text:
        return "The disk is full: make room, or choose another folder with --dir; then run the same command again."
    if _NETWORK.search(text):
        return (
            "The package index was not reached: check the network and the proxy or mirror settings"
            " (UV_DEFAULT_INDEX, PIP_INDEX_URL, https_proxy);"
            " then run the same command again. What was downloaded stays."
        )
    if re.search(r"(?i)hash mismatch|EINTEGRITY", text):
        return "A download was damaged or replaced: run the same command again; if it stays, ask who runs the mirror."
    return "Run the same command again; what was downloaded is kept."
