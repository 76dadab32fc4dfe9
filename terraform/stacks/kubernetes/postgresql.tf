locals {
  postgresql_secrets = {
    postgresql_admin_user     = var.postgresql_admin_user
    postgresql_admin_password = !var.postgresql_external ? var.postgresql_admin_password : var.postgresql_external_password
  }
  postgresql_secrets_sources = {
    postgresql_admin_password = {
      parameters = [!var.postgresql_external ? "postgresql_admin_password" : "postgresql_external_password"]
      second     = var.postgresql_external
    }
  }
}

module "postgresql" {
  source = "./modules/postgresql"

  install_postgresql           = var.install_postgresql
  postgresql_namespace         = var.postgresql_namespace
  postgresql_external          = var.postgresql_external
  postgresql_external_host     = var.postgresql_external_host
  postgresql_external_port     = var.postgresql_external_port
  postgresql_external_ssl_mode = var.postgresql_external_ssl_mode
  postgresql_admin_user        = var.postgresql_admin_user
  postgresql_create_databases  = var.postgresql_create_databases
  postgresql_storage_size      = var.postgresql_storage_size
  postgresql_max_connections   = var.postgresql_max_connections
  postgresql_cpu               = var.postgresql_cpu
  postgresql_memory            = var.postgresql_memory
  postgresql_timeout           = var.postgresql_timeout
  storage_class                = var.storage_class
  image_registry               = var.image_registry
  secrets_revisions            = local.secrets_revisions

  databases = concat(
    var.install_jupyterhub ? module.jupyterhub.databases : [],
    var.install_prefect ? module.prefect.databases : [],
    var.install_feast ? module.feast.databases : [],
    var.install_mlflow ? module.mlflow.databases : [],
  )
}

module "postgresql_release" {
  source   = "./modules/release"
  for_each = var.install_postgresql ? { for name, release in module.postgresql.releases : name => release if name == "postgres" } : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [kubernetes_namespace_v1.this]
}

module "postgresql_release_databases" {
  source   = "./modules/release"
  for_each = var.install_postgresql ? { for name, release in module.postgresql.releases : name => release if name == "databases" } : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [kubernetes_namespace_v1.this, module.postgresql_release]
}
