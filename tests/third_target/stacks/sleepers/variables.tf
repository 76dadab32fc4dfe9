variable "install_night" {
  description = "Install the night's sleeper."
  type        = bool
  default     = true
  nullable    = false
}

variable "install_noon" {
  description = "Install the one who takes a nap."
  type        = bool
  default     = false
  nullable    = false
}
