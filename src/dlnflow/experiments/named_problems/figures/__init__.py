"""Draws the figures and the interactive page of sharpness and asymptotics."""
