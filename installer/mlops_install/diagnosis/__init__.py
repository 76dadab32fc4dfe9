"""From what Terraform and the target say to a cause in plain words and what to do."""
