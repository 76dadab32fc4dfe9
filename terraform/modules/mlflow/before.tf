# What runs before the server, by its own image.
locals {
  before = concat(
    [for _ in range(var.mlflow_authentication ? 1 : 0) : {
      name   = "authentication"
      script = file("${path.module}/authentication.py")
      plain  = local.plain_sources
      secret = local.secret_sources
      mounts = [local.auth_mount]
    }],
    [for _ in range(var.object_store_external ? 1 : 0) : {
      name   = "bucket"
      script = file("${path.module}/bucket.py")
      plain = merge(
        { BUCKET = local.artifact_root[0], AWS_DEFAULT_REGION = var.object_store_region },
        var.object_store_endpoint == "" ? {} : { MLFLOW_S3_ENDPOINT_URL = var.object_store_endpoint },
      )
      secret = {
        AWS_ACCESS_KEY_ID     = { name = local.store_secret, key = "access_key" }
        AWS_SECRET_ACCESS_KEY = { name = local.store_secret, key = "secret_key" }
      }
      mounts = []
    }],
  )

  before_values = length(local.before) == 0 ? {} : {
    initContainers = [for it in local.before : {
      name            = it.name
      image           = "${local.image}:${var.mlflow_image_tag}"
      imagePullPolicy = var.mlflow_image_pull_policy
      command         = ["python", "-c", it.script]
      env = concat(
        [for name, value in it.plain : { name = name, value = value }],
        [for name, source in it.secret : { name = name, valueFrom = { secretKeyRef = source } }],
      )
      volumeMounts = concat([{ name = "tmp", mountPath = "/tmp" }], it.mounts)
      resources    = { requests = { cpu = "50m", memory = "128Mi" } }
      securityContext = {
        allowPrivilegeEscalation = false
        capabilities             = { drop = ["ALL"] }
        readOnlyRootFilesystem   = true
        runAsNonRoot             = true
        runAsUser                = 1001
        runAsGroup               = 1001
      }
    }]
  }
}
