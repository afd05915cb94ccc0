# Linear programs and transport: entropic limits down in lam, laws of random programs, descent and the flow in time.

from dlnflow.experiments.linear_programs import jobs as linear_programs


wildcard_constraints:
    program="[a-z][a-z0-9-]*",
    transport="[a-z][a-z0-9-]*",
    points=r"\d+",
    programs=r"m-\d+_n-\d+_trials-\d+-\d+",


use rule job as follow_program with:
    input:
        files=of(linear_programs.user_files),
    output:
        output="results/linear_programs/cells/{program}.parquet",
    pathvars:
        job="follow_program/{program}",
    group:
        "programs"
    resources:
        **needs(1000, 60, linear_programs.followed_load),
    params:
        **told("follow_program", linear_programs.followed),


use rule job as measure_programs with:
    output:
        output="results/linear_programs/laws/{grid}/{programs}.parquet",
    pathvars:
        job="measure_programs/{grid}/{programs}",
    group:
        "programs"
    resources:
        **needs(1000, 60, linear_programs.measured_load),
    params:
        **told("measure_programs", linear_programs.measured),


use rule job as run_descents with:
    input:
        files=of(linear_programs.descent_user_files),
    output:
        descents="results/linear_programs/descents/{program}.parquet",
        traces="results/linear_programs/descent-traces/{program}.parquet",
        flows="results/linear_programs/flows/{program}.parquet",
    pathvars:
        job="run_descents/{program}",
    group:
        "programs"
    resources:
        **needs(1000, 60, linear_programs.descended_load),
    params:
        **told("run_descents", linear_programs.descended),


use rule job as solve_transport with:
    output:
        output="results/linear_programs/transport/{transport}.parquet",
    pathvars:
        job="solve_transport/{transport}",
    group:
        "programs"
    resources:
        **needs(1000, 60, linear_programs.solved_transport_load),
    params:
        **told("solve_transport", linear_programs.solved_transport),


use rule job as picture_plans with:
    output:
        output="results/linear_programs/plans/{transport}.parquet",
    pathvars:
        job="picture_plans/{transport}",
    group:
        "programs"
    resources:
        **needs(1000, 60, linear_programs.pictured_load),
    params:
        **told("picture_plans", linear_programs.pictured),


use rule job as time_transport with:
    output:
        output="results/timings/linear_programs/transport/{points}.parquet",
    pathvars:
        job="time_transport/{points}",
    group:
        "programs"
    resources:
        **needs(2000, 60, linear_programs.timed_load),
    params:
        **told("time_transport", linear_programs.timed),
