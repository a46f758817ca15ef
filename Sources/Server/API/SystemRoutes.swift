import Access
import Hummingbird
import Kernel
import Pipeline

/// Health, metrics, the API's description, schemas, and the OA's way in.
struct SystemRoutes {
    let rooms: ServerRooms
    /// The largest delivery, with its attachments in Base64.
    static let deliveryLimit = 32 << 20

    func alive(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response { .text("ok\n") }

    func version(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        .json(["version": .string(rooms.version)])
    }

    func description(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        .json(OpenAPI.document(of: ServerRoutes.all(rooms), shapes: rooms.shapes, version: rooms.version))
    }

    func ready(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let reasons = await rooms.unreadiness()
        guard reasons.isEmpty else { throw DoorError.notReady(reasons) }
        return .text("ready\n")
    }

    func schema(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let name = try context.parameters.require("name")
        guard let schema = rooms.schemas[name] else { throw DoorError.notFound("schema " + name) }
        return .json(schema)
    }

    /// An OA's delivery; the answer goes out after the commit.
    func receive(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let connector = try context.parameters.require("connector")
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
        let inbound = InboundRequest(
            method: request.method.rawValue, headers: headers, query: query,
            body: try await request.bytes(upTo: Self.deliveryLimit)
        )
        let answer = try await rooms.reception.receive(inbound, for: connector)
        return Response(
            status: .init(code: answer.status), headers: [.contentType: answer.contentType],
            body: ResponseBody(byteBuffer: .init(bytes: answer.body))
        )
    }

    /// Prometheus text; no ids, names or amounts as labels.
    func metrics(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        var lines: [String] = []
        let now = rooms.clock()
        for company in try await rooms.store.books() {
            let health = try await rooms.store.read(company.id) { try BookHealth(of: $0, at: now) }
            let label = "{book=\"\(company.id.text)\"}"
            lines.append("pingqiao_queue_depth\(label) \(health.waitingJobs)")
            lines.append("pingqiao_dead_letters\(label) \(health.deadLetters)")
            lines.append("pingqiao_oldest_pending_seconds\(label) \(health.oldestDueSeconds)")
            if company.kind == .inbox {
                let held = try await rooms.store.read(company.id) { try $0.inbox.held(limit: InboxHealth.limit).count }
                lines.append("pingqiao_deliveries_held\(label) \(held)")
            }
            guard company.kind == .company else { continue }
            for state in Case.State.allCases {
                lines.append(
                    "pingqiao_cases{book=\"\(company.id.text)\",state=\"\(state.rawValue)\"} \(health.count(state))"
                )
            }
        }
        for figure in rooms.storeFigures() { lines.append("pingqiao_store_\(figure.name) \(figure.value)") }
        return .text(lines.joined(separator: "\n") + "\n", type: "text/plain; version=0.0.4; charset=utf-8")
    }
}
