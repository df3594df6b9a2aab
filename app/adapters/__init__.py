"""One file per system outside our own code."""
