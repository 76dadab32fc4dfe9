# Plans only: the module touches no cluster.

run "without_an_image_each_pod_installs_it" {
  command = plan

  variables {
    singleuser_packages  = ["polars"]
    environment_packages = { environment = "polars==1.30.0 --hash=sha256:ab\n", serving = "polars==1.30.0 --hash=sha256:ab\npyarrow==25.0.1 --hash=sha256:cd\n" }
    image_registry       = "registry.example.com/mirror/"
  }

  assert {
    condition     = alltrue([for release, pod in output.pods : pod.image == "registry.example.com/mirror/jupyterhub/k8s-singleuser-sample:4.4.0" && pod.init_containers[0].image == pod.image])
    error_message = "one base under all, so that Python is the same"
  }

  assert {
    condition     = alltrue([for release, pod in output.pods : pod.volumes[1].configMap.name == "${release}-environment" && contains(keys(pod.files), "${release}-environment")])
    error_message = "two releases may share a namespace: each has files of its own"
  }

  assert {
    condition     = output.pods["jupyterhub"].files["jupyterhub-environment"].data["packages.txt"] == var.environment_packages.environment && output.pods["seldon-serving"].files["seldon-serving-environment"].data["packages.txt"] == var.environment_packages.serving
    error_message = "the packages reach served models too"
  }

  assert {
    condition     = output.pods["jupyterhub"].files == { "jupyterhub-environment" = output.pods["dask-cluster"].files["dask-cluster-environment"] } && output.pods["jupyterhub"].digest == output.pods["prefect-worker"].digest
    error_message = "one environment"
  }

  assert {
    condition     = contains(keys(jsondecode(output.pods["jupyterhub"].files["jupyterhub-environment"].data["plugins.json"])), "mlops-environment/pyproject.toml") && alltrue([for path in keys(jsondecode(output.pods["seldon-serving"].files["seldon-serving-environment"].data["plugins.json"])) : startswith(path, "mlflow-seldon/")])
    error_message = "with what it has besides libraries, of which models need one half"
  }

  assert {
    condition     = output.pods["seldon-serving"].folder == "/opt/serving" && startswith(output.pods["seldon-serving"].variables.PATH, "/opt/serving/bin:") && output.pods["seldon-serving"].digest != output.pods["jupyterhub"].digest
    error_message = "and one for serving"
  }

  assert {
    condition     = alltrue(flatten([for release, pod in output.pods : [for name, files in pod.files : length(jsonencode(files)) < 900000]]))
    error_message = "a ConfigMap holds 1 MiB"
  }
}

run "the_package_index_is_given_by_reference" {
  command = plan

  variables {
    package_index                = "https://pypi.example.com:8443/simple"
    package_index_authentication = true
  }

  assert {
    condition     = output.pods["jupyterhub"].secrets == { "jupyterhub-package-index" = { user = "package_index_user", password = "package_index_password" } }
    error_message = "in a Secret"
  }

  assert {
    condition     = jsonencode([for it in output.pods["dask-cluster"].init_containers[0].env : it.name]) == jsonencode(["PACKAGE_INDEX", "UV_INDEX_PACKAGES_PASSWORD", "UV_INDEX_PACKAGES_USERNAME"]) && output.pods["dask-cluster"].init_containers[0].env[1].valueFrom.secretKeyRef == { name = "dask-cluster-package-index", key = "password" }
    error_message = "which the container's variables name"
  }

  assert {
    condition     = output.pods["jupyterhub"].index_port == 8443
    error_message = "a network policy must let it through"
  }
}

run "a_port_follows_from_the_scheme" {
  command = plan

  variables {
    package_index = "http://packages.tests.svc/simple"
  }

  assert {
    condition     = output.pods["jupyterhub"].index_port == 80 && length(output.pods["jupyterhub"].secrets) == 0
    error_message = "http is port 80"
  }
}

run "an_image_holds_it" {
  command = plan

  variables {
    environment_image              = "registry.example.com/team/environment:1.2"
    environment_image_pull_policy  = "Always"
    environment_image_pull_secrets = [{ name = "" }, { name = "regcred" }]
  }

  assert {
    condition     = output.pods["jupyterhub"].image == "registry.example.com/team/environment:1.2" && length(output.pods["jupyterhub"].init_containers) + length(output.pods["jupyterhub"].volumes) + length(output.pods["jupyterhub"].files) == 0 && !contains(keys(output.pods["jupyterhub"].variables), "LD_LIBRARY_PATH") && output.pods["jupyterhub"].index_port == 0
    error_message = "then nothing is installed"
  }

  assert {
    condition     = output.pods["prefect-worker"].pull_policy == "Always" && output.pods["prefect-worker"].pull_secrets == [{ name = "regcred" }]
    error_message = "and it is pulled as was said"
  }

  assert {
    condition     = length(output.pods["seldon-serving"].init_containers) == 1
    error_message = "the serving environment is another image"
  }
}

run "another_image_is_another_environment" {
  command = plan

  variables {
    environment_image = "registry.example.com/team/environment:1.3"
  }

  assert {
    condition     = output.pods["dask-cluster"].digest != run.an_image_holds_it.pods["dask-cluster"].digest
    error_message = "what follows no changed pod follows the digest"
  }
}
