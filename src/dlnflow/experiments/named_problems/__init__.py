"""Sharpness and asymptotics: the error against the scale on problems that have names. No solver here."""
