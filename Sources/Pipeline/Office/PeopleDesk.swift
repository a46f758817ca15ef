package import Access
package import Kernel

/// Who may sign in, and with which roles (人员与角色).
///
/// The system administrator makes people, the security administrator gives them roles; neither does the other's work.
package struct PeopleDesk: Sendable {
    package static let nameLimit = 64

    private let store: any BookStore
    private let passwords: PasswordHasher
    private let clock: @Sendable () -> Timestamp

    package init(
        store: any BookStore, passwords: PasswordHasher, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.passwords = passwords
        self.clock = clock
    }

    /// Everybody, by login.
    package func all(for visitor: Visitor) async throws -> [PersonFile] {
        try visitor.require(.usersRead, in: Book.installation)
        return try await store.read(Book.installation) { records in
            let grants = Dictionary(grouping: try records.installation.grants(), by: \.person)
            return try records.installation.people().compactMap { person in
                try records.installation.person(person.id).map { PersonFile($0, grants: grants[person.id] ?? []) }
            }
        }
    }

    package func find(_ id: Person.ID, for visitor: Visitor) async throws -> PersonFile {
        try visitor.require(.usersRead, in: Book.installation)
        return try await store.read(Book.installation) { records in
            let stored = try Self.require(id, in: records)
            return PersonFile(stored, grants: try records.installation.grants().filter { $0.person == id })
        }
    }

    /// Makes a person who holds no role yet.
    ///
    /// - Returns: The password to hand over. It is not kept, and its owner replaces it when signing in.
    package func add(login: String, name: String, by visitor: Visitor) async throws -> NewPerson {
        try visitor.require(.usersEdit, in: Book.installation)
        let login = try Person.checkedLogin(login)
        let person = Person(id: Person.ID(login), login: login, name: try Self.checkedName(name))
        let password = OneTimePassword(at: clock())
        let stored = StoredPerson(
            person: person, passwordHash: try await passwords.hash(password.text), oneTimeUntil: password.until
        )
        try await commit("person_add", person.id, by: visitor) { unit in
            let isTaken = try unit.installation.person(login: login) != nil
            // The log says `system` of what the program or the machine's own administrator did.
            guard !isTaken, login != "system" else { throw PeopleError.loginTaken(login) }
            try unit.installation.set(stored)
        }
        return NewPerson(person: person, password: password)
    }

    /// Disables a person, whose sessions end at once, or lets them in again.
    package func setActive(_ isActive: Bool, _ id: Person.ID, by visitor: Visitor) async throws {
        try visitor.require(.usersEdit, in: Book.installation)
        try await commit(isActive ? "person_enable" : "person_disable", id, by: visitor) { unit in
            let stored = try Self.require(id, in: unit)
            guard stored.person.isActive != isActive else { return }
            let holders = try Self.administrators(in: unit)
            let person = Person(id: id, login: stored.person.login, name: stored.person.name, isActive: isActive)
            try unit.installation.set(
                StoredPerson(person: person, passwordHash: stored.passwordHash, oneTimeUntil: stored.oneTimeUntil)
            )
            try Self.keep(holders, in: unit)
            if !isActive { try unit.installation.endSessions(of: id.text) }
        }
    }

    /// Gives a person another one-time password; the old password and every session end.
    package func resetPassword(_ id: Person.ID, by visitor: Visitor) async throws -> NewPerson {
        try visitor.require(.usersEdit, in: Book.installation)
        let password = OneTimePassword(at: clock())
        let hash = try await passwords.hash(password.text)
        let person = try await commit("person_reset", id, by: visitor) { unit in
            let stored = try Self.require(id, in: unit)
            try unit.installation.set(
                StoredPerson(person: stored.person, passwordHash: hash, oneTimeUntil: password.until)
            )
            try unit.note(kind: "person.password_reset", subject: "person:" + id.text, body: [:], personal: [])
            try unit.installation.endSessions(of: id.text)
            return stored.person
        }
        return NewPerson(person: person, password: password)
    }

    /// Says which roles a person holds in a book from now on: the missing ones are given, the others taken back.
    ///
    /// - Throws: `AccessError.dutyConflict` when duties would meet that the law keeps apart (不相容职务).
    package func setRoles(_ roles: Set<Role>, of id: Person.ID, in book: Book.ID, by visitor: Visitor) async throws {
        try visitor.require(.rolesAssign, in: Book.installation)
        let isKnown = try await store.books().contains { $0.id == book && $0.kind != .inbox }
        guard isKnown || book == Book.installation else { throw PeopleError.unknownBook(book) }
        try await commit("person_roles", id, by: visitor) { unit in
            _ = try Self.require(id, in: unit)
            let held = try unit.installation.grants().filter { $0.person == id }
            let holders = try Self.administrators(in: unit)
            let old = held.filter { $0.book == book.text }
            let new = Role.allCases.filter(roles.contains).map { Grant(person: id, role: $0, book: book.text) }
            let others = held.filter { $0.book != book.text }
            if let conflict = dutyConflicts(in: others + new, profile: .small).first {
                throw AccessError.dutyConflict(conflict)
            }
            for grant in old where !new.contains(grant) { try unit.installation.revoke(grant) }
            for grant in new where !old.contains(grant) { try unit.installation.set(grant) }
            try Self.keep(holders, in: unit)
        }
    }

    private func commit<Answer: Sendable>(
        _ what: String, _ id: Person.ID, by visitor: Visitor,
        _ work: @escaping @Sendable (any Unit) throws -> Answer
    ) async throws -> Answer {
        try await store.commit(
            Book.installation, key: unitKey(what, id.text), actor: visitor.person.id.text, at: clock(), work
        )
    }

    private static func require(_ id: Person.ID, in records: any Records) throws -> StoredPerson {
        guard let stored = try records.installation.person(id) else { throw PeopleError.unknown(id) }
        return stored
    }

    /// Which of the two administrators somebody is who can sign in.
    private static func administrators(in records: any Records) throws -> Set<Role> {
        let active = Set(try records.installation.people().filter(\.isActive).map(\.id))
        let grants = try records.installation.grants().filter {
            $0.covers(Book.installation.text) && active.contains($0.person)
        }
        return Set(grants.map(\.role)).intersection([.admin, .security])
    }

    /// Without the one nobody can be made any more, without the other nobody gets a role.
    private static func keep(_ holders: Set<Role>, in records: any Records) throws {
        let lost = holders.subtracting(try administrators(in: records))
        if let role = lost.min(by: { $0.rawValue < $1.rawValue }) { throw PeopleError.lastHolder(role) }
    }

    static func checkedName(_ text: String) throws(PeopleError) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
            default: true
            }
        }
        guard isPlain, (1...nameLimit).contains(text.unicodeScalars.count), text.contains(where: { !$0.isWhitespace })
        else { throw .nameInvalid(String(text.prefix(nameLimit))) }
        return text
    }
}

/// A person with the roles in every book, as administrators see them.
package struct PersonFile: Sendable {
    package let person: Person
    package let grants: [Grant]
    /// Until when a one-time password waits to be replaced; `nil` where the person chose one, or has none.
    package let oneTimeUntil: Timestamp?

    init(_ stored: StoredPerson, grants: [Grant]) {
        person = stored.person
        self.grants = grants
        oneTimeUntil = stored.oneTimeUntil
    }

    package func roles(in book: Book.ID) -> Set<Role> {
        Set(grants.filter { $0.book == book.text }.map(\.role))
    }

    /// Duties of this person that have to be kept apart.
    package var conflicts: [DutyConflict] { dutyConflicts(in: grants, profile: .small) }
}

/// A person with the password to hand over, which is shown once.
package struct NewPerson: Sendable {
    package let person: Person
    package let password: OneTimePassword
}
