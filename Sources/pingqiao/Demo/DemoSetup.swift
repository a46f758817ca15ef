import Access
import Cryptography
import Kernel
import Ledger
import Pipeline
import Storage

/// Makes the demo company in an empty store: book, periods, chart, items, mappings, rule book, people, connectors.
struct DemoSetup {
    static let connector = "demo-oa"

    let composition: Composition
    let now: Timestamp
    /// The shared secret of the demo's generic connector.
    let secret: String

    init(composition: Composition, now: Timestamp, secret: String?) {
        self.composition = composition
        self.now = now
        self.secret = secret ?? "whsec_" + Base64.encode(randomBytes(32))
    }

    /// One-time passwords by login.
    func run(dingTalk: ConnectorSetting?) async throws -> [(login: String, name: String, password: String)] {
        try await company()
        let passwords = DemoCompany.people.map { ($0.id, $0.name, randomBytes(6).hex) }
        // Hashing takes its time on purpose; it happens before the unit.
        let hashed = passwords.map { PasswordHash(hashing: $0.2).text }
        try await composition.store.commit(
            Book.installation, key: unitKey("demo", "installation"), actor: "system", at: now
        ) { unit in
            try unit.setBook(Book(id: Book.installation, kind: .installation, name: "凭桥"))
            for (index, person) in DemoCompany.people.enumerated() {
                let id = Person.ID(person.id)
                try unit.installation.set(
                    StoredPerson(
                        person: Person(id: id, login: person.id, name: person.name), passwordHash: hashed[index]
                    )
                )
                guard let role = Role(rawValue: person.role) else { continue }
                try unit.installation.set(Grant(person: id, role: role, book: DemoCompany.id.text))
                if [.admin, .security, .implementer, .auditor].contains(role) {
                    try unit.installation.set(Grant(person: id, role: role, book: Book.installation.text))
                }
            }
            try unit.installation.set(generic)
            if let dingTalk { try unit.installation.set(dingTalk) }
        }
        for connector in [Self.connector] + (dingTalk.map { [$0.id] } ?? []) {
            try await composition.store.commit(
                Book.inbox(of: connector), key: unitKey("demo", connector), actor: "system", at: now
            ) { try $0.setBook(Book(id: Book.inbox(of: connector), kind: .inbox, name: connector)) }
        }
        return passwords.map { ($0.0, $0.1, $0.2) }
    }

    private func company() async throws {
        let chart = try Chart(csv: composition.files.text("Charts/chart-of-accounts-cas.csv"))
        let rules = try ruleBook()
        let connectors = [Self.connector, DemoDingTalk.connector]
        let month = Zone.shanghai.day(of: now).period
        try await composition.store.commit(
            DemoCompany.id, key: unitKey("demo", "company"), actor: "system", at: now
        ) { unit in
            try unit.setBook(DemoCompany.book)
            try unit.ledger.open(month.previous)
            try unit.ledger.open(month)
            try unit.masterData.setChart(chart.accounts)
            for item in DemoCompany.items { try unit.masterData.set(item) }
            for connector in connectors {
                for party in DemoCompany.vendorIDs {
                    try unit.masterData.set(
                        PartyMapping(
                            connector: connector, dimension: party.dimension, vendorID: party.vendorID, code: party.code
                        )
                    )
                }
            }
            try unit.ruleBooks.add(rules)
        }
    }

    /// The shipped book, with automatic review switched on by the demo's finance lead up to 5,000 yuan.
    private func ruleBook() throws -> RuleBookText {
        let text = try composition.files.text("RuleBooks/cas.yaml")
        let policy = """
            automatic_review:
              ceiling: '5000.00'
              sample_percent: 5
              authorised_by: lead
            """
        return RuleBookText(
            name: "企业会计准则", version: 1, effectiveFrom: Day(number: 0),
            text: text.replacing("automatic_review: off", with: policy), state: .published, author: "rules",
            publisher: "lead"
        )
    }

    private var generic: ConnectorSetting {
        ConnectorSetting(
            id: Self.connector, kind: "generic", name: "示例 OA", homeBook: DemoCompany.id,
            options: ["companies": ["C01": .string(DemoCompany.id.text)]], secrets: ["secret": secret], mapping: [:],
            mappingVersion: 1, isActive: true
        )
    }
}
