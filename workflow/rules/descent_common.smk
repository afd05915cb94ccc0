# What the rules of descent on linear programs ask the config. No mathematics here.


def descent_grid():
    """The programs on which descent is run, if the config has any."""
    return CONFIG.linear_programs and CONFIG.linear_programs.descent


def descent_entry(wildcards):
    """A program's entry, as JSON."""
    return descent_grid().programs[wildcards.program].as_json()


def descents_load(wildcards):
    return loads.descent_load(descent_grid(), wildcards.program)


def descent_files(kind):
    """What the jobs write: kind is descents, descent-traces or flows."""
    return [f"results/linear_programs/{kind}/{name}.parquet" for name in descent_grid().programs]


def descent_tables():
    """The merged tables of descent, by their claims' names."""
    return {name: bool(descent_grid()) for name in ("descents", "program-flows")}


def descent_figures():
    return {"descent": bool(descent_grid())}
