"""What the jobs of hardness compute: a module a rule, named like it. Mathematics lives outside."""
