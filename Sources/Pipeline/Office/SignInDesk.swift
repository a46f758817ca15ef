package import Access
import Cryptography
package import Kernel
import Synchronization

/// Signing in and out, and who a session belongs to.
package final class SignInDesk: Sendable {
    private let store: any BookStore
    private let clock: @Sendable () -> Timestamp
    private let offload: @Sendable (@escaping @Sendable () -> Bool) async -> Bool
    private let throttles = Mutex<[String: SignInThrottle]>([:])

    /// - Parameter offload: Runs the slow hash of a password away from the threads that answer requests, a few at a time.
    package init(
        store: any BookStore, clock: @escaping @Sendable () -> Timestamp,
        offload: @escaping @Sendable (@escaping @Sendable () -> Bool) async -> Bool
    ) {
        self.store = store
        self.clock = clock
        self.offload = offload
    }

    /// Signs a person in.
    ///
    /// An unknown login costs the same time and gets the same answer as a wrong password.
    /// - Parameter address: Where the request came from; failures count for login and address together.
    package func signIn(login: String, password: String, address: String) async throws -> SignedIn {
        let now = clock()
        let key = login.lowercased() + "@" + address
        try throttles.withLock { $0[key] ?? SignInThrottle() }.check(at: now)
        let stored = try await store.read(Book.installation) { try $0.installation.person(login: login.lowercased()) }
        let hash = PasswordHash(stored: stored?.passwordHash ?? "")
        let isRight = await offload { hash.matches(password) }
        guard let stored, isRight, stored.person.isActive else {
            throttles.withLock { table in
                if table.count > 10_000 { table.removeAll() }
                table[key] = (table[key] ?? SignInThrottle()).failed(at: now)
            }
            try await noteFailure(login: login, address: address, now: now)
            throw AccessError.signInFailed
        }
        _ = throttles.withLock { $0.removeValue(forKey: key) }
        let token = SessionToken()
        let session = StoredSession(
            tokenHash: token.digest, personID: stored.person.id.text, startedAt: now, lastUsedAt: now,
            csrfToken: randomBytes(16).hex
        )
        try await store.commit(
            Book.installation, key: unitKey("sign_in", stored.person.id.text), actor: stored.person.id.text, at: now
        ) { try $0.installation.add(session) }
        return SignedIn(token: token, person: stored.person)
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
                let person = try records.installation.people().first(where: { $0.id.text == session.personID }),
                person.isActive
            else { return nil }
            let grants = try records.installation.grants().filter { $0.person == person.id }
            return (session, Visitor(person: person, grants: grants, formToken: session.csrfToken))
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
}
