"""Where staff work with certificates and pathways."""
