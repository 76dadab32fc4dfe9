module "feast_service" {
  source = "./modules/service"
  count  = var.install_feast ? 1 : 0

  tool   = "feast"
  digest = lookup(var.service_digests, "feast", "")
  settings = {
    port    = var.feast_port
    project = var.feast_project
  }
}
