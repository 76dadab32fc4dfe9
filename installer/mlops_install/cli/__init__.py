"""The verbs, one small file a verb; composition; exception to exit code."""
