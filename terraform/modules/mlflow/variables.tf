# On Kubernetes only.

variable "mlflow_namespace" {
  description = "Namespace of MLflow."
  type        = string
  default     = "mlflow"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.mlflow_namespace))
    error_message = "A namespace has 1 to 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "mlflow_service_type" {
  description = "Kind of Service in front of MLflow: ClusterIP (reached by port-forward, ingress or gateway), NodePort or LoadBalancer."
  type        = string
  default     = "ClusterIP"
  nullable    = false

  validation {
    condition     = contains(["ClusterIP", "NodePort", "LoadBalancer"], var.mlflow_service_type)
    error_message = "The kind of Service is ClusterIP, NodePort or LoadBalancer."
  }
}

variable "mlflow_exposed" {
  description = "Whether the ingress class or gateway, where one is set, publishes MLflow as mlflow.<domain>."
  type        = bool
  default     = true
  nullable    = false
}

variable "mlflow_authentication" {
  description = "Whether MLflow asks for a user and a password; notebooks get the administrator's. Without it, everyone who reaches MLflow may read and delete everything."
  type        = bool
  default     = true
  nullable    = false
}

variable "mlflow_admin_user" {
  description = "Name of MLflow's administrator."
  type        = string
  default     = "admin"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", var.mlflow_admin_user))
    error_message = "The name has 1 to 63 letters, digits, dots, hyphens and underscores, and begins with a letter or digit."
  }
}

variable "mlflow_default_permission" {
  description = "What a user may do with experiments and models of others: READ, EDIT, MANAGE or NO_PERMISSIONS."
  type        = string
  default     = "READ"
  nullable    = false

  validation {
    condition     = contains(["READ", "EDIT", "MANAGE", "NO_PERMISSIONS"], var.mlflow_default_permission)
    error_message = "The permission is READ, EDIT, MANAGE or NO_PERMISSIONS."
  }
}

variable "mlflow_allowed_hosts" {
  description = "Further names by which clients call MLflow, with the port if it isn't the scheme's own; * stands for anything. MLflow answers 403 to every other name. The names inside the cluster, localhost and private addresses are allowed anyway."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for host in var.mlflow_allowed_hosts : can(regex("^[A-Za-z0-9*][A-Za-z0-9*._:-]*$", host))])
    error_message = "Each name is a host such as mlflow.example.com or mlflow.example.com:8443, without https:// or path."
  }
}

variable "mlflow_artifact_root" {
  description = "Bucket in the object store, and folder in it, where MLflow keeps artifacts, as s3://bucket/folder."
  type        = string
  default     = "s3://mlflow"
  nullable    = false

  validation {
    condition     = can(regex("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^ ]*)?$", var.mlflow_artifact_root))
    error_message = "The artifact root is s3://bucket or s3://bucket/folder; the bucket has 3 to 63 lower-case letters, digits, dots and hyphens."
  }
}

variable "mlflow_database_name" {
  description = "Name of MLflow's database; the users' passwords are in a second one, named with _auth behind it."
  type        = string
  default     = "mlflow"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.mlflow_database_name))
    error_message = "A database's name has 1 to 63 lower-case letters, digits and underscores, and doesn't begin with a digit."
  }
}

variable "mlflow_database_user" {
  description = "Role with which MLflow signs in to its databases."
  type        = string
  default     = "mlflow"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.mlflow_database_user))
    error_message = "A role's name has 1 to 63 lower-case letters, digits and underscores, and doesn't begin with a digit."
  }
}

variable "mlflow_image_repository" {
  description = "MLflow's image, without a tag. It needs psycopg2 and boto3 and, for users and passwords, Flask-WTF."
  type        = string
  default     = "docker.io/burakince/mlflow"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9._/-]|:[0-9]+/)*[a-z0-9]$", var.mlflow_image_repository))
    error_message = "The image is a name without a tag, for example registry.example.com/team/image."
  }
}

variable "mlflow_image_tag" {
  description = "Tag of MLflow's image."
  type        = string
  default     = "3.15.1"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", var.mlflow_image_tag))
    error_message = "The tag has 1 to 128 letters, digits, dots, hyphens and underscores."
  }
}

variable "mlflow_image_pull_policy" {
  description = "When nodes pull MLflow's image: Always, IfNotPresent or Never."
  type        = string
  default     = "IfNotPresent"
  nullable    = false

  validation {
    condition     = contains(["Always", "IfNotPresent", "Never"], var.mlflow_image_pull_policy)
    error_message = "The pull policy is Always, IfNotPresent or Never."
  }
}

variable "mlflow_image_pull_secrets" {
  description = "Secrets, in MLflow's namespace, with which nodes pull its images from a private registry. Entries without a name are left out."
  type        = list(object({ name = string }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for secret in var.mlflow_image_pull_secrets : can(regex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$", secret.name))])
    error_message = "Each pull secret is the name of a Secret: lower-case letters, digits, dots and hyphens."
  }
}

variable "mlflow_workers" {
  description = "Processes that answer requests; each takes about 400 MiB."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.mlflow_workers >= 1 && var.mlflow_workers <= 32
    error_message = "The number of workers is from 1 to 32."
  }

  validation {
    condition     = floor(var.mlflow_workers) == var.mlflow_workers
    error_message = "The number of workers is a whole number."
  }
}

variable "mlflow_job_execution" {
  description = "Whether MLflow runs jobs of its own, such as evaluations of language models; this takes 1.2 GiB more."
  type        = bool
  default     = false
  nullable    = false
}

variable "mlflow_cpu" {
  description = "CPU that MLflow's pod requests, as 100m or 1."
  type        = string
  default     = "100m"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}m?$", var.mlflow_cpu))
    error_message = "CPU is whole cores or thousandths of one, for example 2 or 250m."
  }
}

variable "mlflow_memory" {
  description = "Memory that MLflow's pod requests, as 512Mi or 1Gi. An upgrade needs it twice for a while."
  type        = string
  default     = "512Mi"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,5}(Mi|Gi)$", var.mlflow_memory))
    error_message = "Memory is a whole number of Mi or Gi, for example 512Mi or 2Gi."
  }
}

variable "mlflow_timeout" {
  description = "Seconds that an install or upgrade of MLflow may take until its pods are ready."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.mlflow_timeout >= 60 && var.mlflow_timeout <= 7200 && floor(var.mlflow_timeout) == var.mlflow_timeout
    error_message = "The time is a whole number of seconds from 60 to 7200."
  }
}
