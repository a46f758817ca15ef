import Access
import HTTPTypes
import Hummingbird
import Kernel
import Pipeline

/// A connector's mapping: read, tried on what came, put into use (映射).
struct MappingPages {
    let rooms: ServerRooms
    private static let recent = 20

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        try await page(request.query("connector") ?? "", context, book, done: request.query("done"))
    }

    func set(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try form.require("connector")
        do {
            let mapping = try JSON(parsing: try form.require("mapping"))
            _ = try await rooms.integrations.setMapping(mapping, of: id, by: try context.requireVisitor())
        } catch let error as any Explainable where error is JSONError || error is MappingError {
            return try await page(id, context, book, typed: form, problem: error)
        }
        return .seeOther(
            "/connectors/mapping?connector=\(id.addingPercentEncodingForQuery)&done=mapping"
                + "&book=\(book.text.addingPercentEncodingForQuery)"
        )
    }

    /// Shows what the typed mapping makes of a delivery.
    func trial(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try form.require("connector")
        do {
            let trial = try await rooms.integrations.trial(
                of: try JSON(parsing: try form.require("mapping")), on: .delivery(try form.require("delivery")),
                connector: id, by: try context.requireVisitor()
            )
            return try await page(id, context, book, typed: form, trial: trial)
        } catch let error as any Explainable
            where error is JSONError || error is MappingError || error is ConnectorError
        {
            return try await page(id, context, book, typed: form, problem: error)
        }
    }

    private func page(
        _ id: String, _ context: DoorContext, _ book: Book.ID, done: String? = nil, typed: Form? = nil,
        trial: ConnectorOffice.Trial? = nil, problem: (any Explainable)? = nil
    ) async throws -> Response {
        let all = try await ConnectorList.of(try context.requireVisitor(), book, in: rooms.store)
        guard let setting = all.first(where: { $0.id == id }) else { throw ConnectorOfficeError.unknown(id) }
        let deliveries = try await rooms.store.read(Book.inbox(of: id)) {
            try $0.inbox.page(limit: Self.recent, cursor: nil).items
        }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context)
        let view: JSON = .object([
            ("id", .string(id)), ("name", .string(setting.name)), ("version", .integer(setting.mappingVersion)),
            ("mapping", .string(typed?["mapping"] ?? setting.mapping.pretty)),
            (
                "deliveries",
                .array(
                    deliveries.map {
                        [
                            "key": .string($0.key), "chosen": .bool($0.key == typed?["delivery"]),
                            "label": .string("\(dress.time($0.receivedAt)) · \($0.key.prefix(48))"),
                        ]
                    }
                )
            ),
            ("trial", trial.map { Self.view(of: $0, dress) } ?? .null), ("done", dress.done(done)),
            ("problem", dress.problem(problem?.problem)),
        ])
        return try await desk.page(
            "connector-mapping", nav: "connectors", title: dress.texts.text("connectors", "editMapping"), view, context,
            book, address: "/connectors",
            status: problem.map { HTTPResponse.Status(code: ProblemStatus.of($0)) } ?? .ok
        )
    }

    private static func view(of trial: ConnectorOffice.Trial, _ dress: Dress) -> JSON {
        .object([
            ("document", .optional(trial.document?.pretty)), ("isGood", .bool(trial.problems.isEmpty)),
            ("problems", .array(trial.problems.map { dress.problem($0) })),
            ("unmapped", .string(trial.unmapped.joined(separator: "、"))),
        ])
    }
}
