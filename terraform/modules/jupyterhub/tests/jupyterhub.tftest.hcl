# Plans only: the module touches no cluster.

variables {
  jhub_proxy_https_enabled = false
}

run "the_seeds_names_reach_the_chart" {
  command = plan

  variables {
    jupyterhub_namespace          = "lab"
    singleuser_memory_guarantee   = "512M"
    singleuser_storage_capacity   = "2G"
    singleuser_storage_mount_path = "/home/jovyan/work"
    singleuser_image_pull_policy  = "IfNotPresent"
  }

  assert {
    condition     = output.releases.jupyterhub.namespace == "lab"
    error_message = "the namespace must be the release's"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.memory.guarantee == "512M" && yamldecode(output.releases.jupyterhub.values).singleuser.storage.capacity == "2G"
    error_message = "memory and home must reach the notebook"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.storage.homeMountPath == "/home/jovyan/work"
    error_message = "the home must be mounted where asked"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.image.pullPolicy == "IfNotPresent"
    error_message = "the pull policy must reach the notebook"
  }
}

run "the_seeds_defaults_hold" {
  command = plan

  assert {
    condition     = output.releases.jupyterhub.namespace == "jhub"
    error_message = "the namespace is jhub"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.memory.guarantee == "1G" && yamldecode(output.releases.jupyterhub.values).singleuser.storage.capacity == "1G"
    error_message = "memory and home are 1G"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.storage.homeMountPath == "/home/jovyan/persistent" && yamldecode(output.releases.jupyterhub.values).singleuser.image.pullPolicy == "Always"
    error_message = "the mount path and the pull policy are the seed's"
  }

  assert {
    condition     = length(yamldecode(output.releases.jupyterhub.values).singleuser.profileList) == 0 && length(yamldecode(output.releases.jupyterhub.values).singleuser.image.pullSecrets) == 0
    error_message = "there are no environments and no pull secrets"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).hub.config.JupyterHub.authenticator_class == "shared-password"
    error_message = "users sign in with the shared password"
  }
}

run "https_serves_the_hosts" {
  command = plan

  variables {
    jhub_proxy_https_enabled                   = true
    jhub_proxy_https_hosts                     = ["", "hub.example.com"]
    jhub_proxy_https_letsencrypt_contact_email = "ops@example.com"
    jupyterhub_shared_password_exposed         = true
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).proxy.https.enabled && yamldecode(output.releases.jupyterhub.values).proxy.https.hosts[0] == "hub.example.com" && length(yamldecode(output.releases.jupyterhub.values).proxy.https.hosts) == 1
    error_message = "empty hosts must be left out"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).proxy.https.letsencrypt.contactEmail == "ops@example.com"
    error_message = "the contact address must reach the chart"
  }

  assert {
    condition     = output.addresses.outside == "https://hub.example.com"
    error_message = "the first host is the address"
  }

  assert {
    condition     = output.health.service == "hub"
    error_message = "a proxy that redirects tells no health"
  }
}

run "a_certificate_of_ones_own_is_a_secret" {
  command = plan

  variables {
    jhub_proxy_https_enabled           = true
    jhub_proxy_https_hosts             = ["hub.example.com"]
    jupyterhub_https_type              = "secret"
    tls_secret                         = "hub-tls"
    jupyterhub_shared_password_exposed = true
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).proxy.https.type == "secret" && yamldecode(output.releases.jupyterhub.values).proxy.https.secret.name == "hub-tls"
    error_message = "the Secret must reach the chart"
  }
}

run "the_proxy_token_is_the_only_secret_among_the_values" {
  command = plan

  assert {
    condition     = output.releases.jupyterhub.secret_values == { "proxy.secretToken" = "jhub_proxy_secret_token" }
    error_message = "the proxy's token must be set by name"
  }

  assert {
    condition     = output.releases.jupyterhub.secrets["jupyterhub-secret"]["values.yaml"] == "jupyterhub_values_yaml"
    error_message = "passwords must come from the Secret"
  }

  assert {
    condition     = output.releases.jupyterhub.secrets["jupyterhub-secret"]["hub.db.password"] == "jupyterhub_database_password"
    error_message = "the database's password must come from the Secret"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).hub.existingSecret == "jupyterhub-secret"
    error_message = "the hub must read that Secret"
  }
}

