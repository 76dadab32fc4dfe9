"""Done: where everything answers, how to get in, what real clients met, and the commands for next time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mlops_install.errors import ExitCode, InstallerError
from mlops_install.tui.messages import Checked, ChecksEnded
from mlops_install.tui.screens.step import StepScreen
from mlops_install.tui.steps import Step
from mlops_install.words import commands
from mlops_install.words.terminal import plain
from mlops_install.words.wording import NO_ADDRESS, title_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_install.catalogue.model import Catalogue
    from mlops_install.inspect.logins import Login
    from mlops_install.targets.records import CheckReport


@dataclass
class AddressesFound(Message):
    """Where everything answers, and how to get in."""

    addresses: Mapping[str, str]
    logins: Mapping[str, Login]
    titles: Mapping[str, str]
    note: str
    """Who else reaches the tools; empty where it is for the cluster to say."""


@dataclass
class AddressesUnknown(Message):
    """Terraform didn't tell the outputs."""

    error: InstallerError


@dataclass
class SecretShown(Message):
    """A secret that was asked for by name."""

    name: str
    value: str
    copy: bool


@dataclass
class DoneRefused(Message):
    """What was asked for isn't there."""

    error: InstallerError


class DoneScreen(StepScreen):
    """The addresses to open or copy; checks arrive while one reads."""

    CSS_PATH = "../styles/done.tcss"
    STEP = Step.DONE
    HELP_TEXT = (
        "Everything is installed. Enter opens the address under the cursor, C copies it. A secret is shown only when "
        "it is asked for, by S, and goes again with the next S. The checks use each tool as a user would: they log a "
        "run, start a notebook, predict."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "finish", "Finish", id="step.next", tooltip="Leave: everything goes on running"),
        Binding("enter", "open", "Open", id="done.open", tooltip="Open the address in a browser"),
        Binding("c", "copy", "Copy", id="done.copy", tooltip="Copy the address"),
        Binding("s", "secret", "Show secret", id="done.secret", tooltip="Show the secret that the login needs"),
        Binding(
            "p", "copy_secret", "Copy secret", id="done.copy_secret", tooltip="Copy that secret without showing it"
        ),
        Binding("v", "verify", "Check again", id="done.verify", tooltip="Use each tool once more as a user would"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.addresses: Mapping[str, str] = {}
        self.logins: Mapping[str, Login] = {}
        self._revealed: dict[str, str] = {}
        self._titles: Mapping[str, str] = {}

    def compose_step(self) -> ComposeResult:
        """Show addresses, login, checks and commands, each under its heading."""
        yield Static("● Looking up the addresses …", id="done-head", markup=False)
        yield OptionList(id="addresses")
        yield Static("", id="login", markup=False)
        with VerticalScroll(can_focus=True, id="checks-pane"):
            yield Static("", id="checks", markup=False)
            yield Static(self._commands(), id="commands", markup=False)
            yield Static("", id="note", markup=False)

    def on_mount(self) -> None:
        """Look up the addresses, and check everything once."""
        self.query_one("#addresses").focus()
        if self.guide.interview is not None:
            self._titles = _titles_of(self.guide.interview.catalogue)
        self.look_up()
        if self.guide.verifying == "never":
            self.action_verify()
        self._show_checks()

    @work(thread=True, exit_on_error=False, exclusive=True, group="addresses", description="Look up the addresses")
    def look_up(self) -> None:
        """Ask Terraform for the outputs."""
        from mlops_install.deployment.marker import read_marker
        from mlops_install.inspect.logins import first_step, ways_in
        from mlops_install.targets.installed import outputs
        from mlops_install.targets.registry import target as find_target

        context, deployment = self.guide.context, self.guide.deployment
        assert deployment is not None
        try:
            published = outputs(context, deployment)
            addresses = {str(k): str(v) for k, v in dict(published.get("addresses") or {}).items()}
            target = read_marker(deployment).target
            titles = _titles_of(context.catalogue(target))
            warning = find_target(target).done_note
            note = "\n".join(line for line in (first_step(addresses), warning) if line)
            self.post_message(AddressesFound(addresses, ways_in(context, deployment), titles, note))
        except InstallerError as error:
            self.post_message(AddressesUnknown(error))

    @on(AddressesUnknown)
    def _unknown(self, message: AddressesUnknown) -> None:
        told = f"! The addresses can't be looked up. `{self.guide.command('outputs')}` tries again."
        self.query_one("#done-head", Static).update(told)
        self._refused(DoneRefused(message.error))

    @on(AddressesFound)
    def _found(self, message: AddressesFound) -> None:
        self.addresses, self.logins, self._titles = message.addresses, message.logins, message.titles
        name = self.guide.deployment_name
        self.query_one("#done-head", Static).update(f"✓ {name} is installed. Enter opens an address, C copies it.")
        beside = self.query_one("#addresses", OptionList)
        beside.clear_options()
        self.query_one("#note", Static).update(message.note)
        titles = self._titles
        for module, address in self.addresses.items():
            title, where = f"{title_of(module, titles):<18} ", plain(address) or NO_ADDRESS
            line = Text.assemble((title, "bold"), where, no_wrap=True)
            beside.add_option(Option(line, id=module))
        beside.highlighted = 0 if self.addresses else None
        self._show_login()
        self._show_checks()

    @on(OptionList.OptionHighlighted, "#addresses")
    def _highlighted(self) -> None:
        self._show_login()
        self.refresh_bindings()

    @property
    def _module(self) -> str:
        found = self.query("#addresses").results(OptionList)
        option = next((beside.highlighted_option for beside in found), None)
        return (option.id or "") if option else ""

    @property
    def _login(self) -> Login | None:
        return self.logins.get(self._module)

    def _show_login(self) -> None:
        module, login = self._module, self._login
        text = Text()
        if module:
            how = login.how if login else "without a password: whoever reaches the address is in"
            text.append(f"{title_of(module, self._titles)}: {how}\n")
        if login and login.secret:
            shown = self._revealed.get(login.secret)
            text.append(f"Secret: {shown if shown is not None else '••••••••'}", "bold" if shown else "")
            text.append(f"   later: {login.command}", "dim")
        self.query_one("#login", Static).update(text)

    @on(OptionList.OptionSelected, "#addresses")
    def _selected(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Open the address under the cursor in a browser; one that no browser understands is copied."""
        address = self.addresses.get(self._module, "")
        if address.startswith(("http://", "https://")):
            self.app.open_url(address)
            self.notify(f"Opening {address}")
        elif address:
            self.action_copy()

    def action_copy(self) -> None:
        """Copy the address under the cursor (OSC 52)."""
        address = self.addresses.get(self._module, "")
        if address:
            self.app.copy_to_clipboard(address)
            self.notify(f"Copied, as far as the terminal allows: {address}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the secret where there is one, and a check while none is under way."""
        if action in ("secret", "copy_secret"):
            return bool(self._login and self._login.secret)
        return action != "verify" or self.guide.verifying != "now"

    def action_secret(self) -> None:
        """Show the secret that the login needs, or hide it again."""
        login = self._login
        if login is None or not login.secret:
            return
        if self._revealed.pop(login.secret, None) is not None:
            self._show_login()
        else:
            self.read_secret(login.secret, copy=False)

    def action_copy_secret(self) -> None:
        """Copy the secret that the login needs, without showing it."""
        if self._login and self._login.secret:
            self.read_secret(self._login.secret, copy=True)

    @work(thread=True, exit_on_error=False, group="secret", description="Read a secret")
    def read_secret(self, name: str, *, copy: bool) -> None:
        """Read one secret from the deployment's private file."""
        from mlops_install.inspect import inspection

        assert self.guide.deployment is not None
        try:
            value = inspection.secret(self.guide.context, self.guide.deployment, name)
        except InstallerError as error:
            self.post_message(DoneRefused(error))
        else:
            self.post_message(SecretShown(name, value, copy))

    @on(SecretShown)
    def _shown(self, message: SecretShown) -> None:
        if message.copy:
            self.app.copy_to_clipboard(message.value)
            self.notify("The secret is on the clipboard, as far as the terminal allows.")
            return
        self._revealed[message.name] = message.value
        self._show_login()

    def action_verify(self) -> None:
        """Check each tool as a user would use it."""
        self.guide.verified, self.guide.verifying = [], "now"
        self._show_checks()
        self.refresh_bindings()
        self.verify()

    @work(thread=True, exit_on_error=False, group="verify", description="Check each tool")
    def verify(self) -> None:
        """Act as a user of every module; each result is told as it comes."""
        from mlops_install.inspect import inspection

        assert self.guide.deployment is not None
        try:
            for check in inspection.verify(self.guide.context, self.guide.deployment):
                self.app.post_message(Checked(check))
        except InstallerError as error:
            self.app.post_message(ChecksEnded(error))
        else:
            self.app.post_message(ChecksEnded())

    def checked(self, error: InstallerError | None = None) -> None:
        """Show the checks as they are now."""
        if error is not None:
            self._refused(DoneRefused(error))
        self.answers_changed()
        self._show_checks()
        self.refresh_bindings()

    def _show_checks(self) -> None:
        text, titles = Text(), self._titles
        going = self.guide.verifying == "now"
        text.append("● Checking each tool with a real client …\n" if going else "Checks by real clients\n", "bold")
        for check in self.guide.verified:
            if check.status == "not installed":
                continue
            mark = "✓" if check.status == "passed" else "!"
            text.append(f"  {mark} {title_of(check.module, titles):<18} {check.status}  {check.seconds:.1f}s")
            names = ", ".join(plain(step.name) for step in check.steps if step.ok)
            text.append(f"  {names}\n", "dim")
            text.append("".join(f"      ! {line}\n" for line in _failures(check)), "bold")
        self.query_one("#checks", Static).update(text)

    def _commands(self) -> Text:
        about = self.guide.command
        lines = [
            ("the same again", about("apply")),
            ("what runs now", about("status")),
            ("change it", about("reconfigure")),
            ("these checks again", about("verify")),
            ("keep the answers", about("preset", "save", "own.yaml")),
            ("... for elsewhere", commands.command("quick", "own.yaml")),
            ("remove all but data", about("destroy")),
        ]
        width = max(len(meaning) for meaning, _ in lines)
        text = Text("The same as commands, for next time\n", "bold")
        for meaning, command in lines:
            text.append(f"  {meaning:<{width}}  ", "dim")
            text.append(f"{command}\n")
        return text

    @on(DoneRefused)
    def _refused(self, message: DoneRefused) -> None:
        self.notify(f"{message.error.message} {message.error.hint}".strip(), severity="error", timeout=12)

    def action_finish(self) -> None:
        """Leave; everything goes on running. The exit code says whether the checks passed."""
        failed = any(check.status == "failed" for check in self.guide.verified)
        name, about = self.guide.deployment_name, self.guide.command
        self.wizard.leave(
            ExitCode.FAILED if failed else ExitCode.OK,
            f"{name} is installed: `{about('outputs')}` says where, `{about('status')}` how it is.",
        )


def _titles_of(catalogue: Catalogue) -> dict[str, str]:
    return {module.id: module.title for module in catalogue.modules.values()}


def _failures(check: CheckReport) -> list[str]:
    found = [f"{step.name}: {step.detail}" if step.detail else step.name for step in check.steps if not step.ok]
    told = not check.message or any(check.message in line for line in found)
    return [plain(line) for line in (found if told else [*found, check.message])]
