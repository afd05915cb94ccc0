"""Recovery: when the network finds a planted signal, beside basis pursuit and its theory. No solver here."""
