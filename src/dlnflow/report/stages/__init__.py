"""What the jobs of the report compute: a module a rule, named like it. It reads tables and computes none."""
