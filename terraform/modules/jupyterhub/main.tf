locals {
  tool    = "jupyterhub"
  exposed = var.jupyterhub_exposed && !var.jhub_proxy_https_enabled

  chart_version = "4.4.0"
  secret        = "jupyterhub-secret"
  # Names of the stack's secrets, by the Secret and the key that they go to. Copies for notebooks aren't among them: a
  # notebook finds a new one when it starts, and the hub needn't.
  secrets = {
    (local.secret) = {
      "values.yaml"                  = "jupyterhub_values_yaml"
      "hub.db.password"              = "jupyterhub_database_password"
      "hub.services.verify.apiToken" = "jupyterhub_verify_token"
    }
  }
  # Copies of the other modules' secrets, in the namespace where notebooks can read them.
  notebook_secret = "notebook-secret"

  https_hosts  = compact(var.jhub_proxy_https_hosts)
  hosts        = var.jhub_proxy_https_enabled ? local.https_hosts : compact([local.outside_host])
  outside      = var.jhub_proxy_https_enabled ? "https://${try(local.https_hosts[0], "")}" : local.outside_url
  organization = compact(var.oauth_github_allowed_organizations)
  pull_secrets = compact([for secret in var.singleuser_image_pull_secrets : secret.name])

  # By a port-forward, as the address in `addresses` says.
  port_forward_url = "http://localhost:8000"
  callback_url     = var.oauth_github_callback_url != "" ? var.oauth_github_callback_url : "${local.outside != "" ? local.outside : local.port_forward_url}/hub/oauth_callback"

  image_prefix = local.registry == "" ? "quay.io" : local.registry

  # A tuple, because the two sides of a condition need one type.
  authenticator = [{
    JupyterHub    = { authenticator_class = "github", admin_access = true }
    Authenticator = { admin_users = var.oauth_github_admin_users }
    GitHubOAuthenticator = merge(
      {
        client_id          = var.oauth_github_client_id
        oauth_callback_url = local.callback_url
        # Without it GitHub shows public memberships only.
        scope = ["read:org"]
      },
      # Without organizations only the administrators may enter: oauthenticator lets nobody in by default.
      length(local.organization) > 0 ? { allowed_organizations = local.organization } : {},
    )
    }, {
    JupyterHub    = { authenticator_class = "shared-password", admin_access = true }
    Authenticator = { admin_users = ["admin"], allow_all = true }
  }][var.oauth_github_enable ? 0 : 1]

  verify_scope = "!user=mlops-verify"

  values = merge(local.hub_values, local.proxy_values, local.singleuser_values, local.front_values, {
    # On small clusters these cost more than they give; on large ones a user's first start pulls the image.
    scheduling = {
      userScheduler   = { enabled = false }
      userPlaceholder = { enabled = false }
      podPriority     = { enabled = false }
    }
    prePuller = {
      hook       = { enabled = false }
      continuous = { enabled = false }
    }
  })

  hub_values = {
    hub = {
      existingSecret    = local.secret
      config            = local.authenticator
      allowNamedServers = var.jupyterhub_allow_named_servers
      annotations       = local.pods_annotations
      extraEnv          = { PGSSLMODE = var.database_ssl_mode }
      db = {
        type    = "postgres"
        url     = "postgresql+psycopg2://${var.jupyterhub_database_user}@${var.database_host}:${var.database_port}/${var.jupyterhub_database_name}"
        upgrade = true
      }
      # `verify` enters as a service of its own and may touch its own user only.
      services = { verify = {} }
      loadRoles = {
        verify = {
          services = ["verify"]
          scopes   = [for scope in ["admin:users", "admin:servers", "access:servers"] : "${scope}${local.verify_scope}"]
        }
      }
      image     = { name = "${local.image_prefix}/jupyterhub/k8s-hub", tag = local.chart_version }
      resources = { requests = { cpu = var.jupyterhub_cpu, memory = var.jupyterhub_memory } }
    }
  }

  proxy_values = {
    proxy = {
      service = { type = var.jupyterhub_service_type }
      https = merge(
        { enabled = var.jhub_proxy_https_enabled, type = var.jupyterhub_https_type, hosts = local.https_hosts },
        var.jupyterhub_https_type == "letsencrypt" ? {
          letsencrypt = merge(
            { contactEmail = var.jhub_proxy_https_letsencrypt_contact_email },
            var.jupyterhub_letsencrypt_server == "" ? {} : { acmeServer = var.jupyterhub_letsencrypt_server },
          )
        } : {},
        var.jupyterhub_https_type == "secret" ? { secret = { name = var.tls_secret } } : {},
      )
      chp = {
        image     = { name = "${local.image_prefix}/jupyterhub/configurable-http-proxy", tag = "5.2.0" }
        resources = { requests = { cpu = "20m", memory = "64Mi" } }
      }
      secretSync = {
        image     = { name = "${local.image_prefix}/jupyterhub/k8s-secret-sync", tag = local.chart_version }
        resources = { requests = { cpu = "10m", memory = "32Mi" } }
      }
      traefik = merge(
        { resources = { requests = { cpu = "20m", memory = "64Mi" } } },
        local.registry == "" ? {} : { image = { name = "${local.registry}/library/traefik", tag = "v3.6.12" } },
      )
    }
  }

  front_values = merge(
    local.by_ingress ? {
      ingress = {
        enabled          = true
        ingressClassName = var.ingress_class
        hosts            = [local.outside_host]
        annotations      = local.ingress_annotations
        tls              = local.ingress_tls_secret == "" ? [] : [{ hosts = [local.outside_host], secretName = local.ingress_tls_secret }]
      }
    } : {},
    local.by_gateway ? {
      httpRoute = { enabled = true, hostnames = [local.outside_host], gateway = local.gateway_reference }
    } : {},
  )
}
