"""Templates that an earlier start compiled are not compiled again; one whose text changed is."""

from jinja2 import DictLoader, Environment

from app.frame.settings import Settings
from app.frame.templates import compiled_before
from app.main import create_app

SECRET = "a secret of the tests, long enough for every use"


def page(data, text: str) -> str:
    environment = Environment(loader=DictLoader({"page.html": text}), bytecode_cache=compiled_before(data))
    return environment.get_template("page.html").render()


def test_it_works(tmp_path):
    assert page(tmp_path, "uno") == page(tmp_path, "uno") == "uno"
    assert len(list((tmp_path / "compiled").iterdir())) == 1
    assert (tmp_path / "compiled").stat().st_mode & 0o777 == 0o700
    assert page(tmp_path, "dos") == "dos"


def test_an_office_keeps_what_it_compiled(tmp_path):
    office = create_app(Settings(data=tmp_path, secret=SECRET)).state.office
    office.templates.get_template(office.templates.list_templates(["html"])[0])
    assert list((tmp_path / "compiled").iterdir())


def test_what_is_broken_there_is_compiled_anew(tmp_path):
    page(tmp_path, "uno")
    for file in (tmp_path / "compiled").iterdir():
        file.write_bytes(file.read_bytes()[:20])
    assert page(tmp_path, "uno") == "uno"


def test_without_a_folder_to_keep_them_pages_come_all_the_same(tmp_path):
    (tmp_path / "compiled").write_text("a file is in the way")
    assert compiled_before(tmp_path) is None
    assert page(tmp_path, "uno") == "uno"
