output "addresses" {
  description = "The address of each chosen module: from outside where it is published, else inside the cluster; empty where it has none."
  value       = tomap({ for name, module in local.chosen : name => module.addresses.outside != "" ? module.addresses.outside : module.addresses.in_cluster })
}

output "environment" {
  description = "The environment variables by which notebooks reach the chosen modules."
  value       = local.environment
}

output "port_forward" {
  description = "The command that brings a module which isn't published to this machine."
  value       = tomap({ for name, module in local.chosen : name => module.addresses.port_forward if module.addresses.outside == "" && module.addresses.port_forward != "" })
}

output "releases" {
  description = "What Helm installs for each chosen module; `timeout` in seconds."
  value = { for name, module in local.chosen : name => [
    for release, it in module.releases : {
      name      = release
      namespace = it.namespace
      chart     = it.repository == "" ? yamldecode(file("${it.chart}/Chart.yaml")).name : it.chart
      version   = it.version
      timeout   = it.timeout
    }
  ] }
}

output "health" {
  description = "How each chosen module is asked whether it works, and in which namespace."
  value       = { for name, module in local.chosen : name => merge(module.health, { namespace = module.namespace }) if module.health.kind != "none" }
}

output "footprint" {
  description = "What each chosen module requests: cores, and MiB of memory and volumes."
  value       = { for name, module in local.chosen : name => module.footprint }
}

output "left_behind" {
  description = "What stays in the cluster when a module is removed, as texts."
  value       = { for name, module in local.chosen : name => module.left_behind }
}
