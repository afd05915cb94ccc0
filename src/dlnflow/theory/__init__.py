"""What theory predicts: rates and constants, rho, phase transitions, state evolution. Nothing here runs a network."""
