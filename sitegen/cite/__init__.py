"""How a page is cited, and what it says of itself to other programs: pure functions of a view."""
