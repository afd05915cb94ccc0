"""Draw one figure of an experiment from its tables.

python -m draw_figure laws.figures.rho:rho_figure --help   says from which
"""

import argparse

from dlnflow.kit.drawing import read_drawing
from dlnflow.kit.style import save


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figure", help="the function that draws it, as module:name below dlnflow.experiments")
    parser.add_argument("--code", help="the identity of its code: a command with another one is another command")
    parser.add_argument("words", nargs=argparse.REMAINDER, help="tables and what the config says, by name; --output")
    arguments = parser.parse_args()
    drawing = read_drawing(arguments.figure, arguments.words)
    save(drawing.figure(), drawing.output, drawing.shows_times)


if __name__ == "__main__":
    main()
