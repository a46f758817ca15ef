import Access
import Hummingbird
import Jobs
import Kernel
import Pipeline

/// The list of cases, one case, and what persons do with it.
struct CasePages {
    let rooms: ServerRooms

    func list(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let query = try CaseListQuery.read(request)
        let (page, counts, settings) = try await rooms.store.read(book) {
            (try $0.cases.page(query), try $0.cases.counts(), try $0.settings())
        }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, settings)
        let filter = ListFilter(request, ["state", "step", "kind", "problem", "q"])
        let states = Case.State.allCases.map { state in
            filter.chip(
                "state", state.rawValue, dress.texts.text("state", state.rawValue),
                count: counts.filter { $0.state == state }.reduce(0) { $0 + $1.count }
            )
        }
        let steps = Step.allCases.map { filter.chip("step", $0.rawValue, dress.step($0), count: nil) }
        let view: JSON = .object([
            ("items", .array(page.items.map(dress.row))), ("states", .array(states)), ("steps", .array(steps)),
            ("all", filter.all("state")), ("allSteps", filter.all("step")), ("q", .optional(request.query("q"))),
            ("hidden", filter.hidden(except: "q")), ("filtered", .bool(filter.isActive)),
            ("next", .optional(page.next.map { filter.address(setting: "cursor", $0) })),
            ("problemCode", .optional(query.problemCode)),
        ])
        return try await desk.page(
            "cases", nav: "cases", title: dress.texts.text("nav", "cases"), view, context, book, address: "/cases"
        )
    }

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Case.ID(try context.parameters.require("id"))
        let visitor = try context.requireVisitor()
        guard let file = try await rooms.store.read(book, { try CaseFile(id, in: $0) }) else {
            throw CaseDeskError.unknown(id)
        }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, file.settings)
        let view = CaseView(file: file, dress: dress, visitor: visitor, book: book).json
            .setting("done", dress.done(request.query("done")))
        return try await desk.page(
            "case", nav: "cases", title: file.theCase.name, view, context, book, address: "/cases/" + id.text
        )
    }

    func retry(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Case.ID(try context.parameters.require("id"))
        try await rooms.cases.retry(
            id, in: book, by: try context.requireVisitor(), reason: form["reason"] ?? "asked on the page"
        )
        return PageDesk(rooms).done("/cases/" + id.text, "retry", book)
    }

    func end(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Case.ID(try context.parameters.require("id"))
        try await rooms.cases.end(
            id, in: book, by: try context.requireVisitor(), reason: try form.require("reason")
        )
        return PageDesk(rooms).done("/cases/" + id.text, "ended", book)
    }

    func deadLetters(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let (dead, settings) = try await rooms.store.read(book) {
            (try $0.jobs.deadLetters(limit: 200), try $0.settings())
        }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, settings)
        let view: JSON = .object([
            ("jobs", .array(dead.map { DeadLetterView.row($0, dress) })), ("done", dress.done(request.query("done"))),
            ("mayRevive", .bool(try context.requireVisitor().may(.caseRetry, in: book))),
        ])
        return try await desk.page(
            "dead-letters", nav: "cases", title: dress.texts.text("dead", "title"), view, context, book,
            address: "/dead-letters"
        )
    }

    func revive(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let text = try form.require("job")
        guard let id = Int64(text) else { throw DoorError.badParameter("job", expected: "a number", found: text) }
        try await rooms.cases.revive(id, in: book, by: try context.requireVisitor())
        return PageDesk(rooms).done("/dead-letters", "revived", book)
    }

    /// Maps somebody the document names, to an item that exists or to a new one.
    func map(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Case.ID(try context.parameters.require("id"))
        let (mapping, item) = try MappingForm.read(form)
        _ = try await rooms.cases.map(mapping, to: item, in: book, by: try context.requireVisitor())
        return PageDesk(rooms).done("/cases/" + id.text, "mapped", book)
    }
}

