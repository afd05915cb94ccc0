"""All experiments together: the whole config, the identity of code, costs and plans of a run. No mathematics here."""
