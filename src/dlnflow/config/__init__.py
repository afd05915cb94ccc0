"""The parts that config models are made of: types, entries of problems and programs, YAML, messages. No experiment here."""
