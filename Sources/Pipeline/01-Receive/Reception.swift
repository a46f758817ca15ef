import Cryptography
import Jobs
package import Kernel

/// Step 1: an OA event enters the inbox, once; its bytes are kept.
///
/// The answer goes out after the commit and before any work, because vendors wait for seconds only.
package struct Reception: Sendable {
    private let store: any BookStore
    private let connectors: ConnectorDesk
    private let clock: @Sendable () -> Timestamp
    private let wake: @Sendable (Book.ID) -> Void

    package init(
        store: any BookStore, connectors: ConnectorDesk, clock: @escaping @Sendable () -> Timestamp,
        wake: @escaping @Sendable (Book.ID) -> Void
    ) {
        self.store = store
        self.connectors = connectors
        self.clock = clock
        self.wake = wake
    }

    /// Takes a request of an OA.
    ///
    /// - Returns: What to answer; a delivery is durable by then.
    /// - Throws: `ReceptionError.unknownConnector`, or the connector's refusal.
    package func receive(_ request: InboundRequest, for connectorID: String) async throws -> InboundAnswer {
        guard let desk = try await connectors.desk(connectorID), desk.setting.isActive else {
            throw ReceptionError.unknownConnector(connectorID)
        }
        let now = clock()
        switch try desk.connector.accept(request, now: now) {
        case .answer(let answer):
            return answer
        case .delivery(let key, let payload, let answer):
            let delivery = Delivery(
                connector: connectorID, key: key, digest: sha256(payload), payload: payload, state: .pending,
                receivedAt: now
            )
            try await file(delivery, now: now)
            return answer
        }
    }

    /// Stores a delivery and the job that works on it, in one unit of the connector's inbox.
    package func file(_ delivery: Delivery, now: Timestamp) async throws {
        let inbox = Book.inbox(of: delivery.connector)
        let added = try await store.commit(
            inbox, key: "receive:\(delivery.key):\(delivery.digest.hex)", actor: "connector:" + delivery.connector,
            at: now
        ) { unit in
            let added = try unit.inbox.add(delivery)
            if added == .new {
                try unit.jobs.add(
                    NewJob(kind: JobKind.normalise.rawValue, subject: "delivery:" + delivery.key, dueAt: now)
                )
            }
            return added
        }
        if added == .new { wake(inbox) }
    }
}

/// The kinds of work the way puts into the queue. Raw values are stored and never renamed.
package enum JobKind: String, Sendable, CaseIterable {
    /// Of an inbox: a delivery becomes a case.
    case normalise
    /// Of a company: a case runs again after somebody fixed something.
    case advance
    /// Of a company: the same, where the OA has to be asked again first.
    case askAgain = "ask_again"
    /// Of a company: an approved voucher is posted.
    case post
    /// Of a company: the OA learns what became of its form.
    case writeBack = "write_back"

    /// How many of a book are done at a time. Each kind has places of its own, so that calls to a partner that hangs keep
    /// nothing waiting but calls to that partner.
    var places: Int {
        switch self {
        case .advance, .post, .normalise: 64
        case .askAgain, .writeBack: 16
        }
    }

    /// Whether a case runs again.
    var isRun: Bool { self == .advance || self == .askAgain }
}

/// Why a request did not enter.
package enum ReceptionError: Error, Hashable {
    case unknownConnector(String)
}

extension ReceptionError: Explainable {
    package var problem: Problem {
        switch self {
        case .unknownConnector(let id):
            Problem(
                code: "connector.unknown",
                title: Phrase(zh: "没有这个连接器。", en: "There is no such connector."),
                location: Phrase(zh: "/in/\(id)", en: "/in/\(id)"),
                cause: Phrase(zh: "该名称没有配置，或已停用。", en: "The name is not configured, or switched off."),
                remedy: Phrase(
                    zh: "请核对 OA 中填写的回调地址。", en: "Check the callback address that the OA was given."
                )
            )
        }
    }
}
