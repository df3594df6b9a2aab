"""What keeps a site healthy: looking at it, copying it, moving it."""
