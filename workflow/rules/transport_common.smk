# What the rules of transport ask the config. No mathematics here.


def transport_grid():
    """The transport problems of the config, if it has any."""
    return CONFIG.linear_programs and CONFIG.linear_programs.transport


def transport_problem(wildcards):
    """A problem's entry, as JSON."""
    return transport_grid().problems[wildcards.transport].problem.as_json()


def transport_lams(wildcards):
    return [to_text(lam) for lam in transport_grid().problems[wildcards.transport].lams]


def pictured_lams(wildcards):
    return [to_text(lam) for lam in transport_grid().problems[wildcards.transport].pictured]


def values_load(wildcards):
    entry = transport_grid().problems[wildcards.transport]
    return loads.transport_load(entry.problem, len(entry.lams), entry.sinkhorn_sweeps)


def plans_load(wildcards):
    entry = transport_grid().problems[wildcards.transport]
    return loads.transport_load(entry.problem, len(entry.pictured))


def race_load(wildcards):
    return loads.race_load(int(wildcards.points), transport_grid().times)


def transport_value_files():
    return [f"results/linear_programs/transport/{name}.parquet" for name in transport_grid().valued]


def plan_files():
    return [f"results/linear_programs/plans/{name}.parquet" for name in transport_grid().pictured]


def transport_time_files():
    return [f"results/timings/linear_programs/transport/{size}.parquet" for size in transport_grid().times.sizes]


def transport_tables():
    """The merged tables of transport that claims are judged by."""
    grid = transport_grid()
    return {"transport-values": bool(grid and grid.valued)}


def transport_figures():
    """The figures of transport, and whether the config has what they show."""
    grid = transport_grid()
    return {
        "transport": bool(grid and grid.pictured),
        "transport-values": bool(grid and grid.valued),
        "transport-times": bool(grid and grid.times),
    }
