"""dlnflow: the implicit regularisation of diagonal linear networks, as a library behind a paper pipeline.

The public names load on first use, so that a script pays only for what it runs.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlnflow.files.model_files import UserProgram as UserProgram
    from dlnflow.files.model_files import read_model as read_model
    from dlnflow.intervals.dispatch import basis_pursuit as basis_pursuit
    from dlnflow.intervals.dispatch import certified_limit as certified_limit
    from dlnflow.intervals.limit import ResolvedLimit as ResolvedLimit
    from dlnflow.intervals.problem import IntervalProblem as IntervalProblem
    from dlnflow.intervals.problem import NotResolved as NotResolved
    from dlnflow.intervals.problem import Resolution as Resolution
    from dlnflow.intervals.problem import ResolvedMinimiser as ResolvedMinimiser
    from dlnflow.intervals.problem import Undecided as Undecided
    from dlnflow.minimisers.basis_pursuit import Minimiser as Minimiser
    from dlnflow.minimisers.linear_programs import LinearMinimiser as LinearMinimiser
    from dlnflow.minimisers.linear_programs import UnboundedError as UnboundedError
    from dlnflow.minimisers.linear_programs import linear_minimisers as linear_minimisers
    from dlnflow.minimisers.selection import SelectedMinimiser as SelectedMinimiser
    from dlnflow.minimisers.selection import selected_minimiser as selected_minimiser
    from dlnflow.network.certified_limits import CertifiedLimit as CertifiedLimit
    from dlnflow.network.flow import flow as flow
    from dlnflow.network.limit import limit as limit
    from dlnflow.network.network import Network as Network
    from dlnflow.network.stacked_limits import quick_limits as quick_limits
    from dlnflow.problems.ensembles import planted as planted
    from dlnflow.problems.optimality import check_optimality as check_optimality
    from dlnflow.problems.problem import Problem as Problem
    from dlnflow.problems.problem import ProblemError as ProblemError
    from dlnflow.problems.program_optimality import check_program as check_program
    from dlnflow.problems.standard_form import StandardForm as StandardForm
    from dlnflow.programs.certified_limit import CertifiedEntropicLimit as CertifiedEntropicLimit
    from dlnflow.programs.certified_limit import certified_entropic_limit as certified_entropic_limit
    from dlnflow.programs.descent import EntropicDescent as EntropicDescent
    from dlnflow.programs.descent import entropic_descent as entropic_descent
    from dlnflow.programs.ensembles import planted_program as planted_program
    from dlnflow.programs.flow import EntropicFlow as EntropicFlow
    from dlnflow.programs.flow import entropic_flow as entropic_flow
    from dlnflow.programs.law import ProgramLaw as ProgramLaw
    from dlnflow.programs.law import program_law as program_law
    from dlnflow.programs.limit import EntropicLimit as EntropicLimit
    from dlnflow.programs.limit import entropic_limit as entropic_limit
    from dlnflow.results import Limit as Limit
    from dlnflow.results import Status as Status
    from dlnflow.results import Trajectory as Trajectory
    from dlnflow.simplex.feasible_basis import InfeasibleError as InfeasibleError
    from dlnflow.theory.phase_transition import bp_threshold as bp_threshold
    from dlnflow.theory.phase_transition import rho_limit as rho_limit
    from dlnflow.theory.rates import Rate as Rate
    from dlnflow.theory.rates import predicted_rate as predicted_rate
    from dlnflow.theory.rho import rho as rho
    from dlnflow.theory.state_evolution import StateEvolution as StateEvolution
    from dlnflow.theory.state_evolution import basis_pursuit_evolution as basis_pursuit_evolution
    from dlnflow.theory.state_evolution import recovery_boundary as recovery_boundary
    from dlnflow.theory.state_evolution import state_evolution as state_evolution
    from dlnflow.transport.plan import EntropicPlan as EntropicPlan
    from dlnflow.transport.plan import Transport as Transport
    from dlnflow.transport.plan import entropic_plan as entropic_plan

_HOME = {
    "CertifiedEntropicLimit": "programs.certified_limit",
    "CertifiedLimit": "network.certified_limits",
    "EntropicDescent": "programs.descent",
    "EntropicFlow": "programs.flow",
    "EntropicLimit": "programs.limit",
    "EntropicPlan": "transport.plan",
    "InfeasibleError": "simplex.feasible_basis",
    "IntervalProblem": "intervals.problem",
    "Limit": "results",
    "LinearMinimiser": "minimisers.linear_programs",
    "Minimiser": "minimisers.basis_pursuit",
    "Network": "network.network",
    "NotResolved": "intervals.problem",
    "Problem": "problems.problem",
    "ProblemError": "problems.problem",
    "ProgramLaw": "programs.law",
    "Rate": "theory.rates",
    "Resolution": "intervals.problem",
    "ResolvedLimit": "intervals.limit",
    "ResolvedMinimiser": "intervals.problem",
    "SelectedMinimiser": "minimisers.selection",
    "StandardForm": "problems.standard_form",
    "StateEvolution": "theory.state_evolution",
    "Status": "results",
    "Trajectory": "results",
    "Transport": "transport.plan",
    "UnboundedError": "minimisers.linear_programs",
    "Undecided": "intervals.problem",
    "UserProgram": "files.model_files",
    "basis_pursuit": "intervals.dispatch",
    "basis_pursuit_evolution": "theory.state_evolution",
    "bp_threshold": "theory.phase_transition",
    "certified_entropic_limit": "programs.certified_limit",
    "certified_limit": "intervals.dispatch",
    "check_optimality": "problems.optimality",
    "check_program": "problems.program_optimality",
    "entropic_descent": "programs.descent",
    "entropic_flow": "programs.flow",
    "entropic_limit": "programs.limit",
    "entropic_plan": "transport.plan",
    "flow": "network.flow",
    "limit": "network.limit",
    "linear_minimisers": "minimisers.linear_programs",
    "planted": "problems.ensembles",
    "planted_program": "programs.ensembles",
    "predicted_rate": "theory.rates",
    "program_law": "programs.law",
    "quick_limits": "network.stacked_limits",
    "read_model": "files.model_files",
    "recovery_boundary": "theory.state_evolution",
    "rho": "theory.rho",
    "rho_limit": "theory.phase_transition",
    "selected_minimiser": "minimisers.selection",
    "state_evolution": "theory.state_evolution",
}
__all__ = sorted(_HOME)


class _Package(ModuleType):
    """Keeps `dlnflow.flow` the function: importing the module of that name would otherwise replace it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)

    def __dir__(self) -> list[str]:
        return __all__


sys.modules[__name__].__class__ = _Package
