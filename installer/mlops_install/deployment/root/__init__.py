"""The deployment's Terraform root: its files, its variables, and where its state is kept."""
