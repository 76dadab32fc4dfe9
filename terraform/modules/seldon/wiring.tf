# Set by the stack alone.

variable "install_seldon" {
  description = "Whether Seldon is to be installed: rules across parameters hold only then."
  type        = bool
  default     = true
  nullable    = false
}

variable "deployers" {
  description = "Service accounts of notebooks and flow runs, in their namespaces."
  type        = list(object({ namespace = string, name = string }))
  default     = []
  nullable    = false
}

variable "artifact_root" {
  description = "Where MLflow's artifacts are in the object store, as s3://bucket/path; empty without MLflow."
  type        = string
  default     = ""
  nullable    = false
}

variable "object_store_endpoint" {
  description = "Address of the object store that holds artifacts; empty for AWS's own S3."
  type        = string
  default     = ""
  nullable    = false
}

variable "object_store_region" {
  description = "Region of the object store."
  type        = string
  default     = "us-east-1"
  nullable    = false
}
