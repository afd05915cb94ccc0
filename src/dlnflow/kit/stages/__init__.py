"""What jobs of all experiments compute: a module a rule, named like it. It knows no experiment."""
