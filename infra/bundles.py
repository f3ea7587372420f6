"""What functions carry beside our package is built from locks for arm64 without Docker: `make layers`.

One zip per set of dependencies (layers/deps/<set>.txt, locks/lambda-<set>.txt).
Equal locks give equal bytes, so a deployment from another machine uploads nothing new.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra import elf

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / ".build" / "layers"
PYTHON = "3.13"
PLATFORMS = ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64")
"""Amazon Linux 2023 has glibc 2.34, so wheels for 2.28 run."""
MEGABYTE = 1_000_000
LIMIT_BYTES = 200 * MEGABYTE
"""Unzipped, of a function with its layers. Lambda's own limit is 250 MB."""
EPOCH = (1980, 1, 1, 0, 0, 0)

FOLDERS = {"bin", "tests", "include", "includes", "src", "__pycache__"}
"""Folders of a package that nothing imports when it runs."""
SUFFIXES = {".pyx", ".pxd", ".pxi", ".h", ".hpp", ".pyi", ".pyc"}
EXTENSIONS = (
    "_azurefs", "_dataset_orc", "_flight", "_gcsfs", "_hdfs", "_orc", "_pyarrow_cpp_tests", "_s3fs", "_substrait",
)  # fmt: skip
"""Optional modules of pyarrow that the product does not import; libraries that only they need go with them."""
SYSTEM = ("ld-linux", "libc.so", "libdl.so", "libgcc_s.so", "libm.so", "libpthread.so", "librt.so", "libstdc++.so",
          "libz.so")  # fmt: skip
"""What Amazon Linux brings."""


def sets() -> list[str]:
    """The names of the sets of dependencies."""
    return sorted(path.stem for path in (ROOT / "layers" / "deps").glob("*.txt"))


def lock_of(name: str) -> Path:
    return ROOT / "locks" / f"lambda-{name}.txt"


def archive_of(name: str) -> Path:
    return BUILT / f"{name}.zip"


def fresh(name: str) -> bool:
    """Whether the archive of a set was built from its lock as it is now."""
    stamp = BUILT / f"{name}.stamp"
    return archive_of(name).exists() and stamp.exists() and stamp.read_text() == _digest(name)


def build(name: str) -> str:
    """Install, trim and zip one set, if its lock changed; the line to print about it."""
    if not fresh(name):
        target = BUILT / name / "python"
        shutil.rmtree(target.parent, ignore_errors=True)
        install(lock_of(name), target)
        trim(target)
        lacking = missing(target)
        if lacking:
            raise RuntimeError(f"{name}: {', '.join(sorted(lacking))} would not be found on Lambda")
        write_zip(target.parent, archive_of(name))
        (BUILT / f"{name}.stamp").write_text(_digest(name))
    archive = archive_of(name)
    return (
        f"{name:<8}{unzipped(archive) / MEGABYTE:>7.1f} MB unzipped{archive.stat().st_size / MEGABYTE:>7.1f} MB zipped"
    )


def install(lock: Path, target: Path) -> None:
    """The locked wheels, for Lambda's processor and Python whatever this machine's are."""
    uv = Path(sys.executable).with_name("uv")
    common = ["--quiet", "--target", str(target), "--only-binary", ":all:", "--require-hashes", "-r", str(lock)]
    if uv.exists():
        command = [str(uv), "pip", "install", "--python-platform", "aarch64-manylinux_2_28", "--python-version", PYTHON]
    else:
        command = [sys.executable, "-m", "pip", "install", "--implementation", "cp", "--python-version", PYTHON]
        command += [part for platform in PLATFORMS for part in ("--platform", platform)]
    done = subprocess.run([*command, *common], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{lock.name} could not be installed for Lambda:\n{done.stderr.strip()}")


def trim(target: Path) -> None:
    """Remove what nothing imports when it runs: tests, headers, optional modules and the libraries only they need."""
    for path in sorted(target.rglob("*")):
        if path.is_dir() and path.name in FOLDERS:
            shutil.rmtree(path)
        elif path.suffix in SUFFIXES or path.name.split(".")[0] in EXTENSIONS:
            path.unlink(missing_ok=True)
    while unused := _unused(target):
        for path in unused:
            path.unlink()


def missing(target: Path) -> set[str]:
    """Libraries that a binary under `target` asks for and that neither lie there nor come with the system."""
    have = {path.name for path in _binaries(target)}
    return {name for path in _binaries(target) for name in elf.needed(path) - have if not name.startswith(SYSTEM)}


def _unused(target: Path) -> list[Path]:
    """Shared libraries (not modules) that no binary asks for by that name."""
    asked = {name for path in _binaries(target) for name in elf.needed(path)}
    return [path for path in _binaries(target) if path.name.startswith("lib") and _is_library(path, asked)]


def _is_library(path: Path, asked: set[str]) -> bool:
    """pyarrow's module lib.cpython-... is not a library; a copy of a library under a second name is not needed."""
    return not path.name.startswith("lib.") and path.name not in asked


def _binaries(target: Path) -> list[Path]:
    return [path for path in target.rglob("*.so*") if path.is_file()]


def write_zip(folder: Path, archive: Path) -> None:
    """The files under `folder`; the same bytes for the same content, on any machine and day."""
    partial = archive.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        for name, path in sorted(_files(folder)):
            add(zipped, name, path.read_bytes())
    partial.replace(archive)


def add(zipped: zipfile.ZipFile, name: str, content: bytes) -> None:
    """One file, readable by everybody, as Lambda and AgentCore demand."""
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, so that the mode below counts
    entry.external_attr = (0o100755 if ".so" in Path(name).suffixes else 0o100644) << 16
    zipped.writestr(entry, content)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def unzipped(archive: Path) -> int:
    """Bytes."""
    with zipfile.ZipFile(archive) as zipped:
        return sum(entry.file_size for entry in zipped.infolist())


def _digest(name: str) -> str:
    """Of the lock and of the rules by which it is trimmed."""
    return hashlib.sha256(lock_of(name).read_bytes() + Path(__file__).read_bytes()).hexdigest()


def main() -> None:
    BUILT.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as pool:  # zlib runs outside the interpreter's lock
        try:
            for line in pool.map(build, sets()):
                print(line)  # noqa: T201
        except (RuntimeError, OSError) as error:
            sys.exit(f"The layers could not be built. {error}")


if __name__ == "__main__":
    main()
