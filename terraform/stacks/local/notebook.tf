# The environment of notebooks and of client checks: there whatever is chosen.
module "notebook_service" {
  source = "./modules/service"

  tool   = "notebook"
  digest = lookup(var.service_digests, "notebook", "")
  settings = {
    packages = var.singleuser_packages
  }
}
