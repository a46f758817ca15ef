import Access
import Cryptography
package import Kernel
import Synchronization

/// The first start: whoever sees the terminal becomes the first administrator (首次设置).
///
/// The code lives in the memory of one process for a quarter of an hour, opens the door once, and only while the
/// installation has nobody.
package final class SetupDesk: Sendable {
    package static let lifetimeSeconds: Int64 = 15 * 60

    private struct Code: Sendable {
        let digest: Digest
        let until: Timestamp
    }

    private let store: any BookStore
    private let passwords: PasswordHasher
    private let clock: @Sendable () -> Timestamp
    private let code = Mutex<Code?>(nil)

    package init(store: any BookStore, passwords: PasswordHasher, clock: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.passwords = passwords
        self.clock = clock
    }

    /// A code for the terminal; `nil` when somebody can sign in already.
    package func open() async throws -> String? {
        guard try await isEmpty() else { return nil }
        let bytes = randomBytes(16)
        code.withLock { $0 = Code(digest: sha256(bytes), until: clock().adding(seconds: Self.lifetimeSeconds)) }
        return bytes.hex
    }

    /// Refuses a code that opens nothing.
    package func check(_ text: String) async throws {
        guard try await isEmpty() else { throw SetupError.isDone }
        let now = clock()
        guard let known = code.withLock({ $0 }), now < known.until, let bytes = [UInt8](hex: text),
            isEqualInConstantTime(sha256(bytes).bytes, known.digest.bytes)
        else { throw SetupError.wrongCode }
    }

    /// The three administrators as they were typed.
    package struct Answers: Sendable {
        package var login = ""
        package var name = ""
        package var password = ""
        package var securityLogin = ""
        package var securityName = ""
        /// Both may be empty: an auditor can be named later.
        package var auditorLogin = ""
        package var auditorName = ""

        package init() {}
    }

    /// Makes the administrators and signs the first one in.
    ///
    /// System and security administrator are two persons from the first minute (三员分立): the one makes people, the
    /// other gives them roles.
    package func finish(code text: String, _ answers: Answers) async throws -> FinishedSetup {
        try await check(text)
        let now = clock()
        let first = try Self.person(answers.login, answers.name)
        try PasswordPolicy.check(answers.password, login: first.login, context: [first.name])
        var others = [(try Self.person(answers.securityLogin, answers.securityName), Role.security)]
        if !answers.auditorLogin.isEmpty || !answers.auditorName.isEmpty {
            others.append((try Self.person(answers.auditorLogin, answers.auditorName), .auditor))
        }
        let logins = [first.login] + others.map(\.0.login)
        guard Set(logins).count == logins.count else { throw SetupError.samePerson }
        var stored = [
            (StoredPerson(person: first, passwordHash: try await passwords.hash(answers.password)), Role.admin)
        ]
        var handed: [NewPerson] = []
        for (person, role) in others {
            let password = OneTimePassword(at: now)
            let hash = try await passwords.hash(password.text)
            stored.append((StoredPerson(person: person, passwordHash: hash, oneTimeUntil: password.until), role))
            handed.append(NewPerson(person: person, password: password))
        }
        let token = SessionToken()
        let session = StoredSession(
            tokenHash: token.digest, personID: first.id.text, startedAt: now, lastUsedAt: now,
            csrfToken: randomBytes(16).hex
        )
        let everybody = stored
        let hasBook = try await store.books().contains { $0.id == Book.installation }
        try await store.commit(
            Book.installation, key: unitKey("setup", first.id.text), actor: first.id.text, at: now
        ) { unit in
            // Another window with the same code may have been quicker.
            guard try unit.installation.people().isEmpty else { throw SetupError.isDone }
            if !hasBook { try unit.setBook(.ofInstallation) }
            for (person, role) in everybody {
                try unit.installation.set(person)
                try unit.installation.set(Grant(person: person.person.id, role: role, book: Book.installation.text))
            }
            try unit.note(kind: "setup.finished", subject: "installation", body: [:], personal: [])
            try unit.installation.add(session)
        }
        code.withLock { $0 = nil }
        return FinishedSetup(
            signedIn: SignedIn(token: token, person: first, mustChangePassword: false), formToken: session.csrfToken,
            handed: handed
        )
    }

    private func isEmpty() async throws -> Bool {
        try await store.read(Book.installation) { try $0.installation.people().isEmpty }
    }

    private static func person(_ login: String, _ name: String) throws -> Person {
        let login = try Person.checkedLogin(login)
        guard login != "system" else { throw PeopleError.loginTaken(login) }
        return Person(id: Person.ID(login), login: login, name: try PeopleDesk.checkedName(name))
    }
}

/// The first administrator, signed in, and the passwords to hand over to the others.
package struct FinishedSetup: Sendable {
    package let signedIn: SignedIn
    package let formToken: String
    package let handed: [NewPerson]
}

/// Why the first set-up does not go through.
package enum SetupError: Error, Hashable {
    case isDone
    case wrongCode
    case samePerson
}

extension SetupError: Explainable {
    package var problem: Problem {
        let location = Phrase(zh: "首次设置", en: "the first set-up")
        return switch self {
        case .isDone:
            Problem(
                code: "setup.is_done",
                title: Phrase(zh: "首次设置已经完成。", en: "The first set-up is done."),
                location: location,
                cause: Phrase(zh: "系统中已有人员。", en: "The installation has people."),
                remedy: Phrase(
                    zh: "请登录；忘记密码时，在服务器上停机后执行 pingqiao user reset。",
                    en: "Sign in; if the password is lost, run `pingqiao user reset` on the stopped server."
                )
            )
        case .wrongCode:
            Problem(
                code: "setup.wrong_code",
                title: Phrase(zh: "设置链接无效或已过期。", en: "The set-up link is not valid, or has expired."),
                location: location,
                cause: Phrase(
                    zh: "链接在启动时打印，\(SetupDesk.lifetimeSeconds / 60) 分钟内有效，只能用一次。",
                    en: "It is printed at the start, lasts \(SetupDesk.lifetimeSeconds / 60) minutes and works once."
                ),
                remedy: Phrase(
                    zh: "请重新启动 pingqiao serve，使用新打印的链接。", en: "Start `pingqiao serve` again and use the new link.")
            )
        case .samePerson:
            Problem(
                code: "setup.same_person",
                title: Phrase(zh: "管理员必须是不同的人。", en: "The administrators have to be different persons."),
                location: location,
                cause: Phrase(zh: "两处填了同一个登录名。", en: "One login name stands in two places."),
                remedy: Phrase(
                    zh: "系统管理员、安全管理员和审计员由不同的人担任，请分别填写。",
                    en: "System administrator, security administrator and auditor are different persons; name each."
                )
            )
        }
    }
}
