"""The fields and files of a multipart form, as far as a provider of media needs them."""

import re

import msgspec

from farebox.simulator.errors import bad_request

BOUNDARY = re.compile(rb'boundary="?([^";]{1,70})"?')
NAME = re.compile(rb'(?<!file)name="([^"]*)"')
FILENAME = re.compile(rb'filename="([^"]*)"')


class Form(msgspec.Struct, frozen=True):
    """Text fields by name, and files by name in the order in which they came."""

    fields: dict[str, str]
    files: dict[str, list[bytes]]

    def field(self, name: str) -> str:
        if name not in self.fields:
            raise bad_request(f"Missing required parameter: '{name}'.", name)
        return self.fields[name]

    def file_list(self, name: str) -> list[bytes]:
        """The files called `name` or `name[]`; a request without one is refused."""
        found = self.files.get(name, []) + self.files.get(name + "[]", [])
        if not found:
            raise bad_request(f"Missing required parameter: '{name}'.", name)
        return found


def read_form(body: bytes, content_type: bytes) -> Form:
    """The form in `body`; refused when the header does not say that it is one, or the body is cut short."""
    boundary = BOUNDARY.search(content_type)
    if not content_type.lower().startswith(b"multipart/form-data") or boundary is None:
        raise bad_request("Could not parse multipart form: the content type must be multipart/form-data.")
    mark = b"--" + boundary[1]
    first, *parts = (b"\r\n" + body).split(b"\r\n" + mark)
    if first or not parts or not parts[-1].startswith(b"--"):
        raise bad_request("Could not parse multipart form: the closing boundary is missing.")
    fields: dict[str, str] = {}
    files: dict[str, list[bytes]] = {}
    for part in parts[:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = NAME.search(head)
        if name is None:
            raise bad_request("Could not parse multipart form: a part has no name.")
        if FILENAME.search(head):
            files.setdefault(name[1].decode("utf-8", "replace"), []).append(content)
        else:
            fields[name[1].decode("utf-8", "replace")] = content.decode("utf-8", "replace")
    return Form(fields, files)
