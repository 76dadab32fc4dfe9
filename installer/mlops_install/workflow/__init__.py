"""One setup under way, headless: planned, approved, applied, verified, undone."""
