"""What leaves of a project, or of several together, before a file of it is written."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from dataclasses import replace

from concord.curation.mixtures import Share
from concord.errors import InputError
from concord.export.answers import select_answers
from concord.export.formats import KINDS
from concord.export.manifest import Dropped
from concord.export.mixture import Mixture, Portion, together
from concord.export.options import ExportOptions
from concord.export.preferences import select_pairs
from concord.export.rankings import select_rankings
from concord.export.source import ExportSource, ExportStore, Selection
from concord.export.unpaired import select_drafts
from concord.records.kinds import Shape
from concord.records.project import Project

_SELECT: dict[Shape, Callable[[ExportSource, ExportOptions], Selection]] = {
    "answers": select_answers,
    "pairs": select_pairs,
    "unpaired": select_drafts,
    "rankings": select_rankings,
}


@contextlib.contextmanager
def leaving(store: ExportStore, project: Project, options: ExportOptions) -> Generator[Mixture]:
    """What would leave of a project and of those that are mixed in, and why the rest would not; nothing is written.

    Raises:
        InputError: the mixture has the project itself, or projects whose items could not be told apart.
    """
    shares = (Share(project.name), *options.mixture)
    _refuse_confusion([share.project for share in shares])
    with contextlib.ExitStack() as stack:
        portions: list[Portion] = []
        for share in shares:
            one = project if share.project == project.name else store.project(share.project)
            source = stack.enter_context(store.export_source(one.id, include_flagged=options.include_flagged))
            portions.append(Portion(one, share, source, choose(source, options)))
        yield Mixture(together(portions, options))


def choose(source: ExportSource, options: ExportOptions) -> Selection:
    """What would leave of one project, and why the rest would not."""
    return _with_left_out(_SELECT[KINDS[options.format].shape](source, options), source)


def _with_left_out(selection: Selection, source: ExportSource) -> Selection:
    """The same, with the items that entered whole and left not at all.

    Newer versions of their templates took them out, or annotators flagged them.
    """
    retired = tuple(Dropped(name, reason) for name, reason in source.retired())
    flagged = tuple(Dropped(name, f"flagged: {reason.replace('_', ' ')}") for name, reason in source.flagged())
    out = retired + flagged
    return replace(selection, entered=selection.entered + len(out), dropped=selection.dropped + out)


def _refuse_confusion(names: list[str]) -> None:
    if names[0] in names[1:]:
        raise InputError(f"The mixture has {names[0]!r} itself, which is whole in it. Name other projects.")
    for one in names:
        if other := next((name for name in names if name.startswith(f"{one}/")), None):
            raise InputError(
                f"The items of {one!r} and {other!r} could have the same ids in one data set. Export them apart."
            )
