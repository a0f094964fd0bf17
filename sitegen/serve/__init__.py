"""Watch a collection, rebuild it on change, and show it to its editors."""
