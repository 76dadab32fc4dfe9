"""What can be installed: modules and parameters, read from a target's Terraform stack and its overlay."""
