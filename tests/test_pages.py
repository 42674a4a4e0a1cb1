"""The check of the built pages finds what it is for."""

import pages
import pytest

needs_chromium = pytest.mark.skipif(pages.chromium() is None, reason="no Chromium")
GOOD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title>'
    '<meta name="viewport" content="width=device-width"></head><body><main><h1>Title</h1>{}</main></body></html>'
)


@needs_chromium
def test_what_is_wrong_with_a_page_is_named(tmp_path, capsys):
    (tmp_path / "_static").mkdir()
    for name, body in {
        "good.html": "<p>Text</p><script>let THEBE_JS_URL = 1</script><script>let THEBE_JS_URL = 2</script>",
        "bad.html": '<img src="x.png"><p style="color: #aaa; background: #fff">pale</p>',
        "wide.html": '<div style="width: 500px">wide</div>',
        "away.html": '<script src="http://elsewhere.invalid/x.js"></script>',
        "broken.html": "<script>throw new Error('no such thing')</script>",
        "_static/part.html": "<img>",
    }.items():
        (tmp_path / name).write_text(GOOD.format(body))
    (tmp_path / "index.html").write_text('<meta http-equiv="Refresh" content="0; url=good.html">')
    assert pages.main(["good.html"], tmp_path) == 0
    assert "1 pages: nothing serious" in capsys.readouterr().out
    assert pages.main([], tmp_path) == 1
    lines = capsys.readouterr().out.splitlines()
    for start, part in (
        ("bad.html (light): image-alt (critical)", '<img src="x.png">'),
        ("bad.html (light): color-contrast (serious)", "pale"),
        ("wide.html (dark)", "pixels wide on a screen of 360"),
        ("away.html (light)", "asks elsewhere.invalid"),
        ("broken.html (light)", "a script failed: no such thing"),
    ):
        assert any(line.startswith(start) and part in line for line in lines), (start, lines)
    assert not [line for line in lines if line.startswith(("good", "index", "_static"))]
    assert pages.main([], tmp_path / "_static") == 1, "part.html has a picture without words"
    capsys.readouterr()
    (tmp_path / "empty").mkdir()
    assert pages.main([], tmp_path / "empty") == 1 and "there are no pages" in capsys.readouterr().out
    assert pages.main(["nowhere.html"], tmp_path) == 1
    assert "cannot be opened (404)" in capsys.readouterr().out


@needs_chromium
def test_a_page_is_judged_once_its_colours_no_longer_change(tmp_path, capsys):
    body = (
        "<style>p { color: #aaa; transition: color 1s 0.5s } p.there { color: #000 }</style><p>Text</p><script>"
        "document.documentElement.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';"
        "addEventListener('load', () => { const p = document.querySelector('p'); p.offsetWidth; p.className = {} })"
        "</script>"
    )
    (tmp_path / "changes.html").write_text(GOOD.format(body.replace("{}", "'there'")))
    (tmp_path / "pale.html").write_text(GOOD.format(body.replace("{}", "'pale'")))
    assert pages.main(["changes.html"], tmp_path) == 0, capsys.readouterr().out
    assert pages.main(["pale.html"], tmp_path) == 1


def test_without_chromium_it_says_that_nothing_was_checked(monkeypatch, capsys):
    monkeypatch.setattr(pages.shutil, "which", lambda name: None)
    assert pages.main(["a.html"]) == 0 and "not checked" in capsys.readouterr().out
