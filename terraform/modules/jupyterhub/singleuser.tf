locals {
  # The registry's port has a colon too: the tag is what follows the last one.
  own_image        = var.singleuser_image == "" ? null : regex("^(.+):([^:/]+)$", var.singleuser_image)
  in_environment   = local.own_image == null
  image_parts      = local.in_environment ? regex("^(.+):([^:/]+)$", var.environment_pod.image) : local.own_image
  singleuser_image = { name = local.image_parts[0], tag = local.image_parts[1] }

  # An image of its own takes nothing of the environment: no installation, and the image's own commands and PATH.
  without_environment = { init_containers = [], cmd = ["jupyterhub-singleuser"], environment = { for name in keys(var.environment_pod.variables) : name => null } }

  profiles = [for profile in var.singleuser_profile_list : merge(
    { display_name = profile.display_name, description = profile.description },
    # KubeSpawner takes the first one with this key as the default, whatever its value.
    profile.default ? { default = true } : {},
    { kubespawner_override = merge(
      { for key, value in local.without_environment : key => value if local.in_environment && profile.kubespawner_override.image != null },
      { for key, value in profile.kubespawner_override : key => value if value != null },
    ) },
  )]

  # In the environment the server itself runs, too: what is in it is what the user's kernel finds.
  environment_values = { for key, value in {
    # -P: nothing that lies in the user's home is taken for a module.
    cmd            = ["${var.environment_pod.folder}/bin/python", "-P", "-m", "mlops_environment.singleuser"]
    initContainers = var.environment_pod.init_containers
  } : key => value if local.in_environment }
  environment_storage = { for key, value in {
    extraVolumes      = var.environment_pod.volumes
    extraVolumeMounts = var.environment_pod.volume_mounts
  } : key => value if local.in_environment }

  egress = concat(
    # Private addresses are closed to notebooks: without a rule they would reach none of the other modules.
    [for _ in range(length(var.egress_namespaces) == 0 ? 0 : 1) : {
      to = [{
        namespaceSelector = {
          matchExpressions = [{ key = "kubernetes.io/metadata.name", operator = "In", values = sort(var.egress_namespaces) }]
        }
      }]
    }],
    # The API server's address is known to no policy, its ports are: a policy looks at them behind the Service.
    [for _ in range(var.deploys ? 1 : 0) : { ports = [for port in [443, 6443] : { protocol = "TCP", port = port }] }],
    # A mirror of packages may have a private address.
    [for _ in range(local.in_environment && var.environment_pod.index_port != 0 ? 1 : 0) : {
      ports = [{ protocol = "TCP", port = var.environment_pod.index_port }]
    }],
  )

  # Notebooks have one of their own, so that a right for them is nobody else's. Without a right it says nothing.
  service_account         = "notebook"
  singleuser_pull_secrets = distinct(concat(local.pull_secrets, [for secret in var.environment_pod.pull_secrets : secret.name if local.in_environment]))

  secret_environment = { for name, secret in var.environment_secrets : name => {
    valueFrom = { secretKeyRef = { name = local.notebook_secret, key = name } }
  } }

  singleuser_values = {
    singleuser = merge(local.environment_values, {
      image = merge(local.singleuser_image, {
        pullPolicy  = var.singleuser_image_pull_policy
        pullSecrets = local.singleuser_pull_secrets
      })
      serviceAccountName = local.service_account
      networkTools       = { image = { name = "${local.image_prefix}/jupyterhub/k8s-network-tools", tag = local.chart_version } }
      profileList        = local.profiles
      # KubeSpawner asks for none by itself, and a quota on CPU would refuse the pod.
      cpu = { guarantee = var.singleuser_cpu_guarantee }
      memory = merge(
        { guarantee = var.singleuser_memory_guarantee },
        var.singleuser_memory_limit == "" ? {} : { limit = var.singleuser_memory_limit },
      )
      storage = merge(
        { capacity = var.singleuser_storage_capacity, homeMountPath = var.singleuser_storage_mount_path },
        var.storage_class == "" ? {} : { dynamic = { storageClass = var.storage_class } },
        local.environment_storage,
      )
      defaultUrl = var.singleuser_default_url
      extraEnv = merge(
        { MLFLOW_DISABLE_TELEMETRY = "true", DO_NOT_TRACK = "1" },
        { for name, value in var.environment_pod.variables : name => value if local.in_environment },
        # Where examples and a user's own packages go: the rest of the home ends with the server.
        { MLOPS_PERSISTENT_HOME = var.singleuser_storage_mount_path },
        var.environment,
        local.secret_environment,
      )
      # Its init container runs as a privileged root, which Pod Security "baseline" refuses; the network policy
      # keeps the metadata service away where it is enforced.
      cloudMetadata = { blockWithIptables = false }
      networkPolicy = { egress = local.egress }
    })
  }
}
