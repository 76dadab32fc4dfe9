"""What is there, read only: status, outputs, runs, models, findings."""
