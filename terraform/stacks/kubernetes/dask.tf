module "dask" {
  source = "./modules/dask"

  install_dask                      = var.install_dask
  dask_namespace                    = var.dask_namespace
  dask_service_type                 = var.dask_service_type
  dask_exposed                      = var.dask_exposed
  dask_worker_replicas              = var.dask_worker_replicas
  dask_worker_threads               = var.dask_worker_threads
  dask_worker_cpu                   = var.dask_worker_cpu
  dask_worker_memory                = var.dask_worker_memory
  dask_scheduler_cpu                = var.dask_scheduler_cpu
  dask_scheduler_memory             = var.dask_scheduler_memory
  dask_worker_image_repository      = var.dask_worker_image_repository
  dask_worker_image_tag             = var.dask_worker_image_tag
  dask_worker_image_pull_policy     = var.dask_worker_image_pull_policy
  dask_scheduler_image_repository   = var.dask_scheduler_image_repository
  dask_scheduler_image_tag          = var.dask_scheduler_image_tag
  dask_scheduler_image_pull_policy  = var.dask_scheduler_image_pull_policy
  dask_worker_image_pull_secrets    = var.dask_worker_image_pull_secrets
  dask_worker_command               = var.dask_worker_command
  dask_worker_environment_variables = var.dask_worker_environment_variables
  dask_timeout                      = var.dask_timeout

  environment_pod     = module.environment.pods["dask-cluster"]
  environment         = local.environment
  environment_secrets = local.environment_secrets
  secrets_revisions   = local.secrets_revisions
  image_registry      = var.image_registry
  domain              = var.domain
  ingress_class       = var.ingress_class
  gateway_name        = var.gateway_name
  gateway_namespace   = var.gateway_namespace
  tls_secret          = var.tls_secret
  cert_manager_issuer = var.cert_manager_issuer
}

module "dask_release_operator" {
  source   = "./modules/release"
  for_each = var.install_dask ? { for name in ["dask-operator"] : name => module.dask.releases[name] } : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [kubernetes_namespace_v1.this]
}

# After the operator, whose definitions it needs; before it when both go, or its finalizer would hold the namespace.
module "dask_release_cluster" {
  source   = "./modules/release"
  for_each = var.install_dask ? { for name in ["dask-cluster"] : name => module.dask.releases[name] } : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [module.dask_release_operator]
}
