output "releases" {
  description = "What Helm installs, by release name; `secrets` names entries of the stack's secrets."
  value = {
    feast-online = {
      chart      = "feast-feature-server"
      repository = "https://feast-helm-charts.storage.googleapis.com"
      version    = local.chart_version
      namespace  = var.feast_namespace
      values     = yamlencode(local.values)
      timeout    = var.feast_timeout
      wait       = true
      secrets    = local.secrets

      secret_values = {}
    }
  }
}

output "addresses" {
  description = "Where the feature server is reached: in the cluster and by a port-forward. It asks for no password and isn't published."
  value = {
    in_cluster   = "http://${local.server}"
    outside      = local.outside_url
    port_forward = "kubectl -n ${var.feast_namespace} port-forward svc/feast-online 6566:80"
  }
}

output "environment" {
  description = "Environment variables by which notebooks reach Feast; it has no secrets."
  value = {
    plain   = { FEAST_SERVER_URL = "http://${local.server}" }
    secrets = {}
  }
}

output "health" {
  description = "A read through registry and online store; without the sample features Feast's own call, which needs the registry alone."
  value = {
    kind     = "http"
    service  = "feast-online"
    port     = 80
    path     = var.feast_sample_features ? "/ready" : "/health"
    statuses = [200]
    login    = null
  }
}

output "footprint" {
  description = "CPU in cores, memory and volumes in MiB; features are in PostgreSQL and Valkey."
  value = {
    cpu         = var.feast_replicas * local.cpu
    memory      = var.feast_replicas * local.memory
    disk        = 0
    largest_pod = { cpu = local.cpu, memory = local.memory }
  }
}

output "databases" {
  description = "Databases to be there before, each with its role and the name of the role's password in the stack's secrets."
  value       = [{ name = var.feast_database_name, user = var.feast_database_user, password = "feast_database_password" }]
}

output "left_behind" {
  description = "What stays when Feast is removed."
  value       = ["Database ${var.feast_database_name} and the online features in Valkey"]
}
