"""What is read and written: sealed files, tables and their columns, users' problems and models. No experiment here."""
