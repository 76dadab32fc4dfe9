"""`secret rotate` takes no secret from the command line."""

from __future__ import annotations

import pytest

from mlops_install.cli.secret_rotate import rotate
from mlops_install.errors import UsageError


def test_a_secret_in_the_command_line_is_refused_unrepeated() -> None:
    with pytest.raises(UsageError) as caught:
        rotate("jhub_proxy_secret_token", source="hunter2")
    assert "hunter2" not in caught.value.message + caught.value.hint
    assert "env:NAME" in caught.value.hint
