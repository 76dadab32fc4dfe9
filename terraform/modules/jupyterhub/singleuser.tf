locals {
  # The registry's port has a colon too: the tag is what follows the last one.
  own_image = var.singleuser_image == "" ? null : regex("^(.+):([^:/]+)$", var.singleuser_image)
  singleuser_image = local.own_image == null ? {
    name = "${local.image_prefix}/jupyterhub/k8s-singleuser-sample", tag = local.chart_version
    } : {
    name = local.own_image[0], tag = local.own_image[1]
  }

  profiles = [for profile in var.singleuser_profile_list : merge(
    { display_name = profile.display_name, description = profile.description },
    # KubeSpawner takes the first one with this key as the default, whatever its value.
    profile.default ? { default = true } : {},
    { kubespawner_override = { for key, value in profile.kubespawner_override : key => value if value != null } },
  )]

  secret_environment = { for name, secret in var.environment_secrets : name => {
    valueFrom = { secretKeyRef = { name = local.notebook_secret, key = name } }
  } }

  singleuser_values = {
    singleuser = {
      image = merge(local.singleuser_image, {
        pullPolicy  = var.singleuser_image_pull_policy
        pullSecrets = local.pull_secrets
      })
      networkTools = { image = { name = "${local.image_prefix}/jupyterhub/k8s-network-tools", tag = local.chart_version } }
      profileList  = local.profiles
      # KubeSpawner asks for none by itself, and a quota on CPU would refuse the pod.
      cpu = { guarantee = var.singleuser_cpu_guarantee }
      memory = merge(
        { guarantee = var.singleuser_memory_guarantee },
        var.singleuser_memory_limit == "" ? {} : { limit = var.singleuser_memory_limit },
      )
      storage = merge(
        { capacity = var.singleuser_storage_capacity, homeMountPath = var.singleuser_storage_mount_path },
        var.storage_class == "" ? {} : { dynamic = { storageClass = var.storage_class } },
      )
      defaultUrl = var.singleuser_default_url
      extraEnv = merge(
        { MLFLOW_DISABLE_TELEMETRY = "true", DO_NOT_TRACK = "1" },
        var.environment,
        local.secret_environment,
      )
      # Its init container runs as a privileged root, which Pod Security "baseline" refuses; the network policy
      # keeps the metadata service away where it is enforced.
      cloudMetadata = { blockWithIptables = false }
      networkPolicy = {
        # Private addresses are closed to notebooks: without a rule they would reach none of the other modules.
        egress = length(var.egress_namespaces) == 0 ? [] : [{
          to = [{
            namespaceSelector = {
              matchExpressions = [{ key = "kubernetes.io/metadata.name", operator = "In", values = sort(var.egress_namespaces) }]
            }
          }]
        }]
      }
    }
  }
}
