"""What all doors share about HTTP."""
