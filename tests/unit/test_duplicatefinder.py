"""Duplicates: which pictures are told as copies of which, from their fingerprints; the files are only names here."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from src.duplicatefinder import Wanted, compare, copy_of, find_groups, find_known
from src.duplicategroup import FILE, NEAR, PICTURE, Group
from src.duplicates.orientations import ALL, turned
from src.filebytes import content_digest
from src.fingerprints import Fingerprints
from tests.scenes import COPIES, Image, as_levels, bordered, cropped, draw_scene, in_grey, prints_of, resized

SCENE = draw_scene(1)


def taken(folder: Path, pictures: Mapping[str, Image], contents: Mapping[str, bytes] | None = None) -> Fingerprints:
    """Return the fingerprints of pictures, and make a file for each; by default each has a content of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(pictures):
        content = (contents or {}).get(name) or f"{folder.name} {number}".encode()
        (folder / name).write_bytes(content)
    names = list(pictures)
    states = np.array([[1000 * image.size, 10**18 + number, 0] for number, image in enumerate(pictures.values())])
    digests = np.array([list(content_digest((folder / name).read_bytes())) for name in names], np.uint8)
    return Fingerprints(names, lambda name: str(folder / name), states, digests, prints_of(*pictures.values()), None)


def told(groups: list[Group]) -> list[tuple[str, dict[str, str]]]:
    """Return the one to keep of each group, and the kinds of its copies."""
    return [(group.keep.id, {copy.picture.id: copy.kind for copy in group.copies}) for group in groups]


@pytest.mark.parametrize("change", COPIES)
def test_copies_are_near_their_picture_whichever_way_they_were_made(change: str, tmp_path: Path) -> None:
    pictures = {f"{seed}": draw_scene(seed) for seed in range(2, 12)}
    (group,) = find_groups(taken(tmp_path, {"picture": SCENE, "copy": COPIES[change](SCENE), **pictures}))
    assert {group.keep.id, *(copy.picture.id for copy in group.copies)} == {"picture", "copy"}
    assert (group.kind, group.copies[0].orientation) == (NEAR, 1)
    assert 0.92 <= group.copies[0].similarity < 1


def test_pictures_of_other_things_are_no_copies_though_their_layout_is_one(tmp_path: Path) -> None:
    light = draw_scene(3).astype(float)
    others = [as_levels(0.5 * light + 0.5 * draw_scene(seed)) for seed in range(20, 32)]
    assert find_groups(taken(tmp_path, {str(number): one for number, one in enumerate(others)})) == []


def test_three_kinds_are_told_apart(tmp_path: Path) -> None:
    pictures = {"a": SCENE, "b": SCENE, "c": SCENE, "d": resized(SCENE, 0.5), "e": draw_scene(2)}
    fingerprints = taken(tmp_path, pictures, {"a": b"one", "b": b"one"})
    assert told(find_groups(fingerprints)) == [("a", {"b": FILE, "c": PICTURE, "d": NEAR})]
    assert told(find_groups(fingerprints, Wanted(kind=PICTURE))) == [("a", {"b": FILE, "c": PICTURE})]
    assert told(find_groups(fingerprints, Wanted(kind=FILE))) == [("a", {"b": FILE})]


@pytest.mark.parametrize("kind", [PICTURE, NEAR])
def test_what_is_said_to_be_different_is_in_no_group_together(kind: str, tmp_path: Path) -> None:
    fingerprints = taken(tmp_path, {"a": SCENE, "b": SCENE, "c": SCENE, "d": resized(SCENE, 0.5)})
    digests = [bytes(digest) for digest in fingerprints.digests]
    apart = Wanted(kind=kind, different=frozenset({frozenset({digests[0], digests[2]})}))
    groups = [
        {group.keep.id, *(copy.picture.id for copy in group.copies)} for group in find_groups(fingerprints, apart)
    ]
    assert groups
    assert not any({"a", "c"} <= group for group in groups)
    every = frozenset(frozenset({one, other}) for one in digests for other in digests if one != other)
    assert find_groups(fingerprints, Wanted(kind=kind, different=every)) == []


def test_a_chain_whose_ends_differ_is_not_one_group(tmp_path: Path) -> None:
    # Each is near the next, and the last one shows nothing of the first.
    other = draw_scene(2).astype(float)
    shares = np.linspace(0, 1, 9)
    chain = {f"{share:.3f}": as_levels((1 - share) * SCENE + share * other) for share in shares}
    groups = find_groups(taken(tmp_path, chain))
    sizes = [1 + len(group.copies) for group in groups]
    assert len(groups) > 1
    assert max(sizes) < len(chain)
    for group in groups:
        members = [float(group.keep.id), *(float(copy.picture.id) for copy in group.copies)]
        assert max(members) - min(members) < 0.6


