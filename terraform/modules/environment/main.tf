locals {
  registry     = trimsuffix(var.image_registry, "/")
  pull_secrets = [for secret in var.environment_image_pull_secrets : secret if secret.name != ""]

  # JupyterHub's sample image holds Python, pip and tini: one base under all pods, so that Python is the same in all.
  base = "${local.registry == "" ? "quay.io" : local.registry}/jupyterhub/k8s-singleuser-sample:4.4.0"

  kinds = {
    environment = { image = var.environment_image, folder = "/opt/environment", lock = "environment.txt", plugins = local.plugins }
    serving = { image = var.serving_image, folder = "/opt/serving", lock = "serving.txt"
      # What notebooks and flow runs have besides libraries is nothing for a model.
      plugins = { for path, text in local.plugins : path => text if startswith(path, "mlflow-seldon/") }
    }
  }

  # Which release's pods run in which of the two.
  users = {
    jupyterhub     = "environment"
    dask-cluster   = "environment"
    prefect-worker = "environment"
    seldon-serving = "serving"
  }

  plugins = { for name in fileset("${path.module}/plugins", "**") : name => file("${path.module}/plugins/${name}")
  if can(regex("[.](py|typed|toml|md|ipynb)$", name)) && !can(regex("(^|/)([.]|__pycache__|tests/|build/)", name)) }

  files = { for kind, it in local.kinds : kind => {
    data = {
      "install.py"   = file("${path.module}/install.py")
      "uv.txt"       = file("${path.module}/uv.txt")
      "packages.txt" = var.environment_packages[kind]
      "plugins.json" = jsonencode(it.plugins)
    }
    # Hashes don't get smaller by it, the rest does: a ConfigMap holds 1 MiB.
    binary = { "lock.txt.gz" = base64gzip(file("${path.module}/${it.lock}")) }
  } }
  digests = { for kind, files in local.files : kind => substr(sha256(jsonencode([files, local.kinds[kind].image])), 0, 16) }

  security_context = {
    allowPrivilegeEscalation = false
    capabilities             = { drop = ["ALL"] }
    runAsNonRoot             = true
    # The sample image's user by number: by name, Kubernetes can't tell that it isn't root.
    runAsUser      = 1000
    seccompProfile = { type = "RuntimeDefault" }
  }

  index_parts = regex("^(https?)://[^/:]+(?::([0-9]+))?", var.package_index)
  index_port  = local.index_parts[1] != null ? tonumber(local.index_parts[1]) : local.index_parts[0] == "https" ? 443 : 80
}
