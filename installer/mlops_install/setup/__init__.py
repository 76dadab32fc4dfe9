"""Answers being made: layers, questions, secrets, drafts, presets."""
