"""Who may do what: one function a question, asked by loaders, templates and lists alike."""
