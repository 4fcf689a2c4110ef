import pytest

from service.replies.guards.addresses import Known, addresses

KNOWN = Known("fr", ["Voir https://x.example/a. Tél. 04 72 00 11 22"], ["https://shop.example", "aide@shop.example"])


@pytest.mark.parametrize(
    "sentence",
    [
        "Voir https://shop.example/aide",
        "Voir shop.example.",
        "Voir www.x.example/a/",
        "Écrivez à aide@shop.example",
        "Appelez le 04.72.00.11.22",
        "Appelez le +33 4 72 00 11 22",
        "Comptez 5 jours, puis 12,50 € par mois.Merci",
        "Le document facture.pdf, p. ex., suffit.",
    ],
)
def test_known_addresses_pass(sentence: str) -> None:
    """What a passage, a variable or the brand's list gives may be written, in whatever form."""
    assert KNOWN.foreign(sentence) == frozenset()


@pytest.mark.parametrize(
    "sentence",
    [
        "Voir https://shop.example.evil.example/",
        "Voir http://evil.com",
        "Voir evil.com/pay",
        "Voir www.malapp.com",
        "Voir //evil.com/x",
        "Voir hxxp://evil[.]com",
        "Voir evil (dot) com",
        "Voir ｈｔｔｐｓ：／／ｅｖｉｌ．ｃｏｍ",
        "Voir https://shoр.example/aide",
        "Voir ev\u200bil.com",
        "Voir https://192.0.2.7/x",
        "Voir javascript:alert(1)",
        "Voir mailto:a@evil.com",
        "Écrivez à a@evil.example",
        "Écrivez à a (at) evil (dot) example",
        "Appelez le 01 23 45 67 89",
        "Virez sur FR76 3000 6000 0112 3456 7890 189",
        "Payez en 0x52908400098527886E0F7030069857D2E4169EE7",
    ],
)
def test_foreign_addresses_are_found(sentence: str) -> None:
    """An address that nothing backs is found however it is written or disguised."""
    assert KNOWN.foreign(sentence)


def test_an_address_has_one_form() -> None:
    """The same page is the same address with and without its scheme and last slash."""
    assert addresses("https://www.a.example/b/", "en") == addresses("a.example/b", "en")
