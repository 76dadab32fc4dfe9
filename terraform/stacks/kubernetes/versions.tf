terraform {
  # 1.11 brought write-only arguments, 1.10 ephemeral variables; OpenTofu has both since 1.11.
  required_version = ">= 1.11"

  required_providers {
    helm = {
      source  = "hashicorp/helm"
      version = "~> 3.1"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = "~> 3.2"
    }
  }
}
