import Connectors
import Kernel
import Pipeline
import Testing

@Suite("FeishuConnector")
struct FeishuConnectorTests {
    static let now = ConnectorsFixtures.now
    static let code = "25E48E54-0001"

    static func receipt(_ key: String = "case-1:1:posted") -> Receipt {
        Receipt(
            key: key, approval: Case.Approval(connector: "feishu", tenant: FakeFeishu.tenant, instance: code),
            event: "posted", text: "【凭桥】已记账：记-0001。", data: .null
        )
    }

    static func instance(
        status: String = "APPROVED", reverted: Bool = false, task: String = "APPROVED", changes: String = "",
        revokes: String = ""
    ) -> JSON {
        let form: JSON = [
            ["id": "w1", "custom_id": "total", "name": "总金额", "type": "amount", "value": .number("12.50")],
            [
                "id": "w2", "name": "附件", "type": "attachmentV2", "ext": "票,据.ofd,单.pdf",
                "value": ["file:f1", "file:f2"],
            ],
        ]
        return [
            "approval_name": "费用报销单", "approval_code": .string(FakeFeishu.approval), "instance_code": .string(code),
            "start_time": "1774074000000", "end_time": "1774074500000", "user_id": "zhangsan",
            "serial_number": "BX-1", "department_id": "od-1", "status": .string(status), "reverted": .bool(reverted),
            "modified_instance_code": .string(changes), "reverted_instance_code": .string(revokes),
            "form": .string(form.text), "task_list": [["id": "7", "status": .string(task), "node_name": "主管"]],
            "timeline": [
                ["type": "START", "create_time": "1774074000000", "user_id": "zhangsan"],
                [
                    "type": "PASS", "create_time": "1774074400000", "user_id": "lisi", "task_id": "7",
                    "files": [["url": "http://127.0.0.1/other", "title": "补充.pdf", "file_size": 3]],
                ],
                ["type": "REVERT", "create_time": "1774074600000", "user_id": "zhangsan"],
                ["type": "CC", "create_time": "1774079999000", "user_id": "cw"],
            ],
        ]
    }

    struct Bench: Sendable {
        let fake: FakeFeishu
        let connector: any OAConnector

        static func run(
            instance: JSON? = nil, options: JSON = [:], _ work: (Bench) async throws -> Void
        ) async throws {
            let fake = try await FakeFeishu.start(
                instances: [FeishuConnectorTests.code: instance ?? FeishuConnectorTests.instance()],
                files: ["f1": Array("one".utf8), "f2": Array("two".utf8)]
            )
            let http = SafeHTTP()
            let mapping = try ConnectorsFixtures.json("Mappings/feishu.json")
            let setting = fake.setting(homeBook: "b", mapping: mapping, options: options)
            let connector = try Catalogue(http: http, now: ConnectorsFixtures.clock).connector(for: setting)
            try await work(Bench(fake: fake, connector: connector))
            await http.shutdown()
            try await fake.stop()
        }

        func accept(_ event: JSON, at time: Timestamp = now) throws -> Acceptance {
            let request = try #require(FakeFeishu.callback(event, now: now, random: ConnectorsFixtures.counting))
            return try connector.accept(request, now: time)
        }

        func delivery(_ status: String = "APPROVED") -> StoredDelivery {
            let event = FakeFeishu.event(instance: code, status: status, eventID: "e", operatedAt: now)
            return StoredDelivery(connector: "feishu", key: "e", receivedAt: now, payload: event.utf8)
        }
    }

    @Test("goes the whole way: callback, instance, document, files, comment")
    func endToEnd() async throws {
        try await Bench.run { bench in
            let event = FakeFeishu.eventV2(instance: Self.code, eventID: "e-2", operatedAt: Self.now)
            guard case .delivery("e-2", let payload, let answer) = try bench.accept(event) else {
                Issue.record("not a delivery")
                return
            }
            #expect(answer.status == 200)
            let delivery = StoredDelivery(connector: "feishu", key: "e-2", receivedAt: Self.now, payload: payload)
            guard case .instance(let instance) = try await bench.connector.fetch(delivery) else {
                Issue.record("no instance")
                return
            }
            let mapped = try Mapping(ConnectorsFixtures.json("Mappings/feishu.json")).document(from: instance)
            #expect(mapped.problems.isEmpty)
            let schema = try DocumentSchema(ConnectorsFixtures.json("Schemas/document.schema.json"))
            #expect(schema.violations(in: mapped.document).isEmpty)
            #expect(mapped.document["total"]?.string == "12.50")
            #expect(mapped.document["source"]?["tenant"]?.string == FakeFeishu.tenant)
            // Two files and three names: the names say nothing.
            let files = mapped.document["attachments"]?.array ?? []
            #expect(files.map { $0["name"]?.string } == ["附件 1", "附件 2", "补充.pdf"])
            let reference = AttachmentReference(name: "附件 2", url: files[1]["url"]?.string, vendor: files[1])
            #expect(try await bench.connector.download(reference, of: delivery) == Array("two".utf8))
            try await bench.connector.writeBack(Self.receipt("case-1:1:drafted"))
            try await bench.connector.writeBack(Self.receipt())
            try await bench.connector.writeBack(Self.receipt())
            #expect(bench.fake.comments.count == 2)
            #expect(bench.fake.comments.last?.user == "zhangsan")
            #expect(bench.fake.tokensGiven == 1)
        }
    }

