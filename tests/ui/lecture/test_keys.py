"""Codes, keys and names: what cannot be guessed or made up."""

from ui.lecture.keys import (
    LETTERS,
    host_token,
    is_code,
    is_host,
    is_presenter,
    new_code,
    new_secret,
    new_voter,
    presenter_key,
    voter_of,
)


def test_a_code_is_one_of_29_million_and_new() -> None:
    taken: set[str] = set()
    for _ in range(500):
        code = new_code(taken)
        assert is_code(code) and len(code) == 5 and code not in taken
        taken.add(code)
    assert len(LETTERS) == len(set(LETTERS)) == 31 and not set("01OIL") & set(LETTERS)


def test_a_key_opens_its_room_on_its_server_only() -> None:
    mine, other = new_secret(), new_secret()
    key = presenter_key(mine, "K7RTM")
    assert is_presenter(mine, "K7RTM", key)
    for secret, code, text in [
        (mine, "K7RTN", key),
        (other, "K7RTM", key),
        (mine, "K7RTM", key[:-1]),
        (mine, "K7RTM", ""),
        (mine, "K7RTM", "é"),
    ]:
        assert not is_presenter(secret, code, text)


def test_a_voter_is_one_that_the_server_has_named() -> None:
    secret = new_secret()
    token = new_voter(secret)
    assert voter_of(secret, token) == token.partition(".")[0]
    assert new_voter(secret) != token
    for text in ("", ".", "me", "me.", f"x{token}", token[:-1], token + "0"):
        assert voter_of(secret, text) is None
    assert voter_of(new_secret(), token) is None


def test_the_token_of_the_host_is_no_key_and_no_name() -> None:
    secret = new_secret()
    assert (
        is_host(secret, f" {host_token(secret)} ") and not is_host(secret, "") and not is_host(new_secret(), host_token(secret))
    )
    assert host_token(secret) != presenter_key(secret, "")[:20]
