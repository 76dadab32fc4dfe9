locals {
  environment_secrets_values = {
    package_index_user     = var.package_index_user
    package_index_password = var.package_index_password
  }
}

module "environment" {
  source = "./modules/environment"

  singleuser_packages            = var.singleuser_packages
  environment_packages           = var.environment_packages
  environment_image              = var.environment_image
  serving_image                  = var.serving_image
  environment_image_pull_policy  = var.environment_image_pull_policy
  environment_image_pull_secrets = var.environment_image_pull_secrets
  environment_storage_size       = var.environment_storage_size
  package_index                  = var.package_index
  package_index_authentication   = var.package_index_authentication
  image_registry                 = var.image_registry
}
