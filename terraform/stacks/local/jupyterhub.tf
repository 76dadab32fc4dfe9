module "jupyterhub_service" {
  source = "./modules/service"
  count  = var.install_jupyterhub ? 1 : 0

  tool   = "jupyterhub"
  digest = lookup(var.service_digests, "jupyterhub", "")
  settings = {
    # This stack has no secrets but JupyterHub's.
    secrets_revision                   = sum(concat([0], values(var.secrets_revisions)))
    port                               = var.jupyterhub_port
    hub_port                           = var.jupyterhub_hub_port
    proxy_api_port                     = var.jupyterhub_proxy_api_port
    oauth_github_enable                = var.oauth_github_enable
    oauth_github_client_id             = var.oauth_github_client_id
    oauth_github_admin_users           = var.oauth_github_admin_users
    oauth_github_callback_url          = var.oauth_github_callback_url
    oauth_github_allowed_organizations = var.oauth_github_allowed_organizations
    environment                        = local.environment
    environment_key                    = local.environment_key
  }

  depends_on = [module.environment_service]
}
