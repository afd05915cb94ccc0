"""Other people's solvers of basis pursuit and of transport, behind one call each. Nothing of ours is solved here."""
