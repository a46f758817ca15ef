import Connectors
import Kernel
import Pipeline
import Testing

@Suite("WeComConnector")
struct WeComConnectorTests {
    static let now = ConnectorsFixtures.now
    static let number = "202603200007"

    static func receipt(_ key: String = "case-1:1:posted") -> Receipt {
        Receipt(
            key: key, approval: Case.Approval(connector: "wecom", tenant: FakeWeCom.corpID, instance: number),
            event: "posted", text: "【凭桥】已记账：记-0001。", data: .null
        )
    }

    static func approval(status: Int = 2, record: Int = 2) -> JSON {
        func control(_ type: String, _ id: String, _ title: String, _ value: JSON) -> JSON {
            let title: JSON = [["text": .string(title), "lang": "zh_CN"]]
            return ["control": .string(type), "id": .string(id), "title": title, "value": value]
        }
        let account: JSON = [
            "account_name": "张三", "account_number": "6214", "bank": ["bank_alias": "招商银行", "bank_branch_name": "南京"],
        ]
        return [
            "sp_no": .string(number), "sp_name": "费用报销单", "sp_status": .integer(status), "template_id": "T-1",
            "apply_time": 1_774_074_000, "applyer": ["userid": "zhangsan", "partyid": "12"],
            "sp_record": [
                [
                    "sp_status": .integer(record),
                    "details": [
                        [
                            "approver": ["userid": "lisi"], "speech": "同意", "sp_status": .integer(record),
                            "sptime": 1_774_074_400, "media_id": [],
                        ],
                        ["approver": ["userid": "wu"], "speech": "", "sp_status": 1, "sptime": "", "media_id": []],
                    ],
                ]
            ],
            "apply_data": [
                "contents": [
                    control("Money", "M", "总金额", ["new_money": "12.50"]),
                    control("Date", "D", "发生日期", ["date": ["type": "day", "s_timestamp": "1774022400"]]),
                    control("BankAccount", "B", "收款账户", ["bank_account": account]),
                    control("File", "F", "附件", ["files": [["file_id": "f/1+="], ["file_id": "f2"]]]),
                ]
            ],
            "comments": [],
        ]
    }

    struct Bench: Sendable {
        let fake: FakeWeCom
        let connector: any OAConnector

        static func run(
            approval: JSON? = nil, options: JSON = [:], _ work: (Bench) async throws -> Void
        ) async throws {
            let fake = try await FakeWeCom.start(
                approvals: [WeComConnectorTests.number: approval ?? WeComConnectorTests.approval()],
                files: ["f/1+=": Array("one".utf8), "f2": Array(#"{"errcode":40014}"#.utf8)]
            )
            let http = SafeHTTP()
            let mapping = try ConnectorsFixtures.json("Mappings/wecom.json")
            let setting = fake.setting(homeBook: "b", mapping: mapping, options: options)
            let connector = try Catalogue(http: http, now: ConnectorsFixtures.clock).connector(for: setting)
            try await work(Bench(fake: fake, connector: connector))
            await http.shutdown()
            try await fake.stop()
        }

        func accept(
            _ event: String, form: FakeWeCom.Form = .xml, at time: Timestamp = now
        ) throws -> Acceptance {
            let request = try #require(
                FakeWeCom.callback(event, form: form, now: now, random: ConnectorsFixtures.counting))
            return try connector.accept(request, now: time)
        }

        func delivery(_ status: Int = 2, change: Int = 2) throws -> StoredDelivery {
            let event = FakeWeCom.event(number: number, status: status, change: change, at: now)
            guard case .delivery(let key, let payload, _) = try accept(event) else { throw NoDelivery() }
            return StoredDelivery(connector: "wecom", key: key, receivedAt: now, payload: payload)
        }
    }

    struct NoDelivery: Error {}

