locals {
  # MLflow takes the administrator's password from its configuration only when it makes the user: a rotated one would
  # never arrive. This runs before each start, with the same image.
  set_admin_password = <<-PYTHON
    import os
    from sqlalchemy.engine import URL
    from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore

    store = SqlAlchemyStore()
    store.init_db(URL.create(
        "postgresql+psycopg2", os.environ["DB_USERNAME"], os.environ["DB_PASSWORD"],
        os.environ["DB_HOST"], int(os.environ["DB_PORT"]), os.environ["DB_NAME"],
    ).render_as_string(hide_password=False))
    if store.has_user(os.environ["ADMIN_USERNAME"]):
        store.update_user(os.environ["ADMIN_USERNAME"], os.environ["ADMIN_PASSWORD"], is_admin=True)
  PYTHON

  secret_sources = {
    DB_USERNAME    = { name = local.database_secret, key = "username" }
    DB_PASSWORD    = { name = local.database_secret, key = "password" }
    ADMIN_USERNAME = { name = local.admin_secret, key = "username" }
    ADMIN_PASSWORD = { name = local.admin_secret, key = "password" }
  }
  plain_sources = {
    DB_HOST   = var.database_host
    DB_PORT   = tostring(var.database_port)
    DB_NAME   = local.auth_database
    PGSSLMODE = var.database_ssl_mode
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
      command         = ["python", "-c", local.set_admin_password]
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
