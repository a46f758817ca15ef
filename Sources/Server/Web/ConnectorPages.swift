import Access
import HTTPTypes
import Hummingbird
import Kernel
import Pipeline

/// Connecting an OA, its secrets, and taking it out of use (接入).
struct ConnectorPages {
    let rooms: ServerRooms

    func form(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let kind = request.query("kind") ?? ""
        return try await form(kind, typed: { _ in nil }, context, book)
    }

    /// A secret that was made here stands on this answer alone.
    func add(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let kind = form["kind"] ?? ""
        var answers = ConnectorOffice.Answers()
        (answers.id, answers.kind, answers.name) = (form["id"] ?? "", kind, form["name"] ?? "")
        answers.homeBook = form["home_book"] ?? ""
        for field in rooms.integrations.kinds.first(where: { $0.id == kind })?.fields ?? [] {
            answers.values[field.name] = Self.value(of: field, form)
        }
        do {
            let made = try await rooms.integrations.add(answers, by: try context.requireVisitor())
            guard made.secret != nil else { return Self.back(to: made.setting.id, "connector", book) }
            return try await shown(made, form, context, book)
        } catch let error as any Explainable where !(error is AccessError) && !(error is DoorError) {
            return try await self.form(kind, typed: { form[$0] }, context, book, problem: error)
        }
    }

    func setActive(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try form.require("connector")
        let isActive = form["active"] == "1"
        _ = try await rooms.integrations.setActive(isActive, id, by: try context.requireVisitor())
        return Self.back(to: id, isActive ? "connectorOn" : "connectorOff", book)
    }

    /// Says on the page of the connectors whether the vendor answers.
    func check(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try form.require("connector")
        try await rooms.integrations.check(id, by: try context.requireVisitor())
        return Self.back(to: id, "reached", book)
    }

    func replaceSecret(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try form.require("connector")
        var values: [String: String] = [:]
        for kind in rooms.integrations.kinds {
            for field in kind.fields where field.form == .secret { values[field.name] = form["secret_" + field.name] }
        }
        let visitor = try context.requireVisitor()
        let made = try await rooms.integrations.replaceSecrets(values, of: id, by: visitor)
        guard made.secret != nil else { return Self.back(to: id, "secret", book) }
        return try await shown(made, form, context, book)
    }

    func retireSecret(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try form.require("connector")
        _ = try await rooms.integrations.retireSecret(of: id, by: try context.requireVisitor())
        return Self.back(to: id, "retired", book)
    }

    private func form(
        _ kind: String, typed: @Sendable (String) -> String?, _ context: DoorContext, _ book: Book.ID,
        problem: (any Explainable)? = nil
    ) async throws -> Response {
        let desk = PageDesk(rooms)
        let dress = desk.dress(context)
        let kinds = rooms.integrations.kinds
        let chosen = kinds.first { $0.id == kind } ?? kinds.first
        let companies = try await rooms.store.books().filter { $0.kind == .company }
        let view: JSON = .object([
            (
                "kinds",
                .array(
                    kinds.map {
                        [
                            "id": .string($0.id), "label": .string($0.name.text(in: dress.language)),
                            "chosen": .bool($0.id == chosen?.id),
                        ]
                    }
                )
            ),
            ("kind", .optional(chosen?.id)), ("id", .optional(typed("id"))), ("name", .optional(typed("name"))),
            ("makesSecret", .bool(chosen?.makesItsSecret == true)),
            ("hasMapping", .bool(chosen.map { rooms.integrations.mappings[$0.id] != nil } ?? false)),
            (
                "companies",
                .array(
                    companies.map {
                        [
                            "id": .string($0.id.text), "name": .string($0.name),
                            "chosen": .bool($0.id.text == typed("home_book") ?? book.text),
                        ]
                    }
                )
            ),
            ("fields", .array((chosen?.askedFields ?? []).filter(\.isRequired).map { Self.row($0, typed, dress) })),
            ("more", .array((chosen?.askedFields ?? []).filter { !$0.isRequired }.map { Self.row($0, typed, dress) })),
            ("problem", dress.problem(problem?.problem)),
        ])
        return try await desk.page(
            "connector-new", nav: "connectors", title: dress.texts.text("connectors", "add"), view, context, book,
            address: "/connectors/new?kind=" + (chosen?.id ?? ""),
            status: problem.map { HTTPResponse.Status(code: ProblemStatus.of($0)) } ?? .ok
        )
    }

    private func shown(
        _ made: MadeSecret, _ form: Form, _ context: DoorContext, _ book: Book.ID
    ) async throws -> Response {
        let desk = PageDesk(rooms)
        let address = rooms.address(of: form.request)
        let view: JSON = .object([
            ("id", .string(made.setting.id)), ("name", .string(made.setting.name)),
            ("secret", .optional(made.secret)), ("address", .string(address + "/in/" + made.setting.id)),
            ("example", .optional(ConnectorExample.shell(made.setting, at: address))),
            ("href", .string("/connectors?connector=" + made.setting.id)),
        ])
        return try await desk.page(
            "connector-secret", nav: "connectors", title: made.setting.name, view, context, book, address: "/connectors"
        )
    }

    private static func back(to id: String, _ done: String, _ book: Book.ID) -> Response {
        .seeOther(
            "/connectors?connector=\(id.addingPercentEncodingForQuery)&done=\(done)"
                + "&book=\(book.text.addingPercentEncodingForQuery)"
        )
    }

    private static func row(
        _ field: ConnectorKind.Field, _ typed: (String) -> String?, _ dress: Dress
    ) -> JSON {
        .object([
            ("name", .string(field.name)), ("label", .string(field.label.text(in: dress.language))),
            ("help", .string(field.help.text(in: dress.language))), ("required", .bool(field.isRequired)),
            ("isSecret", .bool(field.form == .secret)), ("isFlag", .bool(field.form == .flag)),
            ("isLong", .bool(field.form == .list || field.form == .table)),
            // A secret is typed again rather than sent back.
            ("value", field.form == .secret ? .null : .optional(typed("field_" + field.name))),
        ])
    }

    /// What a field of the form says, in the shape of its kind: lists by line, tables as `name = value` by line.
    private static func value(of field: ConnectorKind.Field, _ form: Form) -> JSON? {
        guard let text = form["field_" + field.name] else { return nil }
        let lines = text.split { $0.isNewline || $0 == "," || $0 == "，" }.map { String($0).trimmed }
        switch field.form {
        case .text, .secret: return .string(text)
        case .number: return Int(text).map { .integer($0) } ?? .string(text)
        case .flag: return .bool(true)
        case .list: return .array(lines.filter { !$0.isEmpty }.map(JSON.string))
        case .table:
            return .object(
                lines.compactMap { line in
                    let parts = line.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
                    return parts.count == 2 ? (parts[0], .string(parts[1])) : nil
                }
            )
        }
    }
}

extension ConnectorKind {
    /// The fields a person is asked for; a secret that is made here is not among them.
    var askedFields: [Field] {
        makesItsSecret ? fields.filter { $0.form != .secret } : fields
    }
}
