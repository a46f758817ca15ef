import Cryptography
package import Kernel

/// What the browser keeps to show that somebody signed in; only its hash is stored.
package struct SessionToken: Hashable, Sendable {
    package static let length = 32

    private let bytes: [UInt8]

    package init(bytes: [UInt8] = randomBytes(SessionToken.length)) {
        precondition(bytes.count == Self.length, "a session token has \(Self.length) bytes")
        self.bytes = bytes
    }

    /// Reads the value of the cookie; `nil` if it cannot be one.
    package init?(_ text: String) {
        guard text.utf8.count == 2 * Self.length, let bytes = [UInt8](hex: text) else { return nil }
        self.bytes = bytes
    }

    package var text: String { bytes.hex }

    /// The name under which the session is stored.
    package var digest: Digest { sha256(bytes) }
}

/// The time between signing in and out of one person in one browser (会话).
package struct Session: Hashable, Sendable {
    package static let idleSeconds: Int64 = 30 * 60
    package static let absoluteSeconds: Int64 = 12 * 3600

    package let token: Digest
    package let person: Person.ID
    package let startedAt: Timestamp
    package let seenAt: Timestamp
    package let endedAt: Timestamp?

    package init(
        token: Digest,
        person: Person.ID,
        startedAt: Timestamp,
        seenAt: Timestamp? = nil,
        endedAt: Timestamp? = nil
    ) {
        self.token = token
        self.person = person
        self.startedAt = startedAt
        self.seenAt = seenAt ?? startedAt
        self.endedAt = endedAt
    }

    /// Whether it was neither ended, nor idle for 30 minutes, nor 12 hours old.
    package func isValid(at now: Timestamp) -> Bool {
        endedAt == nil && now < seenAt.adding(seconds: Self.idleSeconds)
            && now < startedAt.adding(seconds: Self.absoluteSeconds)
    }

    package func seen(at now: Timestamp) -> Session {
        Session(token: token, person: person, startedAt: startedAt, seenAt: max(seenAt, now), endedAt: endedAt)
    }

    package func ended(at now: Timestamp) -> Session {
        Session(token: token, person: person, startedAt: startedAt, seenAt: seenAt, endedAt: endedAt ?? now)
    }
}
