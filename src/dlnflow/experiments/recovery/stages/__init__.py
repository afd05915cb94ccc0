"""What the jobs of recovery compute: a module a rule, named like it. Mathematics lives outside."""
