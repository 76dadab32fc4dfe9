# The team's environment: notebooks, flow runs, Dask and client checks run in it, so it is there whatever is chosen.
module "environment_service" {
  source = "./modules/service"

  tool   = "environment"
  digest = lookup(var.service_digests, "environment", "")
  settings = {
    pins = var.environment_packages.environment
  }
}

locals {
  # Who runs in the environment is made anew with it: nothing runs on in a folder that is being replaced.
  environment_key = sha256(jsonencode([var.environment_packages.environment, lookup(var.service_digests, "environment", "")]))
}

# What it was called when notebooks alone ran in it.
moved {
  from = module.notebook_service
  to   = module.environment_service
}
