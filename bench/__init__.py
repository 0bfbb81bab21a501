"""How fast Hearth is, as a ratio to floors measured in the same run on the same machine."""
