locals {
  tool    = "mlflow"
  exposed = var.mlflow_exposed

  chart_version = "1.11.5"

  database_secret = "mlflow-database"
  admin_secret    = "mlflow-admin"
  store_secret    = "mlflow-object-store"
  auth_database   = "${var.mlflow_database_name}_auth"

  # Names of the stack's secrets, by the Secret and the key that they go to.
  secrets = merge(
    {
      (local.database_secret) = { username = "mlflow_database_user", password = "mlflow_database_password" }
      (local.store_secret)    = { access_key = "object_store_access_key", secret_key = "object_store_secret_key" }
    },
    var.mlflow_authentication ? {
      (local.admin_secret) = { username = "mlflow_admin_user", password = "mlflow_admin_password" }
    } : {},
  )

  artifact_root = regex("^s3://([^/]+)/?(.*)$", var.mlflow_artifact_root)
  pull_secrets  = [for secret in var.mlflow_image_pull_secrets : secret if secret.name != ""]
  image         = local.registry == "" ? var.mlflow_image_repository : "${local.registry}/${regex("^(?:[^/]*[.:][^/]*/)?(.+)$", var.mlflow_image_repository)[0]}"

  # MLflow answers 403 to a name that isn't in its list, and a list replaces the built-in one. Private addresses are
  # what the API server's proxy and node ports call it by.
  private_hosts = concat(["localhost", "localhost:*", "127.0.0.1:*", "10.*", "192.168.*", "100.64.*"], [for second in range(16, 32) : "172.${second}.*"])
  service_hosts = [for suffix in ["", ".${var.mlflow_namespace}", ".${var.mlflow_namespace}.svc", ".${var.mlflow_namespace}.svc.cluster.local"] : "mlflow${suffix}"]

  credentials = { name = local.database_secret, usernameKey = "username", passwordKey = "password" }

  values = merge(local.server_values, local.authentication_values, local.before_values, local.front_values)

  server_values = {
    image = { repository = local.image, tag = var.mlflow_image_tag, pullPolicy = var.mlflow_image_pull_policy }
    initImages = {
      mlflowDbMigration = { repository = local.image, tag = var.mlflow_image_tag, pullPolicy = var.mlflow_image_pull_policy }
    }
    imagePullSecrets = local.pull_secrets
    service          = { type = var.mlflow_service_type }
    backendStore = {
      databaseMigration = true
      # The migration itself tells whether the database is there; what would wait for it takes no requests by any value,
      # and a quota would refuse the pod.
      databaseConnectionCheck = false
      # SQLAlchemy 2.1 reads a plain postgresql:// as psycopg 3, which the image lacks.
      postgres = {
        enabled  = true
        host     = var.database_host
        port     = var.database_port
        database = var.mlflow_database_name
        driver   = "psycopg2"
      }
      existingDatabaseSecret = local.credentials
    }
    artifactRoot = {
      # Clients send artifacts through MLflow and need no keys of the object store.
      proxiedArtifactStorage = true
      s3 = {
        enabled = true
        bucket  = local.artifact_root[0]
        path    = local.artifact_root[1]
        existingSecret = {
          name                 = local.store_secret
          keyOfAccessKeyId     = "access_key"
          keyOfSecretAccessKey = "secret_key"
        }
      }
    }
    extraArgs = merge({ workers = tostring(var.mlflow_workers) }, local.authentication_arguments)
    extraEnvVars = merge(
      local.authentication_environment,
      {
        AWS_DEFAULT_REGION                 = var.object_store_region
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION = tostring(var.mlflow_job_execution)
        PGSSLMODE                          = var.database_ssl_mode
      },
      var.object_store_endpoint == "" ? {} : { MLFLOW_S3_ENDPOINT_URL = var.object_store_endpoint },
    )
    serverAllowedHosts = distinct(concat(local.service_hosts, local.private_hosts, compact([local.outside_host]), var.mlflow_allowed_hosts))
    corsAllowedOrigins = compact([local.outside_url])
    podAnnotations     = local.pods_annotations
    readinessProbe     = { initialDelaySeconds = 5, periodSeconds = 5, timeoutSeconds = 3, failureThreshold = 5 }
    # There is no startup probe: five minutes for a start on a busy node.
    livenessProbe = { initialDelaySeconds = 10, periodSeconds = 30, timeoutSeconds = 10, failureThreshold = 10 }
    resources     = { requests = { cpu = var.mlflow_cpu, memory = var.mlflow_memory } }
  }

  # MLflow has no chart value for a route; the chart's extra objects take one.
  front_values = merge(
    local.by_ingress ? {
      ingress = {
        enabled     = true
        className   = var.ingress_class
        annotations = local.ingress_annotations
        hosts       = [{ host = local.outside_host, paths = [{ path = "/", pathType = "Prefix" }] }]
        tls         = local.ingress_tls_secret == "" ? [] : [{ hosts = [local.outside_host], secretName = local.ingress_tls_secret }]
      }
    } : {},
    local.by_gateway ? {
      extraDeploy = [{
        apiVersion = "gateway.networking.k8s.io/v1"
        kind       = "HTTPRoute"
        metadata   = { name = "mlflow" }
        spec = {
          parentRefs = [local.gateway_reference]
          hostnames  = [local.outside_host]
          rules      = [{ backendRefs = [{ name = "mlflow", port = 80 }] }]
        }
      }]
    } : {},
  )
}
