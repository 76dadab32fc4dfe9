locals {
  tool    = "object-store"
  exposed = false

  bundled       = !var.object_store_external
  chart_version = "4.44.0"
  secret        = "seaweedfs-identities"
  service       = "seaweedfs-all-in-one"
  endpoint      = local.bundled ? "http://${local.service}.${var.object_store_namespace}.svc.cluster.local:8333" : trimsuffix(var.object_store_external_endpoint, "/")

  # Names of the stack's secrets, by the Secret and the key that they go to.
  secrets = {
    (local.secret) = {
      access_key      = "object_store_access_key"
      secret_key      = "object_store_secret_key"
      read_access_key = "object_store_read_access_key"
      read_secret_key = "object_store_read_secret_key"
    }
  }

  off = { enabled = false }
  values = {
    # Its pod asks nothing of the API server, so it gets no rights in the whole cluster.
    global = { imageRegistry = local.registry, seaweedfs = { createClusterRole = false, automountServiceAccountToken = false } }
    master = local.off
    volume = local.off
    filer  = local.off
    allInOne = {
      enabled = true
      # One pod needs no place apart from others.
      affinity = ""
      data = merge(
        {
          type = "persistentVolumeClaim"
          size = var.object_store_storage_size
          # The claim is an object of the chart: without this, artifacts would go while the databases that list them stay.
          annotations = { "helm.sh/resource-policy" = "keep" }
        },
        var.storage_class == "" ? {} : { storageClass = var.storage_class },
      )
      s3 = {
        enabled       = true
        enableAuth    = true
        createBuckets = [for bucket in sort(var.buckets) : { name = bucket }]
        # A quota of the namespace refuses a pod if one container doesn't say what it requests.
        createBucketsHook = { resources = { requests = { cpu = "20m", memory = "64Mi" } } }
      }
      readinessProbe = { initialDelaySeconds = 2, periodSeconds = 3 }
      livenessProbe  = { timeoutSeconds = 10, failureThreshold = 12 }
      podAnnotations = local.pods_annotations
      resources = {
        requests = { cpu = var.object_store_cpu, memory = var.object_store_memory }
        limits   = { cpu = "2", memory = "${max(2048, local.memory * 2)}Mi" }
      }
    }
    s3 = {
      # An identity without a Secret would get a random key in clear in the chart's own Secret: both have one.
      credentials = {
        admin = { existingSecret = local.secret, accessKeyKey = "access_key", secretKeyKey = "secret_key" }
        read  = { existingSecret = local.secret, accessKeyKey = "read_access_key", secretKeyKey = "read_secret_key" }
      }
    }
  }
}
