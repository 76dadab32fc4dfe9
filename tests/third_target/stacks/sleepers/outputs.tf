output "addresses" {
  description = "Sleepers have no address."
  value = tomap(merge(
    var.install_night ? { night = "" } : {},
    var.install_noon ? { noon = "" } : {},
  ))
}
