# Where the modules find what they stand on. Computed from variables, never read from a release.
locals {
  database = {
    host     = var.postgresql_external_host != "" ? var.postgresql_external_host : module.postgresql.host
    port     = var.postgresql_external_host != "" ? var.postgresql_external_port : 5432
    ssl_mode = var.postgresql_external_host != "" ? var.postgresql_external_ssl_mode : "disable"
  }

  object_store = {
    endpoint = var.object_store_external_endpoint != "" ? var.object_store_external_endpoint : module.object_store.endpoint
    region   = var.object_store_region
  }

  valkey = {
    host = var.valkey_external_host != "" ? var.valkey_external_host : module.valkey.host
    port = var.valkey_external_host != "" ? var.valkey_external_port : 6379
    tls  = var.valkey_external_host != "" && var.valkey_external_tls
  }
}
