module "seldon_service" {
  source = "./modules/service"
  count  = var.install_seldon ? 1 : 0

  tool   = "seldon"
  digest = lookup(var.service_digests, "seldon", "")
  settings = {
    port             = var.seldon_port
    grpc_port        = var.seldon_grpc_port
    metrics_port     = var.seldon_metrics_port
    models_directory = var.seldon_models_directory
    pins             = var.environment_packages.serving
  }
}
