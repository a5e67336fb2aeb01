"""The commonest passwords that are long enough to pass the length rule, made from the habits behind them.

Lists of leaked passwords hold hardly anything of 15 characters and more; what there is repeats, joins or walks the
keyboard. Those habits are written down here and unfolded, so that the list can be read and argued about. An
operator adds a list of breached passwords of their own (`breached_passwords_file`).
"""

from collections.abc import Iterator
from itertools import product

from auth.domain.passwords import folded

_LENGTHS = range(12, 25)
_ROWS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "0987654321",
    "1q2w3e4r5t6y7u8i9o0p",
)
_WORDS = (
    "password", "matkhau", "iloveyou", "anhyeuem", "emyeuanh", "yeuemnhieu", "vietnam", "hanoi", "saigon", "danang",
    "baohiem", "baohiemxahoi", "bhxh", "bhyt", "vssid", "admin", "administrator", "welcome", "letmein", "qwerty",
    "qwertyuiop", "asdfgh", "asdfghjkl", "zxcvbnm", "abc", "abcd", "football", "bongda", "monkey", "dragon", "sunshine",
    "princess", "khongbiet", "khongco", "giadinh", "conyeu", "metoi", "nguyenvan", "nguyenthi", "tranvan", "tranthi",
    "levan", "lethi", "phamvan", "hoangvan", "giaovien", "hocsinh", "congty", "chucmung", "hanhphuc", "trunghieu",
    "superman", "batman", "michael", "charlie", "computer", "internet", "samsung", "iphone", "facebook", "zalo",
)  # fmt: skip
_TAILS = (
    "",
    "1",
    "12",
    "123",
    "1234",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "!",
    "@123",
    "123456a",
)
_SENTENCES = (
    "correct horse battery staple", "the quick brown fox jumps", "to be or not to be", "i love you so much",
    "i love you forever", "may the force be with you", "let me in please now", "this is my password",
    "my password is password", "anh yeu em nhieu lam", "em yeu anh nhieu lam", "toi yeu viet nam",
    "viet nam vo dich", "toi khong biet mat khau", "mat khau cua toi la", "day la mat khau cua toi",
    "khong co gi quy hon doc lap tu do", "hoc hoc nua hoc mai", "con yeu bo me nhieu lam", "gia dinh la so mot",
)  # fmt: skip


def common_passwords() -> frozenset[str]:
    """Return at least 3,000 folded passwords of 12 characters and more (LIM-03)."""
    return frozenset(word for text in _all() if len(word := folded(text)) in _LENGTHS or " " in text)


def _all() -> Iterator[str]:
    yield from _repeats()
    yield from _walks()
    yield from _joined_words()
    for sentence in _SENTENCES:
        yield from (sentence, sentence.replace(" ", ""), sentence.replace(" ", "-"), sentence.replace(" ", "_"))


def _repeats() -> Iterator[str]:
    alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
    for unit in (*alphabet, *_WORDS, "12", "123", "1234", "12345", "abc123", "a1", "aA1@", "1a2b3c"):
        yield from ((unit * length)[:length] for length in _LENGTHS)


def _walks() -> Iterator[str]:
    for first, second in product(_ROWS, repeat=2):
        yield from ((first + second)[:length] for length in _LENGTHS)


def _joined_words() -> Iterator[str]:
    for first, second, tail in product(_WORDS, _WORDS, _TAILS):
        yield first + second + tail
