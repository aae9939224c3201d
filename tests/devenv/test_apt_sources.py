"""The machine's own apt sources are read in both formats."""

from devenv import apt_archive
from devenv.apt_archive import Source


def test_one_line_format_with_and_without_options():
    text = """
# a comment
deb http://mirror.example/debian bookworm main contrib
deb [arch=amd64 signed-by=/usr/share/keyrings/k.gpg] https://other.example/d trixie main
deb-src http://mirror.example/debian bookworm main
"""
    assert list(apt_archive.parse_one_line(text)) == [
        Source("http://mirror.example/debian", ("bookworm",), ""),
        Source("https://other.example/d", ("trixie",), "/usr/share/keyrings/k.gpg"),
    ]


def test_paragraph_format_with_comments_and_several_suites():
    text = """
Types: deb
# kept by the installer
URIs: http://mirror.example/debian
Suites: trixie
 trixie-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: trixie
"""
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    assert list(apt_archive.parse_deb822(text)) == [
        Source("http://mirror.example/debian", ("trixie", "trixie-updates"), keyring)
    ]


def test_both_formats_are_found_in_the_folder(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text("deb http://a.example/debian sid main\n")
    (tmp_path / "sources.list.d/b.sources").write_text(
        "Types: deb\nURIs: http://b.example/debian\nSuites: sid\nComponents: main\n"
    )
    (tmp_path / "sources.list.d/c.sources.disabled").write_text("Types: deb\n")
    uris = [source.uri for source in apt_archive.machine_sources(tmp_path)]
    assert uris == ["http://a.example/debian", "http://b.example/debian"]
