from service.domain import new_id


def test_ids_sort_in_the_order_of_their_making() -> None:
    """Thousands within a millisecond are all different, and a list by id is a list by age."""
    ids = [new_id("rep_") for _ in range(5_000)]

    assert ids == sorted(set(ids))
    assert {len(each) for each in ids} == {len("rep_") + 26}
