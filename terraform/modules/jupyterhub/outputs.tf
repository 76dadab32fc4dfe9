output "releases" {
  description = "What Helm installs, by release name; `secrets` and `secret_values` name entries of the stack's secrets."
  value = {
    jupyterhub = {
      chart      = "jupyterhub"
      repository = "https://jupyterhub.github.io/helm-chart"
      version    = local.chart_version
      namespace  = var.jupyterhub_namespace
      values     = yamlencode(local.values)
      timeout    = var.jupyterhub_timeout
      wait       = true
      secrets = merge(
        local.secrets,
        length(var.environment_secrets) == 0 ? {} : { (local.notebook_secret) = var.environment_secrets },
        { for name, keys in var.environment_pod.secrets : name => keys if local.in_environment },
      )
      files            = { for name, files in var.environment_pod.files : name => files if local.in_environment }
      service_accounts = [local.service_account]
      # The chart reads it from its own values alone.
      secret_values = { "proxy.secretToken" = "jhub_proxy_secret_token" }
    }
  }
}

output "service_account" {
  description = "Service account of notebooks, in JupyterHub's namespace."
  value       = local.service_account
}

output "addresses" {
  description = "Where JupyterHub is reached: in the cluster, from outside (empty if it isn't), and by a port-forward."
  value = {
    in_cluster   = "http://proxy-public.${var.jupyterhub_namespace}.svc.cluster.local"
    outside      = local.outside
    port_forward = "kubectl -n ${var.jupyterhub_namespace} port-forward svc/proxy-public 8000:${var.jhub_proxy_https_enabled ? 443 : 80}"
  }
}

output "health" {
  description = "A call that works only if the hub answers through its proxy; behind HTTPS, where the proxy redirects, the hub itself."
  value = {
    kind     = "http"
    service  = var.jhub_proxy_https_enabled ? "hub" : "proxy-public"
    port     = var.jhub_proxy_https_enabled ? 8081 : 80
    path     = "/hub/api/"
    statuses = [200]
  }
}

output "footprint" {
  description = "CPU in cores, memory and volumes in MiB: the hub, its proxy, with Let's Encrypt what gets the certificate, and one notebook server."
  value = {
    cpu         = local.hub_cpu + 0.02 + local.certificate_cpu + var.singleuser_cpu_guarantee
    memory      = local.hub_memory + 64 + local.certificate_memory + local.notebook_memory
    disk        = local.home_size
    largest_pod = { cpu = max(local.hub_cpu, var.singleuser_cpu_guarantee), memory = max(local.hub_memory, local.notebook_memory) }
  }
}

output "databases" {
  description = "Databases to be there before, each with its role and the name of the role's password in the stack's secrets."
  value       = [{ name = var.jupyterhub_database_name, user = var.jupyterhub_database_user, password = "jupyterhub_database_password" }]
}

output "left_behind" {
  description = "What stays when JupyterHub is removed."
  value = [
    "PersistentVolumeClaim claim-<user> in namespace ${var.jupyterhub_namespace}: each user's home",
    "Pod jupyter-<user> in namespace ${var.jupyterhub_namespace}: notebook servers that are running",
  ]
}
