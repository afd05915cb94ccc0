"""The figures, one module each: a table goes in, a matplotlib Figure comes out."""
