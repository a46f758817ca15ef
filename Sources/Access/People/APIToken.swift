import Cryptography
package import Kernel

/// The secret a program shows instead of signing in (API 令牌): `pq_`, 256 bits, and a checksum against typing errors.
package struct APIToken: Hashable, Sendable {
    package static let prefix = "pq_"
    package static let length = 32
    package static let lifetimeLimitDays: Int64 = 365

    private static let checksumLength = 4

    private let bytes: [UInt8]

    package init(bytes: [UInt8] = randomBytes(APIToken.length)) {
        precondition(bytes.count == Self.length, "an API token has \(Self.length) bytes")
        self.bytes = bytes
    }

    /// Reads a token as a program sent it; `nil` if it cannot be one, without asking the store.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let all = [UInt8](hex: String(text.dropFirst(Self.prefix.count))),
            all.count == Self.length + Self.checksumLength
        else { return nil }
        bytes = Array(all[..<Self.length])
        guard Array(all[Self.length...]) == checksum else { return nil }
    }

    package var text: String { Self.prefix + (bytes + checksum).hex }

    /// The name under which the token is stored.
    package var digest: Digest { sha256(bytes) }

    private var checksum: [UInt8] {
        Array(sha256(Array(Self.prefix.utf8) + bytes).bytes.prefix(Self.checksumLength))
    }
}

/// What a token allows, to whom it belongs, and how long it lasts; this is stored, the token is not.
package struct APITokenGrant: Hashable, Sendable {
    package let digest: Digest
    package let owner: Person.ID
    package let name: String
    package let book: String
    package let rights: Set<Right>
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    package let withdrawnAt: Timestamp?

    /// Makes the record of a new token.
    ///
    /// A right is in a token only if it was asked for: no token can approve or post unless made for it.
    package init(
        for token: APIToken,
        owner: Person,
        name: String,
        book: String,
        rights: Set<Right>,
        grants: [Grant],
        createdAt: Timestamp,
        lifetimeDays: Int64
    ) throws(AccessError) {
        guard (1...APIToken.lifetimeLimitDays).contains(lifetimeDays) else { throw .tokenLifetime(days: lifetimeDays) }
        let exceeding = rights.filter { !owner.may($0, in: book, grants: grants).isAllowed }
        guard exceeding.isEmpty else {
            throw .tokenRightsExceeded(exceeding.sorted { $0.rawValue < $1.rawValue })
        }
        self.init(
            stored: token.digest,
            owner: owner.id,
            name: name,
            book: book,
            rights: rights,
            createdAt: createdAt,
            expiresAt: createdAt.adding(seconds: lifetimeDays * 86_400),
            withdrawnAt: nil
        )
    }

    /// Reads back a record that was checked when it was made.
    package init(
        stored digest: Digest,
        owner: Person.ID,
        name: String,
        book: String,
        rights: Set<Right>,
        createdAt: Timestamp,
        expiresAt: Timestamp,
        withdrawnAt: Timestamp?
    ) {
        self.digest = digest
        self.owner = owner
        self.name = name
        self.book = book
        self.rights = rights
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.withdrawnAt = withdrawnAt
    }

    package func isValid(at now: Timestamp) -> Bool { withdrawnAt == nil && now < expiresAt }
}
