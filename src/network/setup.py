"""Sets up the networks by which `deepdescriptor` describes: ONNX files, made once from the weights in packages."""

import os
from collections.abc import Callable, Sequence

from ..atomicfile import replacing
from ..errors import ExpectedError
from .knownnetworks import KNOWN
from .weightfiles import HOW_TO_SET_UP, folder, is_sound, open_checked, path_of


def set_up(names: Sequence[str], on_start: Callable[[str], object]) -> str:
    """Make the files of known networks that are not there, or are damaged; return their folder.

    Whenever this is interrupted, the next call goes on.

    Parameters
    ----------
    names : sequence of str
        Keys of `KNOWN`.
    on_start : callable
        Called with the name of each network that has to be made.

    Raises
    ------
    ExpectedError
        If a library is missing, the weights cannot be had, or the folder cannot be written.
    """
    for name in names:
        if not is_sound(name):
            on_start(name)
            _make(name)
    return folder()


def _make(name: str) -> None:
    # Only here: nobody else needs the library that writes ONNX.
    try:
        from .efficientnet import convert
    except ImportError as error:
        how = "make deep installs it" if HOW_TO_SET_UP == "make deep" else "pip install 'image-similarity[deep]'"
        raise ExpectedError(f"the library onnx is needed to set up networks: {how} ({error})") from error
    from .packages import read_weights_file
    from .torchpickle import read_weights

    known, path = KNOWN[name], path_of(name)
    weights = read_weights(read_weights_file(known))
    data = convert(weights, known.repeats, known.side, name)
    try:
        os.makedirs(folder(), exist_ok=True)
        with replacing(path) as file:
            file.write(data)
    except OSError as error:
        raise ExpectedError(f"the network {path} cannot be written: {error.strerror}") from error
    open_checked(name).close()
