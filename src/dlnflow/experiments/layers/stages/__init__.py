"""What the jobs of layers compute: a module a rule, named like it. Mathematics lives outside."""
