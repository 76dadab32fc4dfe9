locals {
  # What a notebook finds in its environment: addresses inside the cluster. MLflow, Prefect and Dask read theirs by themselves.
  environment = tomap(merge(
    var.install_mlflow ? module.mlflow.environment.plain : {},
    var.install_prefect ? module.prefect.environment.plain : {},
    var.install_dask ? module.dask.environment.plain : {},
    var.install_feast ? module.feast.environment.plain : {},
    var.install_seldon ? module.seldon.environment.plain : {},
  ))

  # Every chosen module as it describes itself, in its namespace.
  chosen = merge(
    var.install_jupyterhub ? { jupyterhub = merge(module.jupyterhub, { namespace = var.jupyterhub_namespace }) } : {},
    var.install_prefect ? { prefect = merge(module.prefect, { namespace = var.prefect_namespace }) } : {},
    var.install_dask ? { dask = merge(module.dask, { namespace = var.dask_namespace }) } : {},
    var.install_feast ? { feast = merge(module.feast, { namespace = var.feast_namespace }) } : {},
    var.install_mlflow ? { mlflow = merge(module.mlflow, { namespace = var.mlflow_namespace }) } : {},
    var.install_seldon ? { seldon = merge(module.seldon, { namespace = var.seldon_namespace }) } : {},
    var.install_postgresql ? { postgresql = merge(module.postgresql, { namespace = var.postgresql_namespace }) } : {},
    var.install_object_store ? { object_store = merge(module.object_store, { namespace = var.object_store_namespace }) } : {},
    var.install_valkey ? { valkey = merge(module.valkey, { namespace = var.valkey_namespace }) } : {},
  )
}
