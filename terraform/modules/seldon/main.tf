locals {
  tool    = "seldon"
  exposed = var.seldon_exposed
  secrets = {}
  pull_secrets = distinct(concat(
    [for secret in var.seldon_image_pull_secrets : secret if secret.name != ""],
    var.environment_pod.pull_secrets,
  ))

  chart         = "${path.module}/chart"
  serving_chart = "${path.module}/serving-chart"
  router        = "seldon-router.${var.seldon_namespace}.svc.cluster.local"
  router_image  = "${local.registry == "" ? "quay.io" : local.registry}/jupyterhub/configurable-http-proxy:5.2.0"

  # The chart's release holds 872 KiB of the 1 MiB that a Secret may: its values stay small.
  operator_values = merge(
    {
      usageMetrics = { enabled = var.seldon_usage_metrics_enabled }
      istio        = { enabled = var.seldon_istio_enabled, gateway = var.seldon_istio_gateway }
      ambassador   = { enabled = false }
      certManager  = { enabled = var.seldon_cert_manager_enabled }
      manager      = { cpuRequest = "50m", memoryRequest = "100Mi" }
      image        = { registry = local.registry == "" ? "docker.io" : local.registry }
      executor = {
        image     = { registry = local.registry == "" ? "docker.io" : local.registry }
        resources = { cpuRequest = "50m", memoryRequest = "64Mi" }
      }
    },
    local.registry == "" ? {} : {
      storageInitializer = { image = "${local.registry}/seldonio/rclone-storage-initializer:${var.seldon_version}" }
    },
    local.registry == "" ? {} : { predictor_servers = local.mirrored_servers },
  )

  mirrored_servers = { for server, protocols in {
    MLFLOW_SERVER      = { seldon = "seldonio/mlflowserver", v2 = "seldonio/mlserver" }
    SKLEARN_SERVER     = { seldon = "seldonio/sklearnserver", v2 = "seldonio/mlserver" }
    XGBOOST_SERVER     = { seldon = "seldonio/xgboostserver", v2 = "seldonio/mlserver" }
    TENSORFLOW_SERVER  = { seldon = "seldonio/tfserving-proxy", tensorflow = "tensorflow/serving" }
    TRITON_SERVER      = { v2 = "nvidia/tritonserver" }
    HUGGINGFACE_SERVER = { v2 = "seldonio/mlserver" }
    TEMPO_SERVER       = { v2 = "seldonio/mlserver" }
  } : server => { protocols = { for protocol, image in protocols : protocol => { image = "${local.registry}/${image}" } } } }

  serving_values = {
    router = {
      # JupyterHub's proxy is in the cluster anyway: of its image only Node is used.
      image      = local.router_image
      pullPolicy = var.environment_pod.pull_policy
      resources  = { requests = { cpu = "20m", memory = "64Mi" }, limits = { memory = "256Mi" } }
    }
    pullSecrets = local.pull_secrets
    deployers   = [for account in var.deployers : account if var.seldon_deploy_from_notebooks]
    service     = { type = var.seldon_service_type }
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
  }

  model_values = {
    deployment = jsondecode(local.sample_text)
    # The Jobs need Python alone.
    job = {
      image           = var.environment_pod.image
      pullPolicy      = var.environment_pod.pull_policy
      pullSecrets     = local.pull_secrets
      securityContext = var.environment_pod.security_context
    }
    # So that the Jobs say what they wait for before Helm gives up.
    timeout = var.seldon_timeout - 30
  }

  model_cpu    = tonumber(trimsuffix(var.seldon_model_cpu, "m")) / (endswith(var.seldon_model_cpu, "m") ? 1000 : 1)
  model_memory = tonumber(regex("^[0-9]+", var.seldon_model_memory)) * local.quantity_mebibytes[regex("[A-Za-z]+$", var.seldon_model_memory)]
}
