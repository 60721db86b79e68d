#!/usr/bin/env python3
"""Alerts in the hands of those who get them.

  alerts.py MILLRACE
A webhook's receiver, written from docs/alerts.md alone, that checks signatures with Python's hmac and with openssl; a
mailer that keeps what it is given, read by Python's email package; a run that fails while the receiver is down, and
the next one that ends well.
"""

import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import threading
import time

import serving

SECRET = "the-secret-of-this-test-alone"
NAME = "Nachtwächter"


class Receiver(http.server.ThreadingHTTPServer):
    """Checks and keeps what is posted; `down` answers 503."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.down, self.taken, self.refused = False, [], 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.down:
            self.server.refused += 1
            return self.answer(503)
        check(self.headers, body)
        message = json.loads(body)
        assert self.headers["Idempotency-Key"] == message["id"]
        self.server.taken.append(message)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def check(headers, body: bytes):
    """As docs/alerts.md says that a receiver does, and once more with openssl."""
    timestamp = headers["X-Millrace-Timestamp"]
    signed = timestamp.encode() + b"." + body
    expected = "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(expected, headers["X-Millrace-Signature"]), headers
    assert abs(time.time() - int(timestamp)) <= 300, timestamp
    openssl = subprocess.run(["openssl", "dgst", "-sha256", "-hmac", SECRET], input=signed, capture_output=True, check=True)
    assert openssl.stdout.decode().split()[-1] == expected.removeprefix("sha256="), openssl.stdout


def settings(lab, receiver):
    """Of the section alerts, for --set."""
    mailer = lab.folder / "sendmail"
    mailer.write_text(f"#!/bin/sh\ncat >{shlex.quote(str(lab.folder))}/mail-$$-$(date +%s%N)\n")
    mailer.chmod(0o755)
    return ["--set", f"alerts.webhook.url={receiver.url}", "--set", "alerts.webhook.attempts=1",
            "--set", "alerts.webhook.secret=${secret:env:HOOK_SECRET}",
            "--set", f'alerts.mail.to=["{NAME} <ops@example.org>", "boss@example.org"]',
            "--set", "alerts.mail.from=millrace@example.org", "--set", f'alerts.mail.sendmail=["{mailer}"]']


def mails(lab):
    """Oldest first."""
    files = sorted(lab.folder.glob("mail-*"), key=lambda file: file.stat().st_mtime_ns)
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def check_mail(mail, subject: str):
    assert not mail.defects, mail.defects
    assert mail["Subject"] == subject, mail["Subject"]
    assert [(each.display_name, each.addr_spec) for each in mail["To"].addresses] == [
        (NAME, "ops@example.org"), ("", "boss@example.org")], mail["To"]
    assert mail["From"].addresses[0].addr_spec == "millrace@example.org"
    assert abs(time.time() - mail["Date"].datetime.timestamp()) < 300, mail["Date"]
    assert mail["Cc"] is None and mail["Bcc"] is None


def check_run(lab, receiver, words):
    name = "churn.yaml"
    lab.train("churn")
    print("a run fails while the receiver is down: the run's own code and message, mail at once")
    receiver.down = True
    broken = ["--set", "validation.expect=[{ column: age, between: [0, 1] }]"]
    done = lab.millrace("run", name, *broken, *words, code=3)
    assert receiver.refused == 1 and "kept for later: the webhook answered 503" in done.stderr, done.stderr
    check_mail(mails(lab)[0], "[millrace] alert: the run of churn has failed in validate")
    text = mails(lab)[0].get_content()
    assert "run/churn/failed" in text and "age" in text, text

    print("alerts deliver says what is kept; alerts list shows it")
    done = lab.millrace("alerts", "deliver", name, *words, code=6)
    assert "1 alert is kept for later: the webhook answered 503" in done.stderr, done.stderr
    listed = json.loads(lab.millrace("alerts", "list", "--json").stdout)
    assert [each["cause"] for each in listed["open"]] == ["run/churn/failed"], listed
    assert sorted(each["waiting"] for each in listed["channels"]) == [0, 1], listed

    print("the next run ends well and does not press a receiver that was down just now; when its time has come all arrives, once, in order")
    receiver.down = False
    lab.millrace("run", name, *words)
    assert receiver.taken == [], receiver.taken
    lab.millrace("alerts", "deliver", name, "--now", *words)
    assert [each["status"] for each in receiver.taken] == ["raised", "resolved"], receiver.taken
    raised = receiver.taken[0]
    assert raised["level"] == "alert" and raised["details"]["stage"] == "validate" and raised["details"]["exit_code"] == 3, raised
    assert (lab.workspace / "runs" / raised["run"]).is_dir(), raised
    assert [each["Message-ID"] for each in mails(lab)] == [f"<{each['id']}@millrace.invalid>" for each in receiver.taken]
    lab.millrace("run", name, *words)
    lab.millrace("alerts", "deliver", name, *words)
    assert len(receiver.taken) == 2 and len(mails(lab)) == 2


def check_by_hand(lab, receiver, words):
    print("a test, and an alert that is resolved by hand")
    done = lab.millrace("alerts", "test", "churn.yaml", *words)
    assert done.stdout.split() == ["mail", "delivered", "webhook", "delivered"], done.stdout
    assert receiver.taken[-1]["status"] == "test"
    lab.millrace("run", "churn.yaml", "--set", "validation.expect=[{ column: age, between: [0, 1] }]", *words, code=3)
    lab.millrace("alerts", "resolve", "run/churn/faild", code=2)
    lab.millrace("alerts", "resolve", "run/churn/failed", "--comment", "the file was wrong")
    lab.millrace("alerts", "deliver", "churn.yaml", *words)
    assert receiver.taken[-1]["status"] == "resolved" and receiver.taken[-1]["text"] == "the file was wrong"


def check_secrets(lab):
    for file in lab.workspace.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file


def main():
    os.environ["HOOK_SECRET"] = SECRET
    with tempfile.TemporaryDirectory() as name:
        lab = serving.Lab(pathlib.Path(name))
        receiver = Receiver()
        words = settings(lab, receiver)
        check_run(lab, receiver, words)
        check_by_hand(lab, receiver, words)
        check_secrets(lab)
    print("all well")


if __name__ == "__main__":
    main()
