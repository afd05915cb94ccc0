"""Laws: exponents and constants over random instances, rho, and which minimiser of a face is selected."""
