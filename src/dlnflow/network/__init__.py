"""The network itself: its potential, its flow and the flow's limit, in floats and in balls. No tables and no files."""
