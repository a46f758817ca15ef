import Access
import Kernel
import Pipeline
import TestSupport
import Testing

@Suite("Connecting an OA")
struct ConnectingTests {
    private static func visitor(_ role: Role, in book: Book.ID) -> Visitor {
        let person = Person(id: Person.ID(role.rawValue), login: role.rawValue, name: role.rawValue)
        return Visitor(person: person, grants: [Grant(person: person.id, role: role, book: book.text)], formToken: "")
    }

    @Test("brings cases into the books that whoever connects it may connect, and into no other")
    func served() async throws {
        try await Office.open(.sqlite) { office in
            try await office.openSecondCompany()
            for (id, visitor, expected) in [
                ("own", Self.visitor(.implementer, in: TestCompany.id), Case.State.held),
                ("all", Self.visitor(.admin, in: Book.installation), .posted),
            ] {
                var answers = ConnectorOffice.Answers()
                (answers.id, answers.kind, answers.homeBook) = (id, "generic", "C02")
                if expected == .held {
                    await #expect(throws: AccessError.self, "a home beyond one's rights") {
                        _ = try await office.integrations.add(answers, by: visitor)
                    }
                }
                answers.homeBook = TestCompany.id.text
                let made = try await office.integrations.add(answers, by: visitor)
                let secret = try #require(made.secret)
                for (instance, company) in [("A", TestCompany.id.text), ("B", "C02")] {
                    let form = Form.expense("\(id)-\(instance)", "86.00", kind: "taxi").with {
                        $0.company = (company, company)
                    }
                    var source = try #require(form.json["source"])
                    source = source.setting("connector", .string(id))
                    let answer = try await office.send(
                        form.json.setting("source", source), connector: id, secret: secret)
                    #expect(answer.status == 202)
                }
                try await office.settle()
                let home = try await office.allCases().filter { $0.approval.connector == id }
                let other = try await office.store.read("C02") {
                    try $0.cases.page(CaseQuery()).items.filter { $0.approval.connector == id }
                }
                if expected == .held {
                    let codes = Set(home.compactMap { $0.problem?.code })
                    #expect(codes == ["mapping.unknown_party", "company.unknown"])
                    #expect(other.isEmpty)
                } else {
                    #expect(home.count == 1 && other.count == 1)
                }
            }
        }
    }

    @Test("may be changed by whoever may connect every company it serves")
    func changed() async throws {
        try await Office.open(.sqlite) { office in
            let implementer = Self.visitor(.implementer, in: TestCompany.id)
            let id = TestCompany.connector
            let off = try await office.integrations.setActive(false, id, by: implementer)
            #expect(!off.isActive, "one company, and the right in it")
            try await office.openSecondCompany()
            for change in [
                { _ = try await office.integrations.setActive(true, id, by: implementer) },
                { _ = try await office.integrations.replaceSecrets([:], of: id, by: implementer) },
                { try await office.integrations.check(id, by: implementer) },
            ] as [() async throws -> Void] {
                #expect(await problemCode(change) == "access.denied", "it serves another company as well")
            }
            _ = try await office.integrations.setActive(true, id, by: Self.visitor(.admin, in: Book.installation))
        }
    }
}
