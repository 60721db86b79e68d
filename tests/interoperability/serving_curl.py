#!/usr/bin/env python3
"""The server asked by curl: what its HTTP does with the ways in which a common client speaks it.

  serving_curl.py MILLRACE
Exit 77 (skipped) with the reason where curl is not installed.
"""

import gzip
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import serving

ROWS = serving.make_rows(30_000, 8, odd=0.1, missing=0.1)


def curl(*words, code=0, stdin=None):
    """(what stands on standard output, on standard error)"""
    words = ["curl", "--silent", "--show-error", "--max-time", "60", *map(str, words)]
    done = subprocess.run(words, input=stdin, capture_output=True, timeout=100)
    assert done.returncode == code, (words, done.returncode, done.stderr)
    return done.stdout, done.stderr.decode()


def measured(what: str, *words, urls, **named):
    """curl's own measures of the transfers, `what` of each."""
    each = [word for url in urls for word in (url, "--output", "/dev/null")]
    output, _ = curl("--write-out", what + "\n", *words, *each, **named)
    return output.decode().split()


def predictions(answer: bytes):
    return json.loads(answer)["predictions"]


def check_bodies(url, folder):
    few, many = json.dumps({"rows": ROWS[:10]}), json.dumps({"rows": ROWS})
    (folder / "many.json").write_text(many)
    expected = predictions(curl("--data", few, url)[0])
    assert len(expected) == 10

    print("chunked bodies, of a known length or not")
    chunked = ["--header", "Transfer-Encoding: chunked", "--data-binary"]
    assert predictions(curl(*chunked, few, url)[0]) == expected
    output, spoken = curl("--verbose", "--request", "POST", "--upload-file", "-", url, stdin=many.encode())
    assert "> Transfer-Encoding: chunked" in spoken and "> Content-Length" not in spoken, spoken
    piped = predictions(output)

    print("Expect: 100-continue before a large body, and instead of one that is too large")
    output, spoken = curl("--verbose", "--data-binary", f"@{folder}/many.json", url)
    assert "> Expect: 100-continue" in spoken and "< HTTP/1.1 100 Continue" in spoken, spoken[-2000:]
    assert predictions(output) == piped and len(piped) == len(ROWS) and piped[:10] == expected
    (folder / "large").write_bytes(b" " * 17_000_000)
    large = ["--header", "Expect: 100-continue", "--expect100-timeout", "30", "--data-binary", f"@{folder}/large"]
    assert measured("%{http_code} %{size_upload}", *large, urls=[url]) == ["413", "0"]
    assert measured("%{http_code}", "--header", "Expect: a-miracle", "--data", few, urls=[url]) == ["417"]

    print("packed answers are not needed, packed bodies are refused")
    assert predictions(curl("--compressed", "--data", few, url)[0]) == expected
    packed = ["--header", "Content-Encoding: gzip", "--data-binary", "@-"]
    assert measured("%{http_code}", *packed, urls=[url], stdin=gzip.compress(few.encode())) == ["415"]

    print("HTTP/1.0")
    output, spoken = curl("--http1.0", "--verbose", "--data", few, url)
    assert predictions(output) == expected and "Transfer-Encoding" not in spoken, spoken


def check_connections(server, url):
    print("HEAD, and several requests on one connection")
    for target in ("/v2", "/v2/health/live", "/v2/openapi.json", "/v2/models/churn"):
        head, body = curl("--head", server + target)[0].decode(), curl(server + target)[0]
        assert head.startswith("HTTP/1.1 200") and f"Content-Length: {len(body)}\r\n" in head, head
    body = json.dumps({"rows": ROWS[:1]})
    assert measured("%{http_code} %{num_connects}", "--data", body, urls=[url] * 4) == ["200", "1"] + ["200", "0"] * 3
    mixed = [server + "/v2", server + "/nowhere", server + "/v2/models/other", server + "/metrics"]
    assert measured("%{http_code} %{num_connects}", urls=mixed) == ["200", "1", "404", "0", "404", "0", "200", "0"]
    assert measured("%{http_code}", "--request", "DELETE", urls=[url]) == ["405"]
    assert "\nAllow: POST\r\n" in curl("--dump-header", "-", "--output", "/dev/null", url)[0].decode()


def check_tls(lab):
    print("TLS")
    authority = lab.certificate()
    words = ["--tls-certificate", authority, "--tls-key", lab.folder / "server.key"]
    with serving.Server(lab, "--endpoint", "churn", *words) as server:
        port = server.address.split(":")[-1]
        url = f"https://localhost:{port}/v2/models/churn/predict"
        body = json.dumps({"rows": ROWS[:5]})
        there = ["--resolve", f"localhost:{port}:127.0.0.1", "--data", body]
        assert len(predictions(curl("--cacert", authority, *there, url)[0])) == 5
        assert len(predictions(curl("--cacert", authority, "--tlsv1.3", *there, url)[0])) == 5
        curl(*there, url, code=60)  # nobody vouches for the certificate
        curl("--data", body, url.replace("https", "http"), code=52)  # no TLS, no answer


def main():
    if not shutil.which("curl"):
        print("skipped: curl is not installed (scripts/setup --test)")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        lab = serving.Lab(pathlib.Path(name))
        lab.train("churn")
        with serving.Server(lab, "--endpoint", "churn") as server:
            url = f"http://{server.address}/v2/models/churn/predict"
            check_bodies(url, lab.folder)
            check_connections(f"http://{server.address}", url)
        check_tls(lab)
    print("all well")


if __name__ == "__main__":
    main()
