"""The folder and the bucket keep the same promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from datablueprint.adapters.local_files import LocalFiles
from datablueprint.adapters.s3_files import S3Files
from datablueprint.errors import LakeError, SettingsError
from datablueprint.ports import Files


@pytest.fixture(params=["folder", "bucket", "bucket with prefix"])
def files(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    if request.param == "folder":
        yield LocalFiles(tmp_path / "lake")
        return
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        import boto3

        boto3.client("s3").create_bucket(Bucket="lake")
        yield S3Files("lake", prefix="tenant/" if "prefix" in request.param else "")


def test_what_was_written_is_read(files: Files) -> None:
    files.write("raw/source=gusto/a.parquet", b"\x00one")
    files.write("raw/source=gusto/a.parquet", b"two")

    assert files.read("raw/source=gusto/a.parquet") == b"two"


def test_reading_what_is_absent_says_so(files: Files) -> None:
    with pytest.raises(FileNotFoundError):
        files.read("raw/nothing")


def test_an_absent_object_is_absent_to_a_role_that_s3_tells_no_more_than_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """As S3 answers who may list only some prefixes."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        import boto3
        from botocore.exceptions import ClientError

        client = boto3.client("s3")
        client.create_bucket(Bucket="lake")
        client.put_object(Bucket="lake", Key="index/there", Body=b"")
        denied = {"Error": {"Code": "AccessDenied", "Message": "not authorized"}}

        def refuse(**_: object) -> None:
            raise ClientError(denied, "GetObject")

        monkeypatch.setattr(client, "get_object", refuse)
        files = S3Files("lake", client=client)

        with pytest.raises(FileNotFoundError):
            files.read("index/absent")
        with pytest.raises(ClientError):
            files.read("index/there")


def test_a_listing_is_by_prefix_and_in_lexical_order(files: Files) -> None:
    for key in ("b/2", "a/10", "a/9", "a-b/1", "ab", "a/sub/x"):
        files.write(key, b"")

    assert list(files.list("a")) == ["a-b/1", "a/10", "a/9", "a/sub/x", "ab"]
    assert list(files.list("a/")) == ["a/10", "a/9", "a/sub/x"]
    assert list(files.list("")) == ["a-b/1", "a/10", "a/9", "a/sub/x", "ab", "b/2"]
    assert list(files.list("nothing/")) == []


def test_deleting_twice_is_no_error(files: Files) -> None:
    files.write("tables/x/data", b"1")

    files.delete("tables/x/data")
    files.delete("tables/x/data")

    assert list(files.list("")) == []


def test_a_failed_write_leaves_the_old_content_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = LocalFiles(tmp_path)
    files.write("a", b"old")

    def full_disk(descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(SettingsError, match="disk full"):
        files.write("a", b"new")

    assert files.read("a") == b"old"
    assert list(files.list("")) == ["a"]
    assert not list((tmp_path / ".unfinished").iterdir())


@pytest.mark.parametrize("key", ["../outside", "/etc/passwd", "a//b", "", "a/./b"])
def test_a_key_cannot_leave_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(LakeError, match="is not a key: it must name a file below"):
        LocalFiles(tmp_path).write(key, b"")


@pytest.mark.parametrize("prefix", ["../", "/etc/", "inbox/../../x/"])
def test_a_listing_cannot_leave_the_folder(tmp_path: Path, prefix: str) -> None:
    with pytest.raises(LakeError, match="is outside"):
        list(LocalFiles(tmp_path).list(prefix))


def test_the_folders_that_are_made_are_for_their_owner_only(tmp_path: Path) -> None:
    LocalFiles(tmp_path / "home" / "files").write("raw/a", b"")

    assert [(tmp_path / name).stat().st_mode & 0o077 for name in ("home", "home/files")] == [0, 0]
