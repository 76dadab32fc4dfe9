module "dask_service" {
  source = "./modules/service"
  count  = var.install_dask ? 1 : 0

  tool   = "dask"
  digest = lookup(var.service_digests, "dask", "")
  settings = {
    scheduler_port  = var.dask_scheduler_port
    dashboard_port  = var.dask_dashboard_port
    workers         = var.dask_workers
    worker_memory   = var.dask_worker_memory
    environment     = local.environment
    environment_key = local.environment_key
  }

  depends_on = [module.environment_service]
}
