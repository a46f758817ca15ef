import Access
import Hummingbird
import Kernel
import Ledger
import Pipeline

/// First set-up, companies, their periods and accounts.
struct CompanyRoutes {
    let rooms: ServerRooms

    func setup(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let body = try await request.json(upTo: 8 << 10)
        func text(_ name: String) -> String { body[name]?.string ?? "" }
        var answers = SetupDesk.Answers()
        (answers.login, answers.name, answers.password) = (text("login"), text("name"), text("password"))
        answers.securityLogin = body["security"]?["login"]?.string ?? ""
        answers.securityName = body["security"]?["name"]?.string ?? ""
        answers.auditorLogin = body["auditor"]?["login"]?.string ?? ""
        answers.auditorName = body["auditor"]?["name"]?.string ?? ""
        let finished = try await rooms.setup.finish(code: text("code"), answers)
        return .json(
            finished.signedIn.answer.setting("handed", .array(finished.handed.map(\.answer))), status: .created
        )
    }

    func list(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let visitor = try context.requireVisitor()
        let all = try await rooms.store.books().filter { $0.kind == .company }
        let seen =
            visitor.may(.booksAdd, in: Book.installation)
            ? all : all.filter { one in visitor.grants.contains { $0.covers(one.id.text) } }
        return .json(["items": .array(seen.map(\.answer))])
    }

    func choices(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let shipped = rooms.companies.shipped
        return .json(
            .object([
                (
                    "charts",
                    .array(
                        shipped.charts.map {
                            [
                                "id": .string($0.id), "title": $0.title.json,
                                "accounts": .integer($0.chart.accounts.count),
                            ]
                        }
                    )
                ),
                ("rule_books", .array(shipped.ruleBooks.map { ["id": .string($0.id), "title": $0.title.json] })),
                ("standards", .array(CompanyPlan.standards.map(JSON.string))),
                ("taxpayers", .array(CompanyPlan.taxpayers.map(JSON.string))),
            ])
        )
    }

    func add(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let body = try await request.json(upTo: Form.limit)
        var answers = CompanyPlan.Answers()
        func text(_ name: String, else other: String = "") -> String { body[name]?.string ?? other }
        (answers.id, answers.name, answers.taxID) = (text("id"), text("name"), text("tax_id"))
        answers.standard = text("standard", else: answers.standard)
        answers.taxpayer = text("taxpayer", else: answers.taxpayer)
        answers.currency = text("currency", else: answers.currency)
        answers.firstPeriod = text("first_period")
        (answers.chart, answers.ruleBook) = (text("chart"), text("rule_book"))
        answers.needsCashierSignature = body["needs_cashier_signature"]?.bool ?? true
        let company = try await rooms.companies.add(answers, by: try context.requireVisitor())
        return .json(company.answer, status: .created)
    }

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        .json(try await rooms.store.read(book) { try $0.settings() }.answer)
    }

    func periods(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        .json(try await periods(of: book))
    }

    func open(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let period = try context.period()
        try await rooms.companies.open(period, in: book, by: try context.requireVisitor())
        return .json(try await periods(of: book))
    }

    func close(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let period = try context.period()
        try await rooms.companies.close(period, in: book, by: try context.requireVisitor())
        return .json(try await periods(of: book))
    }

    func addAccount(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let code = try context.parameters.requireText("code")
        let body = try await request.json(upTo: Form.limit)
        let plan = AccountPlan(
            parent: body["parent"]?.string ?? "", code: code, name: body["name"]?.string ?? "",
            dimensions: body["dimensions"]?.array?.compactMap(\.string) ?? []
        )
        let account = try await rooms.companies.add(plan, in: book, by: try context.requireVisitor())
        return .json(account.answer, status: .created)
    }

    private func periods(of book: Book.ID) async throws -> JSON {
        let periods = try await rooms.store.read(book) { try $0.ledger.periods() }
        return [
            "items": .array(periods.map { ["period": .string($0.period.text), "open": .bool($0.isOpen)] })
        ]
    }
}

extension DoorContext {
    /// The period that the address names.
    func period() throws -> Period {
        let text = try parameters.requireText("period")
        guard let period = Period(text) else {
            throw DoorError.badParameter("period", expected: "YYYY-MM", found: text)
        }
        return period
    }
}

extension Book {
    var answer: JSON {
        .object([
            ("id", .string(id.text)), ("name", .string(name)), ("tax_id", .optional(taxID)),
            ("standard", .string(standard)), ("taxpayer", .string(taxpayer)), ("currency", .string(currency.code)),
            ("zone", .string(zoneName)),
        ])
    }
}
