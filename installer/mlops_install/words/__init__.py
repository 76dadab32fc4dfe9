"""What is said in more than one place, and the one way out for foreign text."""
