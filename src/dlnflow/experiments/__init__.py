"""The experiments, a folder each. They never import each other; what two share goes to a floor below."""
