import Access
import Hummingbird
import Kernel
import Ledger
import Pipeline

/// The first page: how many cases stand where, what waits for the visitor, what is wrong (总览).
struct OverviewPage {
    let rooms: ServerRooms
    private static let recentLimit = 10
    private static let tasksLimit = 12

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let desk = PageDesk(rooms)
        let visitor = try context.requireVisitor()
        let title = desk.texts(context).text("nav", "overview")
        guard visitor.may(.casesRead, in: book) else {
            return try await desk.page("welcome", nav: "overview", title: title, [:], context, book)
        }
        let now = rooms.clock()
        let seen = try await rooms.store.read(book) { try Overview(in: $0, for: visitor, at: now) }
        let inboxes = visitor.may(.connectorRead, in: book) ? try await InboxHealth.of(book, in: rooms.store) : []
        let dress = desk.dress(context, seen.settings)
        let view: JSON = .object([
            ("figures", .array(Self.figures(seen.health, dress))),
            ("stations", .array(Self.stations(seen.health, dress))),
            ("tasks", .array(seen.tasks.map { Self.task($0, dress) })),
            ("problems", .array(seen.held.map(dress.row))), ("recent", .array(seen.recent.map(dress.row))),
            (
                "alerts",
                .array(
                    (seen.health.alerts + inboxes.compactMap(\.alert)).map {
                        ["text": dress.phrase($0.text), "href": .string($0.address)]
                    }
                )
            ),
            ("position", .integer(seen.logSize)), ("isEmpty", .bool(seen.recent.isEmpty)),
        ])
        return try await desk.page("overview", nav: "overview", title: title, view, context, book)
    }

    private static func figures(_ health: BookHealth, _ dress: Dress) -> [JSON] {
        let order: [Case.State] = [.held, .waiting, .running, .posted, .nothingToBook]
        return order.map { state in
            .object([
                ("state", dress.state(state)), ("count", .integer(health.count(state))),
                ("href", .string("/cases?state=" + state.rawValue)),
            ])
        }
    }

    private static func stations(_ health: BookHealth, _ dress: Dress) -> [JSON] {
        Step.allCases.map { step in
            let here = health.counts.filter { $0.step == step && !$0.state.isEnded && $0.count > 0 }
            let mark =
                here.contains { $0.state == .held }
                ? "held" : here.contains { $0.state == .waiting } ? "waiting" : here.isEmpty ? "" : "here"
            return .object([
                ("code", .string(step.rawValue)), ("label", .string(dress.step(step))),
                ("number", .integer(step.position + 1)), ("count", .integer(health.count(at: step))),
                ("mark", .string(mark)), ("href", .string("/cases?step=" + step.rawValue)),
            ])
        }
    }

    private static func task(_ task: Overview.Task, _ dress: Dress) -> JSON {
        dress.row(task.record).setting("duty", .string(dress.texts.text("duty", task.duty)))
    }
}

/// What the first page shows of a book.
struct Overview: Sendable {
    /// A voucher that waits for what the visitor may do.
    struct Task: Sendable {
        let record: VoucherRecord
        /// `review`, `sign`, `post` or `correct`.
        let duty: String
    }

    let settings: Book
    let health: BookHealth
    let tasks: [Task]
    let held: [Case]
    let recent: [Case]
    let logSize: Int64

    init(in records: any Records, for visitor: Visitor, at now: Timestamp) throws {
        settings = try records.settings()
        health = try BookHealth(of: records, at: now)
        recent = try records.cases.page(CaseQuery(limit: 10)).items
        held = try records.cases.page(CaseQuery(states: [.held], limit: 8)).items
        logSize = try records.log.size()
        tasks = try Self.tasks(in: records, for: visitor)
    }

    private static func tasks(in records: any Records, for visitor: Visitor) throws -> [Task] {
        let me = PersonID(visitor.person.id.text)
        let book = records.book
        guard visitor.may(.voucherRead, in: book) else { return [] }
        func vouchers(_ state: VoucherState) throws -> [VoucherRecord] {
            try records.vouchers.page(VoucherQuery(states: [state], limit: 50)).items
        }
        var tasks: [Task] = []
        if visitor.may(.voucherApprove, in: book) {
            tasks += try vouchers(.pending).filter { !$0.standing.makers.contains(me) }
                .map { Task(record: $0, duty: "review") }
        }
        if visitor.may(.voucherSign, in: book) {
            let open = try vouchers(.approved) + vouchers(.pending)
            tasks += open.filter { $0.needsCashier && $0.standing.cashier == nil && $0.standing.reviewer != me }
                .map { Task(record: $0, duty: "sign") }
        }
        if visitor.may(.voucherPost, in: book) {
            tasks += try vouchers(.approved)
                .filter { (!$0.needsCashier || $0.standing.cashier != nil) && !$0.standing.makers.contains(me) }
                .map { Task(record: $0, duty: "post") }
        }
        if visitor.may(.voucherEdit, in: book) {
            tasks += try vouchers(.draft).map { Task(record: $0, duty: "correct") }
        }
        return Array(tasks.prefix(12))
    }
}
