"""The figures of laws."""
