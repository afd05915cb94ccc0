# What the rules of the layers experiment ask the config. No mathematics here.

LAYER_TABLES = {"drifts": "layer-drifts", "courses": "layer-courses", "starts": "layer-starts"}


def layer_starts(wildcards):
    """The starts of every network, as options."""
    tiny = [to_text(size) for size in CONFIG.layers.tiny]
    return f"--from {' '.join(CONFIG.layers.starts)}" + (f" --tiny {' '.join(tiny)}" if tiny else "")


def network_load(wildcards):
    return loads.layers_load(CONFIG.layers, wildcards.network)


def layer_files(kind):
    """What the jobs of every network write: kind is drifts, courses or starts."""
    return [f"results/layers/networks/{kind}/{network}.parquet" for network in CONFIG.layers.networks]


def layers_targets(wildcards):
    if CONFIG.layers is None:
        return []
    figures = ["invariants", "drift", *(["balance"] if CONFIG.layers.tiny else [])]
    tables = [file for name in LAYER_TABLES.values() for file in multiext(f"results/tables/{name}.", "parquet", "csv")]
    return [*tables, *(file for name in figures for file in figure_files("layers", name)), *factorisation_targets()]
