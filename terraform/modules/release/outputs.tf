output "made" {
  description = "What is in the release's namespace beside Helm's objects, by name."
  value       = { secrets = keys(var.release.secrets), files = keys(var.release.files), service_accounts = var.release.service_accounts }
}
