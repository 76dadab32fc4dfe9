locals {
  secret_sources = {
    PGUSER         = { name = local.database_secret, key = "username" }
    PGPASSWORD     = { name = local.database_secret, key = "password" }
    ADMIN_USERNAME = { name = local.admin_secret, key = "username" }
    ADMIN_PASSWORD = { name = local.admin_secret, key = "password" }
  }
  plain_sources = {
    PGHOST        = var.database_host
    PGPORT        = tostring(var.database_port)
    AUTH_DATABASE = local.auth_database
    PGSSLMODE     = var.database_ssl_mode
  }

  authentication_values = { for key, value in {
    auth = {
      enabled             = true
      existingAdminSecret = { name = local.admin_secret, usernameKey = "username", passwordKey = "password" }
      defaultPermission   = var.mlflow_default_permission
      postgres = {
        enabled        = true
        host           = var.database_host
        port           = var.database_port
        database       = local.auth_database
        driver         = "psycopg2"
        existingSecret = local.credentials
      }
    }
  } : key => value if var.mlflow_authentication }
}
