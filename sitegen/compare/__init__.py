"""What readers would see change: two snapshots of a site, compared, and said in words."""
