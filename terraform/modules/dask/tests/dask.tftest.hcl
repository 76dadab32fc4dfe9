# Plans only: the module touches no cluster.

run "workers_are_what_was_asked_for" {
  command = plan

  variables {
    dask_worker_replicas = 5
    dask_worker_threads  = 2
    dask_worker_memory   = "2Gi"
    dask_worker_cpu      = "500m"
    dask_worker_command  = "dask cuda worker"
  }

  assert {
    condition     = yamldecode(output.releases["dask-cluster"].values).workers == 5 && yamldecode(output.releases["dask-cluster"].values).worker.threads == 2 && yamldecode(output.releases["dask-cluster"].values).worker.memoryLimit == "2GiB"
    error_message = "number, threads and memory must reach the workers"
  }

  assert {
    condition     = yamldecode(output.releases["dask-cluster"].values).worker.resources.requests == { cpu = "500m", memory = "2Gi" } && yamldecode(output.releases["dask-cluster"].values).worker.resources.limits.memory == "2Gi"
    error_message = "and what they request"
  }

  assert {
    condition     = join(" ", yamldecode(output.releases["dask-cluster"].values).worker.command) == "dask cuda worker"
    error_message = "and their command"
  }
}

run "scheduler_and_workers_have_the_same_image" {
  command = plan

  variables {
    dask_worker_image_repository = "ghcr.io/dask/dask"
    dask_worker_image_tag        = "2026.9.0-py3.11"
  }

  assert {
    condition     = yamldecode(output.releases["dask-cluster"].values).image.scheduler == "ghcr.io/dask/dask:2026.9.0-py3.11" && yamldecode(output.releases["dask-cluster"].values).image.worker == yamldecode(output.releases["dask-cluster"].values).image.scheduler
    error_message = "different versions of Dask don't understand each other"
  }
}

run "a_scheduler_may_have_an_image_of_its_own" {
  command = plan

  variables {
    dask_worker_image_repository     = "registry.example.com/dask-cuda"
    dask_worker_image_tag            = "2026.8.0"
    dask_worker_image_pull_policy    = "Always"
    dask_scheduler_image_repository  = "registry.example.com/dask"
    dask_scheduler_image_tag         = "2026.8.0"
    dask_scheduler_image_pull_policy = "Never"
  }

  assert {
    condition     = yamldecode(output.releases["dask-cluster"].values).image.scheduler == "registry.example.com/dask:2026.8.0" && yamldecode(output.releases["dask-cluster"].values).image.schedulerPullPolicy == "Never" && yamldecode(output.releases["dask-cluster"].values).image.workerPullPolicy == "Always"
    error_message = "it must be used"
  }
}

run "entries_without_a_name_are_left_out" {
  command = plan

  variables {
    dask_worker_image_pull_secrets    = [{ name = "" }, { name = "regcred" }]
    dask_worker_environment_variables = [{ name = "", value = "x" }, { name = "EXTRA_PIP_PACKAGES", value = "lz4" }]
  }

  assert {
    condition     = yamldecode(output.releases["dask-cluster"].values).image.pullSecrets[0].name == "regcred" && length(yamldecode(output.releases["dask-cluster"].values).image.pullSecrets) == 1 && yamldecode(output.releases["dask-operator"].values).imagePullSecrets[0].name == "regcred"
    error_message = "pull secrets"
  }

  assert {
    condition     = length(yamldecode(output.releases["dask-cluster"].values).worker.env) == 1 && yamldecode(output.releases["dask-cluster"].values).worker.env[0] == { name = "EXTRA_PIP_PACKAGES", value = "lz4" }
    error_message = "environment variables"
  }
}

run "the_cluster_is_a_chart_of_our_own" {
  command = plan

  assert {
    condition     = output.releases["dask-cluster"].repository == "" && endswith(output.releases["dask-cluster"].chart, "/chart")
    error_message = "a folder, from no repository"
  }

  assert {
    condition     = output.releases["dask-cluster"].version == yamldecode(file("./chart/Chart.yaml")).version
    error_message = "with its own version"
  }

  assert {
    condition     = yamldecode(output.releases["dask-operator"].values).fullnameOverride == "dask-operator"
    error_message = "after the operator"
  }
}

run "nothing_is_published_unless_asked_for" {
  command = plan

  variables {
    domain        = "example.com"
    ingress_class = "traefik"
  }

  assert {
    condition     = !yamldecode(output.releases["dask-cluster"].values).ingress.enabled && !yamldecode(output.releases["dask-cluster"].values).httpRoute.enabled && output.addresses.outside == ""
    error_message = "the dashboard asks for no password"
  }
}

run "an_ingress_publishes_the_dashboard" {
  command = plan

  variables {
    domain        = "example.com"
    ingress_class = "traefik"
    tls_secret    = "wildcard"
    dask_exposed  = true
  }

  assert {
    condition     = yamldecode(output.releases["dask-cluster"].values).ingress.enabled && yamldecode(output.releases["dask-cluster"].values).ingress.host == "dask.example.com" && yamldecode(output.releases["dask-cluster"].values).ingress.tlsSecret == "wildcard" && yamldecode(output.releases["dask-cluster"].values).ingress.className == "traefik"
    error_message = "the ingress must have class, host and certificate"
  }
}

