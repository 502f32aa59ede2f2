"""Documents (PDF, Word, Excel): recognised by their bytes, refused with macros, handed out as downloads only."""

import io
import zipfile

from portal.files.rules import RefusedError

PDF, OLE, ZIP = b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ENTRIES = 2000
# Names of streams that hold macros, as an OLE container writes them.
OLE_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le"))
OLE_WORKBOOK = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def inspect(data: bytes) -> str:
    """The ending that fits the bytes; raises RefusedError for everything that is not taken."""
    if not data:
        raise RefusedError("empty")
    if data[:1024].lstrip().startswith(PDF):
        if b"%%EOF" not in data[-2048:]:
            raise RefusedError("doc_broken")
        return ".pdf"
    if data.startswith(OLE):
        if any(name in data for name in OLE_MACROS):
            raise RefusedError("doc_macro")
        return ".xls" if any(name in data for name in OLE_WORKBOOK) else ".doc"
    if data.startswith(ZIP):
        return _package(data)
    raise RefusedError("doc_type")


def _package(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = [entry.filename.lower() for entry in package.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise RefusedError("doc_broken") from error
    if len(names) > MOST_ENTRIES:
        raise RefusedError("doc_broken")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise RefusedError("doc_macro")
    if "word/document.xml" in names:
        return ".docx"
    if "xl/workbook.xml" in names:
        return ".xlsx"
    raise RefusedError("doc_type")
