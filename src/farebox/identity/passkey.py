"""Passkeys (WebAuthn): registered by a person who is signed in, used to sign in without a name, or as second factor.

The authenticator has verified its user each time, so a passkey alone is two factors. The challenge is single-use; the
signature counter, where an authenticator keeps one, must rise, or the passkey was copied.
"""

import asyncio
import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.identity import challenge
from farebox.identity import passkey_store as store
from farebox.identity.passkey_store import NewPasskey, Passkey
from farebox.identity.site import Site
from farebox.kit.ids import IdSource
from farebox.storage.database import Connection

MOST_PER_PERSON = 20
Credential = Mapping[str, Any]  # as the browser's toJSON() gives it
_T = TypeVar("_T")


async def ask_new(connection: Connection, site: Site, person_id: UUID, email: str) -> dict[str, Any]:
    """Options of navigator.credentials.create()."""
    known = await store.load_all(connection, person_id)
    if len(known) >= MOST_PER_PERSON:
        raise ActionRefused(
            "too_many_passkeys",
            f"You have {len(known)} passkeys. Remove one that you do not use.",
            values={"most": MOST_PER_PERSON},
        )
    value = await challenge.put(connection, "passkey_new", person_id=person_id)
    return await asyncio.to_thread(_options_new, site, person_id, email, [each.credential_id for each in known], value)


async def verify_new(connection: Connection, site: Site, person_id: UUID, credential: Credential) -> NewPasskey:
    """Judges what the authenticator made. Not in a transaction: the challenge is used up, whatever comes of it."""
    value = _challenge_in(credential)
    put = await challenge.take(connection, "passkey_new", value)
    if put is None or put.person_id != person_id:
        raise _refused()
    made = await _verified(_verify_new, site, credential, value)
    transports = (credential.get("response") or {}).get("transports") or []
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count, tuple(transports))


async def keep(connection: Connection, ids: IdSource, person_id: UUID, made: NewPasskey, name: str) -> Passkey:
    """Keeps one that was judged, under a name; ActionRefused when it is known already."""
    added = await store.insert(connection, ids.new(), person_id, made, name)
    if added is None:
        raise ActionRefused("passkey_known", "This passkey is registered already.")
    return added


async def ask(connection: Connection) -> bytes:
    """The challenge of navigator.credentials.get(); it names nobody, so it tells nobody who exists."""
    return await challenge.put(connection, "passkey_use")


async def options(site: Site, value: bytes) -> dict[str, Any]:
    """Options of navigator.credentials.get() for any passkey of this site."""
    return await asyncio.to_thread(_options_use, site, value)


async def use(connection: Connection, site: Site, credential: Credential) -> UUID:
    """Whose passkey has signed; ActionRefused for anything else. Not in a transaction: the challenge is used up."""
    value = _challenge_in(credential)
    put = await challenge.take(connection, "passkey_use", value)
    known = await store.find(connection, _bytes_of(credential.get("rawId")))
    if put is None or known is None or not _is_handle_of(known.person_id, credential):
        raise _refused()
    done = await _verified(_verify_use, site, credential, value, known)
    if not await store.note_use(connection, known.id, known.sign_count, done.new_sign_count):
        raise _refused()
    return known.person_id


async def _verified(verify: Callable[..., _T], *facts: object) -> _T:
    # In a thread: the library is loaded with the first passkey, which takes longer than others should wait.
    return await asyncio.to_thread(_judged, verify, *facts)


def _judged(verify: Callable[..., _T], *facts: object) -> _T:
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return verify(*facts)
    except (WebAuthnException, ValueError, KeyError, TypeError, IndexError) as error:
        # Whatever a stranger's bytes break in the parser, they prove nothing.
        raise _refused() from error


def _verify_new(site: Site, credential: Credential, value: bytes) -> Any:
    from webauthn import verify_registration_response

    return verify_registration_response(
        credential=dict(credential),
        expected_challenge=value,
        expected_rp_id=site.id,
        expected_origin=site.origin,
        require_user_verification=True,
    )


def _verify_use(site: Site, credential: Credential, value: bytes, known: Passkey) -> Any:
    from webauthn import verify_authentication_response

    return verify_authentication_response(
        credential=dict(credential),
        expected_challenge=value,
        expected_rp_id=site.id,
        expected_origin=site.origin,
        credential_public_key=known.public_key,
        credential_current_sign_count=known.sign_count,
        require_user_verification=True,
    )


def _options_new(site: Site, person_id: UUID, email: str, known: list[bytes], value: bytes) -> dict[str, Any]:
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    made = generate_registration_options(
        rp_id=site.id,
        rp_name=site.name,
        user_id=person_id.bytes,
        user_name=email,
        challenge=value,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return dict(msgspec.json.decode(options_to_json(made)))


def _options_use(site: Site, value: bytes) -> dict[str, Any]:
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    made = generate_authentication_options(
        rp_id=site.id, challenge=value, user_verification=structs.UserVerificationRequirement.REQUIRED
    )
    return dict(msgspec.json.decode(options_to_json(made)))


def _challenge_in(credential: Credential) -> bytes:
    response = credential.get("response") or {}
    try:
        told = msgspec.json.decode(_bytes_of(response.get("clientDataJSON")), type=dict[str, Any])
    except msgspec.DecodeError:
        raise _refused() from None
    return _bytes_of(told.get("challenge"))


def _is_handle_of(person_id: UUID, credential: Credential) -> bool:
    handle = (credential.get("response") or {}).get("userHandle")
    return handle is None or _bytes_of(handle) == person_id.bytes


def _bytes_of(text: object) -> bytes:
    """Base64url without padding, as WebAuthn writes bytes."""
    if not isinstance(text, str):
        raise _refused()
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise _refused() from None


def _refused() -> ActionRefused:
    return ActionRefused("passkey_refused", "This passkey was not accepted. Try again.", status=401)
