"""What layers is made of."""

from dlnflow.experiments.layers import jobs
from dlnflow.kit.experiment import Experiment, Figure, Table

_NETWORKS, _FACTORISED = "layers.tables", "layers.factorisation_tables"
_COURSES, _STARTS = "layer-courses", "layer-starts"

LAYERS = Experiment(
    "layers",
    tables=(
        Table("layer-drifts", "a run and a conserved quantity", f"{_NETWORKS}:DRIFTS", jobs.drifts),
        Table(_COURSES, "a time of a run", f"{_NETWORKS}:COURSES", jobs.courses, is_judged=False),
        Table(_STARTS, "a run from a tiny start", f"{_NETWORKS}:STARTS", jobs.starts),
        Table("factorisations", "a run of descent", f"{_FACTORISED}:FACTORISATIONS", jobs.factorisations),
        Table(
            "factorisation-samples",
            "a step of such a run",
            f"{_FACTORISED}:FACTORISATION_SAMPLES",
            jobs.samples,
            is_judged=False,
        ),
        Table("rank-one", "a run of descent", f"{_FACTORISED}:RANK_ONE", jobs.runs),
        Table("rank-one-times", "a tolerance of such runs", f"{_FACTORISED}:RANK_ONE_TIMES", jobs.times, False),
        Table("rank-one-orbits", "a last iterate", f"{_FACTORISED}:RANK_ONE_ORBITS", jobs.orbits, False),
    ),
    figures=(
        Figure("invariants", "invariants in time", {"courses": _COURSES}),
        Figure("drift", "drift against step and tolerance", {"drifts": "layer-drifts"}),
        Figure("balance", "tiny starts balance", {"courses": _COURSES, "starts": _STARTS}, among="layers.tiny"),
        Figure(
            "factorisation",
            "factorisation with falling steps",
            {"samples": "factorisation-samples", "factorisations": "factorisations"},
            among="layers.factorisation",
        ),
        Figure(
            "rank-one",
            "rank one with constant steps",
            {"runs": "rank-one", "times": "rank-one-times", "orbits": "rank-one-orbits"},
            among="layers.rank_one",
        ),
    ),
    claims=("layers.claims", "layers.factorisation_claims"),
    summaries="layers.summaries:SUMMARIES",
)
