package import Access
import Cryptography
package import Kernel

/// Signing in and out, one's own password, and who a session belongs to.
package final class SignInDesk: Sendable {
    private let store: any BookStore
    private let clock: @Sendable () -> Timestamp
    private let passwords: PasswordHasher
    private let throttles = SignInThrottles()

    package init(
        store: any BookStore, clock: @escaping @Sendable () -> Timestamp, passwords: PasswordHasher
    ) {
        self.store = store
        self.clock = clock
        self.passwords = passwords
    }

    /// Signs a person in.
    ///
    /// An unknown login costs the same time and gets the same answer as a wrong password.
    /// - Parameter address: Where the request came from; failures count for login and address together.
    package func signIn(login: String, password: String, address: String) async throws -> SignedIn {
        let now = clock()
        let key = login.lowercased() + "@" + address
        // Counted as a failure until it is known to be none, so that guesses side by side do not all pass.
        try throttles.begin(key, at: now)
        let stored = try await store.read(Book.installation) { try $0.installation.person(login: login.lowercased()) }
        let isRight = await passwords.matches(PasswordHash(stored: stored?.passwordHash ?? ""), password)
        guard let stored, isRight, stored.person.isActive else {
            try await noteFailure(login: login, address: address, now: now)
            throw AccessError.signInFailed
        }
        if let until = stored.oneTimeUntil, now >= until { throw AccessError.oneTimePasswordExpired }
        throttles.succeed(key)
        let token = SessionToken()
        let session = Self.session(of: stored.person.id, token: token, at: now)
        try await store.commit(
            Book.installation, key: unitKey("sign_in", stored.person.id.text), actor: stored.person.id.text, at: now
        ) { try $0.installation.add(session) }
        return SignedIn(token: token, person: stored.person, mustChangePassword: stored.oneTimeUntil != nil)
    }

    /// Replaces a visitor's password by one of their own choice; every session ends and a new one begins.
    ///
    /// - Parameter address: Where the request came from; wrong current passwords are counted like failed sign-ins.
    package func changePassword(
        of visitor: Visitor, from current: String, to new: String, address: String
    ) async throws -> SignedIn {
        let now = clock()
        let id = visitor.person.id
        let key = visitor.person.login + "@" + address
        try throttles.begin(key, at: now)
        let stored = try await store.read(Book.installation) { try $0.installation.person(id) }
        guard let stored, await passwords.matches(PasswordHash(stored: stored.passwordHash ?? ""), current) else {
            throw AccessError.currentPasswordWrong
        }
        throttles.succeed(key)
        guard new != current else { throw PasswordError.unchanged }
        try PasswordPolicy.check(
            new, login: stored.person.login, context: [stored.person.name] + (try await store.books().map(\.name))
        )
        let hash = try await passwords.hash(new)
        let token = SessionToken()
        let session = Self.session(of: id, token: token, at: now)
        try await store.commit(Book.installation, key: unitKey("password", id.text), actor: id.text, at: now) { unit in
            // An administrator who reset or disabled meanwhile has the last word.
            guard try unit.installation.person(id) == stored, stored.person.isActive else {
                throw AccessError.sessionEnded
            }
            try unit.installation.set(StoredPerson(person: stored.person, passwordHash: hash))
            try unit.note(kind: "person.password_changed", subject: "person:" + id.text, body: [:], personal: [])
            try unit.installation.endSessions(of: id.text)
            try unit.installation.add(session)
        }
        return SignedIn(token: token, person: stored.person, mustChangePassword: false)
    }

    /// Who a session cookie belongs to; `nil` when it is none, too old, or its person was disabled.
    package func visitor(cookie: String) async throws -> Visitor? {
        guard let token = SessionToken(cookie) else { return nil }
        let now = clock()
        let found = try await store.read(Book.installation) { records -> (StoredSession, Visitor)? in
            guard let session = try records.installation.session(tokenHash: token.digest),
                Session(
                    token: session.tokenHash, person: Person.ID(session.personID), startedAt: session.startedAt,
                    seenAt: session.lastUsedAt
                ).isValid(at: now),
                let stored = try records.installation.person(Person.ID(session.personID)), stored.person.isActive
            else { return nil }
            let grants = try records.installation.grants().filter { $0.person == stored.person.id }
            return (
                session,
                Visitor(
                    person: stored.person, grants: grants, formToken: session.csrfToken,
                    mustChangePassword: stored.oneTimeUntil != nil
                )
            )
        }
        guard let (session, visitor) = found else { return nil }
        // A write for each request would cost more than it tells; a minute is fine enough for 30 minutes of idling.
        if now > session.lastUsedAt.adding(seconds: 60) {
            try await store.commit(
                Book.installation, key: unitKey("session_seen", visitor.person.id.text),
                actor: visitor.person.id.text, at: now
            ) { try $0.installation.touch(token.digest, at: now) }
        }
        return visitor
    }

    package func signOut(cookie: String) async throws {
        guard let token = SessionToken(cookie), let visitor = try await visitor(cookie: cookie) else { return }
        try await store.commit(
            Book.installation, key: unitKey("sign_out", visitor.person.id.text), actor: visitor.person.id.text,
            at: clock()
        ) { try $0.installation.endSession(token.digest) }
    }

    private static func session(of person: Person.ID, token: SessionToken, at now: Timestamp) -> StoredSession {
        StoredSession(
            tokenHash: token.digest, personID: person.text, startedAt: now, lastUsedAt: now,
            csrfToken: randomBytes(16).hex
        )
    }

    private func noteFailure(login: String, address: String, now: Timestamp) async throws {
        try await store.commit(
            Book.installation, key: unitKey("sign_in_failed", address), actor: "system", at: now
        ) { unit in
            try unit.note(
                kind: "session.refused", subject: "sign_in", body: ["address": .string(address)],
                personal: [
                    PersonalValue(
                        name: "login", salt: randomBytes(16), value: login, retention: "security"
                    )
                ]
            )
        }
    }
}

/// A new session, and the cookie's value, which is never stored.
package struct SignedIn: Sendable {
    package let token: SessionToken
    package let person: Person
    /// The password was a one-time one: nothing is possible before another one is chosen.
    package let mustChangePassword: Bool
}
