locals {
  installed = { for release, kind in local.users : release => local.kinds[kind].image == "" }

  init_containers = { for release, kind in local.users : release => [{
    name            = "environment"
    image           = local.base
    imagePullPolicy = var.environment_image_pull_policy
    command         = ["python3", "/opt/install/install.py", local.kinds[kind].folder]
    env = concat(
      [{ name = "PACKAGE_INDEX", value = var.package_index }],
      [for variable, key in { UV_INDEX_PACKAGES_USERNAME = "user", UV_INDEX_PACKAGES_PASSWORD = "password" } : {
        name                                             = variable
        valueFrom                                        = { secretKeyRef = { name = "${release}-package-index", key = key } }
      } if var.package_index_authentication],
    )
    # uv unpacks several wheels at a time; what it writes counts as memory until it is on the disk.
    resources       = { requests = { cpu = "100m", memory = "256Mi" }, limits = { memory = "2Gi" } }
    securityContext = merge(local.security_context, { readOnlyRootFilesystem = true })
    # What the script said last becomes the container's message: `kubectl describe` and a failed apply show it.
    terminationMessagePolicy = "FallbackToLogsOnError"
    volumeMounts = [
      { name = "environment", mountPath = local.kinds[kind].folder },
      { name = "environment-files", mountPath = "/opt/install", readOnly = true },
    ]
  }] }

  volumes = { for release, kind in local.users : release => [
    { name = "environment", emptyDir = { sizeLimit = var.environment_storage_size } },
    { name = "environment-files", configMap = { name = "${release}-environment" } },
  ] }
}

output "pods" {
  description = "What an environment brings to the pods of a release, by the release's name. `files` and `secrets` are for the module release; `digest` changes when anything in it does; `index_port` is 0 where nothing is installed."
  value = { for release, kind in local.users : release => {
    image            = local.installed[release] ? local.base : local.kinds[kind].image
    pull_policy      = var.environment_image_pull_policy
    pull_secrets     = local.pull_secrets
    init_containers  = [for it in local.init_containers[release] : it if local.installed[release]]
    volumes          = [for it in local.volumes[release] : it if local.installed[release]]
    volume_mounts    = [for it in [{ name = "environment", mountPath = local.kinds[kind].folder }] : it if local.installed[release]]
    security_context = local.security_context
    folder           = local.kinds[kind].folder
    variables = merge(
      # A pod's own variable replaces the image's: behind the environment stand the usual folders.
      { PATH = "${local.kinds[kind].folder}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
      # Where the script puts what packages expect of the system and the sample image hasn't.
      { for name, value in { LD_LIBRARY_PATH = "${local.kinds[kind].folder}/lib/native" } : name => value if local.installed[release] },
    )
    index_port = local.installed[release] ? local.index_port : 0
    digest     = local.digests[kind]
    files      = { for name, files in { "${release}-environment" = local.files[kind] } : name => files if local.installed[release] }
    secrets = { for name, keys in { "${release}-package-index" = { user = "package_index_user", password = "package_index_password" } } :
      name => keys if local.installed[release] && var.package_index_authentication
    }
  } }
}
