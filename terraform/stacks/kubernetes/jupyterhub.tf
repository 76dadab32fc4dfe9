locals {
  # The hub lays this over its values. Nothing of it is checked by the chart's schema.
  jupyterhub_passwords = { hub = { config = merge(
    { for name, settings in {
      SharedPasswordAuthenticator = { user_password = var.jupyterhub_shared_password, admin_password = var.jupyterhub_admin_password }
    } : name => settings if !var.oauth_github_enable },
    { for name, settings in {
      GitHubOAuthenticator = { client_secret = var.oauth_github_client_secret }
    } : name => settings if var.oauth_github_enable },
  ) } }

  jupyterhub_secrets = {
    jhub_proxy_secret_token      = var.jhub_proxy_secret_token
    jupyterhub_verify_token      = var.jupyterhub_verify_token
    jupyterhub_database_password = var.jupyterhub_database_password
    jupyterhub_values_yaml       = yamlencode(local.jupyterhub_passwords)
  }
  jupyterhub_secrets_sources = {
    jupyterhub_values_yaml = {
      parameters = !var.oauth_github_enable ? toset(["jupyterhub_shared_password", "jupyterhub_admin_password"]) : toset(["oauth_github_client_secret"])
      second     = var.oauth_github_enable
    }
  }

  # Copies of the other modules' secrets, for notebooks.
  environment_secrets = merge(
    var.install_mlflow ? module.mlflow.environment.secrets : {},
    var.install_prefect ? module.prefect.environment.secrets : {},
  )
}

module "jupyterhub" {
  source = "./modules/jupyterhub"

  install_jupyterhub                         = var.install_jupyterhub
  jupyterhub_namespace                       = var.jupyterhub_namespace
  jhub_proxy_https_enabled                   = var.jhub_proxy_https_enabled
  jhub_proxy_https_hosts                     = var.jhub_proxy_https_hosts
  jhub_proxy_https_letsencrypt_contact_email = var.jhub_proxy_https_letsencrypt_contact_email
  jupyterhub_https_type                      = var.jupyterhub_https_type
  jupyterhub_letsencrypt_server              = var.jupyterhub_letsencrypt_server
  jupyterhub_service_type                    = var.jupyterhub_service_type
  jupyterhub_exposed                         = var.jupyterhub_exposed
  jupyterhub_shared_password_exposed         = var.jupyterhub_shared_password_exposed
  jupyterhub_allow_named_servers             = var.jupyterhub_allow_named_servers
  jupyterhub_database_name                   = var.jupyterhub_database_name
  jupyterhub_database_user                   = var.jupyterhub_database_user
  jupyterhub_cpu                             = var.jupyterhub_cpu
  jupyterhub_memory                          = var.jupyterhub_memory
  jupyterhub_timeout                         = var.jupyterhub_timeout
  oauth_github_enable                        = var.oauth_github_enable
  oauth_github_client_id                     = var.oauth_github_client_id
  oauth_github_callback_url                  = var.oauth_github_callback_url
  oauth_github_admin_users                   = var.oauth_github_admin_users
  oauth_github_allowed_organizations         = var.oauth_github_allowed_organizations
  singleuser_profile_list                    = var.singleuser_profile_list
  singleuser_image                           = var.singleuser_image
  singleuser_image_pull_secrets              = var.singleuser_image_pull_secrets
  singleuser_image_pull_policy               = var.singleuser_image_pull_policy
  singleuser_cpu_guarantee                   = var.singleuser_cpu_guarantee
  singleuser_memory_guarantee                = var.singleuser_memory_guarantee
  singleuser_memory_limit                    = var.singleuser_memory_limit
  singleuser_storage_capacity                = var.singleuser_storage_capacity
  singleuser_storage_mount_path              = var.singleuser_storage_mount_path
  singleuser_default_url                     = var.singleuser_default_url

  database_host       = local.database.host
  database_port       = local.database.port
  database_ssl_mode   = local.database.ssl_mode
  storage_class       = var.storage_class
  environment_pod     = module.environment.pods["jupyterhub"]
  environment         = local.environment
  deploys             = local.deploys
  environment_secrets = local.environment_secrets
  egress_namespaces = compact([
    var.install_mlflow ? var.mlflow_namespace : "",
    var.install_prefect ? var.prefect_namespace : "",
    var.install_dask ? var.dask_namespace : "",
    var.install_feast ? var.feast_namespace : "",
    var.install_seldon ? var.seldon_namespace : "",
  ])
  secrets_revisions   = local.secrets_revisions
  image_registry      = var.image_registry
  domain              = var.domain
  ingress_class       = var.ingress_class
  gateway_name        = var.gateway_name
  gateway_namespace   = var.gateway_namespace
  tls_secret          = var.tls_secret
  cert_manager_issuer = var.cert_manager_issuer
}

module "jupyterhub_release" {
  source   = "./modules/release"
  for_each = var.install_jupyterhub ? module.jupyterhub.releases : {}

  release           = merge(each.value, { name = each.key })
  secrets           = local.secrets
  secrets_revisions = local.secrets_revisions
  charts_directory  = var.charts_directory
  failures          = var.release_failures

  depends_on = [kubernetes_namespace_v1.this, module.postgresql_release_databases]
}
