locals {
  tool    = "seldon"
  exposed = var.seldon_exposed && var.seldon_sample_model
  secrets = {}

  chart         = "${path.module}/chart"
  chart_version = yamldecode(file("${path.module}/chart/Chart.yaml")).version
  model         = "iris-default.${var.seldon_namespace}.svc.cluster.local"
  pull_secrets  = [for secret in var.seldon_model_image_pull_secrets : secret if secret.name != ""]
  model_image   = local.registry == "" ? var.seldon_model_image_repository : "${local.registry}/${regex("^(?:[^/]*[.:][^/]*/)?(.+)$", var.seldon_model_image_repository)[0]}"

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

  model_values = {
    image     = { reference = "${local.model_image}:${var.seldon_model_image_tag}", pullPolicy = var.seldon_model_image_pull_policy, pullSecrets = local.pull_secrets }
    resources = { requests = { cpu = var.seldon_model_cpu, memory = var.seldon_model_memory } }
    service   = { type = var.seldon_service_type }
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
    # So that the Jobs say what they wait for before Helm gives up.
    timeout = var.seldon_timeout - 30
  }

  model_cpu    = tonumber(trimsuffix(var.seldon_model_cpu, "m")) / (endswith(var.seldon_model_cpu, "m") ? 1000 : 1)
  model_memory = tonumber(regex("^[0-9]+", var.seldon_model_memory)) * local.quantity_mebibytes[regex("[A-Za-z]+$", var.seldon_model_memory)]
}
