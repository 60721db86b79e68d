#!/usr/bin/env python3
"""Sources in an object store that others wrote: moto's, which checks signatures with botocore.

  object_store.py MILLRACE MPIRUN
Exit 77 (skipped) with the reason where moto is not installed (scripts/setup --test).
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

import environment

environment.enter("moto")

import boto3  # noqa: E402

MILLRACE, MPIRUN = sys.argv[1:3]
ODD_KEY = "odd dir/ä +&=%25?#;'()!.csv"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
CONFIG = """
name: remote
workspace: {workspace}
data:
  source: {source}
  target: {{ column: churned, positive: "Yes" }}
  drop: [customer_id]
  {more}
"""


class Store:
    """A server with one bucket and one account, which from then on asks who asks."""

    def __init__(self, folder: pathlib.Path, tls: bool = False):
        options = ["-c", folder / "cert.pem", "-k", folder / "key.pem"] if tls else []
        self.log = open(folder / "store.log", "wb")
        program = environment.PYTHON.with_name("moto_server")
        self.server = subprocess.Popen([program, "-p", "0", *options], stderr=self.log, stdout=self.log, cwd=folder)
        self.url = self.address(folder / "store.log", tls)
        os.environ.pop("AWS_SESSION_TOKEN", None)
        access = {"endpoint_url": self.url, "region_name": "us-east-1",
                  "verify": str(folder / "cert.pem") if tls else None}
        self.s3 = boto3.client("s3", aws_access_key_id="a", aws_secret_access_key="a", **access)
        iam = boto3.client("iam", aws_access_key_id="a", aws_secret_access_key="a", **access)
        iam.create_user(UserName="reader")
        iam.put_user_policy(UserName="reader", PolicyName="all", PolicyDocument=json.dumps(POLICY))
        self.key = iam.create_access_key(UserName="reader")["AccessKey"]
        self.s3.create_bucket(Bucket="churn")

    def address(self, log: pathlib.Path, tls: bool) -> str:
        for _ in range(300):
            for word in log.read_text().split():
                if word.startswith("https://127.0.0.1:" if tls else "http://127.0.0.1:"):
                    return word
            if self.server.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"moto did not start: {log.read_text()}")

    def ask_for_signatures(self):
        """Of requests for names without '/', '=' and the like: moto signs others otherwise than botocore does."""
        address = self.url + "/moto-api/reset-auth"
        urllib.request.urlopen(urllib.request.Request(address, b"0", {"Content-Type": "text/plain"})).read()

    def environment(self, secret: str = "") -> dict:
        return dict(os.environ, AWS_ENDPOINT_URL=self.url, AWS_ACCESS_KEY_ID=self.key["AccessKeyId"],
                    AWS_SECRET_ACCESS_KEY=secret or self.key["SecretAccessKey"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()
        self.log.close()


def ingest(folder: pathlib.Path, workspace: str, source: str, environment: dict, more: str = "", ranks: int = 2):
    config = folder / f"{workspace}.yaml"
    config.write_text(CONFIG.format(workspace=folder / workspace, source=json.dumps(source, ensure_ascii=False),
                                    more=more))
    return subprocess.run([MPIRUN, str(ranks), MILLRACE, "ingest", config, "--json"], env=environment, text=True,
                          capture_output=True, timeout=100)


def version(result) -> str:
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["dataset"]["version"]


def expect_failure(result, *words: str):
    assert result.returncode == 6, (result.returncode, result.stderr)
    for word in words:
        assert word in result.stderr, (word, result.stderr)
    assert result.stderr.count("millrace: error: ") == 1, result.stderr


def check_contents(folder: pathlib.Path, store: Store):
    print("objects give the dataset of the local files")
    local = version(ingest(folder, "local", str(folder / "data"), dict(os.environ)))
    small = "transfer: { part_bytes: 10000 }"
    for source in ("s3://churn/days/", "s3://churn/days/day=*/churn.csv"):
        assert version(ingest(folder, "remote", source, store.environment(), small)) == local
    again = ingest(folder, "remote", "s3://churn/days/", store.environment(), small)
    assert json.loads(again.stdout)["stages"][0]["cached"], again.stdout
    one = "partitions: \"day >= '2026-10-03'\""
    assert version(ingest(folder, "window", "s3://churn/days/", store.environment(), one)) == version(
        ingest(folder, "window2", str(folder / "data/day=2026-10-03"), dict(os.environ)))

    print("a key may hold any character")
    version(ingest(folder, "odd", "s3://churn/" + ODD_KEY, store.environment()))


def check_signatures(folder: pathlib.Path, store: Store):
    print("a signature is what botocore makes of the request")
    local = version(ingest(folder, "local", str(folder / "flat"), dict(os.environ)))
    assert version(ingest(folder, "signed", "s3://churn/flat-*.csv", store.environment())) == local
    wrong_key = dict(store.environment(), AWS_ACCESS_KEY_ID="nobody")
    expect_failure(ingest(folder, "wrong", "s3://churn/flat-1.csv", wrong_key), "403 InvalidAccessKeyId")


def check_refusals(folder: pathlib.Path, store: Store):
    print("whoever may not read is told so")
    secret = "not-the-secret-of-this-key"
    wrong = ingest(folder, "wrong", "s3://churn/flat-*.csv", store.environment(secret))
    expect_failure(wrong, "s3://churn/flat-*.csv", "403 SignatureDoesNotMatch", "denied-source")
    for path in (folder / "wrong").rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes(), path
    assert secret not in wrong.stderr + wrong.stdout

    print("what is not there is named")
    expect_failure(ingest(folder, "wrong", "s3://nowhere/a.csv", store.environment()), "s3://nowhere/a.csv",
                   "404 NoSuchBucket")
    expect_failure(ingest(folder, "wrong", "s3://churn/b.csv", store.environment()), "s3://churn/b.csv",
                   "404 NoSuchKey")
    expect_failure(ingest(folder, "wrong", "s3://churn/none*", store.environment()), "s3://churn/none*")


def check_certificates(folder: pathlib.Path):
    print("a certificate must be trusted")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=store",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
                   cwd=folder, check=True, capture_output=True)
    with Store(folder, tls=True) as store:
        store.s3.upload_file(folder / "data/day=2026-10-01/churn.csv", "churn", "a.csv")
        expect_failure(ingest(folder, "wrong", "s3://churn/a.csv", store.environment()), "certificate")
        trusted = dict(store.environment(), AWS_CA_BUNDLE=str(folder / "cert.pem"))
        version(ingest(folder, "tls", "s3://churn/a.csv", trusted))


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([MILLRACE, "datagen", "--out", folder / "data", "--days", "3", "--rows-per-day", "400",
                        "--partitioned"], check=True, stdout=subprocess.DEVNULL)
        (folder / "flat").mkdir()
        with Store(folder) as store:
            for day, path in enumerate(sorted((folder / "data").rglob("*.csv"))):
                store.s3.upload_file(path, "churn", f"days/{path.relative_to(folder / 'data')}")
                store.s3.upload_file(path, "churn", f"flat-{day}.csv")
                shutil.copy(path, folder / f"flat/flat-{day}.csv")
            store.s3.upload_file(path, "churn", ODD_KEY)
            check_contents(folder, store)
            store.ask_for_signatures()
            check_signatures(folder, store)
            check_refusals(folder, store)
        check_certificates(folder)
    print("all well")


if __name__ == "__main__":
    main()
