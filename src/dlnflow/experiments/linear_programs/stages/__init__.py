"""What the jobs of linear programs compute: a module a rule, named like it. Mathematics lives outside."""
