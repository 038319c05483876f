"""Write the pages of the rules (docs/rules/) and the rule table of the README anew, from the program itself.

python docs/make_rule_pages.py
"""

from pathlib import Path

from formcheck.manual import entries, index_as_markdown, rule_as_markdown, rules_as_markdown

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- rules: kept by tests/test_readme.py -->\n", "\n<!-- end of rules -->"


def pages() -> dict[str, str]:
    """Every page of docs/rules by its name."""
    return {"README.md": index_as_markdown(), **{f"{rule.code}.md": rule_as_markdown(rule.code) for rule in entries()}}


def main() -> None:
    """Write the pages, remove those of rules that are gone, and put the table into the README."""
    folder = ROOT / "docs" / "rules"
    folder.mkdir(exist_ok=True)
    wanted = pages()
    for old in folder.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    readme.write_text(before + BEGIN + rules_as_markdown() + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
