"""The picture that a link to a page is shown with elsewhere. Pure: values in, bytes out."""
