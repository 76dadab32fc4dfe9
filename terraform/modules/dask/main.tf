locals {
  tool    = "dask"
  exposed = var.dask_exposed
  secrets = {}

  operator_version = "2026.3.0"
  chart            = "${path.module}/chart"
  chart_version    = yamldecode(file("${path.module}/chart/Chart.yaml")).version
  scheduler        = "dask-scheduler.${var.dask_namespace}.svc.cluster.local"

  images = { for name, repository in {
    operator  = "ghcr.io/dask/dask-kubernetes-operator"
    worker    = var.dask_worker_image_repository
    scheduler = var.dask_scheduler_image_repository != "" ? var.dask_scheduler_image_repository : var.dask_worker_image_repository
  } : name => local.registry == "" ? repository : "${local.registry}/${regex("^(?:[^/]*[.:][^/]*/)?(.+)$", repository)[0]}" }
  scheduler_tag    = var.dask_scheduler_image_tag != "" ? var.dask_scheduler_image_tag : var.dask_worker_image_tag
  scheduler_policy = var.dask_scheduler_image_pull_policy != "" ? var.dask_scheduler_image_pull_policy : var.dask_worker_image_pull_policy
  pull_secrets     = [for secret in var.dask_worker_image_pull_secrets : secret if secret.name != ""]

  operator_values = {
    fullnameOverride = "dask-operator"
    image            = { name = local.images.operator, tag = local.operator_version, pullPolicy = "IfNotPresent" }
    imagePullSecrets = local.pull_secrets
    resources        = { requests = { cpu = "50m", memory = "160Mi" } }
  }

  cluster_values = {
    image = {
      scheduler           = "${local.images.scheduler}:${local.scheduler_tag}"
      worker              = "${local.images.worker}:${var.dask_worker_image_tag}"
      schedulerPullPolicy = local.scheduler_policy
      workerPullPolicy    = var.dask_worker_image_pull_policy
      pullSecrets         = local.pull_secrets
    }
    workers = var.dask_worker_replicas
    worker = {
      command = split(" ", var.dask_worker_command)
      threads = var.dask_worker_threads
      # Dask's units carry a B.
      memoryLimit = "${var.dask_worker_memory}B"
      env         = [for variable in var.dask_worker_environment_variables : variable if variable.name != ""]
      resources   = { requests = { cpu = var.dask_worker_cpu, memory = var.dask_worker_memory }, limits = { memory = var.dask_worker_memory } }
    }
    scheduler = { resources = { requests = { cpu = var.dask_scheduler_cpu, memory = var.dask_scheduler_memory } } }
    service   = { type = var.dask_service_type }
    ingress = {
      enabled     = local.by_ingress
      className   = local.by_ingress ? var.ingress_class : ""
      host        = local.by_ingress ? local.outside_host : ""
      annotations = local.by_ingress ? local.ingress_annotations : {}
      tlsSecret   = local.by_ingress ? local.ingress_tls_secret : ""
    }
    httpRoute = {
      enabled = local.by_gateway
      host    = local.by_gateway ? local.outside_host : ""
      gateway = { for key, value in local.gateway_reference : key => value if local.by_gateway }
    }
    # So that the Job says what it waits for before Helm gives up.
    timeout = var.dask_timeout - 30
  }
}
