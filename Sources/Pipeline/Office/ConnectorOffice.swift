import Access
import Cryptography
package import Kernel

/// Connects OAs, keeps their secrets, and takes them out of use (接入与密钥).
package struct ConnectorOffice: Sendable {
    /// A mapping that ships, by the kind of connector it is for.
    package let mappings: [String: JSON]
    let store: any BookStore
    let catalogue: any ConnectorCatalogue
    let schema: DocumentSchema
    let clock: @Sendable () -> Timestamp
    let wake: @Sendable (Book.ID) -> Void
    /// The connectors in use, which learn here that a setting changed.
    private let desk: ConnectorDesk

    package init(
        store: any BookStore, catalogue: any ConnectorCatalogue, desk: ConnectorDesk, mappings: [String: JSON],
        schema: DocumentSchema, clock: @escaping @Sendable () -> Timestamp, wake: @escaping @Sendable (Book.ID) -> Void
    ) {
        self.store = store
        self.catalogue = catalogue
        self.desk = desk
        self.mappings = mappings
        self.schema = schema
        self.clock = clock
        self.wake = wake
    }

    package var kinds: [ConnectorKind] { catalogue.kinds }

    /// What somebody wrote down about a new connector.
    package struct Answers: Sendable {
        package var id = ""
        package var kind = ""
        package var name = ""
        package var homeBook = ""
        /// Options and secrets by the names of the kind's fields.
        package var values: [String: JSON] = [:]
        /// A mapping of one's own; the one that ships if it is missing.
        package var mapping: JSON?

        package init() {}
    }

    /// Makes a connector.
    ///
    /// - Returns: With a generic one its secret, made here. It is sealed and never shown again.
    package func add(_ answers: Answers, by visitor: Visitor) async throws -> MadeSecret {
        guard let kind = kinds.first(where: { $0.id == answers.kind }) else {
            throw ConnectorOfficeError.unknownKind(answers.kind, known: kinds.map(\.id))
        }
        let home = Book.ID(answers.homeBook)
        try Self.require(.connectorEdit, of: home, by: visitor)
        let books = try await store.books()
        guard books.contains(where: { $0.id == home && $0.kind == .company }) else {
            throw ConnectorOfficeError.unknownBook(answers.homeBook)
        }
        let id = try Self.checkedID(answers.id)
        var values = answers.values
        let secret = kind.makesItsSecret ? Self.newSecret() : nil
        if let secret { values["secret"] = .string(secret) }
        var (options, secrets) = try kind.sorted(values)
        if !visitor.may(.connectorEdit, in: Book.installation) {
            // Whoever connects one company's OA brings nothing into the books of another.
            let served = books.filter { $0.kind == .company && visitor.may(.connectorEdit, in: $0.id) }
            options = options.setting(ConnectorSetting.servedOption, .array(served.map { .string($0.id.text) }))
        }
        let setting = ConnectorSetting(
            id: id, kind: kind.id, name: answers.name.isEmpty ? id : try PeopleDesk.checkedName(answers.name),
            homeBook: home, options: options, secrets: secrets,
            mapping: kind.needsMapping ? answers.mapping ?? mappings[kind.id] ?? [:] : [:], mappingVersion: 1,
            isActive: true
        )
        if kind.needsMapping { try Self.check(setting.mapping, of: kind.id) }
        _ = try catalogue.connector(for: setting)
        let inbox = Book.inbox(of: id)
        if !books.contains(where: { $0.id == inbox }) {
            try await commit(inbox, id, by: visitor) {
                try $0.setBook(Book(id: inbox, kind: .inbox, name: setting.name))
            }
        }
        try await commit(Book.installation, id, by: visitor) { unit in
            guard try unit.installation.connector(id) == nil else { throw ConnectorOfficeError.idTaken(id) }
            try unit.installation.set(setting)
        }
        desk.forget(id)
        return MadeSecret(setting: setting, secret: secret)
    }

    /// Takes a connector out of use, or back into it. What it received stays.
    package func setActive(_ isActive: Bool, _ id: String, by visitor: Visitor) async throws -> ConnectorSetting {
        try await change(id, by: visitor) { $0.changed(secrets: $0.secrets, isActive: isActive) }
    }

    /// Replaces secrets. A generic connector gets a new one, and the old one is taken until it is retired.
    ///
    /// - Parameter values: New secrets by name; what is missing stays.
    package func replaceSecrets(
        _ values: [String: String], of id: String, by visitor: Visitor
    ) async throws -> MadeSecret {
        let known = kinds
        let secret = Self.newSecret()
        let setting = try await change(id, by: visitor) { old in
            guard let kind = known.first(where: { $0.id == old.kind }) else { return old }
            var secrets = old.secrets
            if kind.makesItsSecret {
                secrets["previous_secret"] = secrets["secret"]
                secrets["secret"] = secret
            }
            for field in kind.fields where field.form == .secret {
                if let value = values[field.name], !value.isEmpty { secrets[field.name] = value }
            }
            return old.changed(secrets: secrets, isActive: old.isActive)
        }
        let isMade = known.first { $0.id == setting.kind }?.makesItsSecret == true
        return MadeSecret(setting: setting, secret: isMade ? secret : nil)
    }

    /// From now on only the newest secret is taken.
    package func retireSecret(of id: String, by visitor: Visitor) async throws -> ConnectorSetting {
        try await change(id, by: visitor) { old in
            old.changed(secrets: old.secrets.filter { $0.key != "previous_secret" }, isActive: old.isActive)
        }
    }

    /// Tries what the setting says at the vendor, and orders there what has to be ordered, such as its events.
    package func check(_ id: String, by visitor: Visitor) async throws {
        try await catalogue.connector(for: try await setting(id, by: visitor)).check()
    }

    /// A connector that the visitor may edit.
    func setting(_ id: String, by visitor: Visitor) async throws -> ConnectorSetting {
        let found = try await store.read(Book.installation) { try $0.installation.connector(id) }
        guard let found else { throw ConnectorOfficeError.unknown(id) }
        try Self.requireEdit(of: found, among: try await store.books(), by: visitor)
        return found
    }

    func change(
        _ id: String, by visitor: Visitor,
        noting: (@Sendable (ConnectorSetting) -> (kind: String, body: JSON))? = nil,
        _ work: @escaping @Sendable (ConnectorSetting) throws -> ConnectorSetting
    ) async throws -> ConnectorSetting {
        let catalogue = catalogue
        let books = try await store.books()
        let new = try await commit(Book.installation, id, by: visitor) { unit -> ConnectorSetting in
            guard let old = try unit.installation.connector(id) else { throw ConnectorOfficeError.unknown(id) }
            try Self.requireEdit(of: old, among: books, by: visitor)
            let new = try work(old)
            guard new != old else { return old }
            _ = try catalogue.connector(for: new)
            try unit.installation.set(new)
            if let note = noting?(new) {
                try unit.note(kind: note.kind, subject: "connector:" + id, body: note.body, personal: [])
            }
            return new
        }
        desk.forget(id)
        return new
    }

    private func commit<Answer: Sendable>(
        _ book: Book.ID, _ id: String, by visitor: Visitor, _ work: @escaping @Sendable (any Unit) throws -> Answer
    ) async throws -> Answer {
        try await store.commit(
            book, key: unitKey("connector", id), actor: visitor.person.id.text, at: clock(), work
        )
    }

    /// The right in the installation, or in every company that the connector brings cases into.
    private static func requireEdit(of setting: ConnectorSetting, among books: [Book], by visitor: Visitor) throws {
        guard !visitor.may(.connectorEdit, in: Book.installation) else { return }
        for book in books where book.kind == .company && setting.serves(book.id) {
            try visitor.require(.connectorEdit, in: book.id)
        }
    }

    /// The right in the installation, or in the company whose connector it is.
    private static func require(_ right: Right, of home: Book.ID, by visitor: Visitor) throws {
        if !visitor.may(right, in: Book.installation) { try visitor.require(right, in: home) }
    }

    private static func newSecret() -> String { "whsec_" + Base64.encode(randomBytes(32)) }

    private static func checkedID(_ text: String) throws(ConnectorOfficeError) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard isPlain, (2...40).contains(text.utf8.count) else { throw .idInvalid(text) }
        return text
    }
}