run "a_new_secret_restarts_the_hub" {
  command = plan

  variables {
    environment_secrets = { MLFLOW_TRACKING_PASSWORD = "mlflow_admin_password" }
    secrets_revisions   = { jupyterhub_values_yaml = 4, jupyterhub_verify_token = 3, mlflow_admin_password = 8 }
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).hub.annotations["mlops-install/secrets-revision"] == "7"
    error_message = "what the hub reads is counted, and not the copies for notebooks"
  }
}

run "notebooks_reach_the_other_modules" {
  command = plan

  variables {
    environment         = { MLFLOW_TRACKING_URI = "http://mlflow.mlflow.svc.cluster.local" }
    environment_secrets = { PREFECT_API_AUTH_STRING = "prefect_auth_string" }
    egress_namespaces   = ["prefect", "mlflow"]
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.extraEnv.MLFLOW_TRACKING_URI == "http://mlflow.mlflow.svc.cluster.local"
    error_message = "addresses are in the environment"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.extraEnv.PREFECT_API_AUTH_STRING.valueFrom.secretKeyRef == { name = "notebook-secret", key = "PREFECT_API_AUTH_STRING" }
    error_message = "secrets are in the environment by reference"
  }

  assert {
    condition     = output.releases.jupyterhub.secrets["notebook-secret"]["PREFECT_API_AUTH_STRING"] == "prefect_auth_string"
    error_message = "the hub's namespace needs a copy of the secret"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.networkPolicy.egress[0].to[0].namespaceSelector.matchExpressions[0].values == ["mlflow", "prefect"]
    error_message = "the network policy must let notebooks through"
  }
}

run "an_ingress_publishes_the_hub" {
  command = plan

  variables {
    domain                             = "example.com"
    ingress_class                      = "traefik"
    cert_manager_issuer                = "letsencrypt"
    jupyterhub_shared_password_exposed = true
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).ingress.enabled && yamldecode(output.releases.jupyterhub.values).ingress.ingressClassName == "traefik" && yamldecode(output.releases.jupyterhub.values).ingress.hosts[0] == "jupyterhub.example.com"
    error_message = "the ingress must have class and host"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).ingress.annotations["cert-manager.io/cluster-issuer"] == "letsencrypt" && yamldecode(output.releases.jupyterhub.values).ingress.tls[0].secretName == "jupyterhub-tls"
    error_message = "cert-manager makes the certificate"
  }

  assert {
    condition     = output.addresses.outside == "https://jupyterhub.example.com"
    error_message = "the address is the ingress's"
  }
}

run "a_gateway_publishes_the_hub" {
  command = plan

  variables {
    domain                             = "example.com"
    gateway_name                       = "public"
    gateway_namespace                  = "gateways"
    jupyterhub_shared_password_exposed = true
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).httpRoute.enabled && yamldecode(output.releases.jupyterhub.values).httpRoute.hostnames[0] == "jupyterhub.example.com"
    error_message = "the route must have the host"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).httpRoute.gateway == { name = "public", namespace = "gateways" }
    error_message = "the route must name the gateway"
  }
}

run "a_hub_that_is_not_exposed_has_no_ingress" {
  command = plan

  variables {
    domain             = "example.com"
    ingress_class      = "traefik"
    jupyterhub_exposed = false
  }

  assert {
    condition     = !can(yamldecode(output.releases.jupyterhub.values).ingress)
    error_message = "there must be no ingress"
  }

  assert {
    condition     = output.addresses.outside == ""
    error_message = "there is no address from outside"
  }
}

