output "releases" {
  description = "What Helm installs, by release name; `secrets` name entries of the stack's secrets."
  value = local.bundled ? {
    feast-redis = {
      chart         = "valkey"
      repository    = "https://valkey.io/valkey-helm/"
      version       = local.chart_version
      namespace     = var.valkey_namespace
      values        = yamlencode(local.values)
      timeout       = var.valkey_timeout
      wait          = true
      secrets       = local.secrets
      secret_values = {}
    }
  } : {}
}

output "host" {
  description = "Host of the server, installed or your own."
  value       = local.host
}

output "port" {
  description = "Port of the server."
  value       = local.port
}

output "addresses" {
  description = "Where Valkey is reached: in the cluster, and by a port-forward."
  value = {
    in_cluster   = "redis://${local.host}:${local.port}"
    outside      = ""
    port_forward = local.bundled ? "kubectl -n ${var.valkey_namespace} port-forward svc/${local.name} 6379:6379" : ""
  }
}

output "health" {
  description = "The installed server's Deployment; its readiness is an answer of the server. Nothing is asked of a server of your own."
  value = {
    kind     = local.bundled ? "deployment" : "none"
    service  = local.name
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
  description = "What stays when Valkey is removed."
  value = local.bundled ? [
    "PersistentVolumeClaim ${local.name} in namespace ${var.valkey_namespace}: the online features",
    ] : [
    "Online features on ${local.host}",
  ]
}