/// A job that was given up, as its list shows it.
enum DeadLetterView {
    static func row(_ job: Job, _ dress: Dress) -> JSON {
        let isCase = job.subject.hasPrefix("case:")
        let name = String(job.subject.drop { $0 != ":" }.dropFirst())
        return .object([
            ("id", .integer(Int(job.id))), ("kind", .string(dress.texts.text("jobKind", job.kind))),
            ("subject", .string(name)),
            ("href", isCase ? .string("/cases/" + name.addingPercentEncodingForQuery) : .null),
            ("attempts", .integer(job.attempt)), ("due", .string(dress.time(job.dueAt))),
            ("problem", dress.problem(job.lastProblem)),
        ])
    }
}

/// A form that says what an id of an OA means here, and perhaps brings the item with it.
enum MappingForm {
    static func read(_ form: Form) throws(DoorError) -> (PartyMapping, MasterItem?) {
        let dimension = try form.require("dimension")
        let chosen = form["code"]
        let code = if let chosen { chosen } else { try form.require("new_code") }
        let mapping = PartyMapping(
            connector: try form.require("connector"), dimension: dimension, vendorID: try form.require("vendor_id"),
            code: code
        )
        guard chosen == nil else { return (mapping, nil) }
        return (mapping, try item(form, dimension: dimension, code: code, nameField: "new_name"))
    }

    static func item(
        _ form: Form, dimension: String, code: String, nameField: String
    ) throws(DoorError) -> MasterItem {
        let attributes = MasterAttributes.names(of: dimension).compactMap { name in
            form["attribute_" + name].map { (name, JSON.string($0)) }
        }
        return MasterItem(
            dimension: dimension, code: code, name: try form.require(nameField), attributes: .object(attributes),
            isActive: form["inactive"] == nil
        )
    }
}

/// What the rules want to know of an item, by its dimension.
enum MasterAttributes {
    static let dimensions = ["部门", "人员", "供应商", "客户", "项目", "银行账户", "存货"]

    static func names(of dimension: String) -> [String] {
        switch dimension {
        case "部门": ["family", "account"]
        case "项目": ["phase"]
        case "供应商", "客户": ["tax_id"]
        case "银行账户": ["account", "currency"]
        default: []
        }
    }
}

/// The filters of a list as its address carries them, so that a link restores what one sees.
struct ListFilter {
    private let path: String
    private let values: [(name: String, value: String)]

    init(_ request: Request, _ names: [String]) {
        path = request.uri.path
        values = names.compactMap { name in request.query(name).map { (name, $0) } }
    }

    var isActive: Bool { !values.isEmpty }

    /// The list's address with one filter set to another value, from its first page.
    func address(setting name: String, _ value: String?) -> String {
        var next = values.filter { $0.name != name }
        if let value { next.append((name, value)) }
        let query = next.map { "\($0.name)=\($0.value.addingPercentEncodingForQuery)" }.joined(separator: "&")
        return query.isEmpty ? path : path + "?" + query
    }

    func chip(_ name: String, _ value: String, _ label: String, count: Int?) -> JSON {
        let isChosen = values.contains { $0.name == name && $0.value == value }
        return .object([
            ("code", .string(value)), ("label", .string(label)), ("chosen", .bool(isChosen)),
            ("href", .string(address(setting: name, isChosen ? nil : value))),
            ("count", count.map { $0 == 0 ? .null : .integer($0) } ?? .null),
        ])
    }

    /// The chip that takes a filter away.
    func all(_ name: String) -> JSON {
        [
            "href": .string(address(setting: name, nil)),
            "chosen": .bool(!values.contains { $0.name == name }),
        ]
    }

    /// The other filters, for a search form to carry along.
    func hidden(except name: String) -> JSON {
        .array(values.filter { $0.name != name }.map { ["name": .string($0.name), "value": .string($0.value)] })
    }
}
