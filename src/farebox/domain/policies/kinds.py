"""Types that the sections of a policy share: amounts, countries, spans."""

from typing import Annotated

import msgspec

# A decimal string of the unit of account; domain/money.py's parse_amount reads it.
Amount = Annotated[str, msgspec.Meta(pattern=r"^\d{1,9}(\.\d{1,9})?$")]
# ISO 3166-1 alpha-2. Territories with codes of their own are separate: HK and TW are not in CN.
Country = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
# ISO 4217.
Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$")]
Days = Annotated[int, msgspec.Meta(ge=0, le=3_650)]
Months = Annotated[int, msgspec.Meta(ge=1, le=120)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31)]
