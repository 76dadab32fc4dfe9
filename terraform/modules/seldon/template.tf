# What a served model is in a cluster: a SeldonDeployment in which @NAME@ and the like stand for what differs. The client
# in notebooks (mlflow-seldon) reads it from the ConfigMap seldon-serving; the sample model is made from the same text.
locals {
  store_secret = "seldon-object-store"
  store_keys   = { AWS_ACCESS_KEY_ID = "access_key", AWS_SECRET_ACCESS_KEY = "secret_key" }

  template_files = {
    "template.json"  = jsonencode(local.template)
    "artifacts.json" = jsonencode({ root = trimsuffix(var.artifact_root, "/") })
  }

  sample = { "@NAME@" = "iris", "@MODEL@" = "sample", "@VERSION@" = "1", "@URI@" = "sample:iris" }
  # @CREATED@ stays: Helm knows when. Terraform has no loop over a text.
  sample_text = replace(replace(replace(replace(jsonencode(local.template), "@NAME@", local.sample["@NAME@"]), "@MODEL@", local.sample["@MODEL@"]), "@VERSION@", local.sample["@VERSION@"]), "@URI@", local.sample["@URI@"])

  template = {
    apiVersion = "machinelearning.seldon.io/v1"
    kind       = "SeldonDeployment"
    metadata = {
      name   = "@NAME@"
      labels = { "app.kubernetes.io/managed-by" = "mlflow-seldon", "mlflow-seldon/model" = "@MODEL@" }
      annotations = {
        "mlflow-seldon/uri"     = "@URI@"
        "mlflow-seldon/version" = "@VERSION@"
        "mlflow-seldon/created" = "@CREATED@"
      }
    }
    spec = {
      name     = "@NAME@"
      protocol = "v2"
      predictors = [{
        name     = "default"
        replicas = 1
        # The container's name: Seldon puts its own server there only where no container has it.
        graph          = { name = "@NAME@", type = "MODEL", children = [] }
        componentSpecs = [{ spec = local.template_pod }]
      }]
    }
  }

  template_pod = {
    automountServiceAccountToken = false
    imagePullSecrets             = local.pull_secrets
    securityContext              = { runAsNonRoot = true, runAsUser = 1000, seccompProfile = { type = "RuntimeDefault" } }
    initContainers               = concat(var.environment_pod.init_containers, [local.template_files_container])
    containers                   = [local.template_server]
    volumes                      = concat(var.environment_pod.volumes, [{ name = "models", emptyDir = { sizeLimit = "10Gi" } }])
    # So that the requests that the old version has are answered when a new one takes over.
    terminationGracePeriodSeconds = 30
  }

  template_mounts = concat(var.environment_pod.volume_mounts, [{ name = "models", mountPath = "/mnt/models" }])

  template_files_container = {
    name                     = "model-files"
    image                    = var.environment_pod.image
    imagePullPolicy          = var.environment_pod.pull_policy
    command                  = ["${var.environment_pod.folder}/bin/python", "-m", "mlflow_seldon.files", "/mnt/models/@NAME@"]
    terminationMessagePolicy = "FallbackToLogsOnError"
    env = concat(
      [for name, value in merge(
        var.environment_pod.variables,
        {
          MODEL_NAME         = "@NAME@"
          MODEL_VERSION      = "@VERSION@"
          MODEL_URI          = "@URI@"
          AWS_DEFAULT_REGION = var.object_store_region
        },
        var.object_store_endpoint == "" ? {} : { S3_ENDPOINT_URL = var.object_store_endpoint, AWS_ENDPOINT_URL_S3 = var.object_store_endpoint },
      ) : { name = name, value = value }],
      [for name, key in local.store_keys : { name = name, valueFrom = { secretKeyRef = { name = local.store_secret, key = key } } } if var.artifact_root != ""],
    )
    resources       = { requests = { cpu = "50m", memory = "256Mi" }, limits = { memory = "1Gi" } }
    securityContext = var.environment_pod.security_context
    volumeMounts    = local.template_mounts
  }

  template_server = {
    name            = "@NAME@"
    image           = var.environment_pod.image
    imagePullPolicy = var.environment_pod.pull_policy
    command         = ["${var.environment_pod.folder}/bin/mlserver", "start", "/mnt/models"]
    workingDir      = "/mnt/models"
    # No port among them: Seldon's operator sets those by the ports' names, and drops what stands before one that it finds
    # set already.
    env = [for name, value in merge(var.environment_pod.variables, {
      # In the server's own process: worker processes double memory and start time.
      MLSERVER_PARALLEL_WORKERS = "0"
      MLFLOW_DISABLE_TELEMETRY  = "true"
    }) : { name = name, value = value }]
    ports = [
      { name = "http", containerPort = 9000, protocol = "TCP" },
      { name = "grpc", containerPort = 9500, protocol = "TCP" },
    ]
    readinessProbe = { httpGet = { path = "/v2/models/@NAME@/ready", port = "http" }, periodSeconds = 3, timeoutSeconds = 5 }
    livenessProbe = {
      httpGet = { path = "/v2/health/live", port = "http" }, initialDelaySeconds = 60, periodSeconds = 20, timeoutSeconds = 10, failureThreshold = 9
    }
    # Requests still come for a moment after the pod was told to go.
    lifecycle = { preStop = { exec = { command = ["sleep", "10"] } } }
    resources = merge(
      { requests = { cpu = var.seldon_model_cpu, memory = var.seldon_model_memory } },
      { for key, value in { limits = { memory = var.seldon_model_memory_limit } } : key => value if var.seldon_model_memory_limit != "" },
    )
    securityContext = var.environment_pod.security_context
    volumeMounts    = local.template_mounts
  }
}