    @Test("goes the whole way: callback, approval, document, files, message", arguments: FakeWeCom.Form.allCases)
    func endToEnd(form: FakeWeCom.Form) async throws {
        try await Bench.run { bench in
            let event = FakeWeCom.event(number: Self.number, at: Self.now, form: form)
            guard case .delivery(let key, let payload, let answer) = try bench.accept(event, form: form) else {
                Issue.record("not a delivery")
                return
            }
            #expect(key == "202603200007:2:2:1774074600")
            #expect(answer.body == Array("success".utf8))
            let delivery = StoredDelivery(connector: "wecom", key: key, receivedAt: Self.now, payload: payload)
            guard case .instance(let instance) = try await bench.connector.fetch(delivery) else {
                Issue.record("no instance")
                return
            }
            let mapped = try Mapping(ConnectorsFixtures.json("Mappings/wecom.json")).document(from: instance)
            #expect(mapped.problems.isEmpty)
            let schema = try DocumentSchema(ConnectorsFixtures.json("Schemas/document.schema.json"))
            #expect(schema.violations(in: mapped.document).isEmpty)
            #expect(mapped.document["total"]?.string == "12.50")
            #expect(mapped.document["source"]?["tenant"]?.string == FakeWeCom.corpID)
            #expect(mapped.document["payment"]?["payee_account"]?["bank"]?.string == "招商银行 南京")
            #expect(mapped.document["approved_at"]?.string == "2026-03-21T14:26:40+08:00")
            #expect(mapped.document["trail"]?.array?.count == 2)
            let files = mapped.document["attachments"]?.array ?? []
            let bytes = ["one", #"{"errcode":40014}"#]
            for (file, expected) in zip(files, bytes) {
                let reference = AttachmentReference(name: "附件", url: file["url"]?.string, vendor: file)
                #expect(try await bench.connector.download(reference, of: delivery) == Array(expected.utf8))
            }
            try await bench.connector.writeBack(Self.receipt("case-1:1:drafted"))
            try await bench.connector.writeBack(Self.receipt())
            try await bench.connector.writeBack(Self.receipt())
            #expect(bench.fake.messages.count == 2)
            #expect(bench.fake.messages.last?.user == "zhangsan")
            #expect(bench.fake.tokensGiven == 1)
        }
    }

    @Test("answers the check of its address with the plain text, also where a plus came as a blank")
    func check() async throws {
        try await Bench.run { bench in
            for round in 0..<20 {
                let echo = "20055338883765\(round)"
                let request = try #require(
                    FakeWeCom.check(echo, now: Self.now) { ConnectorsFixtures.counting($0).map { $0 &* UInt8(round) } })
                let text = request.query["echostr"]?.replacing("+", with: " ") ?? ""
                let query = request.query.merging(["echostr": text]) { _, new in new }
                let sent = InboundRequest(method: "GET", headers: [:], query: query, body: [])
                guard case .answer(let answer) = try bench.connector.accept(sent, now: Self.now) else {
                    Issue.record("stored")
                    return
                }
                #expect(answer.body == Array(echo.utf8))
            }
        }
    }

    @Test("tells the events of one approval apart, and those of a batch, and takes copies for one")
    func identity() async throws {
        try await Bench.run { bench in
            func found(_ event: String) throws -> [String] {
                guard case .delivery(let key, let payload, _) = try bench.accept(event) else { return [] }
                return [key, String(decoding: payload, as: UTF8.self)]
            }
            let one = try found(FakeWeCom.event(number: "1", at: Self.now))
            #expect(try found(FakeWeCom.event(number: "1", agent: 1_000_002, at: Self.now)) == one)
            let others = try [
                found(FakeWeCom.event(number: "2", at: Self.now)),
                found(FakeWeCom.event(number: "1", status: 6, change: 6, at: Self.now)),
                found(FakeWeCom.event(number: "1", change: 10, at: Self.now)),
                found(FakeWeCom.event(number: "1", change: 10, at: Self.now.adding(seconds: 1))),
            ]
            #expect(Set(others.map { $0[0] } + [one[0]]).count == 5)
        }
    }

    @Test(
        "takes callbacks of eight hours, on both sides",
        arguments: [(28_800, true), (28_801, false), (-28_801, false)] as [(Int64, Bool)])
    func replay(seconds: Int64, isTaken: Bool) async throws {
        try await Bench.run { bench in
            let event = FakeWeCom.event(number: Self.number, at: Self.now)
            #expect(((try? bench.accept(event, at: Self.now.adding(seconds: seconds))) != nil) == isTaken)
        }
    }

    @Test(
        "refuses envelopes that are none",
        arguments: [
            "", "{}", "<xml></xml>", "<xml><Encrypt>x</Encrypt>", "[1]", "{\"Encrypt\": 1}",
            "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xml><Encrypt>&e;</Encrypt></xml>",
        ])
    func envelopes(body: String) async throws {
        try await Bench.run { bench in
            let query = ["msg_signature": "s", "timestamp": "1774074600", "nonce": "n"]
            let request = InboundRequest(method: "POST", headers: [:], query: query, body: Array(body.utf8))
            #expect(throws: ConnectorError.self) { try bench.connector.accept(request, now: Self.now) }
        }
    }

    struct Expectation: Sendable {
        let approval: JSON
        var status = 2
        var change = 2
        let outcome: String
    }

    @Test(
        "decides on the state that was fetched",
        arguments: [
            Expectation(approval: approval(), outcome: "approved 1"),
            Expectation(approval: approval(status: 10), outcome: "approved 1"),
            Expectation(approval: approval(status: 6), outcome: "withdrawn 2"),
            Expectation(approval: approval(status: 6), status: 6, change: 6, outcome: "withdrawn 2"),
            Expectation(approval: approval(status: 7), status: 7, change: 9, outcome: "withdrawn 2"),
            Expectation(approval: approval(status: 7, record: 1), status: 7, change: 9, outcome: "irrelevant"),
            Expectation(approval: approval(status: 3), outcome: "irrelevant"),
            Expectation(approval: approval(status: 4), outcome: "irrelevant"),
            Expectation(approval: approval(status: 1), outcome: "connector.unreachable"),
            Expectation(approval: approval(), change: 10, outcome: "irrelevant"),
            Expectation(approval: approval(), status: 1, change: 1, outcome: "irrelevant"),
            Expectation(approval: ["sp_no": "1"], outcome: "connector.unreadable"),
        ]
    )
    func outcomes(expected: Expectation) async throws {
        try await Bench.run(approval: expected.approval) { bench in
            var found = ""
            do {
                switch try await bench.connector.fetch(bench.delivery(expected.status, change: expected.change)) {
                case .irrelevant: found = "irrelevant"
                case .document: found = "document"
                case .instance(let payload):
                    let source = payload["source"]
                    found = "\(source?["outcome"]?.string ?? "") \(source?["revision"]?.integer ?? 0)"
                }
            } catch let error as ConnectorError {
                found = error.problem.code
            }
            #expect(found == expected.outcome)
        }
    }

