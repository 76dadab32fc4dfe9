# What an environment brings to a pod; the modules whose pods run in one link this file as environment.tf.

variable "environment_pod" {
  description = "The environment for this module's pods, an entry of the module environment's output `pods`. Set by the stack alone."
  type        = any
  default = {
    image            = "quay.io/jupyterhub/k8s-singleuser-sample:4.4.0"
    pull_policy      = "IfNotPresent"
    pull_secrets     = []
    init_containers  = []
    volumes          = []
    volume_mounts    = []
    security_context = {}
    folder           = "/opt/environment"
    variables        = { PATH = "/opt/environment/bin:/usr/local/bin:/usr/bin:/bin" }
    index_port       = 0
    digest           = ""
    files            = {}
    secrets          = {}
  }
}
