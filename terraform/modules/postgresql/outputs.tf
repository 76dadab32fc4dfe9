output "releases" {
  description = "What Helm installs, by release name; `secrets` name entries of the stack's secrets."
  value = merge(
    local.bundled ? {
      postgres = {
        chart         = "postgres"
        repository    = "oci://registry-1.docker.io/cloudpirates"
        version       = local.chart_version
        namespace     = var.postgresql_namespace
        values        = yamlencode(local.values)
        timeout       = var.postgresql_timeout
        wait          = true
        secrets       = { (local.admin_secret) = { "postgres-password" = "postgresql_admin_password" } }
        secret_values = {}
      }
    } : {},
    local.makes_databases ? {
      databases = {
        chart      = "${path.module}/chart"
        repository = ""
        version    = local.own_chart.version
        namespace  = var.postgresql_namespace
        values     = yamlencode(local.databases_values)
        timeout    = var.postgresql_timeout
        wait       = true
        secrets    = local.secrets

        secret_values = {}
      }
    } : {},
  )
}

output "host" {
  description = "Host of the server, installed or your own."
  value       = local.host
}

output "port" {
  description = "Port of the server."
  value       = local.port
}

output "ssl_mode" {
  description = "How clients encrypt their connection, in the words of PGSSLMODE."
  value       = local.ssl_mode
}

output "addresses" {
  description = "Where PostgreSQL is reached: in the cluster, and by a port-forward; never from outside."
  value = {
    in_cluster   = "postgresql://${local.host}:${local.port}"
    outside      = ""
    port_forward = local.bundled ? "kubectl -n ${var.postgresql_namespace} port-forward svc/postgres 5432:5432" : ""
  }
}

output "health" {
  description = "The installed server's StatefulSet; its readiness is an answer of the server. Nothing is asked of a server of your own."
  value = {
    kind     = local.bundled ? "statefulset" : "none"
    service  = "postgres"
    port     = local.port
    path     = ""
    statuses = []
  }
}

output "footprint" {
  description = "CPU in cores, memory and volumes in MiB."
  value = {
    cpu         = local.bundled ? local.cpu : 0
    memory      = local.bundled ? local.memory : 0
    disk        = local.bundled ? local.disk : 0
    largest_pod = { cpu = local.bundled ? local.cpu : 0, memory = local.bundled ? local.memory : 0 }
  }
}

output "left_behind" {
  description = "What stays when PostgreSQL is removed."
  value = local.bundled ? [
    "PersistentVolumeClaim data-postgres-0 in namespace ${var.postgresql_namespace}: all databases, with the administrator's password they were made with",
    ] : [
    "Roles and databases on ${local.host}: none of them is dropped",
  ]
}
