"""What leaves the program as text: foreign words on their way to people, without secrets."""
