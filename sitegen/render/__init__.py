"""A view into HTML: themes as they are read, their templates as they are compiled, what these can call."""
