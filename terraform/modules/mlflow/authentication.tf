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
    # What is written there, and who may do what unless told otherwise.
    AUTH_CONFIG        = local.auth_config
    DEFAULT_PERMISSION = var.mlflow_default_permission
  }
  auth_folder = "/etc/mlflow/auth"
  auth_config = "${local.auth_folder}/basic_auth.ini"
  auth_mount  = { name = "auth", mountPath = local.auth_folder }

  # Not by the chart's `auth`: its init container takes no requests by any value, and a quota would refuse the pod.
  authentication_arguments   = { for name, value in { appName = "basic-auth" } : name => value if var.mlflow_authentication }
  authentication_environment = { for name, value in { MLFLOW_AUTH_CONFIG_PATH = local.auth_config } : name => value if var.mlflow_authentication }

  authentication_values = { for key, value in {
    extraVolumes      = [{ name = "auth", emptyDir = {} }]
    extraVolumeMounts = [merge(local.auth_mount, { readOnly = true })]
  } : key => value if var.mlflow_authentication }
}
