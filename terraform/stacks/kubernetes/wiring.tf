# Where the modules find what they stand on: computed from variables, never read from a release.
locals {
  database = {
    host     = module.postgresql.host
    port     = module.postgresql.port
    ssl_mode = module.postgresql.ssl_mode
  }

  object_store = {
    external = var.object_store_external
    endpoint = module.object_store.endpoint
    region   = var.object_store_region
  }

  valkey = {
    host = module.valkey.host
    port = module.valkey.port
    tls  = var.valkey_external && var.valkey_external_tls
  }
}
