"""Draw the potentials q_L, their limits g_L and the maps h_L (figure 3)."""

import argparse

from dlnflow.experiments.named_problems.figures.potentials import potential_figure
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--depths", required=True, nargs="+", type=float, help="the curves, such as 2 2.5 3")
    parser.add_argument("--output", required=True, nargs="+", help="the .pdf, .svg and .png to write")
    arguments = parser.parse_args()
    save(potential_figure(arguments.depths), arguments.output)


if __name__ == "__main__":
    main()
