module "mlflow_service" {
  source = "./modules/service"
  count  = var.install_mlflow ? 1 : 0

  tool   = "mlflow"
  digest = lookup(var.service_digests, "mlflow", "")
  settings = {
    port          = var.mlflow_port
    artifact_root = var.mlflow_artifact_root
  }
}
