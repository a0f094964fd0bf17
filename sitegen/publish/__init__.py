"""Files for machines: feeds, sitemap, robots.txt. Pure: values in, bytes out."""
