locals {
  prefect_secrets = {
    prefect_database_user     = var.prefect_database_user
    prefect_database_password = var.prefect_database_password
    prefect_admin_password    = var.prefect_admin_password
    prefect_auth_string       = "admin:${var.prefect_admin_password == null ? "" : var.prefect_admin_password}"
  }
}

module "prefect" {
  source = "./modules/prefect"

  install_prefect              = var.install_prefect
  prefect_namespace            = var.prefect_namespace
  prefect_service_type         = var.prefect_service_type
  prefect_exposed              = var.prefect_exposed
  prefect_authentication       = var.prefect_authentication
  prefect_ui_api_url           = var.prefect_ui_api_url
  prefect_version_tag          = var.prefect_version_tag
  prefect_image_repository     = var.prefect_image_repository
  prefect_image_pull_policy    = var.prefect_image_pull_policy
  prefect_image_pull_secrets   = var.prefect_image_pull_secrets
  prefect_annotations          = var.prefect_annotations
  prefect_service_account_name = var.prefect_service_account_name
  prefect_database_name        = var.prefect_database_name
  prefect_database_user        = var.prefect_database_user
  prefect_cpu                  = var.prefect_cpu
  prefect_memory               = var.prefect_memory
  prefect_timeout              = var.prefect_timeout
  prefect_worker_enabled       = var.prefect_worker_enabled
  prefect_worker_replicas      = var.prefect_worker_replicas
  prefect_worker_cpu           = var.prefect_worker_cpu
  prefect_worker_memory        = var.prefect_worker_memory
  prefect_work_pool            = var.prefect_work_pool
  prefect_work_queues          = var.prefect_work_queues
  prefect_job_image            = var.prefect_job_image
  prefect_job_ttl              = var.prefect_job_ttl

  environment_pod     = module.environment.pods["prefect-worker"]
  environment         = local.environment
  environment_secrets = local.environment_secrets
  database_host       = local.database.host
  database_port       = local.database.port
  database_ssl_mode   = local.database.ssl_mode
  secrets_revisions   = local.secrets_revisions
  image_registry      = var.image_registry
  domain              = var.domain
  ingress_class       = var.ingress_class
  gateway_name        = var.gateway_name
  gateway_namespace   = var.gateway_namespace
  tls_secret          = var.tls_secret
  cert_manager_issuer = var.cert_manager_issuer
}

module "prefect_release" {
  source   = "./modules/release"
  for_each = var.install_prefect ? { for name in ["prefect-server"] : name => module.prefect.releases[name] } : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [kubernetes_namespace_v1.this, module.postgresql_release_databases]
}

module "prefect_release_worker" {
  source   = "./modules/release"
  for_each = var.install_prefect && var.prefect_worker_enabled ? { for name in ["prefect-worker"] : name => module.prefect.releases[name] } : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [module.prefect_release]
}
