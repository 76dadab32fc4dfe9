locals {
  valkey_secrets = { valkey_password = !var.valkey_external ? var.valkey_password : var.valkey_external_password }
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
  secrets_revision     = var.valkey_secrets_revision
}

module "valkey_release" {
  source   = "./modules/release"
  for_each = var.install_valkey ? module.valkey.releases : {}

  release          = merge(each.value, { name = each.key })
  secrets          = local.secrets
  secrets_revision = var.valkey_secrets_revision
  charts_directory = var.charts_directory
  failures         = var.release_failures

  depends_on = [kubernetes_namespace_v1.this]
}
