"""The experiments, a folder each. They never import each other."""
