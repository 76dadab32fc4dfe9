# Plans only: the module touches no cluster.

run "the_server_stands_on_the_given_database" {
  command = plan

  variables {
    database_host     = "db.example.com"
    database_port     = 6432
    database_ssl_mode = "require"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).externalDatabase.host == "db.example.com" && yamldecode(output.releases["prefect-server"].values).externalDatabase.port == "6432" && !yamldecode(output.releases["prefect-server"].values).postgresql.enabled
    error_message = "the chart's own PostgreSQL must be off"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).server.env[0] == { name = "PGSSLMODE", value = "require" } && yamldecode(output.releases["prefect-server"].values).migrations.env[0].value == "require"
    error_message = "server and migrations must connect alike"
  }
}

run "passwords_come_by_reference" {
  command = plan

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).externalDatabase.existingSecret == "prefect-database" && output.releases["prefect-server"].secrets["prefect-database"].password == "prefect_database_password"
    error_message = "the database's password"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).server.basicAuth == { enabled = true, existingSecret = "prefect-auth" } && output.releases["prefect-server"].secrets["prefect-auth"]["auth-string"] == "prefect_auth_string"
    error_message = "the administrator's, in the server"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-worker"].values).worker.selfHostedServerApiConfig.basicAuth == { enabled = true, existingSecret = "prefect-auth" }
    error_message = "and in the worker"
  }

  assert {
    condition     = output.environment.secrets.PREFECT_API_AUTH_STRING == "prefect_auth_string"
    error_message = "notebooks get it"
  }
}

run "without_passwords_nothing_of_them_stays" {
  command = plan

  variables {
    prefect_authentication = false
  }

  assert {
    condition     = !yamldecode(output.releases["prefect-server"].values).server.basicAuth.enabled && !yamldecode(output.releases["prefect-worker"].values).worker.selfHostedServerApiConfig.basicAuth.enabled && !contains(keys(output.releases["prefect-server"].secrets), "prefect-auth")
    error_message = "neither server nor worker"
  }

  assert {
    condition     = length(output.environment.secrets) == 0 && output.health.login == null
    error_message = "nor notebooks"
  }
}

run "flow_runs_are_jobs_in_the_workers_namespace" {
  command = plan

  variables {
    prefect_namespace = "flows"
    prefect_job_image = "registry.example.com/flows:1"
    prefect_job_ttl   = 60
    prefect_work_pool = "team"
  }

  assert {
    condition     = jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).variables.properties.namespace.default == "flows" && jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).variables.properties.image.default == "registry.example.com/flows:1" && jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).variables.properties.finished_job_ttl.default == 60
    error_message = "the pool's defaults must be those given"
  }

  assert {
    condition     = jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).job_configuration.job_manifest.spec.template.spec.parallelism == 1 && jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).job_configuration.namespace == "{{ namespace }}"
    error_message = "Prefect must accept the template"
  }

  assert {
    condition     = alltrue([for name in ["cpu_request", "memory_request"] : can(jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).variables.properties[name].default)])
    error_message = "a quota of the namespace refuses a run's pod that doesn't say what it requests"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-worker"].values).worker.config.workPool == "team" && yamldecode(output.releases["prefect-worker"].values).worker.selfHostedServerApiConfig.apiUrl == "http://prefect-server.flows.svc.cluster.local:4200/api"
    error_message = "the worker must take the pool's runs from this server"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-worker"].values).worker.apiConfig == "selfHostedServer"
    error_message = "and not from Prefect Cloud"
  }
}

run "versions_of_server_and_worker_agree" {
  command = plan

  variables {
    prefect_version_tag = "3.9.0-python3.12"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).global.prefect.image.prefectTag == "3.9.0-python3.12" && yamldecode(output.releases["prefect-worker"].values).worker.image.prefectTag == "3.9.0-python3.12-kubernetes"
    error_message = "one tag for both"
  }
}

run "pages_call_the_address_that_browsers_reach" {
  command = plan

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).server.uiConfig.prefectUiApiUrl == "http://localhost:4200/api"
    error_message = "by a port-forward"
  }
}

run "an_ingress_publishes_it" {
  command = plan

  variables {
    domain        = "example.com"
    ingress_class = "traefik"
    tls_secret    = "wildcard"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).ingress.className == "traefik" && yamldecode(output.releases["prefect-server"].values).ingress.host.hostname == "prefect.example.com" && yamldecode(output.releases["prefect-server"].values).ingress.extraTls[0].secretName == "wildcard"
    error_message = "the ingress must have class, host and certificate"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).server.uiConfig.prefectUiApiUrl == "https://prefect.example.com/api" && output.addresses.outside == "https://prefect.example.com"
    error_message = "pages must call it by that name"
  }
}

run "a_gateway_publishes_it" {
  command = plan

  variables {
    domain            = "example.com"
    gateway_name      = "public"
    gateway_namespace = "gateways"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).gateway == { enabled = true, create = false } && yamldecode(output.releases["prefect-server"].values).httproute.hostnames[0] == "prefect.example.com" && yamldecode(output.releases["prefect-server"].values).httproute.parentRefs[0] == { name = "public", namespace = "gateways" }
    error_message = "the route must name gateway and host"
  }
}

run "a_given_address_of_the_api_stays" {
  command = plan

  variables {
    prefect_ui_api_url = "https://flows.example.org/api"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).server.uiConfig.prefectUiApiUrl == "https://flows.example.org/api"
    error_message = "it must be used"
  }
}

