# Computed from variables, never read from a service: an address that came out of a resource would
# re-create JupyterHub whenever Dask changes.
locals {
  host = "127.0.0.1"

  addresses = tomap(merge(
    var.install_jupyterhub ? { jupyterhub = "http://${local.host}:${var.jupyterhub_port}" } : {},
    var.install_prefect ? { prefect = "http://${local.host}:${var.prefect_port}" } : {},
    var.install_dask ? { dask = "tcp://${local.host}:${var.dask_scheduler_port}" } : {},
    var.install_feast ? { feast = "http://${local.host}:${var.feast_port}" } : {},
    var.install_mlflow ? { mlflow = "http://${local.host}:${var.mlflow_port}" } : {},
    var.install_seldon ? { seldon = "http://${local.host}:${var.seldon_port}" } : {},
  ))

  # What notebooks, flow runs and Dask's workers find in their environment. MLflow, Prefect and Dask read theirs by themselves.
  environment = tomap(merge(
    var.install_mlflow ? { MLFLOW_TRACKING_URI = local.addresses.mlflow } : {},
    var.install_prefect ? { PREFECT_API_URL = "${local.addresses.prefect}/api", PREFECT_DEFAULT_WORK_POOL_NAME = var.prefect_work_pool } : {},
    var.install_dask ? { DASK_SCHEDULER_ADDRESS = local.addresses.dask } : {},
    var.install_feast ? { FEAST_SERVER_URL = local.addresses.feast } : {},
    var.install_seldon ? { SELDON_URL = local.addresses.seldon } : {},
    # Where the operator's own models are; without it, the service's folder.
    var.install_seldon && var.seldon_models_directory != "" ? { SELDON_MODELS_DIRECTORY = var.seldon_models_directory } : {},
  ))
}

output "addresses" {
  description = "The address of each installed module."
  value       = local.addresses
}

output "environment" {
  description = "The environment variables by which notebooks reach the installed modules."
  value       = local.environment
}
