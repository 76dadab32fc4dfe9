locals {
  tool    = "valkey"
  exposed = false

  bundled       = !var.valkey_external
  chart_version = "0.11.0"
  name          = "feast-redis"
  host          = local.bundled ? "${local.name}.${var.valkey_namespace}.svc.cluster.local" : var.valkey_external_host
  port          = local.bundled ? 6379 : var.valkey_external_port

  # Names of the stack's secrets, by the Secret and the key that they go to.
  secrets = { (local.name) = { password = "valkey_password" } }

  values = {
    fullnameOverride = local.name
    image            = { registry = local.registry == "" ? "docker.io" : local.registry, pullPolicy = "IfNotPresent" }
    auth = {
      enabled             = true
      usersExistingSecret = local.name
      aclUsers            = { default = { permissions = "~* &* +@all", passwordKey = "password" } }
    }
    dataStorage = merge(
      { enabled = true, requestedSize = var.valkey_storage_size, keepPvc = true },
      var.storage_class == "" ? {} : { className = var.storage_class },
    )
    # With a rolling update the new server reads the volume before the old one has written it, and values are lost.
    deploymentStrategy = "Recreate"
    valkeyConfig       = "appendonly yes\n"
    # A busy node answers late: the chart's second is too short, and no reason to kill the server.
    readinessProbe = { enabled = true, periodSeconds = 3, timeoutSeconds = 5 }
    livenessProbe  = { timeoutSeconds = 10, failureThreshold = 12 }
    # Loading a large file takes longer than the chart's 30 seconds.
    startupProbe   = { periodSeconds = 2, timeoutSeconds = 5, failureThreshold = 150 }
    podAnnotations = local.pods_annotations
    resources      = { requests = { cpu = var.valkey_cpu, memory = var.valkey_memory } }
    # A quota of the namespace refuses a pod if one container doesn't say what it requests.
    initResources = { requests = { cpu = "20m", memory = "32Mi" } }
  }
}
