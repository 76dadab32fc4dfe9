"""Write a model's files where MLServer will read them: `python -m mlflow_seldon.files FOLDER`.

Run before the server starts (in a cluster by an init container). From the environment:

    MODEL_NAME, MODEL_VERSION   as in the address, and in replies
    MODEL_URI                   s3://bucket/prefix | sample:iris | a local folder
    MODEL_REGISTERED            optional: the registered model's name
    S3_ENDPOINT_URL or AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION

It writes FOLDER/model-settings.json, FOLDER/model/ and FOLDER/deployment.json, and may be run again. On failure one
line says why, on standard error and as Kubernetes' termination message, and the exit code is 1.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from mlflow_seldon import layout, sample

_TERMINATION = Path("/dev/termination-log")
"""Where Kubernetes reads a container's last words (terminationMessagePath's default)."""
_PARTIAL = ".model-partial"


class FilesError(Exception):
    """The files can't be had; the message says why and what to do."""


def write_files(folder: Path, environment: Mapping[str, str]) -> None:
    """Write a model's files and settings into a folder; raises FilesError."""
    name, version, uri = (_needed(environment, key) for key in ("MODEL_NAME", "MODEL_VERSION", "MODEL_URI"))
    partial = folder / _PARTIAL
    try:
        shutil.rmtree(partial, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        _fetch(uri, partial, environment)
        if not (partial / "MLmodel").is_file():
            raise FilesError(f"there is no MLflow model at {uri}: it holds no file MLmodel")
        shutil.rmtree(folder / "model", ignore_errors=True)
        partial.rename(folder / "model")
        registered = layout.SAMPLE if uri.startswith("sample:") else environment.get("MODEL_REGISTERED", "")
        layout.write(
            folder / layout.RECORD,
            layout.record(name=name, model=registered, version=version, uri=uri, flavor="python_function", alias=None),
        )
        layout.write(folder / layout.SETTINGS, layout.settings(name, "model", version, layout.new_revision()))
    except OSError as error:
        raise FilesError(f"{folder} can't be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _needed(environment: Mapping[str, str], key: str) -> str:
    value = environment.get(key, "")
    if not value:
        raise FilesError(f"the environment variable {key} is not set")
    return value


def _fetch(uri: str, folder: Path, environment: Mapping[str, str]) -> None:
    scheme, _, rest = uri.partition(":")
    if scheme == "s3":
        fetch_s3(uri, folder, environment)
    elif uri == "sample:iris":
        sample.save_iris(folder)
    elif scheme == "file" or Path(uri).is_absolute():
        source = Path(rest.removeprefix("//") if scheme == "file" else uri)
        if not source.is_dir():
            raise FilesError(f"there is no folder {source}")
        shutil.copytree(source, folder)
    else:
        raise FilesError(f"MODEL_URI is {uri}; it must begin with s3://, or be sample:iris or an absolute path")


def fetch_s3(uri: str, folder: Path, environment: Mapping[str, str]) -> None:
    """Download all objects under s3://bucket/prefix into a new folder; raises FilesError."""
    from botocore.exceptions import BotoCoreError, ClientError

    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    prefix = prefix.rstrip("/") + "/"
    endpoint = environment.get("S3_ENDPOINT_URL") or environment.get("AWS_ENDPOINT_URL_S3") or None
    where = endpoint or "AWS"
    try:
        client = _s3_client(endpoint, environment)
        count = 0
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", ()):
                count += _download(client, bucket, item["Key"], prefix, folder)
    except ClientError as error:
        raise FilesError(f"the object store at {where} refused {uri}: {_refusal(error, bucket)}") from error
    except BotoCoreError as error:
        raise FilesError(f"the object store at {where} can't be asked for {uri}: {error}") from error
    if not count:
        raise FilesError(f"there is nothing under {uri} in the object store at {where}: was the version deleted?")


def _s3_client(endpoint: str | None, environment: Mapping[str, str]) -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=environment.get("AWS_DEFAULT_REGION") or environment.get("AWS_REGION") or "us-east-1",
        aws_access_key_id=environment.get("AWS_ACCESS_KEY_ID") or None,
        aws_secret_access_key=environment.get("AWS_SECRET_ACCESS_KEY") or None,
        aws_session_token=environment.get("AWS_SESSION_TOKEN") or None,
        # A store of one's own has no name for each bucket in its DNS.
        config=Config(s3={"addressing_style": "path" if endpoint else "auto"}, retries={"mode": "standard"}),
    )


def _download(client: Any, bucket: str, key: str, prefix: str, folder: Path) -> int:
    """Download one object below the prefix; return 1, or 0 for a folder's own marker."""
    relative = PurePosixPath(key[len(prefix) :])
    if not relative.parts or key.endswith("/"):
        return 0
    if relative.is_absolute() or ".." in relative.parts:
        raise FilesError(f"the object {key} would be written outside of the model's folder")
    path = folder / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    client.download_file(bucket, key, str(path))
    return 1


def _refusal(error: Any, bucket: str) -> str:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in ("403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"):
        return f"its key may not read the bucket {bucket} ({code})"
    if code in ("NoSuchBucket", "404"):
        return f"it has no bucket {bucket}"
    return f"{code}: {error}"


def main() -> int:
    """Write the files named by the environment; return the exit code."""
    if len(sys.argv) != 2:
        print("usage: python -m mlflow_seldon.files FOLDER", file=sys.stderr)
        return 2
    try:
        write_files(Path(sys.argv[1]), os.environ)
    except FilesError as error:
        words = f"mlflow-seldon: {error}"
        print(words, file=sys.stderr)
        if _TERMINATION.is_file() and os.access(_TERMINATION, os.W_OK):
            _TERMINATION.write_text(words, encoding="utf-8")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
