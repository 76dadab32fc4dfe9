"""The client scripts that run in the team's environment and act as a user would.

`run.py` belongs to the installer; every other module runs with that environment's interpreter, uses what
is installed there and of this package only `steps`. In a cluster that is a notebook's container, JupyterHub's own for
`jupyterhub`: the modules are sent there as text, and `pod.py` makes them in memory.
"""
