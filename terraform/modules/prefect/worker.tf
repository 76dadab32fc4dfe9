locals {
  worker_revision = sum(concat([0], [for keys in values(local.login_secrets) : lookup(var.secrets_revisions, keys["auth-string"], 0)]))

  worker_values = {
    commonAnnotations = var.prefect_annotations
    worker = {
      replicaCount = var.prefect_worker_replicas
      image = {
        repository  = local.image
        prefectTag  = "${var.prefect_version_tag}-kubernetes"
        pullPolicy  = var.prefect_image_pull_policy
        pullSecrets = [for secret in local.pull_secrets : secret.name]
      }
      # The chart's default is Prefect Cloud.
      apiConfig = "selfHostedServer"
      config = {
        workPool        = var.prefect_work_pool
        workQueues      = var.prefect_work_queues
        baseJobTemplate = { configuration = jsonencode(local.job_template) }
      }
      selfHostedServerApiConfig = { apiUrl = local.api, basicAuth = local.basic_auth }
      podAnnotations            = { "mlops-install/secrets-revision" = tostring(local.worker_revision) }
      resources                 = local.worker_resources
    }
  }

  # The pool that a worker makes by itself runs flows in namespace `default`, where it has no rights: every run would
  # crash. An init container writes this template into the pool at each start of the worker.
  job_template = {
    job_configuration = merge(local.job_templated, { job_manifest = local.job_manifest })
    variables = {
      type        = "object"
      description = "Flow runs as Jobs in Prefect's namespace."
      properties  = local.job_variables
    }
  }

  # Prefect puts the value of a variable where its name stands in braces.
  job_templated = { for name in [
    "command", "env", "labels", "annotations", "name", "namespace", "job_watch_timeout_seconds", "pod_watch_timeout_seconds", "stream_output",
  ] : name => "{{ ${name} }}" }

  job_manifest = {
    apiVersion = "batch/v1"
    kind       = "Job"
    metadata = {
      labels       = "{{ labels }}"
      annotations  = "{{ annotations }}"
      namespace    = "{{ namespace }}"
      generateName = "{{ name }}-"
    }
    spec = {
      backoffLimit            = "{{ backoff_limit }}"
      ttlSecondsAfterFinished = "{{ finished_job_ttl }}"
      template = {
        # Prefect looks for these two here, where Kubernetes has no such fields.
        spec = merge({
          parallelism        = 1
          completions        = 1
          restartPolicy      = "Never"
          serviceAccountName = "{{ service_account_name }}"
          containers = [merge({
            name            = "prefect-job"
            image           = "{{ image }}"
            imagePullPolicy = "{{ image_pull_policy }}"
            args            = "{{ command }}"
            env             = "{{ env }}"
            # What a run sets itself counts more than what comes from these.
            envFrom = concat(
              [{ configMapRef = { name = local.runs_config } }],
              [for name in keys(local.runs_secrets) : { secretRef = { name = name } }],
            )
            resources = {
              requests = { cpu = "{{ cpu_request }}", memory = "{{ memory_request }}" }
              limits   = { cpu = "{{ cpu_limit }}", memory = "{{ memory_limit }}" }
            }
          }, local.job_container)]
        }, local.job_pod, length(local.job_pull_secrets) == 0 ? {} : { imagePullSecrets = local.job_pull_secrets })
      }
    }
  }

  in_environment = var.prefect_job_image == ""
  job_image      = local.in_environment ? var.environment_pod.image : var.prefect_job_image
  job_container = { for key, value in {
    volumeMounts    = var.environment_pod.volume_mounts
    securityContext = var.environment_pod.security_context
  } : key => value if local.in_environment }
  job_pod = { for key, value in {
    initContainers = "{{ init_containers }}"
    volumes        = var.environment_pod.volumes
  } : key => value if local.in_environment }
  job_pull_secrets = distinct(concat(local.pull_secrets, [for secret in var.environment_pod.pull_secrets : secret if local.in_environment]))

  # Runs have a service account of their own, so that a right for them is nobody else's. Without a right it says nothing.
  service_account = "flow-run"
  runs_config     = "flow-runs"
  runs_environment = merge(
    { MLFLOW_DISABLE_TELEMETRY = "true", DO_NOT_TRACK = "1" },
    { for name, value in var.environment_pod.variables : name => value if local.in_environment },
    var.environment,
  )
  runs_secrets = { for name, keys in { flow-runs = var.environment_secrets } : name => keys if length(keys) > 0 }

  job_variables = merge({ for name, it in {
    init_containers = {
      title       = "Init containers", type = "array", items = { type = "object" }, default = var.environment_pod.init_containers
      description = "What installs the team's environment. A run in an image of its own has none, [], and its image's PATH in `env`."
    }
    } : name => it if local.in_environment }, {
    name                 = { title = "Name", type = "string", description = "Name of the run's Job; made from the run's own if empty." }
    command              = { title = "Command", type = "string", description = "Command of the run; Prefect's own if empty." }
    env                  = { title = "Environment variables", type = "object", additionalProperties = { type = "string" } }
    labels               = { title = "Labels", type = "object", additionalProperties = { type = "string" } }
    annotations          = { title = "Annotations", type = "object", additionalProperties = { type = "string" } }
    backoff_limit        = { title = "Retries by Kubernetes", type = "integer", minimum = 0, default = 0, description = "Prefect itself starts an evicted run again if 0." }
    cpu_request          = { title = "CPU requested", type = "string", default = "100m", description = "For example 500m or 2." }
    cpu_limit            = { title = "CPU limit", type = "string" }
    memory_request       = { title = "Memory requested", type = "string", default = "256Mi", description = "For example 512Mi or 2Gi." }
    memory_limit         = { title = "Memory limit", type = "string" }
    image                = { title = "Image", type = "string", default = local.job_image }
    image_pull_policy    = { title = "Pull policy", type = "string", enum = ["IfNotPresent", "Always", "Never"], default = var.prefect_image_pull_policy }
    namespace            = { title = "Namespace", type = "string", default = var.prefect_namespace, description = "The worker has rights in this one alone." }
    service_account_name = { title = "Service account", type = "string", default = local.service_account }
    finished_job_ttl     = { title = "Seconds a finished Job stays", type = "integer", default = var.prefect_job_ttl }
    job_watch_timeout_seconds = {
      title = "Seconds a Job may take", type = "integer", description = "No limit if empty."
    }
    pod_watch_timeout_seconds = { title = "Seconds until its pod runs", type = "integer", default = 300 }
    stream_output             = { title = "Show its output in the worker's log", type = "boolean", default = true }
  })
}
