locals {
  # As text: objects of different tools have different types, and a provisioner's environment takes strings.
  settings = jsonencode(var.settings)
}

resource "terraform_data" "service" {
  # In `input` because a destroy provisioner may refer to `self` alone; it also makes the plan show what changes.
  input = {
    tool     = var.tool
    settings = local.settings
    digest   = var.digest
  }

  # `input` alone would update in place, which runs no provisioner.
  triggers_replace = [var.tool, local.settings, var.digest]

  # The working directory is the deployment's folder. `exec` leaves no shell between Terraform and the service
  # command, so that a cancel reaches it.
  provisioner "local-exec" {
    command     = "exec ./bin/service up ${self.input.tool}"
    working_dir = path.root
    environment = {
      SERVICE_SETTINGS = self.input.settings
    }
  }

  # Keeps environments and data: it runs on every replacement too. It doesn't run for a tainted resource, so `up`
  # ends what an earlier one left.
  provisioner "local-exec" {
    when        = destroy
    command     = "exec ./bin/service down ${self.input.tool}"
    working_dir = path.root
  }
}
