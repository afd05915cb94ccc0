"""The parts of config models: types, entries of problems and programs, YAML, messages. No experiment here."""
