"""What can be chosen on the command line, apart from its parser: the guided setup starts without that one."""

from __future__ import annotations

from enum import StrEnum


class OutputFormat(StrEnum):
    """How a result is written to stdout."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


class UserInterface(StrEnum):
    """Which front end asks and shows."""

    AUTO = "auto"
    TUI = "tui"
    PLAIN = "plain"
