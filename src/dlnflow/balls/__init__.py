"""Linear and nonlinear systems enclosed in ball arithmetic, with proofs. No problem and no network here."""
