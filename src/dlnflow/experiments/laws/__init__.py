"""Laws: exponents and constants over random instances, rho, and which minimiser is selected. No solver here."""
