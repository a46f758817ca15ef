import Access
import Cryptography
import Kernel
import Ledger
import Pipeline

/// Records of one small company; every text passes through `text`, so that a test can put anything into all of them.
struct FakeBooks {
    static let book: Book.ID = "demo"
    static let now = Timestamp(seconds: 1_795_000_000)
    static let password = "tigers-eat-paper-7"
    static let passwordHash = PasswordHash(hashing: password).text

    var text: @Sendable (String) -> String = { $0 }

    /// Nothing but the company and its people.
    func empty() throws -> FakeState {
        var state = FakeState()
        state.books = [
            Book(id: Book.installation, kind: .installation, name: "installation"),
            Book(id: Self.book, kind: .company, name: text("云杉市砚池软件科技有限公司"), taxID: "91330199MA68BQL7C"),
        ]
        for role in Role.allCases {
            let id = Person.ID("p-" + role.rawValue)
            state.people.append(
                StoredPerson(
                    person: Person(id: id, login: role.rawValue, name: text(role.title.zh)),
                    passwordHash: Self.passwordHash
                )
            )
            state.grants.append(Grant(person: id, role: role, book: Self.book.text))
            if role == .admin || role == .security || role == .implementer {
                state.grants.append(Grant(person: id, role: role, book: Book.installation.text))
            }
        }
        return state
    }

    func full() throws -> FakeState {
        var state = try empty()
        state.accounts = accounts
        state.periods = [Period("2026-10"), Period("2026-11")].compactMap(\.self).enumerated().map {
            PeriodRecord(period: $0.element, isOpen: $0.offset == 1)
        }
        state.items = [
            MasterItem(dimension: "部门", code: "D20", name: text("销售部"), attributes: ["family": .string(text("销售"))]),
            MasterItem(dimension: "人员", code: "E001", name: text("张三")),
            MasterItem(dimension: "供应商", code: "S07", name: text("鲸落酒店"), isActive: false),
        ]
        state.mappings = [
            PartyMapping(connector: "dd", dimension: "部门", vendorID: text("d-20"), code: "D20")
        ]
        state.connectors = [
            ConnectorSetting(
                id: "dd", kind: "dingtalk", name: text("钉钉审批"), homeBook: Self.book, options: [:],
                secrets: ["token": "s3cret"], mapping: [:], mappingVersion: 3, isActive: true
            )
        ]
        addCases(to: &state)
        try addVouchers(to: &state)
        addRest(to: &state)
        return state
    }

    private var accounts: [Account] {
        [
            Account(code: "1002", name: text("银行存款"), accountClass: .asset, direction: .debit, isLeaf: false),
            Account(
                code: "100201", name: text("工行基本户"), accountClass: .asset, direction: .debit, parent: "1002",
                isCash: true, isBank: true
            ),
            Account(code: "2221", name: text("应交税费"), accountClass: .liability, direction: .credit, isLeaf: false),
            Account(
                code: "222101", name: text("应交增值税（进项税额）"), accountClass: .liability, direction: .credit,
                parent: "2221"
            ),
            Account(code: "6601", name: text("销售费用"), accountClass: .profitAndLoss, direction: .debit, isLeaf: false),
            Account(
                code: "660107", name: text("差旅费"), accountClass: .profitAndLoss, direction: .debit, parent: "6601",
                dimensions: ["部门"], optionalDimensions: ["人员"]
            ),
        ]
    }

