import Access
import Hummingbird
import Kernel
import Ledger
import Pipeline

/// The routes under `/api/v1/cases`. A handler asks, and dresses the answer as JSON.
struct CaseRoutes {
    let rooms: ServerRooms

    func list(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let query = try CaseListQuery.read(request)
        let page = try await rooms.store.read(book) { try $0.cases.page(query) }
        return .json(["items": .array(page.items.map(\.answer)), "next_cursor": .optional(page.next)])
    }

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Case.ID(try context.parameters.require("id"))
        let file = try await rooms.store.read(book) { try CaseFile(id, in: $0) }
        guard let file else { throw CaseDeskError.unknown(id) }
        return .json(file.answer)
    }

    func retry(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Case.ID(try context.parameters.require("id"))
        try await rooms.cases.retry(id, in: book, by: try context.requireVisitor(), reason: "asked by API")
        return .json(["case": .string(id.text), "state": "queued"], status: .accepted)
    }

    func overview(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let now = rooms.clock()
        let health = try await rooms.store.read(book) { try BookHealth(of: $0, at: now) }
        let inboxes = try await InboxHealth.of(book, in: rooms.store).compactMap(\.alert)
        let alerts = (health.answer["alerts"]?.array ?? []) + inboxes.map(\.answer)
        return .json(health.answer.setting("alerts", .array(alerts)))
    }

    func end(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = Case.ID(try context.parameters.require("id"))
        let reason = try await request.json(upTo: Form.limit)["reason"]?.string ?? ""
        try await rooms.cases.end(id, in: book, by: try context.requireVisitor(), reason: reason)
        return .json(["case": .string(id.text), "state": .string(Case.State.nothingToBook.rawValue)])
    }

    func deadLetters(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let dead = try await rooms.store.read(book) { try $0.jobs.deadLetters(limit: 200) }
        return .json(["items": .array(dead.map(\.answer))])
    }

    func revive(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let text = try context.parameters.requireText("id")
        guard let id = Int64(text) else { throw DoorError.badParameter("id", expected: "a number", found: text) }
        try await rooms.cases.revive(id, in: book, by: try context.requireVisitor())
        return .json(["id": .integer(Int(id)), "state": "queued"], status: .accepted)
    }
}

/// The list's filters, as they stand in the address.
enum CaseListQuery {
    static func read(_ request: Request) throws(DoorError) -> CaseQuery {
        var states: [Case.State] = []
        for word in (request.query("state") ?? "").split(separator: ",") {
            guard let state = Case.State(rawValue: String(word)) else {
                throw .badParameter("state", expected: "one of \(names(Case.State.allCases))", found: String(word))
            }
            states.append(state)
        }
        let step = request.query("step")
        if let step, Step(rawValue: step) == nil {
            throw .badParameter("step", expected: "one of \(names(Step.allCases))", found: step)
        }
        return CaseQuery(
            states: states, step: step.flatMap(Step.init(rawValue:)), kind: request.query("kind"),
            problemCode: request.query("problem"), text: request.query("q"), limit: try request.limit(),
            cursor: request.query("cursor")
        )
    }

    private static func names(_ cases: some Collection<some RawRepresentable<String>>) -> String {
        cases.map(\.rawValue).joined(separator: ", ")
    }
}
