locals {
  # The providers merge several files as kubectl does, and take impersonation, plugins and proxies from them.
  kubeconfigs = [
    for path in split(":", var.kubeconfig == "" ? "~/.kube/config" : var.kubeconfig) : pathexpand(path) if path != ""
  ]
  # Without a name the file's current context holds; the installer always names one.
  kube_context = var.kube_context == "" ? null : var.kube_context
}

provider "kubernetes" {
  config_paths   = local.kubeconfigs
  config_context = local.kube_context
}

provider "helm" {
  kubernetes = {
    config_paths   = local.kubeconfigs
    config_context = local.kube_context
  }
}
