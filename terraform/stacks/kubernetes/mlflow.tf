locals {
  mlflow_secrets = {
    mlflow_database_user     = var.mlflow_database_user
    mlflow_database_password = var.mlflow_database_password
    mlflow_admin_user        = var.mlflow_admin_user
    mlflow_admin_password    = var.mlflow_admin_password
  }
}

module "mlflow" {
  source = "./modules/mlflow"

  install_mlflow            = var.install_mlflow
  mlflow_namespace          = var.mlflow_namespace
  mlflow_service_type       = var.mlflow_service_type
  mlflow_exposed            = var.mlflow_exposed
  mlflow_authentication     = var.mlflow_authentication
  mlflow_admin_user         = var.mlflow_admin_user
  mlflow_default_permission = var.mlflow_default_permission
  mlflow_allowed_hosts      = var.mlflow_allowed_hosts
  mlflow_artifact_root      = var.mlflow_artifact_root
  mlflow_database_name      = var.mlflow_database_name
  mlflow_database_user      = var.mlflow_database_user
  mlflow_image_repository   = var.mlflow_image_repository
  mlflow_image_tag          = var.mlflow_image_tag
  mlflow_image_pull_policy  = var.mlflow_image_pull_policy
  mlflow_image_pull_secrets = var.mlflow_image_pull_secrets
  mlflow_workers            = var.mlflow_workers
  mlflow_job_execution      = var.mlflow_job_execution
  mlflow_cpu                = var.mlflow_cpu
  mlflow_memory             = var.mlflow_memory
  mlflow_timeout            = var.mlflow_timeout

  database_host         = local.database.host
  database_port         = local.database.port
  database_ssl_mode     = local.database.ssl_mode
  object_store_external = local.object_store.external
  object_store_endpoint = local.object_store.endpoint
  object_store_region   = local.object_store.region
  secrets_revisions     = local.secrets_revisions
  image_registry        = var.image_registry
  domain                = var.domain
  ingress_class         = var.ingress_class
  gateway_name          = var.gateway_name
  gateway_namespace     = var.gateway_namespace
  tls_secret            = var.tls_secret
  cert_manager_issuer   = var.cert_manager_issuer
}

module "mlflow_release" {
  source   = "./modules/release"
  for_each = var.install_mlflow ? module.mlflow.releases : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [kubernetes_namespace_v1.this, module.postgresql_release_databases, module.object_store_release]
}
