output "releases" {
  description = "What Helm installs, by release name; `secrets` names entries of the stack's secrets."
  value = {
    mlflow = {
      chart      = "mlflow"
      repository = "https://community-charts.github.io/helm-charts"
      version    = local.chart_version
      namespace  = var.mlflow_namespace
      values     = yamlencode(local.values)
      timeout    = var.mlflow_timeout
      wait       = true
      secrets    = local.secrets

      secret_values = {}
    }
  }
}

output "addresses" {
  description = "Where MLflow is reached: in the cluster, from outside (empty if it isn't), and by a port-forward."
  value = {
    in_cluster   = "http://mlflow.${var.mlflow_namespace}.svc.cluster.local"
    outside      = local.outside_url
    port_forward = "kubectl -n ${var.mlflow_namespace} port-forward svc/mlflow 5000:80"
  }
}

output "environment" {
  description = "Environment variables by which notebooks reach MLflow; the second map holds names of the stack's secrets."
  value = {
    plain   = { MLFLOW_TRACKING_URI = "http://mlflow.${var.mlflow_namespace}.svc.cluster.local" }
    secrets = { for name, secret in { MLFLOW_TRACKING_USERNAME = "mlflow_admin_user", MLFLOW_TRACKING_PASSWORD = "mlflow_admin_password" } : name => secret if var.mlflow_authentication }
  }
}

output "health" {
  description = "A call that needs the list of hosts and the database: /health says OK without either. With passwords it needs the login, and answers 401 without."
  value = {
    kind     = "http"
    service  = "mlflow"
    port     = 80
    path     = "/api/2.0/mlflow/experiments/search?max_results=1"
    statuses = var.mlflow_authentication ? [200, 401] : [200]
    login    = var.mlflow_authentication ? { user = var.mlflow_admin_user, password = "mlflow_admin_password" } : null
  }
}

output "footprint" {
  description = "CPU in cores, memory and volumes in MiB; artifacts are in the object store."
  value = {
    cpu         = local.cpu
    memory      = local.memory
    disk        = 0
    largest_pod = { cpu = local.cpu, memory = local.memory }
  }
}

output "databases" {
  description = "Databases to be there before, each with its role and the name of the role's password in the stack's secrets."
  value = [for name in concat([var.mlflow_database_name], var.mlflow_authentication ? [local.auth_database] : []) : {
    name = name, user = var.mlflow_database_user, password = "mlflow_database_password"
  }]
}

output "buckets" {
  description = "Buckets of the object store to be there before."
  value       = [local.artifact_root[0]]
}

output "left_behind" {
  description = "What stays when MLflow is removed."
  value = [
    "Secret mlflow-flask-server-secret-key in namespace ${var.mlflow_namespace}: the key of its sessions",
    "Database ${var.mlflow_database_name} and bucket ${local.artifact_root[0]}: runs, models and artifacts",
  ]
}
