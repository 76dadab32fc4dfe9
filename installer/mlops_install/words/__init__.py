"""What is said in more than one place."""
