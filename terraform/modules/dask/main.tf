locals {
  tool    = "dask"
  exposed = var.dask_exposed
  # The chart's pods read them; the cluster's name follows how often they changed.
  login_secret = "dask-logins"
  secrets      = length(var.environment_secrets) == 0 ? {} : { (local.login_secret) = var.environment_secrets }

  operator_version = "2026.3.0"
  chart            = "${path.module}/chart"
  chart_version    = yamldecode(file("${path.module}/chart/Chart.yaml")).version
  scheduler        = "dask-scheduler.${var.dask_namespace}.svc.cluster.local"

  in_environment = var.dask_worker_image_repository == ""
  repositories = { for name, repository in {
    operator  = "ghcr.io/dask/dask-kubernetes-operator"
    worker    = var.dask_worker_image_repository
    scheduler = var.dask_scheduler_image_repository != "" ? var.dask_scheduler_image_repository : var.dask_worker_image_repository
  } : name => local.registry == "" || repository == "" ? repository : "${local.registry}/${regex("^(?:[^/]*[.:][^/]*/)?(.+)$", repository)[0]}" }
  scheduler_tag    = var.dask_scheduler_image_tag != "" ? var.dask_scheduler_image_tag : var.dask_worker_image_tag
  scheduler_policy = var.dask_scheduler_image_pull_policy != "" ? var.dask_scheduler_image_pull_policy : var.dask_worker_image_pull_policy
  pull_secrets = distinct(concat(
    [for secret in var.dask_worker_image_pull_secrets : secret if secret.name != ""],
    [for secret in var.environment_pod.pull_secrets : secret if local.in_environment],
  ))

  images = local.in_environment ? {
    scheduler           = var.environment_pod.image
    worker              = var.environment_pod.image
    schedulerPullPolicy = var.environment_pod.pull_policy
    workerPullPolicy    = var.environment_pod.pull_policy
    } : {
    scheduler           = "${local.repositories.scheduler}:${local.scheduler_tag}"
    worker              = "${local.repositories.worker}:${var.dask_worker_image_tag}"
    schedulerPullPolicy = local.scheduler_policy
    workerPullPolicy    = var.dask_worker_image_pull_policy
  }

  # What a task finds in its environment is what a notebook's cell finds; the operator itself names the scheduler, and a
  # task deploys no models: its pod has no account for it.
  pod_environment = concat(
    [for name, value in var.environment_pod.variables : { name = name, value = value } if local.in_environment],
    [for name, value in merge({ MLFLOW_DISABLE_TELEMETRY = "true", DO_NOT_TRACK = "1" }, var.environment) : { name = name, value = value }
    if !contains(["DASK_SCHEDULER_ADDRESS", "SELDON_NAMESPACE"], name)],
    [for name in keys(var.environment_secrets) : { name = name, valueFrom = { secretKeyRef = { name = local.login_secret, key = name } } }],
  )
  # The operator follows no changed pod: the cluster's name does, and so its pods come anew.
  pod = {
    env             = local.pod_environment
    initContainers  = [for it in var.environment_pod.init_containers : it if local.in_environment]
    volumes         = [for it in var.environment_pod.volumes : it if local.in_environment]
    volumeMounts    = [for it in var.environment_pod.volume_mounts : it if local.in_environment]
    securityContext = { for key, value in var.environment_pod.security_context : key => value if local.in_environment }
    digest          = local.in_environment ? var.environment_pod.digest : ""
    secretsRevision = local.pods_revision
  }

  operator_values = {
    fullnameOverride = "dask-operator"
    image            = { name = local.repositories.operator, tag = local.operator_version, pullPolicy = "IfNotPresent" }
    imagePullSecrets = local.pull_secrets
    resources        = { requests = { cpu = "50m", memory = "160Mi" } }
  }

  cluster_values = {
    image   = merge(local.images, { pullSecrets = local.pull_secrets })
    pod     = local.pod
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
