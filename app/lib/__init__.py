"""Pure helpers: values in, values out. No database, no Flask."""
