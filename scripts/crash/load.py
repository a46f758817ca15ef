"""The sender: some clients that work through a queue of deliveries, each until it is acknowledged."""

import hashlib
import http.client
import itertools
import queue
import random
import threading
import time

from documents import claim, encoded, invoice
from door import Door


class Delivery:
    """One message on its way. `story` and `instance` tell the checker what has to come of it."""

    def __init__(self, event, document, story, invoice_number=None):
        self.event = event
        self.body = encoded(document)
        self.sha256 = hashlib.sha256(self.body).hexdigest()
        source = document["source"]
        self.facts = {
            "story": story, "instance": source["instance"], "revision": source["revision"],
            "outcome": source["outcome"], "invoice": invoice_number,
        }


class Stories:
    """Makes deliveries: mostly plain claims, and everything an OA does wrong. The same seed gives the same stories."""

    def __init__(self, seed, run="k"):
        self.chance = random.Random(seed)
        self.numbers = itertools.count(1)
        self.run = run
        kinds = {
            self.plain: 52, self.twice: 10, self.twenty_times: 2, self.other_event: 5, self.amended: 7,
            self.withdrawn: 7, self.amended_and_withdrawn: 4, self.shared_invoice: 8, self.other_bytes: 3,
            self.same_event_other_bytes: 2,
        }
        self.kinds, self.weights = list(kinds), list(kinds.values())

    def next(self):
        """The deliveries of one story, in the order in which they are put into the queue."""
        story = self.chance.choices(self.kinds, self.weights)[0]
        return story(f"{self.run.upper()}{next(self.numbers):06d}")

    def cents(self):
        return self.chance.randrange(100, 300_000)

    def plain(self, name):
        return [Delivery(name, claim(name, self.cents()), "plain")]

    def twice(self, name):
        return self.plain(name) * 2

    def twenty_times(self, name):
        return self.plain(name) * 20

    def other_event(self, name):
        document = claim(name, self.cents())
        return [Delivery(f"{name}-{one}", document, "plain") for one in "ab"]

    def revisions(self, name, *outcomes):
        steps = [
            Delivery(f"{name}-{number}", claim(name, self.cents(), revision=number, outcome=outcome), "revisions")
            for number, outcome in enumerate(outcomes, 1)
        ]
        self.chance.shuffle(steps)
        return steps

    def amended(self, name):
        return self.revisions(name, "approved", "amended")

    def withdrawn(self, name):
        return self.revisions(name, "approved", "withdrawn")

    def amended_and_withdrawn(self, name):
        return self.revisions(name, "approved", "amended", "withdrawn")

    def shared_invoice(self, name):
        number, content, total = invoice(int(name[1:]), self.chance.randrange(10_000, 200_000))
        return [
            Delivery(
                f"{name}-{one}", claim(f"{name}-{one}", total, kind="training", invoice=(number, content)),
                "shared", number,
            )
            for one in "abc"[:self.chance.randrange(2, 4)]
        ]

    def other_bytes(self, name):
        return [Delivery(f"{name}-{one}", claim(name, self.cents()), "conflict") for one in "ab"]

    def same_event_other_bytes(self, name):
        return [Delivery(name, claim(name, self.cents()), "same event") for _ in "ab"]


class Load:
    """Clients that send until they are told to stop; then the queue runs empty and they end."""

    def __init__(self, port, truth, stories, clients=16, most=100_000):
        self.port, self.truth, self.stories, self.most = port, truth, stories, most
        self.queue = queue.Queue(maxsize=4 * clients)
        self.is_over = threading.Event()
        self.sent = 0
        self.threads = [threading.Thread(target=self.feed, daemon=True)]
        self.threads += [threading.Thread(target=self.client, daemon=True) for _ in range(clients)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def finish(self, seconds=120):
        """No new stories; every delivery that was begun is sent until it is acknowledged."""
        self.is_over.set()
        limit = time.time() + seconds
        for thread in self.threads:
            thread.join(max(0.1, limit - time.time()))
        return not any(thread.is_alive() for thread in self.threads)

    def feed(self):
        # A few stories are mixed, so that what belongs together does not arrive together.
        while not self.is_over.is_set() and self.sent < self.most:
            mixed = [self.stories.next() for _ in range(4)]
            order = [position for position, story in enumerate(mixed) for _ in story]
            self.stories.chance.shuffle(order)
            for position in order:
                self.queue.put(mixed[position].pop(0))
                self.sent += 1
        for _ in self.threads[1:]:
            self.queue.put(None)

    def client(self):
        door = Door(self.port, timeout=10)
        while (delivery := self.queue.get()) is not None:
            facts = {"event": delivery.event, "sha256": delivery.sha256, **delivery.facts}
            self.truth.note(what="sent", at=time.time(), **facts)
            while True:
                try:
                    status, answer = door.deliver(delivery.event, delivery.body)
                except (OSError, http.client.HTTPException):
                    time.sleep(0.02)
                    continue
                if status == 202:
                    self.truth.note(what="acknowledged", at=time.time(), **facts)
                    break
                if status in (429, 503):
                    time.sleep(0.05)
                    continue
                self.truth.note(what="refused", status=status, answer=answer, **facts)
                break
        door.close()
