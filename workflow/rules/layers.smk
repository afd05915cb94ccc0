# Layers: networks without biases, their invariants by gradient flow and by descent; factorisation and rank one.

from dlnflow.experiments.layers import jobs as layers


wildcard_constraints:
    network="[a-z][a-z0-9-]*",


use rule job as measure_layers with:
    output:
        drifts="results/layers/networks/drifts/{network}.parquet",
        courses="results/layers/networks/courses/{network}.parquet",
        starts="results/layers/networks/starts/{network}.parquet",
    pathvars:
        job="measure_layers/{network}",
    group:
        "layers"
    resources:
        **needs(2000, 60, layers.measured_load),
    params:
        **told("measure_layers", layers.measured),


use rule job as measure_factorisation with:
    output:
        factorisations="results/layers/factorisation/factorisations/constant-{constant}.parquet",
        samples="results/layers/factorisation/samples/constant-{constant}.parquet",
    pathvars:
        job="measure_factorisation/constant-{constant}",
    group:
        "layers"
    resources:
        **needs(2000, 60, layers.factorisation_load),
    params:
        **told("measure_factorisation", layers.factorisation),


use rule job as measure_rank_one with:
    output:
        runs="results/layers/rank-one/runs/{kind}.parquet",
        times="results/layers/rank-one/times/{kind}.parquet",
        orbits="results/layers/rank-one/orbits/{kind}.parquet",
    pathvars:
        job="measure_rank_one/{kind}",
    group:
        "layers"
    resources:
        **needs(2000, 60, layers.rank_one_load),
    params:
        **told("measure_rank_one", layers.rank_one),