run "a_gateway_publishes_the_dashboard" {
  command = plan

  variables {
    domain       = "example.com"
    gateway_name = "public"
    dask_exposed = true
  }

  assert {
    condition     = yamldecode(output.releases["dask-cluster"].values).httpRoute.enabled && yamldecode(output.releases["dask-cluster"].values).httpRoute.host == "dask.example.com" && yamldecode(output.releases["dask-cluster"].values).httpRoute.gateway.name == "public"
    error_message = "the route must name gateway and host"
  }
}

run "a_mirror_holds_every_image" {
  command = plan

  variables {
    image_registry               = "registry.example.com/mirror"
    dask_worker_image_repository = "ghcr.io/dask/dask"
    dask_worker_image_tag        = "2026.8.0-py3.11"
  }

  assert {
    condition     = yamldecode(output.releases["dask-operator"].values).image.name == "registry.example.com/mirror/dask/dask-kubernetes-operator" && yamldecode(output.releases["dask-cluster"].values).image.worker == "registry.example.com/mirror/dask/dask:2026.8.0-py3.11"
    error_message = "operator and cluster"
  }
}

run "health_counts_the_workers" {
  command = plan

  variables {
    dask_worker_replicas = 2
  }

  assert {
    condition     = output.health.counts.workers == 2 && output.environment.plain.DASK_SCHEDULER_ADDRESS == "tcp://dask-scheduler.dask.svc.cluster.local:8786"
    error_message = "a scheduler without workers is no cluster"
  }
}

run "the_footprint_counts_every_worker" {
  command = plan

  variables {
    dask_worker_replicas = 2
  }

  assert {
    condition     = abs(output.footprint.cpu - 0.65) < 0.001 && output.footprint.memory == 160 + 256 + 2 * 1024 && output.footprint.largest_pod.memory == 1024
    error_message = "operator, scheduler and two workers"
  }
}

run "the_cluster_is_waited_for_a_little_less_than_by_helm" {
  command = plan

  variables {
    dask_timeout = 120
  }

  assert {
    condition     = yamldecode(output.releases["dask-cluster"].values).timeout == 90 && output.releases["dask-cluster"].timeout == 120
    error_message = "so that the Job says what it waited for"
  }
}

run "scheduler_and_workers_are_in_the_environment" {
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
      files            = { "dask-cluster-environment" = { data = { "install.py" = "" }, binary = {} } }
      secrets          = { "dask-cluster-package-index" = { user = "package_index_user" } }
    }
    environment         = { MLFLOW_TRACKING_URI = "http://mlflow", DASK_SCHEDULER_ADDRESS = "tcp://other:8786" }
    environment_secrets = { MLFLOW_TRACKING_PASSWORD = "mlflow_admin_password" }
    secrets_revisions   = { mlflow_admin_password = 3 }
  }

  assert {
    condition     = yamldecode(output.releases["dask-cluster"].values).image.worker == "registry.example.com/base:1" && yamldecode(output.releases["dask-cluster"].values).image.scheduler == "registry.example.com/base:1" && yamldecode(output.releases["dask-cluster"].values).pod.initContainers[0].name == "environment"
    error_message = "its image, and what installs it"
  }

  assert {
    condition     = jsonencode([for it in yamldecode(output.releases["dask-cluster"].values).pod.env : it.name]) == jsonencode(["PATH", "DO_NOT_TRACK", "MLFLOW_DISABLE_TELEMETRY", "MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_PASSWORD"])
    error_message = "addresses and logins; the scheduler's comes from the operator"
  }

  assert {
    condition     = output.releases["dask-cluster"].secrets["dask-logins"].MLFLOW_TRACKING_PASSWORD == "mlflow_admin_password" && yamldecode(output.releases["dask-cluster"].values).pod.secretsRevision == 3 && yamldecode(output.releases["dask-cluster"].values).pod.digest == "d1"
    error_message = "a new password, or another environment, makes new pods"
  }

  assert {
    condition     = contains(keys(output.releases["dask-cluster"].files), "dask-cluster-environment") && contains(keys(output.releases["dask-cluster"].secrets), "dask-cluster-package-index")
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
      files            = { "dask-cluster-environment" = { data = { "install.py" = "" }, binary = {} } }
      secrets          = { "dask-cluster-package-index" = { user = "package_index_user" } }
    }
    dask_worker_image_repository = "ghcr.io/dask/dask"
    dask_worker_image_tag        = "2026.8.0-py3.11"
  }

  assert {
    condition     = !contains([for it in yamldecode(output.releases["dask-cluster"].values).pod.env : it.name], "PATH") && length(yamldecode(output.releases["dask-cluster"].values).pod.initContainers) == 0 && length(output.releases["dask-cluster"].files) == 0 && length(output.releases["dask-cluster"].secrets) == 0
    error_message = "neither files nor PATH"
  }
}
