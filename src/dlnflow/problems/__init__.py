"""What is solved: problems and programs, their ensembles and families, and exact checks of optimality. Nothing here solves."""
