"""Tables for people: calm, without borders, every state told by symbol and word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mlops_install.answers.model import Preset
from mlops_install.catalogue.model import Value
from mlops_install.inspect.logins import Login
from mlops_install.targets.records import CheckReport, Finding, PresetSummary, RunSummary, ServiceState
from mlops_install.words.terminal import plain
from mlops_install.words.wording import NO_ADDRESS, duration, title_of, value_text

Titles = Mapping[str, str]

_STATES = {
    "healthy": ("✓", "green"),
    "starting": ("●", "cyan"),
    "down": ("!", "bold red"),
    "stranger": ("!", "bold red"),
    "not installed": ("·", "dim"),
    "passed": ("✓", "green"),
    "failed": ("!", "bold red"),
    "ok": ("✓", "green"),
    "warning": ("!", "yellow"),
    "problem": ("!", "bold red"),
    "done": ("✓", "green"),
    "cancelled": ("!", "yellow"),
    "lost": ("!", "bold red"),
}
_WORDS = {"stranger": "answered by a stranger"}


def status_table(services: Iterable[ServiceState], titles: Titles) -> RenderableType:
    """Return `status`: module, state, address, evidence; what is not healthy explains itself on a line of its own."""
    listed = list(services)
    if not listed:
        return Text("Nothing is installed.")
    names = [title_of(service.module, titles) for service in listed]
    widths = [
        max(map(len, names)),
        max(state_text(s.state).cell_len for s in listed),
        max(len(s.address) for s in listed),
    ]
    parts: list[RenderableType] = []
    for name, service in zip(names, listed, strict=True):
        healthy = service.state == "healthy"
        grid = Table.grid(padding=(0, 2, 0, 0))
        for width in widths:
            grid.add_column(width=width, overflow="fold")
        grid.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        detail = Text(plain(service.detail), "dim")
        grid.add_row(name, state_text(service.state), Text(plain(service.address)), detail if healthy else "")
        parts.append(grid)
        if service.detail and not healthy:
            parts.append(Padding(Text(plain(service.detail)), (0, 0, 0, widths[0] + 2)))
    return Group(*parts)


def state_text(state: str) -> Text:
    """Return a state as symbol and word."""
    symbol, style = _STATES.get(state, ("●", "cyan"))
    return Text(f"{symbol} {_WORDS.get(state, state)}", style)


def verify_table(reports: Iterable[CheckReport], titles: Titles) -> RenderableType:
    """Return `verify`: one block a module, as `check_view` makes it."""
    return Group(*(check_view(report, titles) for report in reports))


def check_view(report: CheckReport, titles: Titles) -> RenderableType:
    """Return what a real client met: module, verdict and seconds, the steps, and why it failed.

    Every report has the same columns, so that they can be printed as they come.
    """
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=max(10, *(len(title) for title in titles.values()), len(report.module)))
    grid.add_column(width=len("! not installed"))
    grid.add_column(width=6, justify="right")
    grid.add_column(ratio=1)
    took = "" if report.status == "not installed" else f"{report.seconds:.1f}s"
    steps = ", ".join(plain(step.name) for step in report.steps if step.ok)
    grid.add_row(title_of(report.module, titles), state_text(report.status), took, Text(steps, "dim"))
    failed = [
        _step(f"{step.name}: {step.detail}" if step.detail else step.name) for step in report.steps if not step.ok
    ]
    if report.status != "failed":
        return grid
    told = any(report.message and report.message in step.detail for step in report.steps if not step.ok)
    message = [] if told or not report.message else [_step(report.message)]
    return Group(grid, *failed, *message)


def _step(text: str) -> RenderableType:
    return Padding(Text.assemble(("! ", "bold red"), plain(text)), (0, 0, 0, 4))


def runs_table(runs: Iterable[RunSummary]) -> RenderableType:
    """Return `runs`: the history, newest as it comes."""
    table = _table("Run", "What", "State", "When (UTC)")
    for name in ("Took", "Changes", "Exit"):
        table.add_column(name, justify="right", no_wrap=True)
    for run in runs:
        table.add_row(
            run.id,
            run.kind,
            state_text(run.state),
            run.created.removesuffix("Z").partition("+")[0].partition(".")[0].replace("T", " "),
            "" if run.seconds is None else duration(run.seconds),
            str(run.changes),
            "" if run.exit_code is None else str(run.exit_code),
        )
    return table if table.row_count else Text("No runs yet.")


def presets_table(presets: Iterable[PresetSummary], titles: Mapping[str, Titles]) -> RenderableType:
    """Return `presets`: name and title, what it holds and what it still needs; `titles` by target."""
    parts: list[RenderableType] = []
    for preset in presets:
        parts += [*([Text()] if parts else []), _preset_head(preset), *_preset_lines(preset, titles[preset.target])]
    return Group(*parts) if parts else Text("There are no presets.")


def preset_view(summary: PresetSummary, preset: Preset, titles: Titles) -> RenderableType:
    """Return `preset show`: the summary, the values it sets and how its secrets come."""
    parts: list[RenderableType] = [_preset_head(summary)]
    if summary.description:
        parts.append(_indent(Text(plain(summary.description))))
    parts += _preset_lines(summary, titles)
    values: list[tuple[str, Value]] = [*preset.answers.parameters.items(), *preset.answers.secrets.items()]
    if values:
        parts += [Text(), Text("It sets", "bold"), _indent(pairs([(name, value_text(v)) for name, v in values]))]
    parts += [Text(), Text(f"File: {plain(summary.path)}", "dim")]
    return Group(*parts)


def _preset_head(preset: PresetSummary) -> Text:
    return Text.assemble((preset.id, "bold cyan"), "  ", plain(preset.title), (f"  ({preset.target})", "dim"))


def _preset_lines(preset: PresetSummary, titles: Titles) -> list[RenderableType]:
    holds = ", ".join(title_of(module, titles) for module in preset.modules)
    lines = [("holds", holds)] + ([("needs", ", ".join(preset.needs))] if preset.needs else [])
    return [_indent(pairs(lines))]


def doctor_table(findings: Iterable[Finding]) -> RenderableType:
    """Return `doctor`: one block a finding, as `finding_view` makes it."""
    return Group(*map(finding_view, findings))


def finding_view(finding: Finding) -> RenderableType:
    """Return one finding: verdict, check, message, and what to do below; printable as it comes."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=len("! warning"))
    grid.add_column(width=20, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    text = Text(plain(finding.message))
    if finding.hint and finding.level != "ok":
        text.append(f"\n→ {plain(finding.hint)}", "cyan")
    grid.add_row(state_text(finding.level), Text(plain(finding.check)), text)
    return grid


def outputs_view(
    addresses: Mapping[str, str],
    environment: Mapping[str, str],
    ways_in: Mapping[str, Login],
    titles: Titles,
    *,
    show_environment: bool = True,
) -> RenderableType:
    """Return where everything answers and how to get in; never a secret, only the command that shows it."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for module, address in addresses.items():
        where = Text(plain(address), "cyan") if address else Text(NO_ADDRESS, "dim")
        table.add_row(Text(title_of(module, titles), "bold"), where)
        login = ways_in.get(module)
        if login:
            table.add_row("", Text(login.how, "dim"))
            if login.command:
                table.add_row("", Text.assemble(("shown by: ", "dim"), login.command))
    if not table.row_count:
        return Text("Nothing is installed.")
    if not (environment and show_environment):
        return table
    variables = pairs([(name, plain(value)) for name, value in environment.items()])
    return Group(table, Text(), Text("Variables in every notebook", "bold"), variables)


def pairs(items: Sequence[tuple[str, str]]) -> Table:
    """Return names and values in two columns."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for name, value in items:
        grid.add_row(Text(name), Text(value))
    return grid


def _indent(inner: RenderableType) -> RenderableType:
    return Padding(inner, (0, 0, 0, 2))


def _table(*names: str) -> Table:
    """Return a borderless table; the named columns are never folded."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name in names:
        table.add_column(name, no_wrap=True)
    return table
