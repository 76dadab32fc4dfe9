variable "singleuser_packages" {
  description = "Extra Python packages of the team's environment, as pip requirements, for example `polars` or `pandas-gbq>=0.30`: they reach notebooks, flow runs, Dask's scheduler and workers, and served models."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for package in var.singleuser_packages : can(regex("^[A-Za-z0-9][A-Za-z0-9._-]*(\\[[A-Za-z0-9, ._-]+\\])? *((===|==|~=|!=|<=|>=|<|>)[A-Za-z0-9 .,*+!<>=~_;()'\"]+|@ *(https|file)://[^ ]+)?$", package))])
    error_message = "Each package is one pip requirement, for example lightgbm, lightgbm==4.6.0 or pandas[excel]>=2; options such as --index-url aren't allowed here."
  }
}
