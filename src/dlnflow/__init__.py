"""dlnflow: the implicit regularisation of diagonal linear networks, as a library behind a paper pipeline.

The public names load on first use, so that a script pays only for what it runs; `__init__.pyi` lists them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
