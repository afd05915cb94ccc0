"""What a published claim is here: words, and a function from the tables to a verdict."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

from dlnflow.files.tables import Row

Tables = Mapping[str, "pd.DataFrame"]
"""The tables of the experiments that were run, by their names with _ for -; rho_limits: what is predicted of rho."""

WIND = "arXiv:2307.07410 (Wind, Antun and Hansen 2023)"
MATT = "arXiv:2506.01143 (Matt and Stöger 2025)"
BASTOUNIS = "arXiv:2110.15734 (Bastounis, Hansen and Vlačić 2021)"
CHOU = "arXiv:2112.11027 (Chou, Maly and Rauhut 2021)"
DU = "arXiv:1806.00900 (Du, Hu and Lee 2018)"

ROUNDING = 1e-12
"""Of logarithms of size 200, stored in float64 (3e-14), and of the few sums that they enter in a claim."""


class Verdict(StrEnum):
    """What the tables say of a claim."""

    HOLDS = "holds"
    """No instance deviates by more than its tolerance."""
    FAILS = "fails"
    """Some instance does."""
    NOT_RESOLVED = "not resolved"
    """There is no instance, or the scales computed do not decide."""
    THEOREM = "theorem"
    """Proved by its authors, and nothing that computing could test."""


@dataclass(frozen=True)
class Judgement:
    """instances: how many were used.  deviation: the worst of them.  typical: their median.  None without instances."""

    instances: int
    deviation: float | None
    typical: float | None
    verdict: Verdict


@dataclass(frozen=True)
class Claim:
    """A claim in our words; tested: where; measure: of the deviation; judge: the verdict, computed."""

    id: str
    paper: str
    statement: str
    tested: str
    measure: str
    judge: Callable[[Tables], Judgement]

    def row(self, tables: Tables) -> Row:
        """The row of `verdicts.CLAIMS_TABLE`."""
        judgement = self.judge(tables)
        return {
            "id": self.id,
            "paper": self.paper,
            "statement": self.statement,
            "tested": self.tested,
            "instances": judgement.instances,
            "deviation": judgement.deviation,
            "typical": judgement.typical,
            "measure": self.measure,
            "verdict": judgement.verdict,
        }


def judgement_of(deviations: ArrayLike, tolerances: ArrayLike) -> Judgement:
    """holds if each deviation is at most its tolerance; a deviation that is no number fails."""
    values, bounds = np.asarray(deviations, dtype=float), np.asarray(tolerances, dtype=float)
    if not values.size:
        return Judgement(0, None, None, Verdict.NOT_RESOLVED)
    verdict = Verdict.HOLDS if np.all(values <= bounds) else Verdict.FAILS
    return Judgement(values.size, float(values.max()), float(np.median(values)), verdict)


def table_of(tables: Tables, name: str, schema: "pa.Schema") -> "pd.DataFrame":
    """The table of that name, without any rows where it was not made."""
    return tables[name] if name in tables else schema.empty_table().to_pandas()
