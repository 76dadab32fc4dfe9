"""The target `sleepers`: processes that only sleep."""
