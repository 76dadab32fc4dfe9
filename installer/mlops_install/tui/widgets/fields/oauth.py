"""What to register at GitHub so that people can sign in with their account."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from mlops_install.answers.oauth import OAuthAddresses
from mlops_install.setup.interview import Interview

WIDGET = "github_oauth"
"""The overlay's kind of widget."""


class OAuthHelper(Vertical):
    """The addresses for the form of a new OAuth app, to be copied, and who can sign in then."""

    def __init__(self, interview: Interview, name: str) -> None:
        super().__init__(classes="oauth")
        self.interview, self.parameter_name = interview, name
        self._addresses: OAuthAddresses | None = None

    def compose(self) -> ComposeResult:
        """Show both addresses with a button each, and what they are for."""
        yield Static("At GitHub: Settings, Developer settings, OAuth Apps, New OAuth App. It asks for:", markup=False)
        with Vertical(classes="oauth-addresses"):
            for key, label in (("homepage", "Homepage URL"), ("callback", "Authorization callback URL")):
                with Horizontal(classes="oauth-address"):
                    yield Button("Copy", compact=True, classes=f"copy-{key}", tooltip=f"Copy the {label}")
                    yield Static("", classes=f"oauth-{key}", markup=False)
        yield Static(self._explained(), classes="muted", markup=False)

    def on_mount(self) -> None:
        """Show the addresses of now."""
        self.follow()

    def follow(self) -> None:
        """Show the helper only while signing in with GitHub is on, with the addresses as they are now."""
        self.display = self.interview.value_of(self.parameter_name) is True
        self._addresses = self.interview.oauth_addresses(self.parameter_name)
        if not self.is_mounted or not self.query(".oauth-homepage"):
            return
        there = self._addresses
        unknown = f"known once {self._labels('hosts') or 'the host'} is given"
        homepage, callback = (there.homepage, there.callback) if there else (unknown, unknown)
        self.query_one(".oauth-homepage", Static).update(f"Homepage URL: {homepage}")
        self.query_one(".oauth-callback", Static).update(f"Authorization callback URL: {callback}")
        for button in self.query(Button):
            button.display = there is not None

    @on(Button.Pressed)
    def _copy(self, event: Button.Pressed) -> None:
        event.stop()
        there = self._addresses
        if there is not None:
            text = there.homepage if event.button.has_class("copy-homepage") else there.callback
            self.app.copy_to_clipboard(text)
            self.notify(f"Copied: {text}", markup=False)

    def _labels(self, *arguments: str) -> str:
        catalogue = self.interview.catalogue
        widget = catalogue.parameters[self.parameter_name].widget
        named = (catalogue.parameters.get(str(widget.get(argument, ""))) for argument in arguments)
        return " or ".join(parameter.label or parameter.name for parameter in named if parameter)

    def _explained(self) -> str:
        organizations = self._labels("allowed_organizations") or "an organization"
        allowed = self._labels("admin_users", "allowed_users", "allowed_organizations") or "users or organizations"
        return (
            f"Only those named under {allowed} can sign in: with nobody named, the plan is refused. "
            f"With {organizations}, GitHub asks each user for the right read:org: reading, no more, in which "
            "organizations and teams they are. "
            "An organization that restricts OAuth apps must approve this one."
        )
