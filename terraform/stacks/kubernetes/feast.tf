locals {
  feast_secrets = {
    feast_database_user     = var.feast_database_user
    feast_database_password = var.feast_database_password
  }
}

module "feast" {
  source = "./modules/feast"

  install_feast            = var.install_feast
  feast_namespace          = var.feast_namespace
  feast_service_type       = var.feast_service_type
  feast_project            = var.feast_project
  feast_sample_features    = var.feast_sample_features
  feast_replicas           = var.feast_replicas
  feast_image_repository   = var.feast_image_repository
  feast_image_tag          = var.feast_image_tag
  feast_image_pull_policy  = var.feast_image_pull_policy
  feast_image_pull_secrets = var.feast_image_pull_secrets
  feast_database_name      = var.feast_database_name
  feast_database_user      = var.feast_database_user
  feast_cpu                = var.feast_cpu
  feast_memory             = var.feast_memory
  feast_timeout            = var.feast_timeout

  database_host       = local.database.host
  database_port       = local.database.port
  database_ssl_mode   = local.database.ssl_mode
  valkey_host         = local.valkey.host
  valkey_port         = local.valkey.port
  valkey_tls          = local.valkey.tls
  secrets_revisions   = local.secrets_revisions
  image_registry      = var.image_registry
  domain              = var.domain
  ingress_class       = var.ingress_class
  gateway_name        = var.gateway_name
  gateway_namespace   = var.gateway_namespace
  tls_secret          = var.tls_secret
  cert_manager_issuer = var.cert_manager_issuer
}

module "feast_release" {
  source   = "./modules/release"
  for_each = var.install_feast ? module.feast.releases : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [kubernetes_namespace_v1.this, module.postgresql_release_databases, module.valkey_release]
}
