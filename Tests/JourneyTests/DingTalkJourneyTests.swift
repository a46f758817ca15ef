import Connectors
import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("An approval in 钉钉")
struct DingTalkJourneyTests {
    /// What goes wrong between the program and 钉钉.
    enum Trouble: String, CaseIterable, Sendable {
        case none, expiredTokens, shortTokens, throttled, everySecondThrottled, cutAnswers, everySecondCut, slowAnswers,
            lostCommentAnswers, tenCallbacks

        var switches: FakeDingTalk.Switches {
            var switches = FakeDingTalk.Switches()
            switch self {
            case .shortTokens: switches.tokenLifetimeSeconds = 1
            case .throttled: switches.throttlesEvery = 3
            case .cutAnswers: switches.cutsEvery = 3
            case .everySecondThrottled: switches.throttlesEvery = 2
            case .everySecondCut: switches.cutsEvery = 2
            case .slowAnswers: switches.delayMilliseconds = 60
            case .lostCommentAnswers: switches.losesCommentAnswers = true
            case .none, .expiredTokens, .tenCallbacks: break
            }
            return switches
        }
    }

    @Test(
        "is one case and one voucher, and gets one comment for each event, whatever goes wrong",
        arguments: Trouble.allCases
    )
    func wholeWay(_ trouble: Trouble) async throws {
        try await Self.run(.sqlite, trouble)
    }

    @Test("is one case and one voucher on PostgreSQL too", arguments: [Trouble.none, .tenCallbacks])
    func onPostgreSQL(_ trouble: Trouble) async throws {
        guard Engine.available.contains(.postgreSQL) else { return }
        try await Self.run(.postgreSQL, trouble)
    }

    private static func run(_ engine: Engine, _ trouble: Trouble) async throws {
        let fake = try await FakeDingTalk.start()
        let form = DingTalkForm(invoice: Invoice(1, net: 1000_00, percent: 6))
        form.put(into: fake)
        fake.set(trouble.switches)
        do {
            try await Office.open(engine, company: .byHand) { office in
                try await office.connect(fake)
                try await office.call(times: trouble == .tenCallbacks ? 10 : 1)
                try await office.settle(minutes: 40)
                if trouble == .expiredTokens { fake.expireTokens() }
                let drafted = try await office.voucher(of: "DD-1")
                #expect(drafted.state == .pending)
                #expect(fake.comments.count == 1, "\(fake.comments)")
                #expect(fake.comments.first?.text.contains(drafted.reference.text) == true)
                try await office.work()
                try await office.settle(minutes: 40)
                if trouble == .tenCallbacks { try await office.call(times: 10) }
                try await office.settle(minutes: 5)
                let posted = try await office.voucher(of: "DD-1")
                #expect(posted.state == .posted)
                #expect(posted.lines.last == "贷 224101 人员=E003 1060.00")
                #expect(fake.comments.count == 2, "\(fake.comments)")
                #expect(fake.comments.last?.text.contains(posted.number?.text ?? "-") == true)
                #expect(try await office.allCases().count == 1)
                let jobs = try await office.openJobs()
                #expect(jobs == [])
                for book in [TestCompany.id, Book.inbox(of: DingTalkForm.connector)] {
                    #expect(try await office.deadLetters(book) == 0)
                }
            }
        } catch {
            try await fake.stop()
            throw error
        }
        try await fake.stop()
    }
}

extension Office {
    func connect(_ fake: FakeDingTalk) async throws {
        try await connect(
            fake.setting(
                id: DingTalkForm.connector, homeBook: TestCompany.id,
                mapping: try Office.json("Mappings/dingtalk.json"),
                options: ["companies": ["dingfakecorp0001": .string(TestCompany.id.text)]]
            )
        )
    }

    /// Lets 钉钉 call back, all at once.
    func call(times: Int = 1) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<times {
                let request = try #require(DingTalkForm.callback(at: clock.now))
                group.addTask {
                    let answer = try await reception.receive(request, for: DingTalkForm.connector)
                    #expect(answer.status == 200)
                }
            }
            try await group.waitForAll()
        }
    }
}
