module "seldon" {
  source = "./modules/seldon"

  install_seldon                  = var.install_seldon
  seldon_namespace                = var.seldon_namespace
  seldon_version                  = var.seldon_version
  seldon_licence_accepted         = var.seldon_licence_accepted
  seldon_usage_metrics_enabled    = var.seldon_usage_metrics_enabled
  seldon_istio_enabled            = var.seldon_istio_enabled
  seldon_istio_gateway            = var.seldon_istio_gateway
  seldon_cert_manager_enabled     = var.seldon_cert_manager_enabled
  seldon_sample_model             = var.seldon_sample_model
  seldon_service_type             = var.seldon_service_type
  seldon_exposed                  = var.seldon_exposed
  seldon_model_image_repository   = var.seldon_model_image_repository
  seldon_model_image_tag          = var.seldon_model_image_tag
  seldon_model_image_pull_policy  = var.seldon_model_image_pull_policy
  seldon_model_image_pull_secrets = var.seldon_model_image_pull_secrets
  seldon_model_cpu                = var.seldon_model_cpu
  seldon_model_memory             = var.seldon_model_memory
  seldon_timeout                  = var.seldon_timeout

  image_registry      = var.image_registry
  domain              = var.domain
  ingress_class       = var.ingress_class
  gateway_name        = var.gateway_name
  gateway_namespace   = var.gateway_namespace
  tls_secret          = var.tls_secret
  cert_manager_issuer = var.cert_manager_issuer
}

module "seldon_release_operator" {
  source   = "./modules/release"
  for_each = var.install_seldon ? { for name in ["seldon-core-operator"] : name => module.seldon.releases[name] } : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [kubernetes_namespace_v1.this]
}

module "seldon_release_model" {
  source   = "./modules/release"
  for_each = var.install_seldon && var.seldon_sample_model ? { for name in ["seldon-model"] : name => module.seldon.releases[name] } : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [module.seldon_release_operator]
}
