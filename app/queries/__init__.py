"""Which rows, in what order, with what comes along. Reads only."""
