"""What the jobs of laws compute: a module a rule, named like it. Mathematics lives outside."""
