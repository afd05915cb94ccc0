# Laws: random instances by ensemble and size, measured exponents and constants beside the predicted ones.

from dlnflow.experiments.laws import jobs as laws


wildcard_constraints:
    block=r"m-\d+_n-\d+_s-\d+_trials-\d+-\d+",
    size=r"m-\d+_n-\d+",
    signal="signed|nonnegative",


use rule job as measure_laws with:
    output:
        cells="results/laws/cells/{grid}/depth-{depth}/{block}.parquet",
        laws="results/laws/laws/{grid}/depth-{depth}/{block}.parquet",
    pathvars:
        job="measure_laws/{grid}/depth-{depth}/{block}",
    resources:
        **needs(1000, 60, laws.measured_load),
    params:
        **told("measure_laws", laws.measured),


use rule job as measure_rhos with:
    output:
        output="results/laws/rho/{grid}/{size}.parquet",
    pathvars:
        job="measure_rhos/{grid}/{size}",
    resources:
        **needs(1000, 60, laws.rhos_load),
    params:
        **told("measure_rhos", laws.rhos),


use rule job as predict_rhos with:
    output:
        output="results/predictions/rho/{signal}.parquet",
    pathvars:
        job="predict_rhos/{signal}",
    resources:
        **needs(1000, 20, laws.rho_limits_load),
    params:
        **told("predict_rhos", laws.rho_limits),


use rule job as trace_faces with:
    output:
        output="results/laws/faces.parquet",
    pathvars:
        job="trace_faces",
    resources:
        **needs(1000, 30, laws.faces_load),
    params:
        **told("trace_faces", laws.faces),