/// A connector, with the secret that was made for it just now, if one was.
package struct MadeSecret: Sendable {
    package let setting: ConnectorSetting
    package let secret: String?
}

extension ConnectorKind {
    /// Whether its one secret is ours to make, because both sides share it and no vendor hands it out.
    package var makesItsSecret: Bool { id == "generic" }

    /// The values as options and secrets, each in the form of its field.
    fileprivate func sorted(
        _ values: [String: JSON]
    ) throws(ConnectorOfficeError) -> (options: JSON, secrets: [String: String]) {
        let names = Set(fields.map(\.name))
        if let stray = values.keys.filter({ !names.contains($0) }).min() { throw .unknownField(stray, kind: id) }
        var options: [(String, JSON)] = []
        var secrets: [String: String] = [:]
        for field in fields {
            guard let value = values[field.name], value != .null, value != "" else {
                if field.isRequired { throw .missingField(field.name, field.label) }
                continue
            }
            if field.form == .secret {
                guard let text = value.string else { throw .badField(field.name, field.label) }
                secrets[field.name] = text
            } else {
                guard field.form.takes(value) else { throw .badField(field.name, field.label) }
                options.append((field.name, value))
            }
        }
        return (.object(options), secrets)
    }
}

extension ConnectorKind.Form {
    fileprivate func takes(_ value: JSON) -> Bool {
        switch self {
        case .text, .secret: value.string != nil
        case .number: value.integer != nil
        case .flag: value.bool != nil
        case .list: value.string != nil || value.array?.allSatisfy { $0.string != nil } == true
        case .table: value.members != nil
        }
    }
}

extension ConnectorSetting {
    func changed(mapping: JSON) -> ConnectorSetting {
        ConnectorSetting(
            id: id, kind: kind, name: name, homeBook: homeBook, options: options, secrets: secrets, mapping: mapping,
            mappingVersion: mappingVersion + 1, isActive: isActive
        )
    }

    fileprivate func changed(secrets: [String: String], isActive: Bool) -> ConnectorSetting {
        ConnectorSetting(
            id: id, kind: kind, name: name, homeBook: homeBook, options: options, secrets: secrets, mapping: mapping,
            mappingVersion: mappingVersion, isActive: isActive
        )
    }
}
