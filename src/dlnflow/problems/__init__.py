"""What is solved: problems and programs, their ensembles, and exact checks of optimality. No solver here."""