run "a_mirror_holds_every_image" {
  command = plan

  variables {
    image_registry = "registry.example.com:5000/mirror/"
  }

  assert {
    condition     = alltrue([for name in [yamldecode(output.releases.jupyterhub.values).hub.image.name, yamldecode(output.releases.jupyterhub.values).proxy.chp.image.name, yamldecode(output.releases.jupyterhub.values).proxy.traefik.image.name, yamldecode(output.releases.jupyterhub.values).proxy.secretSync.image.name, yamldecode(output.releases.jupyterhub.values).singleuser.networkTools.image.name] : startswith(name, "registry.example.com:5000/mirror/")])
    error_message = "every image must come from the mirror"
  }
}

run "an_image_of_ones_own_is_taken_apart" {
  command = plan

  variables {
    singleuser_image = "registry.example.com:5000/team/notebook:2026.1"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.image.name == "registry.example.com:5000/team/notebook" && yamldecode(output.releases.jupyterhub.values).singleuser.image.tag == "2026.1"
    error_message = "name and tag are parted at the last colon"
  }
}

run "empty_pull_secrets_are_left_out" {
  command = plan

  variables {
    singleuser_image_pull_secrets = [{ name = "" }, { name = "regcred" }]
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.image.pullSecrets == ["regcred"]
    error_message = "only named ones stay"
  }
}

run "environments_keep_what_was_given" {
  command = plan

  variables {
    singleuser_profile_list = [
      { display_name = "CPU", description = "Small", default = true, kubespawner_override = { image = "example/cpu:1" } },
      { display_name = "Large", kubespawner_override = { image = "example/cpu:1", mem_limit = "8G" } },
    ]
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.profileList[0].default && yamldecode(output.releases.jupyterhub.values).singleuser.profileList[0].kubespawner_override.image == "example/cpu:1"
    error_message = "the default one has its image"
  }

  assert {
    condition     = !can(yamldecode(output.releases.jupyterhub.values).singleuser.profileList[1].default) && yamldecode(output.releases.jupyterhub.values).singleuser.profileList[1].kubespawner_override.mem_limit == "8G"
    error_message = "another one isn't marked at all"
  }

  assert {
    condition     = alltrue([for profile in yamldecode(output.releases.jupyterhub.values).singleuser.profileList : length(profile.kubespawner_override.init_containers) == 0 && profile.kubespawner_override.cmd == ["jupyterhub-singleuser"] && profile.kubespawner_override.environment == { PATH = null }])
    error_message = "an image of its own takes nothing of the environment"
  }
}

run "the_footprint_counts_a_notebook" {
  command = plan

  assert {
    condition     = output.footprint == { cpu = 0.12, memory = 1344, disk = 954, largest_pod = { cpu = 0.05, memory = 1024 } }
    error_message = "hub, proxy and one notebook"
  }
}

run "every_pod_says_what_it_requests" {
  command = plan

  variables {
    jhub_proxy_https_enabled                   = true
    jhub_proxy_https_hosts                     = ["hub.example.com"]
    jhub_proxy_https_letsencrypt_contact_email = "ops@example.com"
    jupyterhub_shared_password_exposed         = true
    singleuser_cpu_guarantee                   = 0.5
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.cpu.guarantee == 0.5 && output.footprint.largest_pod.cpu == 0.5
    error_message = "a notebook asks for CPU, as a quota demands"
  }

  assert {
    condition     = alltrue([for part in ["traefik", "secretSync"] : can(yamldecode(output.releases.jupyterhub.values).proxy[part].resources.requests.memory)])
    error_message = "so does the pod that gets the certificate"
  }

  assert {
    condition     = output.footprint.memory == 1344 + 96
    error_message = "which is counted where there is one"
  }
}

run "the_home_lies_in_the_storage_class_asked_for" {
  command = plan

  variables {
    storage_class = "fast"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.storage.dynamic.storageClass == "fast"
    error_message = "the storage class must reach the chart"
  }
}

run "rejects_namespace_with_capitals" {
  command = plan

  variables {
    jupyterhub_namespace = "Lab"
  }

  expect_failures = [var.jupyterhub_namespace]
}

