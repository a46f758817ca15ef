import Access
import HTTPTypes
import Hummingbird
import Kernel
import Ledger
import Pipeline

/// Companies, and the settings and periods of one (公司与账套设置).
struct CompanyPages {
    let rooms: ServerRooms

    func list(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        try await list(context, book, done: request.query("done"))
    }

    func add(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        var answers = CompanyPlan.Answers()
        (answers.id, answers.name, answers.taxID) = (form["id"] ?? "", form["name"] ?? "", form["tax_id"] ?? "")
        answers.standard = form["standard"] ?? answers.standard
        answers.taxpayer = form["taxpayer"] ?? answers.taxpayer
        answers.currency = form["currency"] ?? answers.currency
        answers.firstPeriod = form["first_period"] ?? ""
        (answers.chart, answers.ruleBook) = (form["chart"] ?? "", form["rule_book"] ?? "")
        answers.needsCashierSignature = form["cashier"] != "no"
        do {
            _ = try await rooms.companies.add(answers, by: try context.requireVisitor())
        } catch let error as any Explainable where error is CompanyError || error is RuleShelfError {
            return try await list(context, book, problem: error, typed: answers)
        }
        return .seeOther("/companies?done=company")
    }

    func book(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        try await show(book, context, done: request.query("done"))
    }

    /// The whole form at once. Whoever writes another ceiling of automatic review answers for it.
    func set(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let visitor = try context.requireVisitor()
        let old = try await rooms.store.read(book) { try $0.settings() }
        var change = SettingsDesk.Change()
        change.profile = DutyRule.Profile(rawValue: try form.require("profile"))
        if change.profile == .small {
            change.reason = form["reason"]
            change.until = form["until"].flatMap { Day($0) }
        }
        change.publisherCeiling = form["publisher_ceiling"]
        change.needsCashierSignature = form["cashier"] != nil
        change.postsAutomatically = form["posts"] != nil
        let ceiling = form["ceiling"] ?? ""
        if ceiling.isEmpty {
            change.automaticReviewAuthorisedBy = ""
        } else if ceiling != SettingsView.ceiling(of: old)?.text {
            change.automaticReviewAuthorisedBy = visitor.person.id.text
            change.automaticReviewCeiling = ceiling
        }
        do {
            _ = try await SettingsDesk(store: rooms.store, clock: rooms.clock).change(change, in: book, by: visitor)
        } catch let error as SettingsError {
            return try await show(book, context, problem: error)
        }
        return PageDesk(rooms).done("/book", "settings", book)
    }

    func period(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let text = try form.require("period")
        guard let period = Period(text) else {
            throw DoorError.badParameter("period", expected: "YYYY-MM", found: text)
        }
        let visitor = try context.requireVisitor()
        let opens = form["act"] == "open"
        do {
            if opens {
                try await rooms.companies.open(period, in: book, by: visitor)
            } else {
                try await rooms.companies.close(period, in: book, by: visitor)
            }
        } catch let error as any Explainable where error is CompanyError || error is PostingError {
            return try await show(book, context, problem: error)
        }
        return PageDesk(rooms).done("/book", opens ? "opened" : "closed", book)
    }

