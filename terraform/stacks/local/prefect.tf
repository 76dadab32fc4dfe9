module "prefect_service" {
  source = "./modules/service"
  count  = var.install_prefect ? 1 : 0

  tool   = "prefect"
  digest = lookup(var.service_digests, "prefect", "")
  settings = {
    port               = var.prefect_port
    worker_health_port = var.prefect_worker_health_port
    work_pool          = var.prefect_work_pool
    environment        = local.environment
    environment_key    = local.environment_key
  }

  depends_on = [module.environment_service]
}
