"""What the pages show: tables, and names above pictures."""

from ppgn_lib.book.figures import short, table


def test_a_table_has_the_columns_of_all_rows_and_empty_cells():
    shown = table({"one": {"a": "1"}, "two": {"a": "2", "b|c": "3"}}).data
    assert shown.splitlines() == ["|  | a | b\\|c |", "|---|---|---|", "| one | 1 |  |", "| two | 2 | 3 |"]


def test_short_names_are_last_words_that_fit_above_a_picture():
    assert short(["ankle boot", "sneaker", "trousers", "bag"]) == ["boot", "sneaker", "trous.", "bag"]
