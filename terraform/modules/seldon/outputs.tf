output "releases" {
  description = "What Helm installs, by release name: the operator, which must be there first, and the sample model, a chart of our own."
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
    },
    { for name, release in {
      seldon-model = {
        chart         = local.chart
        repository    = ""
        version       = local.chart_version
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

output "addresses" {
  description = "Where the sample model is reached, empty without it: in the cluster, from outside (empty if it isn't), and by a port-forward. Each model has a Service of its own."
  value = {
    in_cluster   = var.seldon_sample_model ? "http://${local.model}:8000" : ""
    outside      = local.outside_url
    port_forward = var.seldon_sample_model ? "kubectl -n ${var.seldon_namespace} port-forward svc/iris-default 8000:8000" : ""
  }
}

output "environment" {
  description = "Environment variables by which notebooks reach the sample model; it has no secrets."
  value = {
    plain   = { for name, value in { SELDON_URL = "http://${local.model}:8000" } : name => value if var.seldon_sample_model }
    secrets = {}
  }
}

output "health" {
  description = "The sample model's readiness, which goes through the operator's work; without it, the operator's Deployment."
  value = {
    kind     = var.seldon_sample_model ? "http" : "deployment"
    service  = var.seldon_sample_model ? "iris-default" : "seldon-controller-manager"
    port     = var.seldon_sample_model ? 8000 : 0
    path     = var.seldon_sample_model ? "/v2/models/iris/ready" : ""
    statuses = [200]
    login    = null
  }
}

output "footprint" {
  description = "CPU in cores, memory and volumes in MiB: the operator, and the sample model with Seldon's own container beside it."
  value = {
    cpu    = 0.05 + (var.seldon_sample_model ? local.model_cpu + 0.05 : 0)
    memory = 100 + (var.seldon_sample_model ? local.model_memory + 64 : 0)
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