run "notebooks_are_in_the_environment" {
  command = plan

  variables {
    environment_pod = {
      image            = "registry.example.com/base:1"
      pull_policy      = "IfNotPresent"
      pull_secrets     = [{ name = "mirror" }]
      init_containers  = [{ name = "environment" }]
      volumes          = [{ name = "environment", emptyDir = {} }]
      volume_mounts    = [{ name = "environment", mountPath = "/opt/environment" }]
      security_context = { runAsUser = 1000 }
      folder           = "/opt/environment"
      variables        = { PATH = "/opt/environment/bin:/usr/bin" }
      index_port       = 8080
      digest           = "d1"
      files            = { "jupyterhub-environment" = { data = { "install.py" = "" }, binary = {} } }
      secrets          = { "jupyterhub-package-index" = { user = "package_index_user" } }
    }
    deploys                       = true
    singleuser_image_pull_secrets = [{ name = "regcred" }]
    singleuser_profile_list       = [{ display_name = "Large", default = true, kubespawner_override = { mem_limit = "8G" } }]
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.image.name == "registry.example.com/base" && yamldecode(output.releases.jupyterhub.values).singleuser.image.tag == "1" && yamldecode(output.releases.jupyterhub.values).singleuser.image.pullSecrets == ["regcred", "mirror"]
    error_message = "its image"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.initContainers[0].name == "environment" && yamldecode(output.releases.jupyterhub.values).singleuser.storage.extraVolumeMounts[0].mountPath == "/opt/environment" && startswith(yamldecode(output.releases.jupyterhub.values).singleuser.extraEnv.PATH, "/opt/environment/bin:") && startswith(yamldecode(output.releases.jupyterhub.values).singleuser.cmd[0], "/opt/environment/bin/")
    error_message = "what installs it, where it is, and the server out of it"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.profileList[0].kubespawner_override == { mem_limit = "8G" }
    error_message = "a profile without an image is in the environment too"
  }

  assert {
    condition     = jsonencode([for rule in yamldecode(output.releases.jupyterhub.values).singleuser.networkPolicy.egress : [for it in rule.ports : it.port]]) == jsonencode([[443, 6443], [8080]])
    error_message = "the API server and the package index must be reached"
  }

  assert {
    condition     = yamldecode(output.releases.jupyterhub.values).singleuser.serviceAccountName == output.service_account && output.releases.jupyterhub.service_accounts == [output.service_account]
    error_message = "notebooks have a service account of their own"
  }
}

run "an_image_of_ones_own_has_nothing_of_the_environment" {
  command = plan

  variables {
    environment_pod = {
      image            = "registry.example.com/base:1"
      pull_policy      = "IfNotPresent"
      pull_secrets     = [{ name = "mirror" }]
      init_containers  = [{ name = "environment" }]
      volumes          = [{ name = "environment", emptyDir = {} }]
      volume_mounts    = [{ name = "environment", mountPath = "/opt/environment" }]
      security_context = { runAsUser = 1000 }
      folder           = "/opt/environment"
      variables        = { PATH = "/opt/environment/bin:/usr/bin" }
      index_port       = 8080
      digest           = "d1"
      files            = { "jupyterhub-environment" = { data = { "install.py" = "" }, binary = {} } }
      secrets          = { "jupyterhub-package-index" = { user = "package_index_user" } }
    }
    singleuser_image = "registry.example.com/team/notebook:1"
  }

  assert {
    condition     = !can(yamldecode(output.releases.jupyterhub.values).singleuser.cmd) && !can(yamldecode(output.releases.jupyterhub.values).singleuser.initContainers) && !can(yamldecode(output.releases.jupyterhub.values).singleuser.extraEnv.PATH) && length(output.releases.jupyterhub.files) == 0 && !contains(keys(output.releases.jupyterhub.secrets), "jupyterhub-package-index")
    error_message = "neither files, nor PATH, nor command"
  }
}
