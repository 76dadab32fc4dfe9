locals {
  tool    = "feast"
  exposed = false

  chart_version   = "0.66.0"
  database_secret = "feast-database"
  store_secret    = "feast-online-store"
  # Names of the stack's secrets, by the Secret and the key that they go to.
  secrets = {
    (local.database_secret) = { username = "feast_database_user", password = "feast_database_password" }
    (local.store_secret)    = { password = "valkey_password" }
  }

  server = "feast-online.${var.feast_namespace}.svc.cluster.local"

  image        = local.registry == "" ? var.feast_image_repository : "${local.registry}/${regex("^(?:[^/]*[.:][^/]*/)?(.+)$", var.feast_image_repository)[0]}"
  pull_secrets = [for secret in var.feast_image_pull_secrets : secret if secret.name != ""]

  # Feast puts the environment's values in when it reads this: the file itself is an ordinary value of the chart. They
  # stand in a URL, where letters and digits alone are safe, and between commas, where Feast reads JSON if it can: in
  # quotes a password stays a text, though it looks like a number.
  feature_store = {
    project  = var.feast_project
    provider = "local"
    registry = {
      registry_type = "sql"
      path          = "postgresql+psycopg://$${FEAST_DB_USER}:$${FEAST_DB_PASSWORD}@${var.database_host}:${var.database_port}/${var.feast_database_name}"
    }
    online_store = {
      type              = "redis"
      connection_string = join(",", compact(["${var.valkey_host}:${var.valkey_port}", "password=\"$${FEAST_ONLINE_PASSWORD}\"", var.valkey_tls ? "ssl=true" : ""]))
    }
    offline_store                    = { type = "dask" }
    auth                             = { type = "no_auth" }
    entity_key_serialization_version = 3
  }

  secret_environment = {
    FEAST_DB_USER         = { name = local.database_secret, key = "username" }
    FEAST_DB_PASSWORD     = { name = local.database_secret, key = "password" }
    FEAST_ONLINE_PASSWORD = { name = local.store_secret, key = "password" }
  }

  values = {
    fullnameOverride          = "feast-online"
    feast_mode                = "online"
    replicaCount              = var.feast_replicas
    image                     = { repository = local.image, tag = var.feast_image_tag, pullPolicy = var.feast_image_pull_policy }
    imagePullSecrets          = local.pull_secrets
    feature_store_yaml_base64 = base64encode(yamlencode(local.feature_store))
    commandArgs               = var.feast_sample_features ? ["python", "-c", file("${path.module}/serve.py"), "6566"] : []
    service                   = { type = var.feast_service_type }
    podAnnotations            = local.pods_annotations
    readinessProbe            = { initialDelaySeconds = 3, periodSeconds = 3 }
    # The chart has no startup probe: three minutes for a start on a busy node.
    livenessProbe = { initialDelaySeconds = 120, periodSeconds = 30 }
    resources     = { requests = { cpu = var.feast_cpu, memory = var.feast_memory } }
    extraEnvs = concat(
      [
        { name = "PGSSLMODE", value = var.database_ssl_mode },
        { name = "FEAST_USAGE", value = "False" },
      ],
      [for name, source in local.secret_environment : { name = name, valueFrom = { secretKeyRef = source } }],
    )
  }

  cpu    = tonumber(trimsuffix(var.feast_cpu, "m")) / (endswith(var.feast_cpu, "m") ? 1000 : 1)
  memory = tonumber(regex("^[0-9]+", var.feast_memory)) * local.quantity_mebibytes[regex("[A-Za-z]+$", var.feast_memory)]
}
