"""The values that every other room speaks in. Imports nothing of sitegen but `errors`, and `geo` for the types of maps."""