    @Test("asks for one new token when the old one ended, however many calls find out")
    func expiry() async throws {
        try await Bench.run { bench in
            _ = try await bench.connector.fetch(bench.delivery())
            bench.fake.expireTokens()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try await bench.connector.fetch(bench.delivery()) } }
                try await group.waitForAll()
            }
            #expect(bench.fake.tokensGiven == 2)
        }
    }

    @Test("reports throttling, pages for people and half answers as things that pass, and names no secret")
    func misbehaviour() async throws {
        try await Bench.run(options: ["timeout_seconds": 3]) { bench in
            let changes: [(String, (inout FakeSwitches) -> Void)] = [
                ("throttled", { $0.throttlesEvery = 1 }), ("unreachable", { $0.cutsEvery = 1 }),
                ("unreachable", { $0.answersPagesEvery = 1 }), ("unreachable", { $0.delayMilliseconds = 30_000 }),
            ]
            for (expected, change) in changes {
                var switches = FakeSwitches()
                change(&switches)
                bench.fake.set(switches)
                let found = await Self.failure { _ = try await bench.connector.fetch(bench.delivery()) }
                #expect(found?.isTransient == true)
                #expect(found?.problem.code == "connector.\(expected)")
                #expect(found?.description.contains(FakeWeCom.secret) == false)
                #expect(found?.description.contains("access_token=") == false)
            }
        }
    }

    @Test("tells a person once when an answer was lost, and nobody where no application may speak")
    func lostAnswer() async throws {
        try await Bench.run { bench in
            var switches = FakeSwitches()
            switches.losesWriteBackAnswers = true
            bench.fake.set(switches)
            let found = await Self.failure { try await bench.connector.writeBack(Self.receipt()) }
            #expect(found?.problem.code == "connector.outcome_unknown")
            bench.fake.set(FakeSwitches())
            try await bench.connector.writeBack(Self.receipt())
            #expect(bench.fake.messages.count == 1)
        }
        try await Bench.run(options: ["agent_id": .null]) { bench in
            try await bench.connector.writeBack(Self.receipt())
            #expect(bench.fake.messages.isEmpty)
        }
    }

    @Test("decodes every recorded callback as expected")
    func vectors() throws {
        guard let vectors = try ConnectorsFixtures.corpus("oa/wecom/vectors.json", cases: 19) else { return }
        let report = WeComVectors.decode(vectors)
        #expect(report["failed"]?.integer == 0, "\(report.pretty)")
        #expect(report["passed"]?.integer == 19)
    }

    @Test("speaks with a third party's library in both directions")
    func peer() async throws {
        let event = FakeWeCom.event(number: Self.number, at: Self.now)
        let request = try #require(FakeWeCom.callback(event, now: Self.now, random: ConnectorsFixtures.counting))
        let query = JSON.object(request.query.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        let script = """
            import json
            from wechatpy.enterprise.crypto import WeChatCrypto
            crypto = WeChatCrypto("\(FakeWeCom.token)", "\(FakeWeCom.aesKey)", "\(FakeWeCom.corpID)")
            query = json.loads('''\(query.text)''')
            text = crypto.decrypt_message('''\(String(decoding: request.body, as: UTF8.self))''',
                                          query["msg_signature"], query["timestamp"], query["nonce"])
            made = crypto.encrypt_message('''\(event)''', "nonce-1", "\(Self.now.microseconds / 1_000_000)")
            print(json.dumps({"text": text if isinstance(text, str) else text.decode(), "made": made}))
            """
        guard let json = try Peer.run(script, needing: "wechatpy.enterprise.crypto", cases: 2) else { return }
        #expect(json["text"]?.string == event)
        let made = json["made"]?.string ?? ""
        let signature = made.firstMatch(of: /<MsgSignature><!\[CDATA\[([0-9a-f]+)\]\]>/)?.output.1 ?? ""
        try await Bench.run { bench in
            let request = InboundRequest(
                method: "POST", headers: [:],
                query: [
                    "msg_signature": String(signature), "timestamp": String(Self.now.microseconds / 1_000_000),
                    "nonce": "nonce-1",
                ], body: Array(made.utf8)
            )
            guard case .delivery(let key, _, _) = try bench.connector.accept(request, now: Self.now) else {
                Issue.record("not a delivery")
                return
            }
            #expect(key == "202603200007:2:2:1774074600")
        }
        print("ran 2 cases against wechatpy")
    }

    private static func failure(_ work: () async throws -> Void) async -> ConnectorError? {
        do { try await work() } catch { return error as? ConnectorError }
        return nil
    }
}
