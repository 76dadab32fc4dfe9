resource "terraform_data" "night" {
  count            = var.install_night ? 1 : 0
  triggers_replace = var.night_seconds

  provisioner "local-exec" {
    command = "nohup sleep ${var.night_seconds} </dev/null >/dev/null 2>&1 & echo $! >night.pid"
  }

  provisioner "local-exec" {
    when    = destroy
    command = "kill $(cat night.pid); rm -f night.pid"
  }
}