    @Test("gives the same document whichever event told of it")
    func sameDocument() async throws {
        try await Bench.run { bench in
            var found: Set<FetchedInstance> = []
            for event in [
                FakeFeishu.event(instance: Self.code, eventID: "a", operatedAt: Self.now),
                FakeFeishu.eventV2(instance: Self.code, eventID: "b", operatedAt: Self.now.adding(seconds: 5)),
            ] {
                found.insert(
                    try await bench.connector.fetch(
                        StoredDelivery(connector: "feishu", key: "k", receivedAt: Self.now, payload: event.utf8)))
            }
            #expect(found.count == 1)
        }
    }

    @Test("answers the check of its address without storing anything")
    func verification() async throws {
        try await Bench.run { bench in
            guard case .answer(let answer) = try bench.accept(FakeFeishu.verification(challenge: "c-1")) else {
                Issue.record("stored")
                return
            }
            #expect(try JSON(parsing: answer.body) == ["challenge": "c-1"])
        }
    }

    @Test(
        "takes events of eight hours, on both sides",
        arguments: [(28_800, true), (28_801, false), (-28_800, true), (-28_801, false)] as [(Int64, Bool)])
    func replay(seconds: Int64, isTaken: Bool) async throws {
        try await Bench.run { bench in
            let event = FakeFeishu.event(instance: Self.code, eventID: "e", operatedAt: Self.now)
            #expect(((try? bench.accept(event, at: Self.now.adding(seconds: seconds))) != nil) == isTaken)
        }
    }

    @Test("refuses events of another company")
    func tenant() async throws {
        try await Bench.run(options: ["tenant_key": "somebody-else"]) { bench in
            let event = FakeFeishu.event(instance: Self.code, eventID: "e", operatedAt: Self.now)
            #expect(throws: ConnectorError.self) { try bench.accept(event) }
        }
    }

    struct Expectation: Sendable {
        let instance: JSON
        var announced = "APPROVED"
        let outcome: String
    }

    @Test(
        "decides on the state that was fetched",
        arguments: [
            Expectation(instance: instance(), outcome: "approved 1 25E48E54-0001"),
            Expectation(instance: instance(), announced: "PENDING", outcome: "approved 1 25E48E54-0001"),
            Expectation(instance: instance(status: "PENDING"), outcome: "connector.unreachable"),
            Expectation(instance: instance(status: "PENDING"), announced: "PENDING", outcome: "irrelevant"),
            Expectation(instance: instance(status: "REJECTED"), announced: "REJECTED", outcome: "irrelevant"),
            Expectation(instance: instance(status: "CANCELED"), announced: "CANCELED", outcome: "irrelevant"),
            Expectation(
                instance: instance(status: "REVERTED"), announced: "REVERTED",
                outcome: "withdrawn 1774074600 25E48E54-0001"),
            Expectation(instance: instance(reverted: true), outcome: "withdrawn 1774074600 25E48E54-0001"),
            Expectation(
                instance: instance(status: "DELETED"), announced: "DELETED",
                outcome: "withdrawn 1774074600 25E48E54-0001"),
            Expectation(
                instance: instance(status: "DELETED", task: "PENDING"), announced: "DELETED", outcome: "irrelevant"),
            Expectation(instance: instance(changes: "i-0"), outcome: "amended 1774074600 i-0"),
            Expectation(instance: instance(revokes: "i-0"), outcome: "withdrawn 1774074600 i-0"),
            Expectation(instance: instance(revokes: "i-9"), outcome: "connector.unreachable"),
            Expectation(instance: instance(revokes: "nobody"), outcome: "connector.refused"),
        ]
    )
    func outcomes(expected: Expectation) async throws {
        try await Bench.run(instance: expected.instance) { bench in
            bench.fake.set(Self.instance(status: "REVERTED"), for: "i-0")
            bench.fake.set(Self.instance(), for: "i-9")
            var found = ""
            do {
                switch try await bench.connector.fetch(bench.delivery(expected.announced)) {
                case .irrelevant: found = "irrelevant"
                case .document: found = "document"
                case .instance(let payload):
                    let source = payload["source"]
                    let revision = source?["revision"]?.integer ?? 0
                    found = "\(source?["outcome"]?.string ?? "") \(revision) \(source?["instance"]?.string ?? "")"
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

    @Test("reports throttling, pages for people, slow and half answers as things that pass")
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
            }
            bench.fake.set(FakeSwitches())
            _ = try await bench.connector.fetch(bench.delivery())
        }
    }

    @Test("looks before it comments again when an answer was lost")
    func lostAnswer() async throws {
        try await Bench.run { bench in
            var switches = FakeSwitches()
            switches.losesWriteBackAnswers = true
            bench.fake.set(switches)
            let found = await Self.failure { try await bench.connector.writeBack(Self.receipt()) }
            #expect(found?.problem.code == "connector.outcome_unknown")
            bench.fake.set(FakeSwitches())
            try await bench.connector.writeBack(Self.receipt())
            #expect(bench.fake.comments.count == 1)
        }
    }

    @Test("orders the events of its approvals, twice without harm")
    func subscription() async throws {
        try await Bench.run { bench in
            try await bench.connector.check()
            try await bench.connector.check()
            #expect(bench.fake.subscriptions == [FakeFeishu.approval])
        }
    }

    private static func failure(_ work: () async throws -> Void) async -> ConnectorError? {
        do { try await work() } catch { return error as? ConnectorError }
        return nil
    }
}
