"""The runs of a deployment: their folders, records and results, what watches them, and which are forgotten."""
