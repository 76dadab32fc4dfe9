output "releases" {
  description = "What Helm installs, by release name: the operator, which must be there first, what served models have in common, and the sample model, charts of our own."
  value = merge(
    {
      seldon-core-operator = {
        chart         = "seldon-core-operator"
        repository    = "https://storage.googleapis.com/seldon-charts"
        version       = var.seldon_version
        namespace     = var.seldon_namespace
        values        = yamlencode(local.operator_values)
        timeout       = var.seldon_timeout
        wait          = true
        secrets       = {}
        secret_values = {}
      }
      seldon-serving = {
        chart         = local.serving_chart
        repository    = ""
        version       = yamldecode(file("${path.module}/serving-chart/Chart.yaml")).version
        namespace     = var.seldon_namespace
        values        = yamlencode(local.serving_values)
        timeout       = var.seldon_timeout
        wait          = true
        secrets       = merge(local.store_secrets, var.environment_pod.secrets)
        secret_values = {}
        files         = merge({ seldon-serving = { data = local.template_files } }, var.environment_pod.files)
      }
    },
    { for name, release in {
      seldon-model = {
        chart         = local.chart
        repository    = ""
        version       = yamldecode(file("${path.module}/chart/Chart.yaml")).version
        namespace     = var.seldon_namespace
        values        = yamlencode(local.model_values)
        timeout       = var.seldon_timeout
        wait          = true
        secrets       = {}
        secret_values = {}
      }
    } : name => release if var.seldon_sample_model },
  )
}

locals {
  store_secrets = { for name, keys in {
    (local.store_secret) = { access_key = "seldon_object_store_access_key", secret_key = "seldon_object_store_secret_key" }
  } : name => keys if var.artifact_root != "" }
}

output "addresses" {
  description = "Where served models are reached, the address of all: in the cluster, from outside (empty if they aren't), and by a port-forward."
  value = {
    in_cluster   = "http://${local.router}:8000"
    outside      = local.outside_url
    port_forward = "kubectl -n ${var.seldon_namespace} port-forward svc/seldon-router 8000:8000"
  }
}

output "environment" {
  description = "Environment variables by which notebooks reach models and, where they may, deploy them; it has no secrets."
  value = {
    plain = merge(
      { SELDON_URL = "http://${local.router}:8000" },
      var.seldon_deploy_from_notebooks ? { SELDON_NAMESPACE = var.seldon_namespace } : {},
    )
    secrets = {}
  }
}

output "health" {
  description = "The sample model's readiness by the address of all models, which goes through the operator's work; without it, the router's own."
  value = {
    kind     = "http"
    service  = "seldon-router"
    port     = 8000
    path     = var.seldon_sample_model ? "/v2/models/iris/ready" : "/health"
    statuses = [200]
    login    = null
  }
}

output "footprint" {
  description = "CPU in cores, memory and volumes in MiB: the operator, the router, and the sample model with Seldon's own container beside it."
  value = {
    cpu    = 0.07 + (var.seldon_sample_model ? local.model_cpu + 0.05 : 0)
    memory = 164 + (var.seldon_sample_model ? local.model_memory + 64 : 0)
    disk   = 0
    largest_pod = {
      cpu    = var.seldon_sample_model ? local.model_cpu + 0.05 : 0.05
      memory = var.seldon_sample_model ? local.model_memory + 64 : 100
    }
  }
}

output "left_behind" {
  description = "What stays when Seldon is removed: nothing. The definition of SeldonDeployments goes with it, and with that every model."
  value       = []
}
