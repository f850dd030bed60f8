"""SQL that keeps samples for learning."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from farebox.gateway.samples import Sample

# The duty thins the table out; where none runs, it stops growing at a size that it can still read at once.
_WRITE_SAMPLES = """
INSERT INTO learning_sample (model, account_id, word_bytes, sign_bytes, cjk_bytes, other_bytes,
                             input_tokens, output_tokens, seen_tokens)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                     $7::bigint[], $8::bigint[], $9::bigint[])
WHERE pg_relation_size('learning_sample') < 128 * 1024 * 1024
"""


async def write_samples(connection: Any, rows: "Sequence[Sample]") -> None:
    columns = zip(*(msgspec.structs.astuple(row) for row in rows), strict=True)
    await connection.execute(_WRITE_SAMPLES, *map(list, columns))
