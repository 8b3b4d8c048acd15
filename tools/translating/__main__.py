"""Renews the catalogues of all languages, and begins those that are named. With `check`, tells what is wrong."""

import sys

from tools.translating import gate, words


def main(given: list[str]) -> int:
    if given == ["check"]:
        return check()
    for lang in [*words.languages(), *(each for each in given if each not in words.languages())]:
        renew(lang)
    return 0


def renew(lang: str) -> None:
    """Keep what is translated. A language is compiled, and so shown, once nothing is missing, and then it stays so."""
    path = words.file_of(lang)
    catalogue = words.renewed(words.read(path, lang) if path.is_file() else words.begin(lang))
    words.write(catalogue, path)
    written = words.read(path, lang)
    left = gate.faults(written, words.wanted())
    made = path.with_suffix(".mo")
    if made.is_file() or not left:
        made.write_bytes(words.compiled(written))
    print(f"{lang}: {len(left)} faults" if left else f"{lang}: complete")


def check() -> int:
    """Everything about the languages that are shown; an unfinished one may have gaps, and is not shown."""
    shown = [lang for lang in words.languages() if words.file_of(lang).with_suffix(".mo").is_file()]
    found = [(lang, fault) for lang in shown for fault in (*gate.faults_of_file(lang), *gate.faults_of_texts(lang))]
    for lang, fault in found:
        print(f"{lang}: {fault}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
