from src.duplicates.clusters import Clusters


def sets(clusters: Clusters) -> list[list[int]]:
    return sorted(sorted(some) for some in clusters.sets())


def test_sets_grow_by_links_and_lone_pictures_are_no_sets() -> None:
    clusters = Clusters(6)
    assert clusters.join(0, 1) and clusters.join(2, 3) and clusters.join(3, 1)
    assert sets(clusters) == [[0, 1, 2, 3]]
    assert sorted(clusters.members(2)) == [0, 1, 2, 3]
    assert clusters.members(5) == [5]
    assert len({clusters.of(one) for one in range(4)}) == 1
    assert clusters.of(4) == 4


def test_sets_are_joined_only_if_every_one_of_both_is_asked_about_and_fits() -> None:
    clusters = Clusters(4)
    clusters.join(0, 1)
    clusters.join(2, 3)
    asked: list[tuple[list[int], list[int]]] = []

    def refuse(ours: list[int], theirs: list[int]) -> bool:
        asked.append((sorted(ours), sorted(theirs)))
        return False

    assert not clusters.join(1, 2, refuse)
    assert asked == [([0, 1], [2, 3])]
    assert sets(clusters) == [[0, 1], [2, 3]]


def test_sets_that_could_not_be_joined_are_not_asked_about_again_also_when_they_have_grown() -> None:
    clusters = Clusters(5)
    assert not clusters.join(0, 1, lambda ours, theirs: False)
    clusters.join(1, 2)
    clusters.join(3, 4)
    clusters.join(2, 4)
    assert not clusters.join(4, 0)
    assert not clusters.join(0, 2)
    assert sets(clusters) == [[1, 2, 3, 4]]


def test_a_picture_that_is_in_a_set_with_another_already_is_not_asked_about() -> None:
    clusters = Clusters(2)
    clusters.join(0, 1)
    assert clusters.join(1, 0, lambda ours, theirs: False)


def test_what_must_be_apart_stays_so_through_whatever_they_join() -> None:
    clusters = Clusters(6, apart=[(0, 5)])
    assert clusters.join(1, 0) and clusters.join(2, 1) and clusters.join(4, 5) and clusters.join(3, 4)
    assert not clusters.join(2, 3)
    assert not clusters.join(0, 4)
    assert sets(clusters) == [[0, 1, 2], [3, 4, 5]]
