import Connectors
import Cryptography
import Kernel
import Pipeline
import Testing

@Suite("DingTalkConnector")
struct DingTalkConnectorTests {
    static let now = ConnectorsFixtures.now
    static let receiptKey = "case-1:1:posted"

    static func receipt(_ instance: String, key: String = receiptKey) -> Receipt {
        Receipt(
            key: key, approval: Case.Approval(connector: "dingtalk", tenant: "t", instance: instance), event: "posted",
            text: "【凭桥】已记账：记-0001。", data: .null
        )
    }

    /// A fake with one instance, the connector to it, and what ends both.
    struct Bench: Sendable {
        let fake: FakeDingTalk
        let http: SafeHTTP
        let connector: any OAConnector

        static func run(
            instance: JSON? = nil, options: JSON = [:], _ work: (Bench) async throws -> Void
        ) async throws {
            let fake = try await FakeDingTalk.start(
                instances: ["i-1": instance ?? DingTalkConnectorTests.instance()], files: ["f1": Array("bytes".utf8)]
            )
            let http = SafeHTTP()
            let mapping = try ConnectorsFixtures.json("Mappings/dingtalk.json")
            let setting = fake.setting(homeBook: "b", mapping: mapping, options: options)
            let connector = try Catalogue(http: http, now: ConnectorsFixtures.clock).connector(for: setting)
            try await work(Bench(fake: fake, http: http, connector: connector))
            await http.shutdown()
            try await fake.stop()
        }

        func delivery(_ type: String = "finish", result: String? = "agree") throws -> StoredDelivery {
            let event = FakeDingTalk.event(
                instance: "i-1", type: type, result: result, eventID: "e-\(type)", finishedAt: now
            )
            return StoredDelivery(connector: "dingtalk", key: "e-\(type)", receivedAt: now, payload: event.utf8)
        }
    }

    static func instance(
        status: String = "COMPLETED", result: String = "agree", action: String = "NONE", main: String = "",
        task: String = "AGREE"
    ) -> JSON {
        [
            "title": "张三提交的费用报销", "createTime": "2026-03-21T02:00Z", "finishTime": "2026-03-21T06:30Z",
            "originatorUserId": "zhangsan", "originatorDeptId": "12", "originatorDeptName": "市场部",
            "status": .string(status), "result": .string(result), "businessId": "B-1", "bizAction": .string(action),
            "mainProcessInstanceId": .string(main),
            "formComponentValues": [
                ["id": "M", "name": "总金额", "componentType": "MoneyField", "value": "12.00"],
                [
                    "id": "A", "name": "附件", "componentType": "DDAttachment",
                    "value": #"[{"spaceId":"s","fileName":"票.ofd","fileSize":5,"fileId":"f1"}]"#,
                ],
            ],
            "operationRecords": [],
            "tasks": [["status": task == "AGREE" ? "COMPLETED" : "CANCELED", "result": .string(task)]],
        ]
    }

    @Test("says whether key and secret are right")
    func check() async throws {
        try await Bench.run { bench in
            try await bench.connector.check()
            #expect(bench.fake.tokensGiven == 1)
        }
        try await Bench.run(options: ["app_key": "another"]) { bench in
            await #expect(throws: ConnectorError.self) { try await bench.connector.check() }
        }
    }

    @Test("goes the whole way: callback, instance, document, file, comment")
    func endToEnd() async throws {
        try await Bench.run { bench in
            let event = FakeDingTalk.event(instance: "i-1", eventID: "e-1", finishedAt: Self.now)
            let request = try #require(FakeDingTalk.callback(event, now: Self.now, random: ConnectorsFixtures.counting))
            let acceptance = try bench.connector.accept(request, now: Self.now)
            guard case .delivery("e-1", let payload, let answer) = acceptance else {
                Issue.record("not a delivery")
                return
            }
            try Self.expectSuccess(answer)
            let delivery = StoredDelivery(connector: "dingtalk", key: "e-1", receivedAt: Self.now, payload: payload)
            guard case .instance(let instance) = try await bench.connector.fetch(delivery) else {
                Issue.record("no instance")
                return
            }
            let mapped = try Mapping(ConnectorsFixtures.json("Mappings/dingtalk.json")).document(from: instance)
            #expect(mapped.problems.isEmpty)
            let schema = try DocumentSchema(ConnectorsFixtures.json("Schemas/document.schema.json"))
            #expect(schema.violations(in: mapped.document).isEmpty)
            #expect(mapped.document["source"]?["tenant"]?.string == "dingfakecorp0001")
            let file = try #require(mapped.document["attachments"]?[0])
            let reference = AttachmentReference(name: "票.ofd", url: file["url"]?.string, vendor: file)
            #expect(try await bench.connector.download(reference, of: delivery) == Array("bytes".utf8))
            try await bench.connector.writeBack(Self.receipt("i-1", key: "case-1:1:drafted"))
            try await bench.connector.writeBack(Self.receipt("i-1"))
            #expect(bench.fake.comments.count == 2)
            #expect(bench.fake.comments.last?.user == "zhangsan")
            #expect(bench.fake.comments.last?.text.hasPrefix("【凭桥】已记账：记-0001。 〔") == true)
            #expect(bench.fake.tokensGiven == 1)
        }
    }

