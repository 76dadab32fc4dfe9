"""Models of MLflow's registry, served by Seldon.

`deployments` is the client (MLflow's interface for deployment plugins), `runtime` what MLServer runs for each model,
`files` what prepares a model's folder in a cluster, `wire` how values travel between them without loss.

Nothing is imported here: the client's environment has no MLServer, the server's has no need of the client.
"""

__version__ = "0.1.0"
