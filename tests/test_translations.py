"""Finnish and Swedish say everything that English says, in the terms that officials use."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from labsim.evidence.facts import facts
from labsim.market.phases import SCHEDULE
from labsim.scenario.keys import every_key, look_up
from labsim.scenario.shipped import ids, root
from labsim.words import Words, catalogue

TRANSLATED = ("fi", "sv")

SAME = {"motivation", "Motivation"}
"""Texts that are written alike in two of the languages."""

# English term (a pattern), Finnish stems, Swedish stems; any one of the stems will do.
GLOSSARY = (
    ("jobseekers?", "työnhakij", "arbetssökand"),
    ("unemployed", "työttöm|työtön", "arbetslös"),
    ("clients?", "asiak", "kund"),
    ("client hours?", "asiakastun", "kundtimm"),
    ("coach(es)?", "valmentaj|valmennu", "coach"),
    ("coaching", "valmennu", "coachning|träning"),
    ("providers?", "tuottaj", "producent"),
    ("purchaser", "tilaaj", "beställar"),
    ("fees?", "palkkio", "arvode"),
    ("outcome fees?", "tulospalkkio", "resultatarvode"),
    ("monthly (or hourly )?fee", "kuukausi(- eikä tunti)?palkkio", "månads(- eller tim)?arvode"),
    ("outcomes?", "tulo[skt]|lisätulo", "resultat"),
    ("TE office", "TE-toimisto", "TE-byrå"),
    ("ELY centre", "ELY-kesku", "NTM-central"),
    ("municipalit(y|ies)", "kunta|kunna|kunti|kunnil|kuntie", "kommun"),
    ("unemployment funds?", "kass", "kass"),
    ("labour market support", "työmarkkinatu", "arbetsmarknadsstöd"),
    ("earnings-related allowance", "ansiopäiväraha", "inkomstrelaterad dagpenning"),
    ("basic unemployment allowance", "peruspäiväraha", "grunddagpenning"),
    ("wage-subsidised work", "palkkatue?t", "lönesubventionera"),
    ("wage subsidy", "palkkatu", "lönesubvention"),
    ("open market", "avoimi", "öppna arbetsmarknad"),
    ("work ability", "työky", "arbetsförmåg"),
    ("motivation", "motivaatio", "motivation"),
    ("lottery", "arvon|arvot", "lottning"),
    ("target group", "kohderyhm", "målgrupp"),
    ("referred|refers", "ohja", "hänvisa"),
    ("referrals?", "ohjau|ohjaa", "hänvisning"),
    ("claims?|claimed", "lasku", "faktur"),
    ("tender(ing|s)?", "kilpailut|tarjou", "konkurrensutsättning|anbud"),
    ("bids?", "tarjou|tarjo", "anbud"),
    ("procurement", "hanki|hanka", "upphandling"),
    ("consorti(um|a)", "konsorti", "konsorti"),
    ("framework", "puite", "ram"),
    ("vouchers?", "palveluseteli", "servicesed"),
    ("alliances?", "allianssi", "allians"),
    ("partnerships?", "kumppanuu", "partnerskap"),
    ("trust(ed)?", "luotta|luotet", "förtroende"),
    ("option years?", "optiovuo|optio", "option"),
    ("waiting lists?", "jono", "kö"),
    ("remote", "etä", "distans"),
    ("light entrepreneurship", "kevytyrittäj", "lättföretag"),
    ("gig work", "keikkaty", "gigarbet"),
    ("pilots?", "piloti|pilotti|piloteis", "pilotförsök"),
    ("designs?", "mall(i|e)", "modell"),
    ("contracts?", "sopimu", "avtal"),
    ("employers?", "työnantaj", "arbetsgivar"),
    ("peer support", "vertaistu|vertaistue", "kamratstöd"),
    ("taxes", "vero", "skatt"),
    ("benefits?", "etuu|etuude", "förmån"),
)

# Words that are English and no others: a text that holds one was forgotten.
ENGLISH = (
    "the|of|with|without|who|what|when|must|not|is|are|was|were|this|that|these|their|they|and|people|"
    "weeks?|months?|days?|hours?|clients?|providers?|fees?|outcomes?|jobs?|office|referred|paid|work|"
    "starts|ends|found|nobody|only"
)


def pairs(language: str) -> dict[str, tuple[str, str]]:
    """Return the English and the translated text of every key that has both."""
    translated = catalogue(language)
    return {
        key: (text, translated[key]) for key, text in catalogue("en").items() if key in translated
    }


def bare(text: str) -> str:
    """Return what a translator wrote: no fields, keys, commands or quoted values."""
    text = re.sub(r"\{\w+\}", " ", text)
    text = re.sub(r"\[\[[\w.]+\]\]|labsim \w+( [A-Z]+)?( --\w+)?|--\w+|\"[\w+-]+\"", " ", text)
    return re.sub(r"\w*[._]\w[\w.]*|\w+:(?= |,)", " ", text)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_a_text_of_its_own_for_each(language: str) -> None:
    alike = {
        key
        for key, (english, text) in pairs(language).items()
        if english == text and re.search("[^\\W\\d_]{2}", bare(text)) and text not in SAME
    }
    assert alike == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_english_is_left_in_a_translation(language: str) -> None:
    word = re.compile(rf"\b({ENGLISH})\b", re.IGNORECASE)
    found = {
        key: hit.group()
        for key, (_, text) in pairs(language).items()
        if (hit := word.search(bare(text)))
    }
    assert found == {}


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term[0])
def test_terms_are_those_of_the_glossary(term: tuple[str, str, str], language: str) -> None:
    english = re.compile(rf"(?<![-\w])({term[0]})(?![-\w])")
    stem = re.compile(term[1 + TRANSLATED.index(language)], re.IGNORECASE)
    wrong = {
        key: text
        for key, (original, text) in pairs(language).items()
        if english.search(bare(original)) and not stem.search(text)
    }
    assert wrong == {}


def test_keys_of_files_are_explained_in_the_language() -> None:
    assert Words("fi").meaning("Simulated weeks") == "Simuloidut viikot"
    assert Words("en").meaning("Simulated weeks") == "Simulated weeks"
    assert Words("sv").meaning("Something that nobody declared") == "Something that nobody declared"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str) -> None:
    assert set(catalogue("en")) - set(catalogue(language)) == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_key_of_files_is_explained(language: str) -> None:
    found = [look_up(tuple("x" if part == "*" else part for part in path)) for path in every_key()]
    known = [key for key in found if key is not None]
    english = {key.info.description or "" for key in known}
    english |= {key.extra.get("unit", "") for key in known} | {phase.name for phase in SCHEDULE}
    translated = {key.partition(".")[2] for key in catalogue(language) if key.startswith("param")}
    units = {fee["unit"] for _, said in shipped() for fee in fees(said) if "unit" in fee}
    assert (english | units) - translated - {""} == set()
    assert translated - english - units - {fact.unit for fact in facts().values()} == set()


def shipped() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the content of every pilot and design."""
    for kind in ("pilots", "designs"):
        for name in ids()[kind]:
            file = root() / kind / f"{name}.toml"
            yield name, tomllib.loads(file.read_text(encoding="utf-8"))


def fees(said: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fees of a file."""
    found: list[dict[str, Any]] = said.get("contract", {}).get("fees", [])
    return found


@pytest.mark.parametrize("language", TRANSLATED)
def test_shipped_scenarios_speak_every_language(language: str) -> None:
    for name, said in shipped():
        groups = said.get("contract", {}).get("groups", [])
        assert language in said["title"], name
        assert language in said["description"], name
        named = [*fees(said), *groups, *said.get("providers", [])]
        silent = [each["name"] for each in named if language not in each.get("title", {})]
        assert [each for each in silent if each not in PROPER] == [], name


PROPER = {"Focus Työpolut", "Työtalo"}
"""Names of services that are the same in every language."""
