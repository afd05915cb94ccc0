# What the rules of the laws experiment ask the config. No mathematics here.


def law_block(wildcards):
    """The instances of a block, as JSON."""
    return CONFIG.laws.ensembles[wildcards.grid].blocks[wildcards.block].as_json()


def rho_blocks(wildcards):
    return [block.as_json() for block in CONFIG.laws.rho[wildcards.grid].blocks[wildcards.size]]


def face_block(wildcards):
    faces = CONFIG.laws.faces
    return faces.block(faces.size, range(faces.trials)).as_json()


def laws_load(wildcards):
    return loads.law_load([CONFIG.laws.ensembles[wildcards.grid].blocks[wildcards.block]])


def rhos_load(wildcards):
    return loads.law_load(CONFIG.laws.rho[wildcards.grid].blocks[wildcards.size])


def rho_curve_load(wildcards):
    return loads.curve_points(len(rho_curves()[wildcards.signal]))


def faces_load(wildcards):
    faces = CONFIG.laws.faces
    block = faces.block(faces.size, range(faces.trials))
    return loads.face_load(block, faces.drawn, len(faces.depths), len(faces.followed) * len(faces.scales))


def law_files(kind):
    """What the jobs of every ensemble write at every depth: kind is laws or cells."""
    return [
        f"results/laws/{kind}/{grid}/depth-{path_token(depth)}/{block}.parquet"
        for grid, spec in CONFIG.laws.ensembles.items()
        for depth in CONFIG.laws.depths
        for block in spec.blocks
    ]


def rho_files():
    return [f"results/laws/rho/{grid}/{size}.parquet" for grid, spec in CONFIG.laws.rho.items() for size in spec.blocks]


def rho_curves():
    """signal -> the m/n whose limits are predicted."""
    found = {}
    for spec in CONFIG.laws.rho.values():
        signal = "nonnegative" if spec.signal == "nonnegative" else "signed"
        found.setdefault(signal, set()).update(spec.undersampling)
    return found


def rho_limit_files():
    return expand("results/predictions/rho/{signal}.parquet", signal=rho_curves())


def laws_targets(wildcards):
    if CONFIG.laws is None:
        return []
    tables = ["laws", "law-cells", *(["rhos"] if CONFIG.laws.rho else [])]
    figures = ["exponents", "constants", "depths"]
    figures += (["rho"] if CONFIG.laws.rho else []) + (["faces"] if CONFIG.laws.faces else [])
    return [file for name in tables for file in multiext(f"results/tables/{name}.", "parquet", "csv")] + [
        file for name in figures for file in figure_files("laws", name)
    ]
