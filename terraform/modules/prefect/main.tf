locals {
  tool    = "prefect"
  exposed = var.prefect_exposed

  chart_version   = "2026.8.18172642"
  database_secret = "prefect-database"
  auth_secret     = "prefect-auth"

  # Names of the stack's secrets, by the Secret and the key that they go to. The worker and the Jobs it starts read the
  # second one too.
  login_secrets = { for name, keys in { (local.auth_secret) = { "auth-string" = "prefect_auth_string" } } : name => keys if var.prefect_authentication }
  secrets = merge(
    { (local.database_secret) = { username = "prefect_database_user", password = "prefect_database_password" } },
    local.login_secrets,
  )

  server       = "prefect-server.${var.prefect_namespace}.svc.cluster.local"
  api          = "http://${local.server}:4200/api"
  ui_api       = var.prefect_ui_api_url != "" ? var.prefect_ui_api_url : local.outside_url != "" ? "${local.outside_url}/api" : "http://localhost:4200/api"
  pull_secrets = [for secret in var.prefect_image_pull_secrets : secret if secret.name != ""]
  image        = local.registry == "" ? var.prefect_image_repository : "${local.registry}/${regex("^(?:[^/]*[.:][^/]*/)?(.+)$", var.prefect_image_repository)[0]}"

  basic_auth = var.prefect_authentication ? { enabled = true, existingSecret = local.auth_secret } : { enabled = false, existingSecret = "" }

  server_values = merge(local.front_values, {
    commonAnnotations = var.prefect_annotations
    global = { prefect = { image = {
      repository  = local.image
      prefectTag  = var.prefect_version_tag
      pullPolicy  = var.prefect_image_pull_policy
      pullSecrets = [for secret in local.pull_secrets : secret.name]
    } } }
    # The chart's own PostgreSQL has no volume and a public password.
    postgresql = { enabled = false }
    externalDatabase = {
      existingSecret    = local.database_secret
      driver            = "postgresql+asyncpg"
      usernameSecretKey = "username"
      passwordSecretKey = "password"
      host              = var.database_host
      port              = tostring(var.database_port)
      name              = var.prefect_database_name
    }
    service        = { type = var.prefect_service_type }
    serviceAccount = { create = true, name = var.prefect_service_account_name }
    migrations     = { env = local.database_environment }
    server = {
      basicAuth      = local.basic_auth
      env            = local.database_environment
      uiConfig       = { prefectUiApiUrl = local.ui_api }
      podAnnotations = local.pods_annotations
      resources      = local.server_resources
      readinessProbe = { config = { initialDelaySeconds = 3, periodSeconds = 5 } }
      # A busy node answers late.
      livenessProbe = { config = { timeoutSeconds = 10, failureThreshold = 6 } }
    }
  })

  database_environment = [{ name = "PGSSLMODE", value = var.database_ssl_mode }]

  front_values = merge(
    local.by_ingress ? {
      ingress = {
        enabled     = true
        className   = var.ingress_class
        host        = { hostname = local.outside_host, path = "/", pathType = "Prefix" }
        annotations = local.ingress_annotations
        extraTls    = local.ingress_tls_secret == "" ? [] : [{ hosts = [local.outside_host], secretName = local.ingress_tls_secret }]
      }
    } : {},
    { for key, value in {
      gateway   = { enabled = true, create = false }
      httproute = { enabled = true, hostnames = [local.outside_host], parentRefs = [local.gateway_reference] }
    } : key => value if local.by_gateway },
  )
}
