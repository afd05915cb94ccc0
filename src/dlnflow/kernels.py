"""Which kernels the numerical libraries choose, so that the same data give the same bits on every processor.

NumPy, OpenBLAS, XLA and PIQP look at the processor and take the widest vectors that it has; sums are then cut up, and
rounded, in another way. `pin` makes them take those of x86-64-v3 (AVX2 and FMA: Intel since 2013, AMD since 2015)
wherever these are, by variables that each library reads when it is loaded: it must run before NumPy is imported, and
processes started afterwards inherit it. The workflow, the tests and the benchmarks call it. Whoever imports the package
as a library does not, and keeps the kernels of their processor.

What is left to the machine is the C library, of which NumPy takes exp, log and others: `ran` names its version.
"""

import os
import sys
from collections.abc import MutableMapping
from types import ModuleType

from dlnflow.provenance import c_library, processor, processor_features, version_of

SWITCH = "DLNFLOW_KERNELS"
"""The variable that asks for native kernels, or for pinned ones; it then says which there are."""
PINNED, NATIVE = "x86-64-v3", "native"
NEEDED = {"avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"}
"""What Linux calls the parts that tell x86-64-v3 from x86-64-v2; a processor with these has the others."""


class KernelsError(ValueError):
    """The switch has a value that it cannot have; one sentence."""


def pin(environment: MutableMapping[str, str] = os.environ) -> None:
    """Set the variables for the kernels of x86-64-v3, for this process and those that it starts, or in `environment`.

    Where the switch asks for native kernels, or the processor has not those of x86-64-v3, they are taken back instead:
    a process may have them from one on another machine.

    Raises KernelsError if the switch has another value.
    """
    asked = environment.get(SWITCH, "")
    if asked not in ("", PINNED, NATIVE):
        raise KernelsError(f"{SWITCH} is {asked!r}, expected {PINNED} or {NATIVE}")
    pinning = _xla_flags()
    flags = [flag for flag in environment.get("XLA_FLAGS", "").split() if flag not in pinning]
    told = {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": " ".join(_numpy_features())}
    if asked != NATIVE and can_be_pinned():
        environment.update(told | {SWITCH: PINNED, "XLA_FLAGS": " ".join([*flags, *pinning])})
        return
    if asked == PINNED:
        del environment[SWITCH]
    for name, value in (told | {"XLA_FLAGS": environment.get("XLA_FLAGS", "")}).items():
        if environment.get(name) == value:
            del environment[name]
    if flags:
        environment["XLA_FLAGS"] = " ".join(flags)


def can_be_pinned() -> bool:
    """Whether the processor has the kernels of x86-64-v3; where Linux does not say it, they are left alone."""
    return processor_features() >= NEEDED


def are_pinned() -> bool:
    """Whether this process was told to use the kernels of x86-64-v3."""
    return os.environ.get(SWITCH) == PINNED


def ran() -> str:
    """What the bits of this process rest on besides the packages: its kernels, and the C library's version."""
    kernels = PINNED if are_pinned() else f"{NATIVE} kernels of {processor()}"
    return f"{kernels}, {c_library()}"


def choose_piqp() -> None:
    """PIQP is a module for each kind of processor, chosen when it is first imported: if pinned, here, before that."""
    if are_pinned():
        chosen = ModuleType("piqp.instruction_set")
        vars(chosen).update(avx512f=False, avx2=True)
        sys.modules.setdefault(chosen.__name__, chosen)


def _numpy_features() -> tuple[str, ...]:
    """NumPy's names for what goes beyond x86-64-v3; it warns of a name that it does not know."""
    if _version("numpy") >= (2, 4):
        return ("X86_V4", "AVX512_ICL", "AVX512_SPR")
    return ("AVX512F", "AVX512CD", "AVX512_SKX", "AVX512_CLX", "AVX512_CNL", "AVX512_ICL", "AVX512_SPR")


def _xla_flags() -> tuple[str, ...]:
    """XLA ends the process at a flag that it does not know. Its YNNPACK looks at the processor by itself: off."""
    off = ("--xla_cpu_experimental_ynn_fusion_type=",) if _version("jaxlib") >= (0, 10) else ()
    return ("--xla_cpu_max_isa=AVX2", *off)


def _version(package: str) -> tuple[int, ...]:
    """(major, minor) of a package; () if it is not installed."""
    parts = version_of(package).split(".")[:2]
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else ()
