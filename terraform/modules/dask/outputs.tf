output "releases" {
  description = "What Helm installs, by release name: the operator, which must be there first, and the cluster, a chart of our own."
  value = {
    dask-operator = {
      chart         = "dask-kubernetes-operator"
      repository    = "https://helm.dask.org"
      version       = local.operator_version
      namespace     = var.dask_namespace
      values        = yamlencode(local.operator_values)
      timeout       = var.dask_timeout
      wait          = true
      secrets       = {}
      secret_values = {}
    }
    dask-cluster = {
      chart         = local.chart
      repository    = ""
      version       = local.chart_version
      namespace     = var.dask_namespace
      values        = yamlencode(local.cluster_values)
      timeout       = var.dask_timeout
      wait          = true
      secrets       = merge(local.secrets, { for name, keys in var.environment_pod.secrets : name => keys if local.in_environment })
      secret_values = {}
      files         = { for name, files in var.environment_pod.files : name => files if local.in_environment }
    }
  }
}

output "addresses" {
  description = "Where Dask is reached: its scheduler in the cluster, its dashboard from outside (empty if it isn't) and by a port-forward."
  value = {
    in_cluster   = "tcp://${local.scheduler}:8786"
    outside      = local.outside_url
    port_forward = "kubectl -n ${var.dask_namespace} port-forward svc/dask-scheduler 8786:8786 8787:8787"
  }
}

output "environment" {
  description = "Environment variables by which notebooks reach Dask; it has no secrets."
  value = {
    plain   = { DASK_SCHEDULER_ADDRESS = "tcp://${local.scheduler}:8786" }
    secrets = {}
  }
}

output "health" {
  description = "What the scheduler counts: /health says OK without a single worker."
  value = {
    kind     = "http"
    service  = "dask-scheduler"
    port     = 8787
    path     = "/json/counts.json"
    statuses = [200]
    login    = null
    counts   = { workers = var.dask_worker_replicas }
  }
}

output "footprint" {
  description = "CPU in cores, memory and volumes in MiB: the operator, the scheduler and its workers."
  value = {
    cpu         = 0.05 + local.sizes.scheduler.cpu + var.dask_worker_replicas * local.sizes.worker.cpu
    memory      = 160 + local.sizes.scheduler.memory + var.dask_worker_replicas * local.sizes.worker.memory
    disk        = 0
    largest_pod = { cpu = max(local.sizes.scheduler.cpu, local.sizes.worker.cpu), memory = max(160, local.sizes.scheduler.memory, local.sizes.worker.memory) }
  }
}

output "left_behind" {
  description = "What stays when Dask is removed."
  value       = ["The custom resource definitions daskclusters, daskworkergroups, daskjobs and daskautoscalers.kubernetes.dask.org"]
}
