output "releases" {
  description = "What Helm installs, by release name; `secrets` name entries of the stack's secrets."
  value = local.bundled ? {
    seaweedfs = {
      chart      = "seaweedfs"
      repository = "https://seaweedfs.github.io/seaweedfs/helm"
      version    = local.chart_version
      namespace  = var.object_store_namespace
      values     = yamlencode(local.values)
      timeout    = var.object_store_timeout
      wait       = true
      secrets    = local.secrets

      secret_values = {}
    }
  } : {}
}

output "endpoint" {
  description = "S3 endpoint, of the installed store or your own."
  value       = local.endpoint
}

output "addresses" {
  description = "Where the object store is reached: in the cluster, and by a port-forward."
  value = {
    in_cluster   = local.endpoint
    outside      = ""
    port_forward = local.bundled ? "kubectl -n ${var.object_store_namespace} port-forward svc/${local.service} 8333:8333" : ""
  }
}

output "health" {
  description = "The S3 gateway's own answer. Nothing is asked of a store of your own."
  value = {
    kind     = local.bundled ? "http" : "none"
    service  = local.service
    port     = 8333
    path     = "/status"
    statuses = [200]
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
  description = "What stays when the object store is removed."
  value = local.bundled ? [
    "PersistentVolumeClaim seaweedfs-all-in-one-data in namespace ${var.object_store_namespace}: all buckets",
    "Secrets seaweedfs-s3-secret and seaweedfs-sftp-secret in namespace ${var.object_store_namespace}",
    ] : [
    "Buckets and objects at ${local.endpoint}",
  ]
}
