"""How pictures are put before a user's own network, as a small JSON file beside it says."""

import json
import math
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..errors import ExpectedError
from .preprocessing import CENTRE, Channels, Preprocessing

# What networks that were trained on ImageNet nearly always take: the mean and deviation of its pixels, for values 0 to
# 255 in the order red, green, blue. PyTorch's torchvision names them for values 0 to 1.
MEAN: Channels = (123.675, 116.28, 103.53)
SCALE: Channels = (1 / 58.395, 1 / 57.12, 1 / 57.375)
SIDE = 224
# No network of today takes more, and what is far above it is a slip of the pen.
LARGEST_SIDE = 4096

KEYS = ("size", "shorter", "mean", "scale", "channels", "output")


class ModelSettings(NamedTuple):
    """What must be known of a network beside its file."""

    preprocessing: Preprocessing
    output: str | None
    """The name of the output that is taken, if there are several."""


def settings_path(model_path: str) -> str:
    """Return where the settings of a network would be: of clip.onnx, clip.json."""
    return os.path.splitext(model_path)[0] + ".json"


def read_settings(model_path: str, given: Mapping[str, Any]) -> ModelSettings:
    """Return the settings of a network: those given, else those of the file beside it, else the usual ones.

    Parameters
    ----------
    model_path : str
        The network's own file.
    given : mapping of str to JSON values
        `size`, the side of the square in pixels; `shorter`, what the shorter side is scaled to before that is cut out,
        by default 8/7 of it; `mean` and `scale`, a number or one for each channel: the network takes (value - mean) *
        scale of values 0 to 255; `channels`, 'RGB' or 'BGR'; `output`, a name.

    Raises
    ------
    ExpectedError
        If the file cannot be read, or one of these is not as it should be: one line that names it.
    """
    path = settings_path(model_path)
    found = _read(path)
    try:
        made = _make(found)
    except ValueError as error:
        raise ExpectedError(f"{path}: {error}") from None
    try:
        return _make({**found, **given}) if given else made
    except ValueError as error:
        raise ExpectedError(f"{model_path}: {error}") from None


def _read(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ExpectedError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ExpectedError(f"{path} is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise ExpectedError(f'{path} must hold an object, such as {{"size": {SIDE}}}')
    return found


def _make(settings: Mapping[str, Any]) -> ModelSettings:
    for name in settings:
        if name not in KEYS:
            raise ValueError(f"there is no setting '{name}', only {', '.join(KEYS)}")
    channels, output = settings.get("channels", "RGB"), settings.get("output")
    if channels not in ("RGB", "BGR"):
        raise ValueError(f"channels must be 'RGB' or 'BGR', not {json.dumps(channels)}")
    if not (output is None or isinstance(output, str)):
        raise ValueError(f"output must be the name of one, not {json.dumps(output)}")
    side = _side("size", settings.get("size", SIDE))
    shorter = _side("shorter", settings.get("shorter", round(side / CENTRE)))
    if shorter < side:
        raise ValueError(f"shorter must be at least size, which is {side}, not {shorter}")
    order = slice(None, None, 1 if channels == "RGB" else -1)
    mean = _numbers("mean", settings.get("mean", MEAN[order]))
    scale = _numbers("scale", settings.get("scale", SCALE[order]))
    return ModelSettings(Preprocessing(side, shorter, mean, scale, is_rgb=channels == "RGB"), output)


def _side(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST_SIDE:
        return value
    raise ValueError(f"{name} must be a whole number of pixels from 1 to {LARGEST_SIDE}, not {json.dumps(value)}")


def _numbers(name: str, value: object) -> Channels:
    values = [value] * 3 if isinstance(value, int | float) else value
    if isinstance(values, list | tuple) and len(values) == 3 and all(map(_is_number, values)):
        first, second, third = (float(one) for one in values)
        return first, second, third
    raise ValueError(f"{name} must be a number, or three, not {json.dumps(value)}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
