"""Problems of which only intervals are known: what can be proved of their minimisers and limits. No experiment here."""
