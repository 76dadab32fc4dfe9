"""The fields of a form: one widget a type."""