run "without_a_worker_there_is_the_server_alone" {
  command = plan

  variables {
    prefect_worker_enabled = false
  }

  assert {
    condition     = length(output.releases) == 1
    error_message = "one release"
  }

  assert {
    condition     = output.footprint.memory == 512 && output.health.work_pool == null
    error_message = "and its size"
  }
}

run "a_mirror_holds_every_image" {
  command = plan

  variables {
    image_registry = "registry.example.com/mirror"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).global.prefect.image.repository == "registry.example.com/mirror/prefecthq/prefect" && yamldecode(output.releases["prefect-worker"].values).worker.image.repository == "registry.example.com/mirror/prefecthq/prefect"
    error_message = "server and worker"
  }
}

run "jobs_pull_with_the_same_secrets" {
  command = plan

  variables {
    prefect_image_pull_secrets = [{ name = "" }, { name = "regcred" }]
  }

  assert {
    condition     = jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).job_configuration.job_manifest.spec.template.spec.imagePullSecrets[0].name == "regcred" && yamldecode(output.releases["prefect-server"].values).global.prefect.image.pullSecrets == ["regcred"]
    error_message = "those without a name are left out"
  }
}

run "a_new_login_restarts_both" {
  command = plan

  variables {
    secrets_revisions = { prefect_auth_string = 4 }
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).server.podAnnotations["mlops-install/secrets-revision"] == "4" && yamldecode(output.releases["prefect-worker"].values).worker.podAnnotations["mlops-install/secrets-revision"] == "4"
    error_message = "the revision must be on both pods"
  }
}

run "a_new_password_of_the_database_restarts_the_server_alone" {
  command = plan

  variables {
    secrets_revisions = { prefect_database_password = 2 }
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).server.podAnnotations["mlops-install/secrets-revision"] == "2" && yamldecode(output.releases["prefect-worker"].values).worker.podAnnotations["mlops-install/secrets-revision"] == "0"
    error_message = "the worker talks to the server alone"
  }
}

run "without_authentication_the_worker_reads_no_secret" {
  command = plan

  variables {
    prefect_authentication = false
    secrets_revisions      = { prefect_auth_string = 4 }
  }

  assert {
    condition     = yamldecode(output.releases["prefect-worker"].values).worker.podAnnotations["mlops-install/secrets-revision"] == "0"
    error_message = "a password that isn't asked for restarts nothing"
  }
}

run "a_large_request_raises_the_limit" {
  command = plan

  variables {
    prefect_memory = "3Gi"
    prefect_cpu    = "2"
  }

  assert {
    condition     = yamldecode(output.releases["prefect-server"].values).server.resources.limits == { cpu = "4", memory = "6144Mi" }
    error_message = "a request above its limit would be refused"
  }
}

run "the_footprint_counts_every_worker" {
  command = plan

  variables {
    prefect_worker_replicas = 3
  }

  assert {
    condition     = output.footprint.memory == 512 + 3 * 256 && abs(output.footprint.cpu - 0.4) < 0.001 && output.footprint.largest_pod.memory == 512
    error_message = "server and three workers"
  }
}

run "flow_runs_are_in_the_environment" {
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
      files            = { "prefect-worker-environment" = { data = { "install.py" = "" }, binary = {} } }
      secrets          = { "prefect-worker-package-index" = { user = "package_index_user" } }
    }
    environment         = { MLFLOW_TRACKING_URI = "http://mlflow" }
    environment_secrets = { MLFLOW_TRACKING_PASSWORD = "mlflow_admin_password" }
  }

  assert {
    condition     = jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).variables.properties.image.default == "registry.example.com/base:1" && jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).variables.properties.init_containers.default[0].name == "environment"
    error_message = "its image, and what installs it"
  }

  assert {
    condition     = jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).job_configuration.job_manifest.spec.template.spec.volumes[0].name == "environment" && jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).job_configuration.job_manifest.spec.template.spec.containers[0].volumeMounts[0].mountPath == "/opt/environment"
    error_message = "and where it is"
  }

  assert {
    condition     = output.releases["prefect-worker"].files["flow-runs"].data.PATH == "/opt/environment/bin:/usr/bin" && output.releases["prefect-worker"].files["flow-runs"].data.MLFLOW_TRACKING_URI == "http://mlflow" && output.releases["prefect-worker"].secrets["flow-runs"].MLFLOW_TRACKING_PASSWORD == "mlflow_admin_password"
    error_message = "addresses and logins are those of notebooks"
  }

  assert {
    condition     = contains(keys(output.releases["prefect-worker"].files), "prefect-worker-environment") && contains(keys(output.releases["prefect-worker"].secrets), "prefect-worker-package-index") && output.releases["prefect-worker"].service_accounts == [output.service_account]
    error_message = "the namespace gets what its pods read"
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
      files            = { "prefect-worker-environment" = { data = { "install.py" = "" }, binary = {} } }
      secrets          = { "prefect-worker-package-index" = { user = "package_index_user" } }
    }
    prefect_job_image = "registry.example.com/flows:1"
  }

  assert {
    condition     = keys(output.releases["prefect-worker"].files) == ["flow-runs"] && !contains(keys(output.releases["prefect-worker"].files["flow-runs"].data), "PATH") && length(output.releases["prefect-worker"].secrets) == 0
    error_message = "no files and no PATH"
  }

  assert {
    condition     = !can(jsondecode(yamldecode(output.releases["prefect-worker"].values).worker.config.baseJobTemplate.configuration).job_configuration.job_manifest.spec.template.spec.volumes)
    error_message = "no volume"
  }
}
