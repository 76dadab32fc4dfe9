"""Read by every IPython and kernel of this environment; a user's own profile comes after it."""

c = get_config()  # type: ignore[name-defined]  # noqa: F821  # IPython gives it

c.InteractiveShellApp.extensions.append("mlops_environment.pip_magic")