    @Test("answers the check of its address without storing anything")
    func checkURL() async throws {
        try await Bench.run { bench in
            let request = try #require(
                FakeDingTalk.callback(["EventType": "check_url"], now: Self.now, random: ConnectorsFixtures.counting)
            )
            guard case .answer(let answer) = try bench.connector.accept(request, now: Self.now) else {
                Issue.record("stored")
                return
            }
            try Self.expectSuccess(answer)
        }
    }

    @Test(
        "takes callbacks of eight hours, on both sides",
        arguments: [(28_800, true), (28_801, false), (-28_801, false)] as [(Int64, Bool)])
    func replay(seconds: Int64, isTaken: Bool) async throws {
        try await Bench.run { bench in
            let request = try #require(
                FakeDingTalk.callback(
                    ["EventType": "x", "eventId": "e"], now: Self.now, random: ConnectorsFixtures.counting)
            )
            let taken = (try? bench.connector.accept(request, now: Self.now.adding(seconds: seconds))) != nil
            #expect(taken == isTaken)
        }
    }

    @Test("tells every failed decryption in the same words")
    func uniform() async throws {
        try await Bench.run { bench in
            let right = try #require(
                FakeDingTalk.callback(["EventType": "x"], now: Self.now, random: ConnectorsFixtures.counting)
            )
            var query = right.query
            query["msg_signature"] = String(repeating: "0", count: 40)
            let forged = InboundRequest(method: "POST", headers: [:], query: query, body: right.body)
            let other = try #require(
                CallbackCipher(
                    token: FakeDingTalk.callbackToken, aesKey: FakeDingTalk.aesKey, receivers: ["somebody"])
            )
            let sealed = try other.seal(
                [0x7B, 0x7D], timestamp: "1", nonce: "n", random: ConnectorsFixtures.counting(16))
            let body: JSON = ["encrypt": .string(sealed.encrypted)]
            let foreign = InboundRequest(
                method: "POST", headers: [:],
                query: ["msg_signature": sealed.signature, "timestamp": "1", "nonce": "n"], body: body.utf8
            )
            let problems = [forged, foreign].map { request -> String in
                do { _ = try bench.connector.accept(request, now: Self.now) } catch { return "\(error)" }
                return "taken"
            }
            #expect(problems[0] == problems[1])
            #expect(problems[0] != "taken")
        }
    }

    @Test("asks for one new token when the old one ended, and once only")
    func expiry() async throws {
        try await Bench.run { bench in
            _ = try await bench.connector.fetch(bench.delivery())
            bench.fake.expireTokens()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { _ = try await bench.connector.fetch(bench.delivery()) }
                }
                try await group.waitForAll()
            }
            #expect(bench.fake.tokensGiven == 2)
        }
    }

    @Test("reports throttling, slow and half answers as things that pass")
    func misbehaviour() async throws {
        try await Bench.run(options: ["timeout_seconds": 3]) { bench in
            let cases: [(String, FakeDingTalk.Switches)] = [
                ("throttled", Self.switches { $0.throttlesEvery = 1 }),
                ("unreachable", Self.switches { $0.cutsEvery = 1 }),
                ("unreachable", Self.switches { $0.delayMilliseconds = 30_000 }),
            ]
            for (expected, switches) in cases {
                bench.fake.set(switches)
                let found = await Self.failure { _ = try await bench.connector.fetch(bench.delivery()) }
                #expect(found?.isTransient == true)
                #expect(found.map { "\($0.problem.code)" } == "connector.\(expected)")
            }
            bench.fake.set(FakeDingTalk.Switches())
            _ = try await bench.connector.fetch(bench.delivery())
        }
    }

    @Test("looks before it comments again when an answer was lost")
    func lostAnswer() async throws {
        try await Bench.run { bench in
            bench.fake.set(Self.switches { $0.losesCommentAnswers = true })
            let found = await Self.failure { try await bench.connector.writeBack(Self.receipt("i-1")) }
            #expect(found.map { $0.problem.code } == "connector.outcome_unknown")
            bench.fake.set(FakeDingTalk.Switches())
            try await bench.connector.writeBack(Self.receipt("i-1"))
            #expect(bench.fake.comments.count == 1)
        }
    }

    @Test("gives up a comment that is refused")
    func refusedComment() async throws {
        try await Bench.run { bench in
            bench.fake.set(Self.switches { $0.refusesComments = true })
            let found = await Self.failure { try await bench.connector.writeBack(Self.receipt("i-1")) }
            #expect(found?.isTransient == false)
            #expect(found.map { $0.problem.code } == "connector.refused")
        }
    }

    struct Expectation: Sendable {
        let instance: JSON
        let event: String
        let outcome: String
    }

    @Test(
        "decides on the state that was fetched",
        arguments: [
            Expectation(instance: instance(), event: "finish", outcome: "approved 1 i-1"),
            Expectation(instance: instance(), event: "terminate", outcome: "approved 1 i-1"),
            Expectation(instance: instance(result: "refuse"), event: "finish", outcome: "irrelevant"),
            Expectation(
                instance: instance(status: "RUNNING", result: ""), event: "finish", outcome: "connector.unreachable"),
            Expectation(instance: instance(status: "RUNNING", result: ""), event: "comment", outcome: "irrelevant"),
            Expectation(
                instance: instance(status: "TERMINATED"), event: "terminate", outcome: "withdrawn 1774074600 i-1"),
            Expectation(
                instance: instance(status: "CANCELED", result: ""), event: "terminate",
                outcome: "withdrawn 1774074600 i-1"),
            Expectation(
                instance: instance(status: "TERMINATED", result: "", task: "NONE"), event: "terminate",
                outcome: "irrelevant"
            ),
            Expectation(
                instance: instance(action: "REVOKE", main: "i-0"), event: "finish", outcome: "withdrawn 1774074600 i-0"),
            Expectation(
                instance: instance(action: "MODIFY", main: "i-0"), event: "finish", outcome: "amended 1774074600 i-0"),
            Expectation(
                instance: instance(action: "SPLIT", main: "i-0"), event: "finish", outcome: "connector.unreadable"),
            Expectation(instance: instance(), event: "start", outcome: "irrelevant"),
        ]
    )
    func outcomes(expected: Expectation) async throws {
        try await Bench.run(instance: expected.instance) { bench in
            bench.fake.set(Self.instance(), for: "i-0")
            var found = ""
            do {
                switch try await bench.connector.fetch(bench.delivery(expected.event, result: nil)) {
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

    private static func switches(_ change: (inout FakeDingTalk.Switches) -> Void) -> FakeDingTalk.Switches {
        var switches = FakeDingTalk.Switches()
        change(&switches)
        return switches
    }

    private static func failure(_ work: () async throws -> Void) async -> ConnectorError? {
        do { try await work() } catch { return error as? ConnectorError }
        return nil
    }

    private static func expectSuccess(_ answer: InboundAnswer) throws {
        let json = try JSON(parsing: answer.body)
        let callback = try #require(
            CallbackCipher(
                token: FakeDingTalk.callbackToken, aesKey: FakeDingTalk.aesKey, receivers: [FakeDingTalk.appKey]
            )
        )
        let text = try callback.open(
            encrypted: json["encrypt"]?.string ?? "", signature: json["msg_signature"]?.string ?? "",
            timestamp: json["timeStamp"]?.string ?? "", nonce: json["nonce"]?.string ?? ""
        )
        #expect(String(decoding: text, as: UTF8.self) == "success")
        #expect(answer.status == 200)
    }
}
