"""Cost of the engines against the number of features, m = n/4 measurements, and its figure."""

from pathlib import Path

from definition import integrate
from timing import table, timed

from dlnflow import flow, limit
from dlnflow.problems.ensembles import gaussian

DEPTH, SCALE = 3, 1e-4
FEATURES = (25, 50, 100, 200, 400)
FIGURE = Path(__file__).parent.parent / "docs" / "figures" / "cost.png"


def main(full: bool = False) -> str:
    times: dict[str, list[float]] = {"limit": [], "flow": [], "definition": []}
    for n in FEATURES:
        m = n // 4
        problem = gaussian(2307, m, n, sparsity=max(1, m // 10))
        times["limit"].append(timed(limit, problem, DEPTH, SCALE)[0])
        times["flow"].append(timed(flow, problem, DEPTH, SCALE, times=[])[0])
        repeats = 3 if n < 200 or full else 1
        seconds, _ = timed(integrate, problem.A, problem.y, DEPTH, SCALE, rtol=1e-9, repeats=repeats)
        times["definition"].append(seconds)
    _draw(times)
    rows = [
        [n, n // 4, *(f"{times[engine][i]:.3f} s" for engine in times)]
        + [f"{times['definition'][i] / times[engine][i]:.0f}x" for engine in ("limit", "flow")]
        for i, n in enumerate(FEATURES)
    ]
    header = ["features n", "measurements m", *times, "limit is faster by", "flow is faster by"]
    return table(header, rows) + "\n\nDrawn in docs/figures/cost.png."


def _draw(times: dict[str, list[float]]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    fig, ax = plt.subplots(figsize=(5, 3.6), layout="constrained")
    # told apart by line and marker too, so that it reads in grey
    styles = {"definition": ("#1b1b1b", "-", "o"), "flow": ("#3a78b5", "--", "s"), "limit": ("#c8703a", ":", "^")}
    for engine, (colour, line, marker) in styles.items():
        ax.loglog(FEATURES, times[engine], color=colour, linestyle=line, marker=marker, label=engine)
        ax.annotate(engine, (FEATURES[-1], times[engine][-1]), (7, 0), textcoords="offset points", va="center")
    ax.set_xticks(FEATURES, [str(n) for n in FEATURES])
    ax.minorticks_off()
    ax.set_xlim(FEATURES[0] / 1.2, FEATURES[-1] * 2)
    ax.set_xlabel("features n (measurements m = n/4)")
    ax.set_ylabel("seconds to the limit")
    ax.set_title(f"depth {DEPTH}, scale {SCALE:g}, one core", fontsize="medium")
    ax.grid(True, which="major", color="0.9")
    FIGURE.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(FIGURE, dpi=150)
    plt.close(fig)
