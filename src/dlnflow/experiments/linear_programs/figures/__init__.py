"""The figures of linear programs and of transport."""