    private func addCases(to state: inout FakeState) {
        let problem = Problem(
            code: "mapping.unknown_party",
            title: Phrase(zh: text("单据中有未对应的人员或单位。"), en: text("The document names somebody the books do not know.")),
            location: Phrase(zh: text("/applicant"), en: text("/applicant")),
            cause: Phrase(zh: text("没有对应关系：人员「李四」(u-77)。"), en: text("Not mapped: 人员「李四」(u-77).")),
            remedy: Phrase(zh: text("请建立或指定对应项目。"), en: text("Create or choose the item."))
        )
        let places: [(Case.State, Step, Problem?, Phrase?, String, String)] = [
            (.held, .rules, problem, nil, "李四提交的差旅报销", "1,401.00"),
            (.waiting, .ledger, nil, Phrase(zh: text("等待审核。"), en: text("Waits for review.")), "张三提交的差旅报销", "1401.00"),
            (.posted, .writeBack, nil, nil, "十一月办公用品采购付款", "56500.00"),
            (.running, .evidence, nil, nil, "王五提交的招待费报销", "1020.00"),
            (
                .nothingToBook, .rules, nil, Phrase(zh: text("出差申请不入账。"), en: text("A travel request is not booked.")),
                "赵六提交的出差申请", "0.00"
            ),
            (.reversed, .writeBack, nil, nil, "重复提交的交通费", "88.50"),
        ]
        for (index, place) in places.enumerated() {
            let id = Case.ID("C\(index + 1)")
            state.cases.append(
                Case(
                    id: id, approval: .init(connector: "dd", tenant: "t-1", instance: "i-\(index)"), revision: 1,
                    outcome: .approved, kind: "travel_claim", number: text("BX20261120000\(index + 1)"),
                    title: text(place.4), applicant: text("张三"), total: place.5, currency: "CNY", state: place.0,
                    step: place.1, run: 1, problem: place.2, note: place.3, deliveryDigest: FakeState.digest,
                    receivedAt: Self.now.adding(seconds: Int64(-4_000 - index * 700)),
                    changedAt: Self.now.adding(seconds: Int64(-600 - index * 500)), version: 1
                )
            )
            state.documents[id] = document
        }
        state.runs = [
            CaseRun(
                number: 1, startedAt: Self.now.adding(seconds: -4_000), endedAt: nil, startedBy: "system",
                reason: text("received"), step: .rules, state: .held, problem: problem, trace: KeptJSON(trace)
            )
        ]
        state.receipts = [
            ReceiptRecord(
                key: "k", event: "held", text: text("您的报销单缺少人员对应，财务正在处理。"), state: .sent, at: Self.now
            )
        ]
        state.deliveries = [
            Delivery(
                connector: "dd", key: text("evt-1"), digest: FakeState.digest, payload: [1, 2, 3], state: .done,
                receivedAt: Self.now, caseBook: Self.book, caseID: "C1"
            ),
            Delivery(
                connector: "dd", key: text("evt-2"), digest: FakeState.digest, payload: [1], state: .held,
                receivedAt: Self.now, attempts: 2, problem: problem
            ),
        ]
    }

    private var document: JSON {
        func party(_ id: String, _ name: String) -> JSON { ["id": .string(id), "name": .string(text(name))] }
        return .object([
            (
                "source",
                [
                    "connector": "dd", "tenant": "t-1", "instance": "i-0", "revision": 1, "outcome": "approved",
                    "url": .string("https://oa.example.com/a?x=" + text("1")),
                ]
            ),
            ("kind", "travel_claim"), ("reason", .string(text("鲸落客户现场交付"))), ("applicant", party("u-77", "李四")),
            ("department", party("d-20", "销售部")), ("company", party("C01", "砚池软件")),
            (
                "items",
                [
                    [
                        "no": 1, "category": .string(text("差旅-火车")), "description": .string(text("云杉至鲸落")),
                        "date": "2026-11-16", "net": "507.34", "tax": "45.66", "gross": "553.00",
                        "project": party("p-07", "新一代网关"),
                    ],
                    [
                        "no": 2, "category": .string(text("差旅-住宿")), "description": .string(text("鲸落住宿两晚")),
                        "date": "2026-11-18", "net": "800.00", "tax": "48.00", "gross": "848.00",
                    ],
                ]
            ),
            (
                "trail",
                [
                    [
                        "node": .string(text("发起")), "person": party("u-01", "张三"), "action": "submit",
                        "left_at": "2026-11-19T09:30:00+08:00",
                    ],
                    [
                        "node": .string(text("部门主管")), "person": party("u-20", "钱主管"), "action": "approve",
                        "comment": .string(text("同意")), "left_at": "2026-11-19T14:02:11+08:00",
                    ],
                    [
                        "node": .string(text("财务审核")), "person": party("u-21", "孙会计"), "action": "approve",
                        "comment": .string(text("票据齐全")), "left_at": "2026-11-20T10:15:00+08:00",
                    ],
                ]
            ),
            ("fields", .object([(text("出差城市"), .string(text("鲸落")))])),
        ])
    }

    private var trace: JSON {
        let finding: JSON = [
            "condition": .string(text("单据类型 = \"travel_claim\"")), "holds": true,
            "values": .object([(text("单据类型"), .string(text("travel_claim")))]),
        ]
        return [
            "rule_book": .string(text("cas@12")),
            "reasons": [
                "checks": [],
                "rules": [
                    ["name": .string(text("差旅报销")), "holds": true, "conditions": [finding], "first_failed": .null],
                    ["name": .string(text("借款")), "holds": false, "conditions": [finding], "first_failed": finding],
                ],
                "tables": [
                    [
                        "table": .string(text("expense_leaf")), "rows": [3],
                        "inputs": .object([(text("类别"), .string(text("差旅-火车")))]), "result": .string(text("660107")),
                    ]
                ],
            ],
        ]
    }

