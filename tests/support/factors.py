"""What a person holds to prove who they are: a password, and an authenticator app with a clock that tests move."""

import time

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pyotp import TOTP
from tests.support.control import RunningControl, SignedIn

from farebox.identity.password import hash_password
from farebox.identity.totp import STEP_S
from farebox.kit.clock import FixedClock

PASSWORD = "a long enough one"


def clock_of_today() -> FixedClock:
    """A clock that stands still at the machine's time."""
    return FixedClock(time.time_ns() // 1_000_000)


# As weak as argon2 can be: a hash says itself how it is checked, and tests check hundreds.
_WEAK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


async def give_password(
    control: RunningControl, person: SignedIn, password: str = PASSWORD, *, is_slow: bool = False
) -> None:
    """A password that is checked in no time, or `is_slow` as those that people choose."""
    hashed = await hash_password(password) if is_slow else _WEAK.hash(password)
    async with control.services.pool.acquire() as connection:
        await connection.execute("UPDATE person SET password_hash = $2 WHERE id = $1", person.person_id, hashed)


class AuthenticatorApp:
    """Shows codes by the clock of the control process."""

    def __init__(self, control: RunningControl, secret: str) -> None:
        assert isinstance(control.services.clock, FixedClock)
        self._clock = control.services.clock
        self._totp = TOTP(secret)

    def code(self, *, steps_off: int = 0) -> str:
        return str(self._totp.generate_otp(self._clock.unix_ms() // 1000 // STEP_S + steps_off))

    def next_code(self) -> str:
        """Half a minute later."""
        self._clock.advance(STEP_S)
        return self.code()


async def enrol(control: RunningControl, person: SignedIn) -> tuple[AuthenticatorApp, list[str]]:
    """An app enrolled by somebody with PASSWORD, and the backup codes that came with it."""
    begun = await person.client.post("/api/security/totp", json={"password": PASSWORD})
    assert begun.status_code == 200, begun.text
    app = AuthenticatorApp(control, begun.json()["secret"])
    done = await person.client.post("/api/security/totp/confirm", json={"code": app.code()})
    assert done.status_code == 200, done.text
    return app, done.json()["backup_codes"]