    private func list(
        _ context: DoorContext, _ book: Book.ID, done: String? = nil, problem: (any Explainable)? = nil,
        typed: CompanyPlan.Answers = CompanyPlan.Answers()
    ) async throws -> Response {
        let books = try await rooms.store.books().filter { $0.kind == .company }
        let (grants, connectors) = try await rooms.store.read(Book.installation) {
            (try $0.installation.grants(), try $0.installation.connectors())
        }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context)
        let view: JSON = .object([
            ("companies", .array(books.map { CompanyView.row($0, grants, connectors, dress) })),
            ("form", CompanyView.form(typed, rooms.companies, dress)),
            ("problem", dress.problem(problem?.problem)), ("done", dress.done(done)),
        ])
        return try await desk.page(
            "companies", nav: "companies", title: dress.texts.text("nav", "companies"), view, context, book,
            address: "/companies", status: problem.map { HTTPResponse.Status(code: ProblemStatus.of($0)) } ?? .ok
        )
    }

    private func show(
        _ book: Book.ID, _ context: DoorContext, done: String? = nil, problem: (any Explainable)? = nil
    ) async throws -> Response {
        let visitor = try context.requireVisitor()
        let (settings, periods) = try await rooms.store.read(book) {
            (try $0.settings(), try $0.ledger.periods())
        }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, settings)
        let firstOpen = periods.first { $0.isOpen }?.period
        let view: JSON = .object([
            ("company", CompanyView.facts(settings, dress)),
            (
                "periods",
                .array(
                    periods.reversed().map { record in
                        .object([
                            ("period", .string(record.period.text)), ("isOpen", .bool(record.isOpen)),
                            ("closable", .bool(record.isOpen && record.period == firstOpen)),
                        ])
                    }
                )
            ),
            ("nextPeriod", .optional(periods.last?.period.next.text)),
            ("mayClose", .bool(visitor.may(.periodClose, in: book))),
            ("settings", SettingsView.json(settings, dress, at: rooms.clock())),
            ("maySet", .bool(visitor.may(.settingsEdit, in: book))), ("done", dress.done(done)),
            ("problem", dress.problem(problem?.problem)),
        ])
        return try await desk.page(
            "book", nav: "book", title: dress.texts.text("nav", "book"), view, context, book, address: "/book",
            status: problem.map { HTTPResponse.Status(code: ProblemStatus.of($0)) } ?? .ok
        )
    }
}

/// Companies as their pages show them.
enum CompanyView {
    /// Duties without which no voucher comes to its end.
    private static let needed: [Role] = [.maker, .reviewer, .poster, .lead]

    /// A company, and what is still to be done before its first approval can be booked.
    static func row(
        _ company: Book, _ grants: [Grant], _ connectors: [ConnectorSetting], _ dress: Dress
    ) -> JSON {
        let held = Set(grants.filter { $0.covers(company.id.text) }.map(\.role))
        let duties = needed + (company.settings.needsCashierSignature ? [.cashier] : [])
        let missing = duties.filter { !held.contains($0) }.map { $0.title.text(in: dress.language) }
        return facts(company, dress).merging(
            .object([
                ("missing", .string(missing.joined(separator: "、"))),
                (
                    "connectors",
                    .string(connectors.filter { $0.homeBook == company.id }.map(\.name).joined(separator: "、"))
                ),
            ])
        )
    }

    static func facts(_ company: Book, _ dress: Dress) -> JSON {
        .object([
            ("id", .string(company.id.text)), ("name", .string(company.name)), ("taxID", .optional(company.taxID)),
            ("standard", .string(dress.texts.text("standard", company.standard))),
            ("taxpayer", .string(dress.texts.text("taxpayer", company.taxpayer))),
            ("currency", .string(company.currency.code)),
        ])
    }

    /// The form of a new company with what was typed, and the choices that ship.
    static func form(_ typed: CompanyPlan.Answers, _ desk: CompanyDesk, _ dress: Dress) -> JSON {
        func options(_ all: [(String, String)], _ chosen: String) -> JSON {
            .array(
                all.map { value, label in
                    ["value": .string(value), "label": .string(label), "chosen": .bool(value == chosen)]
                }
            )
        }
        let shipped = desk.shipped
        let rules = shipped.ruleBooks.map { ($0.id, $0.title.text(in: dress.language)) }
        let charts = shipped.charts.map {
            ($0.id, "\($0.title.text(in: dress.language)) (\($0.chart.accounts.count))")
        }
        let same = [("", dress.texts.text("company", "asStandard"))]
        return .object([
            ("id", .string(typed.id)), ("name", .string(typed.name)), ("taxID", .string(typed.taxID)),
            ("currency", .string(typed.currency)),
            ("firstPeriod", .string(typed.firstPeriod.isEmpty ? desk.today.period.text : typed.firstPeriod)),
            (
                "standards",
                options(CompanyPlan.standards.map { ($0, dress.texts.text("standard", $0)) }, typed.standard)
            ),
            (
                "taxpayers",
                options(CompanyPlan.taxpayers.map { ($0, dress.texts.text("taxpayer", $0)) }, typed.taxpayer)
            ),
            ("charts", options(same + charts, typed.chart)),
            ("ruleBooks", options(same + rules + [("none", dress.texts.text("company", "noRules"))], typed.ruleBook)),
            ("noCashier", .bool(!typed.needsCashierSignature)),
        ])
    }
}
