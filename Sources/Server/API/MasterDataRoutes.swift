import Access
import Hummingbird
import Kernel
import Ledger
import Pipeline

/// The routes under `/api/v1/master-data` and `/api/v1/rule-books`.
struct MasterDataRoutes {
    let rooms: ServerRooms

    func chart(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let chart = try await rooms.store.read(book) { try $0.masterData.chart() }
        return .json(["items": .array(chart.accounts.map(\.answer))])
    }

    func items(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let dimension = request.query("dimension")
        let items = try await rooms.store.read(book) { try $0.masterData.items() }
        let shown = items.filter { dimension == nil || $0.dimension == dimension }
        return .json(["items": .array(shown.map(\.answer))])
    }

    func setItem(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let dimension = try context.parameters.requireText("dimension")
        let code = try context.parameters.requireText("code")
        let body = try await request.json(upTo: Form.limit)
        guard let name = body["name"]?.string, !name.isEmpty else {
            throw DoorError.badParameter("name", expected: "a text", found: body["name"]?.text ?? "")
        }
        let item = MasterItem(
            dimension: dimension, code: code, name: name, attributes: body["attributes"] ?? [:],
            isActive: body["active"]?.bool ?? true
        )
        let resumed = try await rooms.cases.set(item, in: book, by: try context.requireVisitor())
        return .json(item.answer.setting("resumed_cases", .integer(resumed)))
    }

    func mappings(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let mappings = try await rooms.store.read(book) { try $0.masterData.mappings() }
        return .json(["items": .array(mappings.map(\.answer))])
    }

    func setMapping(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let body = try await request.json(upTo: Form.limit)
        func text(_ name: String) throws -> String {
            guard let text = body[name]?.string, !text.isEmpty else {
                throw DoorError.badParameter(name, expected: "a text", found: body[name]?.text ?? "")
            }
            return text
        }
        let mapping = PartyMapping(
            connector: try text("connector"), dimension: try text("dimension"), vendorID: try text("vendor_id"),
            code: try text("code")
        )
        let resumed = try await rooms.cases.map(mapping, to: nil, in: book, by: try context.requireVisitor())
        return .json(mapping.answer.setting("resumed_cases", .integer(resumed)))
    }

    func ruleBooks(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let versions = try await rooms.store.read(book) { try $0.ruleBooks.versions() }
        return .json(["items": .array(versions.map(\.answer))])
    }
}

extension Parameters {
    /// A part of the path with its percent signs undone.
    func requireText(_ name: String) throws -> String {
        Form.decoded(Array(try require(name).utf8)[...], plusIsBlank: false)
    }
}

extension Account {
    var answer: JSON {
        .object([
            ("code", .string(code.text)), ("name", .string(name)), ("class", .string(accountClass.rawValue)),
            ("direction", .string(direction.rawValue)), ("parent", .optional(parent?.text)), ("leaf", .bool(isLeaf)),
            ("dimensions", .array(dimensions.map(JSON.string))), ("active", .bool(isActive)),
        ])
    }
}

extension MasterItem {
    var answer: JSON {
        .object([
            ("dimension", .string(dimension)), ("code", .string(code)), ("name", .string(name)),
            ("attributes", attributes), ("active", .bool(isActive)),
        ])
    }
}

extension PartyMapping {
    var answer: JSON {
        .object([
            ("connector", .string(connector)), ("dimension", .string(dimension)), ("vendor_id", .string(vendorID)),
            ("code", .string(code)),
        ])
    }
}

extension RuleBookText {
    var answer: JSON {
        .object([
            ("name", .string(name)), ("version", .integer(version)), ("effective_from", .string(effectiveFrom.text)),
            ("state", .string(state.rawValue)), ("author", .string(author)), ("publisher", .optional(publisher)),
            ("text", .string(text)),
        ])
    }
}
