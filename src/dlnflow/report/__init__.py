"""The report's pages and the pages that docs/ are made from. Nothing is computed here that a table does not have."""
