locals {
  # hashicorp/kubernetes 3.2 crashes on a Secret's value that is null; an empty password is none to Feast.
  valkey_no_password = var.valkey_external && var.valkey_external_password == null
  valkey_secrets = {
    valkey_password = !var.valkey_external ? var.valkey_password : local.valkey_no_password ? "" : var.valkey_external_password
  }
  valkey_secrets_sources = {
    valkey_password = { parameters = [!var.valkey_external ? "valkey_password" : "valkey_external_password"], second = var.valkey_external }
  }
}

module "valkey" {
  source = "./modules/valkey"

  install_valkey       = var.install_valkey
  valkey_namespace     = var.valkey_namespace
  valkey_external      = var.valkey_external
  valkey_external_host = var.valkey_external_host
  valkey_external_port = var.valkey_external_port
  valkey_external_tls  = var.valkey_external_tls
  valkey_storage_size  = var.valkey_storage_size
  valkey_cpu           = var.valkey_cpu
  valkey_memory        = var.valkey_memory
  valkey_timeout       = var.valkey_timeout
  storage_class        = var.storage_class
  image_registry       = var.image_registry
  secrets_revisions    = local.secrets_revisions
}

module "valkey_release" {
  source   = "./modules/release"
  for_each = var.install_valkey ? module.valkey.releases : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [kubernetes_namespace_v1.this]
}
