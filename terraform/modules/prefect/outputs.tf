output "releases" {
  description = "What Helm installs, by release name, the server before the worker; `secrets` names entries of the stack's secrets."
  value = merge(
    {
      prefect-server = {
        chart      = "prefect-server"
        repository = local.repository
        version    = local.chart_version
        namespace  = var.prefect_namespace
        values     = yamlencode(local.server_values)
        timeout    = var.prefect_timeout
        wait       = true
        secrets    = local.secrets

        secret_values = {}
      }
    },
    { for name, release in {
      prefect-worker = {
        chart      = "prefect-worker"
        repository = local.repository
        version    = local.chart_version
        namespace  = var.prefect_namespace
        values     = yamlencode(local.worker_values)
        timeout    = var.prefect_timeout
        wait       = true
        secrets    = merge(local.runs_secrets, { for name, keys in var.environment_pod.secrets : name => keys if local.in_environment })
        files = merge(
          { (local.runs_config) = { data = local.runs_environment } },
          { for name, files in var.environment_pod.files : name => files if local.in_environment },
        )
        service_accounts = [local.service_account]
        secret_values    = {}
      }
    } : name => release if var.prefect_worker_enabled },
  )
}

locals {
  repository = "https://prefecthq.github.io/prefect-helm"
}

output "service_account" {
  description = "Service account of flow runs, in Prefect's namespace."
  value       = local.service_account
}

output "addresses" {
  description = "Where Prefect is reached: in the cluster, from outside (empty if it isn't), and by a port-forward."
  value = {
    in_cluster   = "http://${local.server}:4200"
    outside      = local.outside_url
    port_forward = "kubectl -n ${var.prefect_namespace} port-forward svc/prefect-server 4200:4200"
  }
}

output "environment" {
  description = "Environment variables by which notebooks reach Prefect; the second map holds names of the stack's secrets."
  value = {
    plain = merge(
      { PREFECT_API_URL = local.api },
      var.prefect_worker_enabled ? { PREFECT_DEFAULT_WORK_POOL_NAME = var.prefect_work_pool } : {},
    )
    secrets = { for name, secret in { PREFECT_API_AUTH_STRING = "prefect_auth_string" } : name => secret if var.prefect_authentication }
  }
}

output "health" {
  description = "A call that needs the database, and the work pool whose status tells whether a worker is there: the worker's pod has no probe."
  value = {
    kind     = "http"
    service  = "prefect-server"
    port     = 4200
    path     = "/api/ready"
    statuses = [200]
    login    = var.prefect_authentication ? { user = "admin", password = "prefect_admin_password" } : null
    work_pool = var.prefect_worker_enabled ? {
      name   = var.prefect_work_pool
      path   = "/api/work_pools/${var.prefect_work_pool}"
      status = "READY"
    } : null
  }
}

output "footprint" {
  description = "CPU in cores, memory and volumes in MiB: the server and its workers, without flow runs."
  value = {
    cpu         = local.sizes.server.cpu + local.workers * local.sizes.worker.cpu
    memory      = local.sizes.server.memory + local.workers * local.sizes.worker.memory
    disk        = 0
    largest_pod = { cpu = max(local.sizes.server.cpu, local.sizes.worker.cpu), memory = max(local.sizes.server.memory, local.sizes.worker.memory) }
  }
}

output "databases" {
  description = "Databases to be there before, each with its role and the name of the role's password in the stack's secrets."
  value       = [{ name = var.prefect_database_name, user = var.prefect_database_user, password = "prefect_database_password" }]
}

output "left_behind" {
  description = "What stays when Prefect is removed."
  value = [
    "Jobs of flow runs that ended less than ${var.prefect_job_ttl} seconds ago, in namespace ${var.prefect_namespace}",
    "Database ${var.prefect_database_name}: flows, deployments and runs",
  ]
}
