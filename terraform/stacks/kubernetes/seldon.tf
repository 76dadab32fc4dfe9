locals {
  # What models read the store by: the second identity of the installed one, which may only read; of one of your own, what
  # there is.
  seldon_secrets = {
    seldon_object_store_access_key = !var.object_store_external ? var.object_store_read_access_key : var.object_store_external_access_key
    seldon_object_store_secret_key = !var.object_store_external ? var.object_store_read_secret_key : var.object_store_external_secret_key
  }
  seldon_secrets_sources = { for name in ["access_key", "secret_key"] : "seldon_object_store_${name}" => {
    parameters = [!var.object_store_external ? "object_store_read_${name}" : "object_store_external_${name}"]
    second     = var.object_store_external
  } }

  # Who runs notebooks and flows, by the API server's reckoning: made by their releases.
  deployers = concat(
    var.install_jupyterhub ? [{ namespace = var.jupyterhub_namespace, name = module.jupyterhub.service_account }] : [],
    var.install_prefect && var.prefect_worker_enabled ? [{ namespace = var.prefect_namespace, name = module.prefect.service_account }] : [],
  )
  deploys = var.install_seldon && var.seldon_deploy_from_notebooks
}

module "seldon" {
  source = "./modules/seldon"

  install_seldon               = var.install_seldon
  seldon_namespace             = var.seldon_namespace
  seldon_version               = var.seldon_version
  seldon_licence_accepted      = var.seldon_licence_accepted
  seldon_usage_metrics_enabled = var.seldon_usage_metrics_enabled
  seldon_istio_enabled         = var.seldon_istio_enabled
  seldon_istio_gateway         = var.seldon_istio_gateway
  seldon_cert_manager_enabled  = var.seldon_cert_manager_enabled
  seldon_sample_model          = var.seldon_sample_model
  seldon_service_type          = var.seldon_service_type
  seldon_exposed               = var.seldon_exposed
  seldon_image_pull_secrets    = var.seldon_image_pull_secrets
  seldon_deploy_from_notebooks = var.seldon_deploy_from_notebooks
  seldon_model_memory_limit    = var.seldon_model_memory_limit
  seldon_model_cpu             = var.seldon_model_cpu
  seldon_model_memory          = var.seldon_model_memory
  seldon_timeout               = var.seldon_timeout

  environment_pod       = module.environment.pods["seldon-serving"]
  deployers             = local.deployers
  artifact_root         = var.install_mlflow ? var.mlflow_artifact_root : ""
  object_store_endpoint = local.object_store.endpoint
  object_store_region   = local.object_store.region

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

# After the operator's definition is there, and before the model, which is asked for by the router.
module "seldon_release_serving" {
  source   = "./modules/release"
  for_each = var.install_seldon ? { for name in ["seldon-serving"] : name => module.seldon.releases[name] } : {}

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

  depends_on = [module.seldon_release_operator, module.seldon_release_serving]
}
