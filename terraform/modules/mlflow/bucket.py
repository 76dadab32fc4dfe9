"""Say whether the bucket for artifacts is in the operator's own store; run by MLflow's own image as `python -c`.

MLflow starts, and says that it is well, without one: only who logs an artifact would meet it. What ends here is tried
again, so a bucket that is made later is found. Settings and keys are those that MLflow itself reads.
"""

from __future__ import annotations

import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ADVICE = {
    "NoSuchBucket": "make it, or name another one with mlflow_artifact_root",
    "InvalidAccessKeyId": "the store doesn't know object_store_external_access_key",
    "SignatureDoesNotMatch": "object_store_external_secret_key doesn't belong to the access key",
}


def main() -> None:
    bucket, endpoint = os.environ["BUCKET"], os.environ.get("MLFLOW_S3_ENDPOINT_URL")
    config = Config(connect_timeout=10, read_timeout=30, retries={"total_max_attempts": 2})
    try:
        boto3.client("s3", endpoint_url=endpoint, config=config).list_objects_v2(Bucket=bucket, MaxKeys=1)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        # Keys may be good for reading and writing objects without being good for a list of them.
        if code != "AccessDenied":
            sys.exit(f"Bucket {bucket} at {endpoint or 'AWS'}: {ADVICE.get(code, error)} ({code})")
    except BotoCoreError as error:
        sys.exit(f"Bucket {bucket} at {endpoint or 'AWS'}: {error}")


if __name__ == "__main__":
    main()
