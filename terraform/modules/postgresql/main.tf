locals {
  tool    = "postgresql"
  exposed = false

  bundled       = !var.postgresql_external
  chart_version = "0.20.1"
  # Another major version is another data directory, empty: an upgrade takes a dump, not a new tag.
  image_repository = "library/postgres"
  image_tag        = "18.6"
  admin_secret     = "postgres-admin"

  host     = local.bundled ? "postgres.${var.postgresql_namespace}.svc.cluster.local" : var.postgresql_external_host
  port     = local.bundled ? 5432 : var.postgresql_external_port
  ssl_mode = local.bundled ? "disable" : var.postgresql_external_ssl_mode

  values = {
    image = {
      registry        = local.registry == "" ? "docker.io" : local.registry
      repository      = local.image_repository
      tag             = local.image_tag
      imagePullPolicy = "IfNotPresent"
    }
    auth   = { existingSecret = local.admin_secret, secretKeys = { adminPasswordKey = "postgres-password" } }
    config = { postgresqlMaxConnections = var.postgresql_max_connections }
    # The chart's pod doesn't notice a changed configuration by itself.
    podAnnotations = { "mlops-install/max-connections" = tostring(var.postgresql_max_connections) }
    persistence    = { size = var.postgresql_storage_size, storageClass = var.storage_class }
    # The chart waits 30 seconds before it looks for a server that is up after two.
    startupProbe   = { initialDelaySeconds = 2, periodSeconds = 3, failureThreshold = 100 }
    readinessProbe = { initialDelaySeconds = 1 }
    # A busy node answers late: that is no reason to kill a database.
    livenessProbe = { timeoutSeconds = 10, failureThreshold = 12 }
    resources     = { requests = { cpu = var.postgresql_cpu, memory = var.postgresql_memory } }
  }

  makes_databases = var.postgresql_create_databases && length(var.databases) > 0
  own_chart       = yamldecode(file("${path.module}/chart/Chart.yaml"))
  # A role may own several databases; its password is one.
  role_passwords = { for database in var.databases : database.user => database.password... }
  roles          = { for user, passwords in local.role_passwords : user => passwords[0] }

  databases_secret = "databases"
  # Names of the stack's secrets, by the Secret and the key that they go to: those of the Job that makes the databases.
  secrets = {
    (local.databases_secret) = merge(
      { "admin-user" = "postgresql_admin_user", "admin-password" = "postgresql_admin_password" },
      { for user, password in local.roles : "role-${user}" => password },
    )
  }

  databases_values = {
    image           = "${local.registry == "" ? "docker.io" : local.registry}/${local.image_repository}:${local.image_tag}"
    host            = local.host
    port            = local.port
    sslMode         = local.ssl_mode
    secret          = local.databases_secret
    secretsRevision = local.pods_revision
    roles           = keys(local.roles)
    databases       = [for database in var.databases : { name = database.name, owner = database.user }]
  }
}
