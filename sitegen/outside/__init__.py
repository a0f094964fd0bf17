"""Addresses outside the site: whether somebody answers there. The one room that asks the network."""
