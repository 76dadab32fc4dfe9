# Plans only: the module touches no cluster.

run "the_last_apache_licensed_version_is_the_default" {
  command = plan

  assert {
    condition     = output.releases["seldon-core-operator"].version == "1.17.1"
    error_message = "1.18 and later are under another licence"
  }

  assert {
    condition     = !yamldecode(output.releases["seldon-core-operator"].values).usageMetrics.enabled && !yamldecode(output.releases["seldon-core-operator"].values).istio.enabled && !yamldecode(output.releases["seldon-core-operator"].values).certManager.enabled && !yamldecode(output.releases["seldon-core-operator"].values).ambassador.enabled
    error_message = "nothing is reported, and nothing expected that may not be there"
  }
}

run "a_later_version_needs_its_licence_accepted" {
  command = plan

  variables {
    seldon_version          = "1.18.2"
    seldon_licence_accepted = true
  }

  assert {
    condition     = output.releases["seldon-core-operator"].version == "1.18.2"
    error_message = "accepted, it is installed"
  }
}

run "switches_reach_the_operator" {
  command = plan

  variables {
    seldon_usage_metrics_enabled = true
    seldon_istio_enabled         = true
    seldon_istio_gateway         = "gateways/models"
    seldon_cert_manager_enabled  = true
  }

  assert {
    condition     = yamldecode(output.releases["seldon-core-operator"].values).usageMetrics.enabled && yamldecode(output.releases["seldon-core-operator"].values).istio == { enabled = true, gateway = "gateways/models" } && yamldecode(output.releases["seldon-core-operator"].values).certManager.enabled
    error_message = "each by its name"
  }
}

run "the_sample_model_is_a_chart_of_our_own" {
  command = plan

  assert {
    condition     = output.releases["seldon-model"].repository == "" && output.releases["seldon-model"].version == yamldecode(file("./chart/Chart.yaml")).version
    error_message = "a folder with a version of its own"
  }

  assert {
    condition     = output.environment.plain.SELDON_URL == "http://seldon-router.seldon.svc.cluster.local:8000" && output.health.path == "/v2/models/iris/ready" && output.health.service == "seldon-router"
    error_message = "it is reached as every model is"
  }
}

run "without_the_sample_models_have_an_address_all_the_same" {
  command = plan

  variables {
    seldon_sample_model = false
  }

  assert {
    condition     = keys(output.releases) == ["seldon-core-operator", "seldon-serving"] && output.health.path == "/health" && output.addresses.in_cluster == "http://seldon-router.seldon.svc.cluster.local:8000" && output.footprint.memory == 164
    error_message = "operator and router"
  }
}

run "nothing_is_published_unless_asked_for" {
  command = plan

  variables {
    domain        = "example.com"
    ingress_class = "traefik"
  }

  assert {
    condition     = !yamldecode(output.releases["seldon-serving"].values).ingress.enabled && !yamldecode(output.releases["seldon-serving"].values).httpRoute.enabled && output.addresses.outside == ""
    error_message = "models ask for no password"
  }
}

run "an_ingress_publishes_the_models" {
  command = plan

  variables {
    domain         = "example.com"
    ingress_class  = "traefik"
    tls_secret     = "wildcard"
    seldon_exposed = true
  }

  assert {
    condition     = yamldecode(output.releases["seldon-serving"].values).ingress.enabled && yamldecode(output.releases["seldon-serving"].values).ingress.host == "seldon.example.com" && yamldecode(output.releases["seldon-serving"].values).ingress.tlsSecret == "wildcard" && output.addresses.outside == "https://seldon.example.com"
    error_message = "the ingress must have host and certificate"
  }
}

run "a_gateway_publishes_the_models" {
  command = plan

  variables {
    domain         = "example.com"
    gateway_name   = "public"
    seldon_exposed = true
  }

  assert {
    condition     = yamldecode(output.releases["seldon-serving"].values).httpRoute.enabled && yamldecode(output.releases["seldon-serving"].values).httpRoute.host == "seldon.example.com" && yamldecode(output.releases["seldon-serving"].values).httpRoute.gateway.name == "public"
    error_message = "the route must name gateway and host"
  }
}

run "a_mirror_holds_every_image" {
  command = plan

  variables {
    image_registry            = "registry.example.com/mirror"
    seldon_image_pull_secrets = [{ name = "" }, { name = "regcred" }]
  }

  assert {
    condition     = yamldecode(output.releases["seldon-core-operator"].values).image.registry == "registry.example.com/mirror" && yamldecode(output.releases["seldon-core-operator"].values).executor.image.registry == "registry.example.com/mirror" && yamldecode(output.releases["seldon-core-operator"].values).storageInitializer.image == "registry.example.com/mirror/seldonio/rclone-storage-initializer:1.17.1"
    error_message = "the operator's and what it starts"
  }

  assert {
    condition     = yamldecode(output.releases["seldon-core-operator"].values).predictor_servers.SKLEARN_SERVER.protocols.v2.image == "registry.example.com/mirror/seldonio/mlserver"
    error_message = "the model servers'"
  }

  assert {
    condition     = yamldecode(output.releases["seldon-serving"].values).router.image == "registry.example.com/mirror/jupyterhub/configurable-http-proxy:5.2.0" && yamldecode(output.releases["seldon-serving"].values).pullSecrets == [{ name = "regcred" }]
    error_message = "and the router's"
  }
}

