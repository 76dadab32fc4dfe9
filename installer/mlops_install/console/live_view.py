"""The picture of a run at one moment, as rich renderables; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rich.console import ConsoleDimensions, Group, RenderableType
from rich.table import Table
from rich.text import Text

from mlops_install.console.words import SPINNER
from mlops_install.engine.progress import RunState
from mlops_install.words.wording import duration
from mlops_install.workflow.rows import ENDED, STAGES, Row, count_word, verb_of

_SPINS = 5
"""Spinner frames a second."""
_STYLES = {"done": "green", "failed": "bold red", "working": "cyan", "waiting": "dim", "unchanged": "dim"}
_SYMBOLS = {"done": "✓", "failed": "!", "working": "●", "waiting": "·", "unchanged": "✓"}
_WORD_WIDTH = 11
_LOG_LINES = 6
_LOG_NAME = 11
_HEAD_WIDTH = 78
"""Columns of the head and the bar: on a wide screen what belongs together stays together."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything one picture shows."""

    state: RunState
    rows: tuple[Row, ...]
    titles: Mapping[str, str]
    expected: Mapping[str, float]
    """Seconds by module id; under the empty name those of the whole apply."""
    now: datetime
    total: float
    """Seconds since the run, or its apply, began."""
    share: float
    """0 to 1."""
    log: tuple[tuple[str, str], ...] = ()
    """Module and line, the newest last."""
    final: bool = False


def render(frame: Frame, size: ConsoleDimensions) -> RenderableType:
    """Return the picture for a terminal of that size; the log gets the room that is left."""
    width = max(20, size.width - 1)
    if frame.final:
        return Group(ending(frame), *([_rows(frame, width)] if _applying(frame) else []))
    if not _applying(frame):
        return _preparing(frame)
    lines: list[RenderableType] = [_head(frame, width), _bar(frame, width), Text(), _rows(frame, width)]
    room = min(_LOG_LINES, size.height - len(frame.rows) - 7)
    if room > 0:
        lines += [Text(), *_log(frame, width, room)]
    # The terminal echoes ^C where the cursor stands: at the end of a full line that would shift everything by one.
    return Group(*lines, Text())


def summary_line(frame: Frame) -> Text:
    """Return where the run stands, in one line."""
    if not _applying(frame):
        return Text(f"● {STAGES.get(frame.state.stage, 'Applying')}, {duration(frame.total)} so far")
    return Text(f"● {verb_of(frame.state)[0]}: {_count(frame)} after {duration(frame.total)}")


def ending(frame: Frame) -> Text:
    """Return the line the view ends with."""
    stage, took = frame.state.stage, duration(frame.total)
    if stage == "done":
        done = f"✓ {verb_of(frame.state)[1]} in {took}" if frame.rows else f"✓ Nothing had to change ({took})"
        return Text(done, "green")
    if stage == "planned":
        what = f"{len(frame.rows)} to change" if frame.rows else "nothing to change"
        return Text(f"✓ Planned in {took}: {what}", "green")
    count = f", {_count(frame)}" if frame.rows else ""
    if stage == "failed":
        return Text(f"! Failed after {took}{count}", "bold red")
    if stage == "cancelled":
        return Text(f"! Cancelled after {took}{count}", "yellow")
    return Text(f"● Still going on after {took}{count}", "cyan")


def _applying(frame: Frame) -> bool:
    return bool(frame.rows) and frame.state.stage not in STAGES


def _count(frame: Frame) -> str:
    done = sum(row.status == "done" for row in frame.rows)
    return f"{done} of {len(frame.rows)} {count_word(frame.state)}"


def _preparing(frame: Frame) -> Text:
    what = STAGES.get(frame.state.stage, "Applying")
    return Text.assemble((_spin(frame), "cyan"), f" {what}  ", (duration(frame.total), "dim"))


def _head(frame: Frame, width: int) -> Text:
    # They are set up side by side, so the slowest one tells how long all of them take.
    usual = max((frame.expected.get(row.module, 0.0) for row in frame.rows), default=0.0)
    left = Text("Cancelling: what is under way ends first", "yellow")
    if not frame.state.cancel_requested:
        left = Text(verb_of(frame.state)[0], "bold")
    right = Text(duration(frame.total), "bold")
    if usual > 0:
        right.append(f" of about {duration(usual)}", "dim")
    left.truncate(max(0, min(_HEAD_WIDTH, width) - right.cell_len - 1), overflow="crop", pad=True)
    return Text.assemble(left, " ", right)


def _bar(frame: Frame, width: int) -> Text:
    label = "  " + _count(frame)
    cells = max(8, min(_HEAD_WIDTH, width) - len(label))
    full = int(cells * frame.share)
    failed = any(row.status == "failed" for row in frame.rows)
    return Text.assemble(("━" * full, "red" if failed else "green"), ("─" * (cells - full), "bright_black"), label)


def _rows(frame: Frame, width: int) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.width = width
    table.add_column(width=1, no_wrap=True)
    table.add_column(no_wrap=True, overflow="crop", width=max(len(row.title) for row in frame.rows))
    table.add_column(no_wrap=True, overflow="crop", width=_WORD_WIDTH)
    table.add_column(no_wrap=True, justify="right", width=_time_width(frame))
    wrap = frame.final and any(row.status == "failed" for row in frame.rows)
    table.add_column(no_wrap=not wrap, ratio=1, overflow="fold" if wrap else "ellipsis")
    for row in frame.rows:
        _add_row(table, row, frame)
    return table


def _add_row(table: Table, row: Row, frame: Frame) -> None:
    style = _STYLES[row.status]
    if row.word in {"stopped", "not started"}:
        symbol, style = "-", "yellow" if row.word == "stopped" else "dim"
    elif row.status == "working" and not frame.final:
        symbol = _spin(frame)
    else:
        symbol = _SYMBOLS[row.status]
    detail = "" if row.status == "done" and frame.final else row.detail
    table.add_row(
        Text(symbol, style),
        Text(row.title, "dim" if row.status == "waiting" else ""),
        Text(row.word, style),
        _times(row, frame),
        Text(detail, "" if row.status == "failed" else "dim"),
    )


def _times(row: Row, frame: Frame) -> Text:
    elapsed, usual = row.elapsed(frame.now), frame.expected.get(row.module, 0.0)
    text = Text("" if elapsed is None or row.word in {"stopped"} else duration(elapsed))
    if row.status == "working" and not frame.final and usual > 0:
        text.append(f" of ~{duration(usual)}", "dim")
    return text


def _time_width(frame: Frame) -> int:
    """Return a width that changes at most once, when the first minute is over."""
    usual = [frame.expected.get(row.module, 0.0) for row in frame.rows]
    sample = "1m05s" if max(frame.total, *usual) >= 60 else "59s"
    return len(f"{sample} of ~{sample}") if any(usual) and not frame.final else len(sample)


def _log(frame: Frame, width: int, room: int) -> list[Text]:
    """Return exactly `room` lines, so that nothing below jumps."""
    lines = [_log_line(module, line, width) for module, line in frame.log[-room:]]
    return lines + [Text()] * (room - len(lines))


def _log_line(module: str, line: str, width: int) -> Text:
    name = module or "terraform"
    text = Text.assemble((f"{name[:_LOG_NAME]:<{_LOG_NAME}}", "dim"), (" │ ", "bright_black"), (line, "dim"))
    text.truncate(width, overflow="ellipsis")
    return text


def _spin(frame: Frame) -> str:
    if frame.state.stage in ENDED:
        return "●"
    return SPINNER[int(frame.now.timestamp() * _SPINS) % len(SPINNER)]
