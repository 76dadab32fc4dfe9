"""What notebooks and flow runs have besides libraries.

`singleuser` starts a user's server, `own_packages` is what `%pip install` installs into, `pip_magic` what `%pip` says,
`example_files` what a new user finds, `flows` how a flow's code gets from a notebook to its runs.
"""

__version__ = "0.1.0"