    private func voucher(_ id: String, reverses: Voucher.ID? = nil) throws -> Voucher {
        let sign: Int64 = reverses == nil ? 1 : -1
        func money(_ units: Int64) -> Money { Money(minorUnits: sign * units, .cny) }
        let origin = LineOrigin.rule(
            book: text("cas"), version: "12", name: text("差旅报销"), template: text("T-3.1"),
            rows: [text("expense_leaf#3")],
            findings: [trace["reasons"]?["rules"]?[0]?["conditions"]?[0] ?? .null], field: text("items[1].net"),
            evidence: (key: text("26332000000990009002"), field: text("不含税金额"))
        )
        return try Voucher(
            id: Voucher.ID(id), word: .general, date: Day("2026-11-20") ?? Day(number: 0), attachments: 2,
            summary: text("张三报销差旅费"),
            lines: [
                VoucherLine(
                    .debit, "660107", money(130_734), summary: text("张三 云杉至鲸落"),
                    dimensions: ["部门": "D20", "人员": "E001"], origin: origin
                ),
                VoucherLine(.debit, "222101", money(9_366), summary: text("进项税额"), origin: origin),
                VoucherLine(.credit, "100201", money(140_100), summary: text("付张三差旅费"), origin: origin),
            ],
            reverses: reverses, caseID: "C2", makers: [PersonID.rule(book: "cas", version: "12")]
        )
    }

    private func addVouchers(to state: inout FakeState) throws {
        let states: [(VoucherState, Voucher.ID?, Voucher.ID?)] = [
            (.pending, nil, nil), (.approved, nil, nil), (.posted, nil, nil), (.posted, nil, "V5"),
            (.posted, "V4", nil), (.draft, nil, nil),
        ]
        for (index, place) in states.enumerated() {
            let voucher = try voucher("V\(index + 1)", reverses: place.1)
            let isPosted = place.0 == .posted
            let standing = VoucherStanding(
                id: voucher.id, makers: voucher.makers, volume: voucher.volume, movesMoney: true,
                isReversal: place.1 != nil, state: place.0,
                reviewer: isPosted || place.0 == .approved ? "p-reviewer" : nil, cashier: isPosted ? "p-cashier" : nil,
                poster: isPosted ? "p-poster" : nil, returnReason: place.0 == .draft ? text("附件不清楚") : nil,
                reversedBy: place.2
            )
            state.vouchers.append(
                VoucherRecord(
                    voucher: voucher, standing: standing, reference: DraftReference(Int64(index + 1)),
                    number: isPosted
                        ? VoucherNumber(period: voucher.period, word: .general, number: Int64(index + 10)) : nil,
                    caseID: "C2", run: 1, postingKey: "k\(index)", needsCashier: true, createdAt: Self.now,
                    postedAt: isPosted ? Self.now : nil, version: 1
                )
            )
        }
    }

    private func addRest(to state: inout FakeState) {
        state.evidence = [
            EvidenceRecord(
                id: "C1-1-1", caseID: "C1", fileName: text("住宿发票.ofd"), digest: FakeState.digest,
                mediaType: text("application/ofd"), size: 48_213, kind: "einv_ofd",
                number: text("26332000000990009001"),
                registerKey: "r1",
                fields: .object([
                    ("number", .string(text("26332000000990009001"))), ("issueDate", "2026-11-18"),
                    ("invoiceType", .string(text("电子发票（普通发票）"))),
                    ("buyer", ["name": .string(text("云杉市砚池软件科技有限公司")), "taxId": .string(text("91330199MA68BQL7C"))]),
                    ("seller", ["name": .string(text("鲸落酒店有限公司")), "taxId": .string(text("91330199MA00000001"))]),
                    ("amountExTax", "800.00"), ("tax", "48.00"), ("total", "848.00"), ("currency", "CNY"),
                    ("drawer", .string(text("周开票"))), (text("备注"), .string(text("住宿两晚"))),
                    (
                        "signatures",
                        [
                            [
                                "state": "valid", "trust": "unknown", "reason": .string(text("证书未在信任列表")),
                                "covers": [.string(text("Doc_0/Document.xml"))],
                            ]
                        ]
                    ),
                    ("checks", [["name": "sums", "ok": true, "detail": .string(text("800.00 + 48.00 = 848.00"))]]),
                ]),
                ruleFields: nil, addedAt: Self.now
            )
        ]
        state.uses = [
            InvoiceUse(
                registerKey: "r1", caseID: "C1", approval: .init(connector: "dd", tenant: "t-1", instance: "i-0"),
                role: .recognise, share: nil, at: Self.now
            )
        ]
        state.original = Array("<script>alert(1)</script>".utf8)
        state.ruleBooks = [
            RuleBookText(
                name: "cas", version: 12, effectiveFrom: Day("2026-01-01") ?? Day(number: 0), text: text("rules: []"),
                state: .published, author: "p-rules", publisher: "p-lead"
            )
        ]
        for (index, subject) in ["case:C1", "voucher:V1", "voucher:V3", text("delivery:evt-1")].enumerated() {
            let entry = LogEntry(
                book: Self.book.text, sequence: Int64(index), at: Self.now, actor: text("p-maker"),
                kind: index == 2 ? "voucher.posted" : "case.filed", subject: subject, unit: "u",
                body: .object([(text("reason"), .string(text("received")))])
            )
            state.log.append(StoredLogEntry(entry: entry, leaf: entry.leaf))
        }
    }
}