run "the_footprint_counts_the_container_beside_the_model" {
  command = plan

  variables {
    seldon_model_memory = "1Gi"
  }

  assert {
    condition     = output.footprint.memory == 164 + 1024 + 64 && abs(output.footprint.cpu - 0.17) < 0.001 && output.footprint.largest_pod.memory == 1088
    error_message = "operator, router, model and Seldon's container"
  }
}

run "rules_hold_only_when_it_is_installed" {
  command = plan

  variables {
    install_seldon = false
    seldon_version = "1.18.2"
  }
}

run "the_sample_is_made_from_the_template_of_every_model" {
  command = plan

  variables {
    environment_pod = {
      image            = "registry.example.com/base:1"
      pull_policy      = "IfNotPresent"
      pull_secrets     = [{ name = "mirror" }]
      init_containers  = [{ name = "environment" }]
      volumes          = [{ name = "environment", emptyDir = {} }]
      volume_mounts    = [{ name = "environment", mountPath = "/opt/serving" }]
      security_context = { runAsUser = 1000 }
      folder           = "/opt/serving"
      variables        = { PATH = "/opt/serving/bin:/usr/bin" }
      index_port       = 8080
      digest           = "d1"
      files            = { "seldon-serving-environment" = { data = { "install.py" = "" }, binary = {} } }
      secrets          = { "seldon-serving-package-index" = { user = "package_index_user" } }
    }
    artifact_root         = "s3://mlflow/artifacts/"
    object_store_endpoint = "http://store:8333"
  }

  assert {
    condition     = jsondecode(output.releases["seldon-serving"].files["seldon-serving"].data["artifacts.json"]) == { root = "s3://mlflow/artifacts" }
    error_message = "where MLflow's artifacts are"
  }

  assert {
    condition     = jsondecode(output.releases["seldon-serving"].files["seldon-serving"].data["template.json"]).metadata.name == "@NAME@" && jsondecode(output.releases["seldon-serving"].files["seldon-serving"].data["template.json"]).spec.predictors[0].componentSpecs[0].spec.containers[0].readinessProbe.httpGet.path == "/v2/models/@NAME@/ready"
    error_message = "what differs stands between @"
  }

  assert {
    condition     = jsonencode(yamldecode(output.releases["seldon-model"].values).deployment) == replace(replace(replace(replace(output.releases["seldon-serving"].files["seldon-serving"].data["template.json"], "@NAME@", "iris"), "@MODEL@", "sample"), "@VERSION@", "1"), "@URI@", "sample:iris")
    error_message = "the sample differs by these alone"
  }

  assert {
    condition     = alltrue([for it in yamldecode(output.releases["seldon-model"].values).deployment.spec.predictors[0].componentSpecs[0].spec.containers[0].env : !can(regex("PORT|PREDICTIVE_UNIT", it.name))])
    error_message = "Seldon's operator drops every variable before one that it sets itself"
  }

  assert {
    condition     = jsonencode([for it in yamldecode(output.releases["seldon-model"].values).deployment.spec.predictors[0].componentSpecs[0].spec.initContainers : it.name]) == jsonencode(["environment", "model-files"]) && yamldecode(output.releases["seldon-model"].values).deployment.spec.predictors[0].componentSpecs[0].spec.containers[0].command[0] == "/opt/serving/bin/mlserver"
    error_message = "the serving environment, then the model's files, then the server"
  }

  assert {
    condition     = output.releases["seldon-serving"].secrets["seldon-object-store"] == { access_key = "seldon_object_store_access_key", secret_key = "seldon_object_store_secret_key" }
    error_message = "the keys by which files are read"
  }
}

run "notebooks_and_flow_runs_may_deploy" {
  command = plan

  variables {
    deployers = [{ namespace = "jhub", name = "notebook" }]
  }

  assert {
    condition     = yamldecode(output.releases["seldon-serving"].values).deployers == [{ namespace = "jhub", name = "notebook" }] && output.environment.plain.SELDON_NAMESPACE == "seldon"
    error_message = "by a Role, and they know where"
  }
}

run "unless_it_is_switched_off" {
  command = plan

  variables {
    seldon_deploy_from_notebooks = false
    deployers                    = [{ namespace = "jhub", name = "notebook" }]
  }

  assert {
    condition     = length(yamldecode(output.releases["seldon-serving"].values).deployers) == 0 && !can(output.environment.plain.SELDON_NAMESPACE)
    error_message = "no Role, and no namespace named"
  }
}

run "a_model_needs_no_limit" {
  command = plan

  variables {
    seldon_model_memory_limit = ""
  }

  assert {
    condition     = !can(yamldecode(output.releases["seldon-model"].values).deployment.spec.predictors[0].componentSpecs[0].spec.containers[0].resources.limits)
    error_message = "empty for none"
  }
}
