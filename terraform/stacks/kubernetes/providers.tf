locals {
  kubeconfig = pathexpand(var.kubeconfig == "" ? "~/.kube/config" : var.kubeconfig)
  # Without a name the file's current context holds; the installer always names one.
  kube_context = var.kube_context == "" ? null : var.kube_context
}

provider "kubernetes" {
  config_path    = local.kubeconfig
  config_context = local.kube_context
}

provider "helm" {
  kubernetes = {
    config_path    = local.kubeconfig
    config_context = local.kube_context
  }
}
