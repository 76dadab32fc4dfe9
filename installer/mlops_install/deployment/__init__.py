"""The deployment folder: everything of one installation, also an ordinary Terraform root."""
