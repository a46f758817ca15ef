import Access
import Connectors
import Cryptography
import Kernel
import Ledger
import Pipeline
import TestSupport

/// An invented company with its people, and what its OA calls them.
struct TestCompany: Sendable {
    static let id: Book.ID = "C01"
    static let name = "云杉市砚池软件科技有限公司"
    static let taxID = "91330199MA68B9QL7C"
    static let connector = "oa"
    static let secret = "whsec_" + Base64.encode([UInt8](repeating: 9, count: 32))

    /// Up to what amount the rule book may review by itself, in yuan; `nil` leaves everything to persons.
    var ceiling: String? = "5000.00"
    var postsAutomatically = true
    var periods = ["2026-03", "2026-04"]
    var options: JSON = [:]
    var settings: JSON = [:]
    var duties = DutyPolicy.standard

    /// A company whose vouchers all wait for persons.
    static let byHand = TestCompany(ceiling: nil, postsAutomatically: false)

    static let items: [MasterItem] = [
        MasterItem(dimension: "部门", code: "D10", name: "行政部", attributes: ["family": "管理", "account": "6602"]),
        MasterItem(dimension: "部门", code: "D20", name: "销售部", attributes: ["family": "销售", "account": "6601"]),
        MasterItem(dimension: "部门", code: "D40", name: "一车间", attributes: ["family": "生产", "account": "5101"]),
        MasterItem(dimension: "人员", code: "E001", name: "张三"),
        MasterItem(dimension: "人员", code: "E002", name: "李四"),
        MasterItem(dimension: "人员", code: "E003", name: "王五"),
        MasterItem(dimension: "供应商", code: "S001", name: "云杉市松果文具有限公司"),
        MasterItem(dimension: "供应商", code: "S002", name: "鲸落市远岸材料有限公司"),
        MasterItem(
            dimension: "银行账户", code: "B01", name: "工行基本户", attributes: ["currency": "CNY", "account": "1002"]
        ),
        MasterItem(dimension: "存货", code: "M001", name: "原料A", attributes: ["account": "1403"]),
    ]

    static let vendorIDs: [(dimension: String, vendorID: String, code: String)] = [
        ("部门", "d-10", "D10"), ("部门", "d-20", "D20"), ("部门", "d-40", "D40"), ("人员", "u-01", "E001"),
        ("人员", "u-02", "E002"), ("人员", "u-03", "E003"), ("供应商", "s-01", "S001"), ("供应商", "s-02", "S002"),
        ("银行账户", "b-01", "B01"),
    ]

    func setUp(_ office: Office) async throws {
        let chart = try Chart(csv: Office.text("Charts/chart-of-accounts-cas.csv"))
        let rules = try ruleBook()
        let company = self
        try await office.store.commit(Self.id, key: "set up", actor: "system", at: office.clock.now) { unit in
            try unit.setBook(company.book)
            for period in company.periods.compactMap(Period.init) { try unit.ledger.open(period) }
            try unit.masterData.setChart(chart.accounts)
            for item in Self.items { try unit.masterData.set(item) }
            for connector in [Self.connector, "dingtalk"] {
                for party in Self.vendorIDs {
                    try unit.masterData.set(
                        PartyMapping(
                            connector: connector, dimension: party.dimension, vendorID: party.vendorID, code: party.code
                        )
                    )
                }
            }
            try unit.ruleBooks.add(rules)
        }
        let setting = ConnectorSetting(
            id: Self.connector, kind: GenericConnector.kind, name: "OA", homeBook: Self.id,
            options: (options.members ?? []).reduce(["companies": ["C01": .string(Self.id.text)]]) {
                $0.setting($1.name, $1.value)
            },
            secrets: ["secret": Self.secret], mapping: [:], mappingVersion: 1, isActive: true
        )
        try await office.connect(setting)
        try await office.set(Person(id: "lead", login: "lead", name: "陈主管"), .lead)
    }

    private var book: Book {
        Book(
            id: Self.id, kind: .company, name: Self.name, taxID: Self.taxID,
            settings: Book.Settings(
                needsCashierSignature: true, automaticReviewAuthorisedBy: ceiling == nil ? nil : "lead",
                automaticReviewCeiling: ceiling == nil ? 0 : 5000_00, postsAutomatically: postsAutomatically,
                duties: duties, rules: settings.members?.isEmpty == false ? ["settings": settings] : [:]
            )
        )
    }

    private func ruleBook() throws -> RuleBookText {
        var text = try Office.text("RuleBooks/cas.yaml")
        if let ceiling {
            let policy = """
                automatic_review:
                  ceiling: '\(ceiling)'
                  sample_percent: 5
                  authorised_by: lead
                """
            text = text.replacing("automatic_review: off", with: policy)
        }
        return RuleBookText(
            name: "企业会计准则", version: 1, effectiveFrom: Day(number: 0), text: text, state: .published,
            author: "rules", publisher: "lead"
        )
    }
}

extension Office {
    /// Makes a person with a role in the company.
    func set(_ person: Person, _ role: Role) async throws {
        try await store.commit(
            Book.installation, key: unitKey("person", person.id.text), actor: "system", at: clock.now
        ) { unit in
            try unit.installation.set(StoredPerson(person: person, passwordHash: nil))
            try unit.installation.set(Grant(person: person.id, role: role, book: TestCompany.id.text))
        }
    }

    /// Configures a connector and makes its inbox.
    func connect(_ setting: ConnectorSetting) async throws {
        let now = clock.now
        try await store.commit(Book.installation, key: unitKey("connect", setting.id), actor: "system", at: now) {
            unit in
            try unit.setBook(Book(id: Book.installation, kind: .installation, name: "凭桥"))
            try unit.installation.set(setting)
        }
        try await store.commit(Book.inbox(of: setting.id), key: unitKey("inbox", setting.id), actor: "system", at: now)
        {
            try $0.setBook(Book(id: Book.inbox(of: setting.id), kind: .inbox, name: setting.id))
        }
    }
}

extension Visitor {
    /// Somebody with some roles in the company.
    static func person(_ id: String, _ roles: Role...) -> Visitor {
        let person = Person(id: Person.ID(id), login: id, name: id)
        return Visitor(
            person: person, grants: roles.map { Grant(person: person.id, role: $0, book: TestCompany.id.text) },
            formToken: ""
        )
    }

    static let maker = person("maker", .maker)
    static let reviewer = person("reviewer", .reviewer)
    static let cashier = person("cashier", .cashier)
    static let poster = person("poster", .poster)
    static let lead = person("lead", .lead)
    static let admin = person("admin", .admin)
}
