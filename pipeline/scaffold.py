"""`citewire init`: a working desk in a new folder."""

from __future__ import annotations

from pathlib import Path

from pipeline import resources
from pipeline.errors import UsageError

CONFIGURATION = "citewire.toml"


def init(folder: Path) -> tuple[Path, ...]:
    """Write the example configuration into `folder`, made where missing; returns the files written.

    Raises UsageError when the folder holds a configuration already: nothing of the user's is ever overwritten.
    """
    target = folder / CONFIGURATION
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(resources.text("example", CONFIGURATION))
    except FileExistsError:
        raise UsageError(f"{target} is there already and stays as it is; choose another folder, or edit it") from None
    except OSError as error:
        raise UsageError(f"{target} cannot be written ({error}); choose another folder") from None
    return (target,)
