"""What the jobs of named problems compute: a module a rule, named like it. Mathematics lives outside."""
