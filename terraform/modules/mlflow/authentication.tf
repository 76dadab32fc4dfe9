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
    initContainers = [{
      name            = "admin-password"
      image           = "${local.image}:${var.mlflow_image_tag}"
      imagePullPolicy = var.mlflow_image_pull_policy
      command         = ["python", "-c", file("${path.module}/admin_password.py")]
      env = concat(
        [for name, value in local.plain_sources : { name = name, value = value }],
        [for name, source in local.secret_sources : { name = name, valueFrom = { secretKeyRef = source } }],
      )
      volumeMounts = [{ name = "tmp", mountPath = "/tmp" }]
      securityContext = {
        allowPrivilegeEscalation = false
        capabilities             = { drop = ["ALL"] }
        readOnlyRootFilesystem   = true
        runAsNonRoot             = true
        runAsUser                = 1001
        runAsGroup               = 1001
      }
    }]
  } : key => value if var.mlflow_authentication }
}
