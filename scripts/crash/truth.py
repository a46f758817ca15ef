"""What the sender knows: each event is on the disk before it is sent, and again when it was acknowledged."""

import json
import os
import threading


class Truth:
    def __init__(self, path):
        self.file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        self.lock = threading.Lock()
        self.acknowledged = 0
        self.refused = []

    def note(self, **entry):
        with self.lock:
            os.write(self.file, (json.dumps(entry, ensure_ascii=False) + "\n").encode())
            os.fsync(self.file)
            if entry["what"] == "acknowledged":
                self.acknowledged += 1
            if entry["what"] == "refused":
                self.refused.append(entry)


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
