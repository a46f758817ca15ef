import Access
import Kernel
import Pipeline
import Storage
import TestSupport
import Testing

@Suite("CaseRepository")
struct CaseRepositoryTests {
    @Test("files a revision once", arguments: Engine.available)
    func filesOnce(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let new = Sample.newCase("C1", instance: "I1")
            let added = try await fixture.commit { try $0.cases.add(new, document: ["n": "1"], delivery: "d1") }
            #expect(added == new)
            let again = try await fixture.commit { unit in
                try unit.cases.add(Sample.newCase("C2", instance: "I1"), document: ["n": "2"], delivery: "d2")
            }
            #expect(again == nil)
            try await fixture.commit { unit in
                let beside = Sample.newCase("C3", instance: "I1", state: .conflict)
                try unit.cases.addConflict(beside, document: ["n": "3"], delivery: "d3")
                _ = try unit.cases.add(
                    Sample.newCase("C4", instance: "I1", revision: 2), document: [:], delivery: "d4"
                )
            }
            let (cases, document, delivery, found) = try await fixture.read {
                (
                    try $0.cases.cases(of: Sample.approval("I1")), try $0.cases.document(of: "C1"),
                    try $0.cases.delivery(of: "C1"), try $0.cases.find("C2")
                )
            }
            #expect(cases.map(\.id) == ["C1", "C3", "C4"])
            #expect(cases.first == new)
            #expect(document == ["n": "1"])
            #expect(delivery == "d1")
            #expect(found == nil)
        }
    }

    @Test("changes the version that was seen and no other", arguments: Engine.available)
    func changes(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { _ = try $0.cases.add(Sample.newCase("C1"), document: [:], delivery: "d") }
            let problem = Sample.problem("mapping.unknown_party")
            let held = Sample.newCase("C1", state: .held, step: .normalise, problem: problem, version: 2)
            try await fixture.commit { try $0.cases.update(held, from: 1) }
            await #expect(throws: PreparedOnOldState.self) {
                try await fixture.commit { try $0.cases.update(held, from: 1) }
            }
            let (found, withCode, without) = try await fixture.read {
                (
                    try $0.cases.find("C1"), try $0.cases.held(withCodes: ["mapping.unknown_party", "x"], limit: 5),
                    try $0.cases.held(withCodes: ["x"], limit: 5)
                )
            }
            #expect(found == held)
            #expect(withCode == [held])
            #expect(without == [])
        }
    }

    @Test("counts where cases stand, also when they moved", arguments: Engine.available)
    func counts(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let later = Timestamp.test.adding(seconds: 60)
            try await fixture.commit { unit in
                for index in 1...3 {
                    _ = try unit.cases.add(Sample.newCase("C\(index)"), document: [:], delivery: "d")
                }
                try unit.cases.update(Sample.newCase("C1", state: .posted, step: .writeBack, version: 2), from: 1)
            }
            try await fixture.commit { unit in
                try unit.cases.update(
                    Sample.newCase("C2", state: .waiting, step: .ledger, at: later, version: 2), from: 1
                )
                let inside = try unit.cases.counts()
                #expect(inside.first { $0.state == .waiting }?.count == 1)
            }
            let counts = try await fixture.read { try $0.cases.counts() }
            #expect(
                counts == [
                    CaseCount(step: .ledger, state: .waiting, count: 1, oldest: later),
                    CaseCount(step: .normalise, state: .running, count: 1, oldest: .test),
                    CaseCount(step: .writeBack, state: .posted, count: 1, oldest: .test),
                ]
            )
        }
    }

    @Test("lists newest first, page by page, by what is asked", arguments: Engine.available)
    func pages(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { unit in
                for index in 1...9 {
                    let state: Case.State = index.isMultiple(of: 3) ? .held : .running
                    let new = Sample.newCase(
                        "C\(index)", state: state, problem: state == .held ? Sample.problem("p.\(index)") : nil,
                        at: Timestamp.test.adding(seconds: Int64(index / 2)), number: "BX_\(index)%"
                    )
                    _ = try unit.cases.add(new, document: [:], delivery: "d")
                }
            }
            func all(_ query: @escaping @Sendable (String?) -> CaseQuery) async throws -> [String] {
                var ids: [String] = []
                var cursor: String?
                repeat {
                    let asked = query(cursor)
                    let page = try await fixture.read { try $0.cases.page(asked) }
                    ids += page.items.map(\.id.text)
                    cursor = page.next
                } while cursor != nil
                return ids
            }
            let expected = (1...9).reversed().map { "C\($0)" }
            for limit in [1, 2, 9, 50] { #expect(try await all { CaseQuery(limit: limit, cursor: $0) } == expected) }
            #expect(try await all { CaseQuery(states: [.held], limit: 2, cursor: $0) } == ["C9", "C6", "C3"])
            #expect(try await all { CaseQuery(problemCode: "p.6", cursor: $0) } == ["C6"])
            #expect(try await all { CaseQuery(text: "bx_4%", cursor: $0) } == ["C4"])
            #expect(try await all { CaseQuery(text: "X%4", cursor: $0) } == [])
            #expect(try await all { CaseQuery(text: "张三", limit: 4, cursor: $0) } == expected)
            #expect(try await all { CaseQuery(step: .ledger, cursor: $0) } == [])
            #expect(
                try await all { CaseQuery(step: .normalise, kind: "travel_claim", limit: 4, cursor: $0) } == expected)
            #expect(try await fixture.read { try $0.cases.page(CaseQuery(cursor: "no cursor")).items.count } == 9)
        }
    }

    @Test("finds cited documents by the numbers people read", arguments: Engine.available)
    func cites(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { unit in
                _ = try unit.cases.add(Sample.newCase("C1", number: "PO-1"), document: ["a": "1"], delivery: "d")
                _ = try unit.cases.add(
                    Sample.newCase("C2", state: .superseded, number: "PO-1"), document: ["a": "2"], delivery: "d"
                )
            }
            let found = try await fixture.read {
                try $0.cases.documents(kind: "travel_claim", numbers: ["PO-1", "PO-2"])
            }
            #expect(found == [CitedDocument(caseID: "C1", version: 1, number: "PO-1", document: ["a": "1"])])
            #expect(try await fixture.read { try $0.cases.documents(kind: "invoice", numbers: ["PO-1"]) } == [])
        }
    }

    @Test(
        "finds of a cited approval its highest revision, and nothing once it was withdrawn", arguments: Engine.available
    )
    func citedRevisions(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            func add(_ id: String, revision: Int, state: Case.State, outcome: Case.Outcome = .approved) async throws {
                try await fixture.commit { unit in
                    _ = try unit.cases.add(
                        Sample.newCase(
                            id, instance: "I1", revision: revision, state: state, outcome: outcome, number: "PO-1"
                        ), document: ["revision": .integer(revision)], delivery: "d" + id
                    )
                }
            }
            func found() async throws -> [Case.ID] {
                try await fixture.read { try $0.cases.documents(kind: "travel_claim", numbers: ["PO-1"]) }.map(\.caseID)
            }
            try await add("C1", revision: 1, state: .nothingToBook)
            #expect(try await found() == ["C1"])
            try await add("C2", revision: 2, state: .nothingToBook, outcome: .amended)
            #expect(try await found() == ["C2"], "both revisions count")
            try await add("C3", revision: 4, state: .nothingToBook, outcome: .withdrawn)
            #expect(try await found() == [], "a withdrawn order counts")
            try await fixture.commit { unit in
                _ = try unit.cases.add(
                    Sample.newCase("C4", instance: "I2", number: "PO-1"), document: [:], delivery: "d4"
                )
            }
            #expect(try await found() == ["C4"], "another approval with the number is found")
        }
    }

    @Test("keeps runs and receipts", arguments: Engine.available)
    func runs(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let started = CaseRun(
                number: 1, startedAt: .test, endedAt: nil, startedBy: "system", reason: "", step: .normalise,
                state: .running, problem: nil, trace: [:]
            )
            let ended = CaseRun(
                number: 1, startedAt: .test, endedAt: .test, startedBy: "system", reason: "", step: .rules,
                state: .held,
                problem: Sample.problem("p"), trace: ["rule": "1"]
            )
            let pending = ReceiptRecord(key: "k", event: "held", text: "文字", state: .pending, at: .test)
            let sent = ReceiptRecord(
                key: "k", event: "held", text: "文字", state: .sent, at: Timestamp.test.adding(seconds: 1)
            )
            try await fixture.commit { unit in
                _ = try unit.cases.add(Sample.newCase("C1"), document: [:], delivery: "d")
                try unit.cases.add(started, to: "C1")
                try unit.cases.record(pending, of: "C1")
            }
            #expect(try await fixture.read { try $0.cases.runs(of: "C1") } == [started])
            try await fixture.commit { unit in
                try unit.cases.end(ended, of: "C1")
                try unit.cases.record(sent, of: "C1")
                try unit.cases.setDocument(["x": "2"], of: "C1")
            }
            let (runs, receipts, document) = try await fixture.read {
                (
                    try $0.cases.runs(of: "C1"), try $0.cases.receipts(of: "C1"), try $0.cases.document(of: "C1")
                )
            }
            #expect(runs == [ended])
            #expect(receipts == [sent])
            #expect(document == ["x": "2"])
        }
    }

    @Test("names the applicant in the log as a personal value only", arguments: Engine.available)
    func keepsNamesOut(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { _ = try $0.cases.add(Sample.newCase("C1"), document: [:], delivery: "d") }
            let entries = try await fixture.read { try $0.log.entries(subject: "case:C1", limit: 5) }
            #expect(entries.first?.entry.personal.first?.value == "张三")
            #expect(entries.first?.entry.body.text.contains("张三") == false)
        }
    }
}
