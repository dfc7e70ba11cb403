"""Rows that are too long for a trainer stay behind, if that is asked for; nothing is ever cut."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from concord.export.conversion import Convert, Converted, left_out, unchanged
from concord.export.formats import KINDS
from concord.export.options import ExportOptions
from concord.export.texts import SHAPES, row_lengths
from concord.export.tokens import counter


def fitting(options: ExportOptions) -> Convert:
    """Leaves out the rows that are longer than the options' `max_length`, where these want them dropped.

    Raises:
        InputError: there is no such tokenizer.
    """
    limit = options.max_length
    if limit is None or not options.drop_long:
        return unchanged
    counted, read = counter(options.tokenizer), SHAPES[KINDS[options.format].shape]

    def fits(part: pa.Table) -> Converted:
        long = row_lengths(read(part), counted) > limit
        left = part.take(np.flatnonzero(long))
        reason = f"longer than {limit} tokens"
        return Converted(part.take(np.flatnonzero(~long)), left_out(left.to_pylist(), [reason] * len(left)))

    return fits
