"""uv and npm as children: started with the operator's indexes, their failures said in plain words."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence

from mlops_install.environment.trouble import ABSENT, cause_of, trouble_of
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
        self.trouble = trouble_of("\n".join(lines))
        said = "\n".join(f"  {line}" for line in lines[-_LAST_LINES:])
        before = f"{self.trouble.remedy}, then run" if self.trouble else "Run"
        super().__init__(
            f"Its packages could not be installed: {program} ended with {code}.\n{said}",
            hint=f"{before} the same command again. What was downloaded stays.",
        )

    @property
    def cause(self) -> str:
        """Why, in plain words; empty where what it said is of no known kind."""
        return cause_of(self.trouble, "\n".join(self.lines)) if self.trouble else ""

    @property
    def about_packages(self) -> bool:
        """Whether the packages themselves are at fault: the index was asked, and answered."""
        return self.trouble in (None, ABSENT)
