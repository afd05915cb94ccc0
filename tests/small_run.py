"""A run that takes seconds and has every kind of job of the experiments on named problems."""

SMALL = """
problems:
  mine:  {A: data/A.csv, y: data/y.csv}
  small: {ensemble: gaussian, measurements: 3, features: 6, sparsity: 1, trials: 1}
sharpness:
  problems: [mine, small]
  depths: [3]
  scales: [1, 0.1]
  methods: [flow, limit, certified]
  potentials: {depths: [2, 3]}
  trajectories: {problems: [mine], depths: [3], scales: [0.1]}
  blocks: {decades: 25, trials: 1}
"""
LINE_CSV = {"A.csv": "1,1,1\n3,0,1\n", "y.csv": "3\n3\n"}


def new_folder(path):
    (path / "data").mkdir(parents=True)
    for name, text in LINE_CSV.items():
        (path / "data" / name).write_text(text)
    return path