def test_groups_do_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    pictures = {f"{seed}-{name}": COPIES[name](draw_scene(seed)) for seed in (1, 2) for name in list(COPIES)[::3]}
    forwards = find_groups(taken(tmp_path / "a", pictures))
    backwards = find_groups(taken(tmp_path / "b", dict(reversed(pictures.items()))))
    as_sets = [
        {frozenset({group.keep.id, *(copy.picture.id for copy in group.copies)}) for group in groups}
        for groups in (forwards, backwards)
    ]
    assert as_sets[0] == as_sets[1]
    assert len(as_sets[0]) == 2


@pytest.mark.parametrize("orientation", ALL)
def test_the_one_to_keep_is_to_be_turned_to_look_like_its_copy(orientation: int, tmp_path: Path) -> None:
    large = draw_scene(5, 320, 320)
    copy_image = resized(turned(large[None], orientation)[0], 0.5)
    fingerprints = taken(tmp_path, {"picture": large, "copy": copy_image})
    (group,) = find_groups(fingerprints, Wanted(any_orientation=True))
    (copy,) = group.copies
    assert (group.keep.id, copy.picture.id, copy.orientation) == ("picture", "copy", orientation)
    if orientation != 1:
        assert find_groups(fingerprints) == []


def test_the_picture_of_most_pixels_is_kept_or_what_another_rule_says(tmp_path: Path) -> None:
    fingerprints = taken(tmp_path, {"small": resized(SCENE, 0.5), "large": SCENE, "new": resized(SCENE, 0.7)})
    for rule, kept in {"best": "large", "oldest": "small", "newest": "new", "smallest": "small"}.items():
        assert find_groups(fingerprints, Wanted(keep=rule))[0].keep.id == kept


def test_a_protected_file_is_no_spare(tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    fingerprints = taken(safe, {"a": resized(SCENE, 0.5), "b": SCENE})
    (group,) = find_groups(fingerprints, Wanted(protect=[str(safe)]))
    assert (group.keep.id, group.spares, group.spare_bytes) == ("b", (), 0)


def test_what_is_known_is_told_with_the_closest_that_is_there(tmp_path: Path) -> None:
    known = taken(tmp_path / "known", {"a": SCENE, "c": draw_scene(2)})
    new = taken(
        tmp_path / "new", {"crop": cropped(SCENE, 0.05, 0.05, 0.95, 0.95), "same": draw_scene(2), "d": draw_scene(9)}
    )
    found = {match.picture.id: match.copy for match in find_known(new, known)}
    crop, same = found["crop"], found["same"]
    assert crop is not None
    assert (crop.picture.id, crop.kind) == ("a", NEAR)
    assert same is not None
    assert (same.picture.id, same.kind) == ("c", PICTURE)
    assert found["d"] is None


@pytest.mark.parametrize("change", ["cropped all over", "white border", "half as large", "grey"])
def test_comparing_says_the_same_whichever_comes_first(change: str) -> None:
    one, other = prints_of(SCENE), prints_of(COPIES[change](SCENE))
    forwards, backwards = compare(one, other, False), compare(other, one, False)
    assert forwards.kind == backwards.kind == NEAR
    assert forwards.similarity == pytest.approx(backwards.similarity, abs=1e-6)
    different = compare(one, prints_of(draw_scene(2)), False)
    assert different.kind is None
    assert different.similarity < 0.92


def test_a_group_that_keeps_another_one_is_told_anew(tmp_path: Path) -> None:
    fingerprints = taken(tmp_path, {"a": SCENE, "b": resized(SCENE, 0.5), "c": SCENE})
    (group,) = find_groups(fingerprints)
    by_id = {picture.id: picture for picture in (group.keep, *(copy.picture for copy in group.copies))}
    assert copy_of(fingerprints, by_id["b"], by_id["a"]).kind == NEAR
    assert copy_of(fingerprints, by_id["c"], by_id["a"]).kind == PICTURE


def test_products_on_plain_ground_are_told_apart_and_found_at_another_size(tmp_path: Path) -> None:
    def product(seed: int) -> Image:
        shown = np.full((400, 400, 3), 255, np.uint8)
        # All of one outline and about one colour.
        inside = draw_scene(seed, 240, 240)
        shown[80:320, 80:320] = as_levels(0.4 * inside + 0.6 * np.array([60, 90, 140]))
        return shown

    products = {f"{seed}": product(seed) for seed in range(6)}
    small = {f"{seed} small": resized(product(seed), 0.2) for seed in range(6)}
    groups = find_groups(taken(tmp_path, {**products, **small}))
    assert sorted(group.keep.id for group in groups) == list(products)
    assert all([copy.picture.id for copy in group.copies] == [f"{group.keep.id} small"] for group in groups)


def test_a_copy_in_grey_and_one_with_a_border_are_found_together(tmp_path: Path) -> None:
    pictures = {"a": SCENE, "grey": in_grey(SCENE), "framed": bordered(resized(SCENE, 0.8), 14, (250, 250, 250))}
    (group,) = find_groups(taken(tmp_path, pictures))
    assert len(group.copies) == 2
