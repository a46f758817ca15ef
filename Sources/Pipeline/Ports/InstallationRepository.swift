package import Access
package import Kernel

/// People, rights, sessions, connectors: the records of the installation's own book.
package protocol InstallationRepository {
    func people() throws -> [Person]
    func person(login: String) throws -> StoredPerson?
    func person(_ id: Person.ID) throws -> StoredPerson?
    func grants() throws -> [Grant]
    func session(tokenHash: Digest) throws -> StoredSession?
    func connectors() throws -> [ConnectorSetting]
    func connector(_ id: String) throws -> ConnectorSetting?

    func set(_ person: StoredPerson) throws
    func set(_ grant: Grant) throws
    func revoke(_ grant: Grant) throws
    func add(_ session: StoredSession) throws
    func touch(_ tokenHash: Digest, at now: Timestamp) throws
    func endSession(_ tokenHash: Digest) throws
    func endSessions(of person: String) throws
    func set(_ connector: ConnectorSetting) throws
}

/// A person with the hash of the password.
package struct StoredPerson: Hashable, Sendable {
    package let person: Person
    /// PHC text of the password's hash; `nil` for a person who never signs in here.
    package let passwordHash: String?
    /// Until when a one-time password opens the door; `nil` for a password its owner chose.
    package let oneTimeUntil: Timestamp?

    package init(person: Person, passwordHash: String?, oneTimeUntil: Timestamp? = nil) {
        self.person = person
        self.passwordHash = passwordHash
        self.oneTimeUntil = oneTimeUntil
    }
}

/// A signed-in session as it is stored: by the hash of its token.
package struct StoredSession: Hashable, Sendable {
    package let tokenHash: Digest
    package let personID: String
    package let startedAt: Timestamp
    package let lastUsedAt: Timestamp
    package let csrfToken: String

    package init(tokenHash: Digest, personID: String, startedAt: Timestamp, lastUsedAt: Timestamp, csrfToken: String) {
        self.tokenHash = tokenHash
        self.personID = personID
        self.startedAt = startedAt
        self.lastUsedAt = lastUsedAt
        self.csrfToken = csrfToken
    }
}

/// The log of a book, for readers.
package protocol LogRepository {
    func size() throws -> Int64
    func root() throws -> Digest
    func entries(from sequence: Int64, limit: Int) throws -> [StoredLogEntry]
    func entries(subject: String, limit: Int) throws -> [StoredLogEntry]
}

/// An entry and the leaf that was stored with it; verification recomputes the one from the other.
package struct StoredLogEntry: Hashable, Sendable {
    package let entry: LogEntry
    package let leaf: Digest

    package init(entry: LogEntry, leaf: Digest) {
        self.entry = entry
        self.leaf = leaf
    }
}
