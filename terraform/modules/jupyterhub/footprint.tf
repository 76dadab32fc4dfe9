locals {
  hub_cpu_parts  = regex("^([0-9]+)(m?)$", var.jupyterhub_cpu)
  hub_cpu        = tonumber(local.hub_cpu_parts[0]) / (local.hub_cpu_parts[1] == "m" ? 1000 : 1)
  hub_size_parts = regex("^([0-9]+)([A-Za-z]*)$", var.jupyterhub_memory)
  hub_memory     = tonumber(local.hub_size_parts[0]) * local.quantity_mebibytes[local.hub_size_parts[1]]
  # The pod that gets and renews the certificate: Traefik and what keeps the certificate in a Secret.
  makes_certificate  = var.jhub_proxy_https_enabled && var.jupyterhub_https_type == "letsencrypt"
  certificate_cpu    = local.makes_certificate ? 0.03 : 0
  certificate_memory = local.makes_certificate ? 96 : 0
  notebook_parts     = regex("^([0-9.]+)([A-Za-z]*)$", var.singleuser_memory_guarantee)
  notebook_memory    = ceil(tonumber(local.notebook_parts[0]) * local.binary_mebibytes[local.notebook_parts[1]])
  home_parts         = regex("^([0-9]+)([A-Za-z]*)$", var.singleuser_storage_capacity)
  home_size          = ceil(tonumber(local.home_parts[0]) * local.quantity_mebibytes[local.home_parts[1]])
}
