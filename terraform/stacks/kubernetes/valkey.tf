locals {
  # hashicorp/kubernetes 3.2 crashes on a Secret's value that is null; an empty password is none to Feast.
  valkey_no_password = var.valkey_external && var.valkey_external_password == null
  valkey_secrets = {
    valkey_password = !var.valkey_external ? var.valkey_password : local.valkey_no_password ? "" : var.valkey_external_password
  }
  # An odd count is that of your own server: going from one to the other is another value too.
  valkey_secrets_revisions = {
    valkey_password = (!var.valkey_external
      ? 2 * lookup(var.secrets_revisions, "valkey_password", 0)
    : 2 * lookup(var.secrets_revisions, "valkey_external_password", 0) + 1)
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
