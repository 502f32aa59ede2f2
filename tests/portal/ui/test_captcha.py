"""A program's shortcut does not pass twice; a person passes with or without JavaScript."""

import base64
import json

import altcha
import pytest

from portal import vault
from portal.ui import captcha


def test_sum_in_words_once() -> None:
    asked = captcha.challenge()
    answer = str(json.loads(vault.decrypt(asked["token"]))["sum"])
    wrong = {"captcha_answer": "1", "captcha_token": asked["token"]}
    assert not captcha.passed(wrong)
    right = {"captcha_answer": answer, "captcha_token": asked["token"]}
    assert captcha.passed(right)
    assert not captcha.passed(right)


@pytest.mark.parametrize(
    ("text", "number"),
    [("8", 8), ("８", 8), ("八", 8), ("十", 10), ("十三", 13), ("", None), ("abc", None), ("二十", 20)],
)
def test_numbers_as_people_write_them(text: str, number: int | None) -> None:
    assert captcha._number(text) == number


def test_proof_of_work_once() -> None:
    puzzle = json.loads(captcha.challenge()["puzzle"])
    found = altcha.solve_challenge(
        puzzle["challenge"], puzzle["salt"], puzzle["algorithm"], puzzle["max_number"], 0
    )
    assert found is not None
    body = {name: puzzle[name] for name in ("algorithm", "challenge", "salt", "signature")} | {
        "number": found.number
    }
    payload = base64.b64encode(json.dumps(body).encode()).decode()
    assert captcha.passed({"altcha": payload})
    assert not captcha.passed({"altcha": payload})


@pytest.mark.parametrize(
    "payload", ["", "x", "W10=", base64.b64encode(b'{"challenge":1}').decode(), "é" * 10, "a" * 5000]
)
def test_rubbish_does_not_pass(payload: str) -> None:
    assert not captcha.passed({"altcha": payload, "captcha_token": payload, "captcha_answer": "9"})
