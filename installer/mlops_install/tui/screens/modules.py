"""Modules: what is installed, what that pulls in and why, and whether there is room for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mlops_install.tui.messages import AnswersChanged
from mlops_install.tui.screens.confirm import ConfirmScreen
from mlops_install.tui.screens.step import StepScreen
from mlops_install.tui.steps import Step

if TYPE_CHECKING:
    from mlops_install.setup.questions import ModuleChoice, Room


@dataclass
class RoomMeasured(Message):
    """What the chosen modules take was put against what the target has."""

    room: Room
    edits: int


class ModulesScreen(StepScreen):
    """The modules to choose from, and what choosing them means."""

    STEP = Step.MODULES
    HELP_TEXT = (
        "Space or Enter chooses a module or leaves it out. A module that needs another one brings it along; leaving "
        "one out says first what goes with it. The last lines sum up what the chosen ones take."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "choose", "Choose", id="modules.toggle", tooltip="Choose the module, or leave it out"),
    ]

    def compose_step(self) -> ComposeResult:
        """Show the list, what is under the cursor, and the sum."""
        yield Static("Which modules? Space chooses, F3 goes on.", classes="about", markup=False)
        yield OptionList(*(Option(self._line(choice), id=choice.module.id) for choice in self._choices()), id="modules")
        with Vertical(id="module"):
            yield Static("", id="module-about", markup=False)
        yield Static("", id="room", markup=False)

    def on_mount(self) -> None:
        """Begin with the cursor on the list."""
        modules = self.query_one("#modules", OptionList)
        modules.highlighted = 0
        modules.focus()

    def _line(self, choice: ModuleChoice) -> Text:
        mark = "[x]" if choice.chosen else "[ ]"
        titles = self.guide.require().catalogue.modules
        why = f"  comes along with {titles[choice.needed_by].title}" if choice.needed_by else ""
        return Text.assemble(
            f"{mark} {choice.module.title:<18} ",
            (f"{choice.module.version:<10} ", "dim"),
            (why, "italic"),
            no_wrap=True,
        )

    def _choices(self) -> tuple[ModuleChoice, ...]:
        return self.guide.require().module_choices()

    def refresh_step(self) -> None:
        """Show what is chosen now."""
        modules = self.query_one("#modules", OptionList)
        for choice in self._choices():
            modules.replace_option_prompt(choice.module.id, self._line(choice))
        self._tell_about(modules.highlighted)
        self.measure(self.guide.edits)

    @work(thread=True, exit_on_error=False, exclusive=True, group="room", description="Measure the room there is")
    def measure(self, edits: int) -> None:
        """Look at the machine or cluster: that takes its time, so this is a worker."""
        self.post_message(RoomMeasured(self.guide.require().footprint(), edits))

    @on(RoomMeasured)
    def _measured(self, message: RoomMeasured) -> None:
        if message.edits == self.guide.edits:
            self.query_one("#room", Static).update(_room(message.room))

    @on(OptionList.OptionHighlighted, "#modules")
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._tell_about(event.option_index)

    def _tell_about(self, place: int | None) -> None:
        if place is None:
            return
        choice = self._choices()[place]
        module, catalogue = choice.module, self.guide.require().catalogue
        lines = [f"{module.title} {module.version}: {module.summary}"]
        lines += [f"Needs {catalogue.modules[need.module].title}: {need.reason}" for need in module.needs]
        needing = [c.module.title for c in self._choices() if c.chosen and _needs(c, module.id)]
        if choice.needed_by:
            lines.append(f"Comes along: {catalogue.modules[choice.needed_by].title} needs it. {choice.reason}")
        elif needing:
            lines.append(f"Needed by {', '.join(needing)}.")
        size = module.footprint
        takes = [_amount(size.cpu, "core"), f"{size.memory:.0f} MiB of memory"]
        if size.disk:
            takes.append(f"{size.disk / 1024:.1f} GiB of disk")
        lines.append(f"Takes about {', '.join(takes)}.")
        self.query_one("#module-about", Static).update("\n".join(lines))

    @on(OptionList.OptionSelected, "#modules")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_id:
            self.toggle(event.option_id)

    def action_choose(self) -> None:
        """Choose or leave out what the cursor is on."""
        option = self.query_one("#modules", OptionList).highlighted_option
        if option and option.id:
            self.toggle(option.id)

    def toggle(self, module: str) -> None:
        """Choose a module or leave it out; what goes along is asked about first."""
        interview = self.guide.require()
        gone = interview.departures(module)
        if not gone:
            self._toggled(module)
            return
        titles = interview.catalogue.modules
        told = [
            f"{titles[entry.module].title}: it needs {titles[entry.other].title} ({entry.reason})"
            if entry.why == "needs"
            else f"{titles[entry.module].title}: only {titles[entry.other].title} needed it ({entry.reason})"
            for entry in gone
        ]

        def decided(sure: bool | None) -> None:
            if sure:
                self._toggled(module)

        question = f"Leave {titles[module].title} out, and with it:"
        self.app.push_screen(ConfirmScreen(question, "\n".join(told), yes="Leave them out"), decided)

    def _toggled(self, module: str) -> None:
        self.guide.require().toggle_module(module)
        self.post_message(AnswersChanged())


def _needs(choice: ModuleChoice, module: str) -> bool:
    return any(need.module == module for need in choice.module.needs)


def _amount(count: float, noun: str) -> str:
    return f"{count:g} {noun}{'' if count == 1 else 's'}"


def _room(room: Room) -> Text:
    """Return the sum against what there is, with what doesn't suffice in words."""
    has = room.available
    entries = [
        ("cpu", "CPU", _amount(room.needed.cpu, "core"), f"{has.cpu:g}" if has else ""),
        ("memory", "Memory", f"{room.needed.memory / 1024:.1f} GiB", f"{has.memory / 1024:.1f} GiB" if has else ""),
        (
            "disk",
            "Disk",
            f"{room.disk_to_add / 1024:.1f} GiB to add",
            f"{has.disk / 1024:.1f} GiB free" if has and has.disk else "",
        ),
    ]
    text = Text()
    for key, label, needs, there in entries:
        short = key in room.short
        text.append(f"{'!' if short else '✓' if there else ' '} {label:<7}{needs}", "bold" if short else "")
        text.append(f" of {there}" if there else "", "dim")
        text.append("  not enough" if short else "", "bold")
        if key == "cpu" and has and not short and room.needed.cpu > has.cpu:
            text.append("  shared: slower while all of them work", "dim")
        text.append("\n")
    text.rstrip()
    return text
