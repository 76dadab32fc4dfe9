"""What the operator chose: answers, presets, references to secrets, and the rules across them."""
