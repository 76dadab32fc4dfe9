"""What differs between the places where the stack is installed."""
