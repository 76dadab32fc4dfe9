locals {
  object_store_secrets = {
    object_store_access_key      = !var.object_store_external ? var.object_store_access_key : var.object_store_external_access_key
    object_store_secret_key      = !var.object_store_external ? var.object_store_secret_key : var.object_store_external_secret_key
    object_store_read_access_key = var.object_store_read_access_key
    object_store_read_secret_key = var.object_store_read_secret_key
  }
  object_store_secrets_sources = { for name in ["access_key", "secret_key"] : "object_store_${name}" => {
    parameters = [!var.object_store_external ? "object_store_${name}" : "object_store_external_${name}"]
    second     = var.object_store_external
  } }
}

module "object_store" {
  source = "./modules/object_store"

  install_object_store           = var.install_object_store
  object_store_namespace         = var.object_store_namespace
  object_store_external          = var.object_store_external
  object_store_external_endpoint = var.object_store_external_endpoint
  object_store_region            = var.object_store_region
  object_store_storage_size      = var.object_store_storage_size
  object_store_cpu               = var.object_store_cpu
  object_store_memory            = var.object_store_memory
  object_store_timeout           = var.object_store_timeout
  storage_class                  = var.storage_class
  image_registry                 = var.image_registry
  secrets_revisions              = local.secrets_revisions

  buckets = var.install_mlflow ? module.mlflow.buckets : []
}

module "object_store_release" {
  source   = "./modules/release"
  for_each = var.install_object_store ? module.object_store.releases : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [kubernetes_namespace_v1.this]
}
