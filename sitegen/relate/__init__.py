"""All facts → Index; Index → the pages of the site; checks across documents. Pure."""
