"""What functions carry beside our package: whole, no more than needed, and the same on every machine."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from datablueprint.errors import SettingsError
from infra import bundles, elf

ROOT = Path(__file__).resolve().parents[2]
SETS = ["agent", "api", "build", "extract", "small"]

READS_AND_WRITES = """
import io, sys
sys.path.insert(0, sys.argv[1])
import pyarrow as pa, pyarrow.compute as pc, pyarrow.parquet as pq
import pyarrow.csv, pyarrow.dataset, pyarrow.fs, pyarrow.json
assert pa.__file__.startswith(sys.argv[1]), pa.__file__
file = io.BytesIO()
pq.write_table(pa.table({"amount": pa.array([1, 2], pa.decimal128(18, 2))}), file)
print(pc.sum(pq.read_table(file)["amount"]))
"""


def test_there_is_a_lock_and_a_fresh_archive_for_every_set() -> None:
    assert bundles.sets() == SETS
    assert [name for name in SETS if not bundles.fresh(name)] == []


def test_a_changed_lock_makes_the_archive_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = tmp_path / "lambda-small.txt"
    changed.write_text(bundles.lock_of("small").read_text() + "\n")
    assert bundles.fresh("small")

    monkeypatch.setattr(bundles, "lock_of", lambda name: changed)

    assert not bundles.fresh("small")


def test_a_layer_that_was_not_built_says_what_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from infra import layers

    monkeypatch.setattr(bundles, "BUILT", tmp_path)

    with pytest.raises(SettingsError, match="run `make layers`"):
        layers.code("small")
    with pytest.raises(SettingsError, match=r"no layers/deps/large\.txt"):
        layers.code("large")


@pytest.mark.parametrize("name", SETS)
def test_every_binary_is_for_arm_and_finds_the_libraries_it_asks_for(name: str) -> None:
    built = bundles.BUILT / name / "python"
    binaries = [path for path in built.rglob("*.so*") if path.is_file()]

    machines = {int.from_bytes(path.read_bytes()[18:20], "little") for path in binaries}

    assert machines == {183}, "183 is AArch64"
    assert bundles.missing(built) == set()


def test_a_library_that_is_needed_and_was_removed_is_noticed(tmp_path: Path) -> None:
    copy = tmp_path / "python"
    shutil.copytree(bundles.BUILT / "extract" / "python" / "pyarrow", copy / "pyarrow")
    next(copy.rglob("libparquet.so*")).unlink()

    (lacking,) = bundles.missing(copy)

    assert lacking.startswith("libparquet.so")


def test_trimmed_pyarrow_reads_and_writes_on_this_machine_too(tmp_path: Path) -> None:
    found = importlib.util.find_spec("pyarrow")
    assert found is not None
    assert found.origin is not None
    shutil.copytree(Path(found.origin).parent, tmp_path / "pyarrow")
    bundles.trim(tmp_path)

    done = subprocess.run(
        [sys.executable, "-P", "-c", READS_AND_WRITES, str(tmp_path)], capture_output=True, text=True, check=False
    )

    assert done.stdout.strip() == "3.00", done.stderr
    assert not list(tmp_path.rglob("*flight*.so*"))
    assert not (tmp_path / "pyarrow" / "tests").exists()


def test_the_needed_libraries_of_a_binary_are_read_from_the_file() -> None:
    (binary,) = (bundles.BUILT / "small" / "python" / "pydantic_core").glob("*.so")

    assert "libc.so.6" in elf.needed(binary)
    with pytest.raises(ValueError, match=r"handler\.py is not a 64-bit"):
        elf.needed(ROOT / "functions" / "plan" / "handler.py")


def test_equal_content_gives_equal_bytes_and_everybody_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "module.py").write_text("x = 1\n")
    (folder / "lib.so.1").write_bytes(b"")
    bundles.write_zip(folder, tmp_path / "first.zip")
    (folder / "module.py").chmod(0o600)
    (folder / "module.py").touch()

    bundles.write_zip(folder, tmp_path / "second.zip")

    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "first.zip") as zipped:
        assert [(each.filename, oct(each.external_attr >> 16)) for each in zipped.infolist()] == [
            ("lib.so.1", "0o100755"),
            ("module.py", "0o100644"),
        ]


def test_the_agent_s_bundle_has_its_packages_at_the_top_and_the_tenant_s_settings() -> None:
    from infra import layers

    bundle = layers.agent_bundle('{"tenant": "example"}')

    with zipfile.ZipFile(bundle) as zipped:
        names = set(zipped.namelist())
        assert zipped.read("settings.json") == b'{"tenant": "example"}'
        assert bundles.unzipped(bundle) < 750 * bundles.MEGABYTE, "AgentCore takes no more"
    assert {"main.py", "datablueprint/__init__.py", "boto3/__init__.py", "pyarrow/__init__.py"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith("python/")]
