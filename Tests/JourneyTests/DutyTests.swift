import Access
import Foundation
import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("A duty on a voucher")
struct DutyTests {
    private static let claim = Form.expense("BX-1", "86.00", kind: "taxi")

    /// The code of the problem, and the rule it names; `nil` when the act goes through.
    private func refused(
        _ act: VoucherAct, on record: VoucherRecord, by visitor: Visitor, in office: Office
    ) async throws -> String? {
        do {
            _ = try await office.act(act, on: record, by: visitor)
            return nil
        } catch let error as any Explainable {
            let problem = error.problem
            for language in Language.allCases {
                #expect(problem.cause.text(in: language).contains(visitor.person.id.text), "it does not say who")
                #expect(!problem.remedy.text(in: language).isEmpty)
            }
            let text = problem.title.zh + problem.cause.zh
            let start = text.range(of: "SOD-")?.lowerBound
            return start.map { String(text[$0...].prefix(6)) } ?? problem.code
        }
    }

    private static func named(_ login: String, _ name: String, _ role: Role) -> Visitor {
        let person = Person(id: Person.ID("p-" + login), login: login, name: name)
        return Visitor(
            person: person, grants: [Grant(person: person.id, role: role, book: TestCompany.id.text)], formToken: ""
        )
    }

    @Test("is not taken by whoever the claim is for", arguments: Engine.available)
    func ownClaim(engine: Engine) async throws {
        try await Office.open(engine, company: .byHand) { office in
            try await office.deliver(Self.claim)
            let voucher = try await office.voucher(of: "BX-1")
            // The applicant is 张三, E001: by the name, by the number, and by the login once master data says it.
            for own in [Self.named("zhang", "张三", .reviewer), Self.named("e001", "某人", .reviewer)] {
                #expect(try await refused(.approve, on: voucher, by: own, in: office) == "SOD-09")
                #expect(try await refused(.sendBack(reason: "x"), on: voucher, by: own, in: office) == "SOD-09")
            }
            try await office.store.commit(TestCompany.id, key: "login", actor: "lead", at: office.clock.now) {
                try $0.masterData.set(
                    MasterItem(dimension: "人员", code: "E001", name: "张三", attributes: ["login": "Zhangsan"])
                )
            }
            let real = Self.named("zhangsan", "三哥", .reviewer)
            #expect(try await refused(.approve, on: voucher, by: real, in: office) == "SOD-09")
            // Another person of the same name may, now that it is known who the applicant is.
            let approved = try await office.act(.approve, on: voucher, by: Self.named("zhang", "张三", .reviewer))
            let own = Self.named("zhangsan", "三哥", .poster)
            #expect(try await refused(.post, on: approved, by: own, in: office) == "SOD-09")
            let posted = try await office.act(.post, on: approved, by: .poster)
            let maker = Self.named("zhangsan", "三哥", .maker)
            await #expect(throws: AccessError.self) {
                _ = try await office.vouchers.reverse(posted.voucher.id, in: TestCompany.id, by: maker, reason: "x")
            }
        }
    }

    @Test("of approving is not the publisher's, for what a version makes on its first day", arguments: Engine.available)
    func publisher(engine: Engine) async throws {
        for (ceiling, hours, rule) in [(0, 0, "SOD-06"), (8_599, 23, "SOD-06"), (8_600, 0, nil), (0, 24, nil)]
            as [(Int64, Int64, String?)]
        {
            let company = TestCompany(
                ceiling: nil, postsAutomatically: false, duties: DutyPolicy(publisherCeiling: ceiling)
            )
            try await Office.open(engine, company: company) { office in
                office.clock.advance(seconds: hours * 3600)
                try await office.deliver(Self.claim)
                // Waiting does not help: it counts when the voucher was made.
                office.clock.advance(seconds: 3 * 86_400)
                let voucher = try await office.voucher(of: "BX-1")
                let found = try await refused(.approve, on: voucher, by: .lead, in: office)
                #expect(found == rule, "ceiling \(ceiling), after \(hours) h")
                if rule != nil { #expect(try await refused(.approve, on: voucher, by: .reviewer, in: office) == nil) }
            }
        }
    }

    @Test("of posting is the reviewer's only in a small company, until the exception ends", arguments: Engine.available)
    func smallCompany(engine: Engine) async throws {
        let both = Visitor.person("both", .reviewer, .poster)
        try await Office.open(engine, company: .byHand) { office in
            let desk = SettingsDesk(store: office.store, clock: { office.clock.now })
            try await office.deliver(Self.claim, .expense("BX-2", "20.00", kind: "taxi"))
            let voucher = try await office.act(.approve, on: try await office.voucher(of: "BX-1"), by: both)
            let other = try await office.act(.approve, on: try await office.voucher(of: "BX-2"), by: both)
            #expect(try await refused(.post, on: voucher, by: both, in: office) == "SOD-02")

            var change = SettingsDesk.Change()
            change.profile = .small
            await #expect(throws: SettingsError.exceptionIncomplete) {
                _ = try await desk.change(change, in: TestCompany.id, by: .lead)
            }
            change.reason = "财务只有两人"
            change.until = Day("2027-04-17")
            await #expect(throws: SettingsError.self) {
                _ = try await desk.change(change, in: TestCompany.id, by: .lead)
            }
            change.until = Day("2026-04-15")
            await #expect(throws: AccessError.self) {
                _ = try await desk.change(change, in: TestCompany.id, by: both)
            }
            _ = try await desk.change(change, in: TestCompany.id, by: .lead)
            #expect(try await refused(.post, on: voucher, by: both, in: office) == nil)
            office.clock.advance(seconds: 86_400)
            #expect(try await refused(.post, on: other, by: both, in: office) == "SOD-02")

            let entries = try await office.read {
                try $0.log.entries(subject: "book:" + TestCompany.id.text, limit: 20)
            }
            let changed = try #require(entries.map(\.entry).first { $0.kind == "book.settings_changed" })
            #expect(changed.actor == "lead")
            #expect(changed.body["before"]?["duties"]?["profile"]?.string == "strict")
            #expect(changed.body["after"]?["duties"]?["reason"]?.string == "财务只有两人")
        }
    }

    @Test("of making falls to whoever submits a voucher again", arguments: Engine.available)
    func submitter(engine: Engine) async throws {
        try await Office.open(engine, company: .byHand) { office in
            try await office.deliver(Self.claim)
            let both = Visitor.person("both", .maker, .reviewer)
            let returned = try await office.act(
                .sendBack(reason: "科目不对"), on: try await office.voucher(of: "BX-1"), by: .reviewer
            )
            let submitted = try await office.act(.submit, on: returned, by: both)
            #expect(submitted.voucher.makers.contains("both") && submitted.standing.makers.contains("both"))
            #expect(try await refused(.approve, on: submitted, by: both, in: office) == "SOD-01")
            let entry = try await office.read {
                try $0.log.entries(subject: "voucher:" + submitted.voucher.id.text, limit: 9)
            }
            #expect(entry.last?.entry.kind == "voucher.submitted")
            let approved = try await office.act(.approve, on: submitted, by: .reviewer)
            let poster = Visitor.person("both", .poster)
            #expect(try await refused(.post, on: approved, by: poster, in: office) == "SOD-03")
            _ = try await office.act(.post, on: approved, by: .poster)
        }
    }

    @Test("that was done is not undone by an implementer's retry", arguments: Engine.available)
    func implementer(engine: Engine) async throws {
        try await Office.open(engine, company: .byHand) { office in
            try await office.deliver(Self.claim)
            let id = try await office.theCase("BX-1").id
            let implementer = Visitor.person("shishi", .implementer)
            // Nothing is decided yet: the voucher is made again.
            try await office.cases.retry(id, in: TestCompany.id, by: implementer, reason: "映射已改")
            // Approved between the asking and the run: the approval stands.
            let approved = try await office.act(.approve, on: try await office.voucher(of: "BX-1"), by: .reviewer)
            try await office.settle()
            #expect(try await office.voucher(of: "BX-1").voucher.id == approved.voucher.id)
            await #expect(throws: CaseDeskError.approved(id, approved.voucher.id, by: "reviewer")) {
                try await office.cases.retry(id, in: TestCompany.id, by: implementer, reason: "再来")
            }
            try await office.cases.retry(id, in: TestCompany.id, by: .maker, reason: "金额有误")
            try await office.settle()
            #expect(try await office.voucher(of: "BX-1").state == .pending)
        }
    }

    @Test("of reviewing is the program's only while its authoriser leads the finance", arguments: Engine.available)
    func authoriser(engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.deliver(.expense("BX-1", "10.00", kind: "taxi"), .expense("BX-2", "10.00", kind: "taxi"))
            let first = try await office.vouchers(.posted).count
            #expect(first >= 1)
            try await office.store.commit(Book.installation, key: "revoke", actor: "system", at: office.clock.now) {
                try $0.installation.revoke(Grant(person: "lead", role: .lead, book: TestCompany.id.text))
            }
            office.clock.advance(seconds: 2)
            try await office.deliver(.expense("BX-3", "10.00", kind: "taxi"), .expense("BX-4", "10.00", kind: "taxi"))
            #expect(try await office.vouchers(.posted).count == first)
            #expect(try await office.voucher(of: "BX-4").state == .pending)

            var change = SettingsDesk.Change()
            change.automaticReviewAuthorisedBy = "lead"
            await #expect(throws: SettingsError.noLead("lead")) {
                _ = try await SettingsDesk(store: office.store, clock: { office.clock.now })
                    .change(change, in: TestCompany.id, by: .lead)
            }
            for text in ["-1.00", "1.001", "x", ""] {
                change = SettingsDesk.Change()
                change.publisherCeiling = text
                await #expect(throws: SettingsError.amountInvalid(text)) {
                    _ = try await SettingsDesk(store: office.store, clock: { office.clock.now })
                        .change(change, in: TestCompany.id, by: .lead)
                }
            }
        }
    }
}
