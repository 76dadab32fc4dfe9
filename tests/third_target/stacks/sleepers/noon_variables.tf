variable "noon_seconds" {
  description = "Seconds that the sleeper sleeps."
  type        = number
  default     = 3600
  nullable    = false

  validation {
    condition     = var.noon_seconds >= 60
    error_message = "A sleeper sleeps for at least 60 seconds."
  }
}
