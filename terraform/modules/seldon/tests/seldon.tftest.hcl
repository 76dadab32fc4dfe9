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
    condition     = output.environment.plain.SELDON_URL == "http://iris-default.seldon.svc.cluster.local:8000" && output.health.path == "/v2/models/iris/ready"
    error_message = "notebooks reach it by the operator's Service"
  }
}

run "without_the_sample_there_is_the_operator_alone" {
  command = plan

  variables {
    seldon_sample_model = false
  }

  assert {
    condition     = length(output.releases) == 1 && output.health.kind == "deployment" && length(output.environment.plain) == 0 && output.addresses.in_cluster == "" && output.addresses.port_forward == "" && output.footprint.memory == 100
    error_message = "no model, no address"
  }
}

run "nothing_is_published_unless_asked_for" {
  command = plan

  variables {
    domain        = "example.com"
    ingress_class = "traefik"
  }

  assert {
    condition     = !yamldecode(output.releases["seldon-model"].values).ingress.enabled && !yamldecode(output.releases["seldon-model"].values).httpRoute.enabled && output.addresses.outside == ""
    error_message = "models ask for no password"
  }
}

run "an_ingress_publishes_the_model" {
  command = plan

  variables {
    domain         = "example.com"
    ingress_class  = "traefik"
    tls_secret     = "wildcard"
    seldon_exposed = true
  }

  assert {
    condition     = yamldecode(output.releases["seldon-model"].values).ingress.enabled && yamldecode(output.releases["seldon-model"].values).ingress.host == "seldon.example.com" && yamldecode(output.releases["seldon-model"].values).ingress.tlsSecret == "wildcard" && output.addresses.outside == "https://seldon.example.com"
    error_message = "the ingress must have host and certificate"
  }
}

run "a_gateway_publishes_the_model" {
  command = plan

  variables {
    domain         = "example.com"
    gateway_name   = "public"
    seldon_exposed = true
  }

  assert {
    condition     = yamldecode(output.releases["seldon-model"].values).httpRoute.enabled && yamldecode(output.releases["seldon-model"].values).httpRoute.host == "seldon.example.com" && yamldecode(output.releases["seldon-model"].values).httpRoute.gateway.name == "public"
    error_message = "the route must name gateway and host"
  }
}

run "a_mirror_holds_every_image" {
  command = plan

  variables {
    image_registry                  = "registry.example.com/mirror"
    seldon_model_image_pull_policy  = "Always"
    seldon_model_image_pull_secrets = [{ name = "" }, { name = "regcred" }]
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
    condition     = yamldecode(output.releases["seldon-model"].values).image.reference == "registry.example.com/mirror/seldonio/mlserver:1.3.5-sklearn" && yamldecode(output.releases["seldon-model"].values).image.pullPolicy == "Always" && yamldecode(output.releases["seldon-model"].values).image.pullSecrets[0].name == "regcred" && length(yamldecode(output.releases["seldon-model"].values).image.pullSecrets) == 1
    error_message = "and the sample model's"
  }
}

run "the_footprint_counts_the_container_beside_the_model" {
  command = plan

  variables {
    seldon_model_memory = "1Gi"
  }

  assert {
    condition     = output.footprint.memory == 100 + 1024 + 64 && abs(output.footprint.cpu - 0.2) < 0.001 && output.footprint.largest_pod.memory == 1088
    error_message = "operator, model and Seldon's container"
  }
}

run "rules_hold_only_when_it_is_installed" {
  command = plan

  variables {
    install_seldon = false
    seldon_version = "1.18.2"
  }
}
