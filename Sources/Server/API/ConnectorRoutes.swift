import Access
import Hummingbird
import Kernel
import Pipeline

/// The routes under `/api/v1/connectors`. Secrets go in and never come out, but for one that was made just now.
struct ConnectorRoutes {
    /// A mapping with a sample of a form beside it.
    private static let mappingLimit = 1 << 20

    let rooms: ServerRooms

    func list(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let all = try await ConnectorList.of(try context.requireVisitor(), book, in: rooms.store)
        let address = rooms.address(of: request)
        return .json(["items": .array(all.map { $0.answer(at: address) })])
    }

    func kinds(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        .json(["items": .array(rooms.integrations.kinds.map(\.answer))])
    }

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try context.parameters.requireText("id")
        let all = try await ConnectorList.of(try context.requireVisitor(), book, in: rooms.store)
        guard let setting = all.first(where: { $0.id == id }) else { throw ConnectorOfficeError.unknown(id) }
        return .json(setting.answer(at: rooms.address(of: request)))
    }

    func add(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let body = try await request.json(upTo: 1 << 20)
        var answers = ConnectorOffice.Answers()
        (answers.id, answers.kind) = (body["id"]?.string ?? "", body["kind"]?.string ?? "")
        answers.name = body["name"]?.string ?? ""
        answers.homeBook = body["home_book"]?.string ?? (book == Book.installation ? "" : book.text)
        for member in (body["options"]?.members ?? []) + (body["secrets"]?.members ?? []) {
            answers.values[member.name] = member.value
        }
        answers.mapping = body["mapping"]?.members == nil ? nil : body["mapping"]
        let made = try await rooms.integrations.add(answers, by: try context.requireVisitor())
        return .json(made.answer(at: rooms.address(of: request)), status: .created)
    }

    func disable(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        try await setActive(false, request, context)
    }

    func enable(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        try await setActive(true, request, context)
    }

    func replaceSecret(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let hasBody = (request.headers[.contentLength] ?? "0") != "0"
        let body = hasBody ? try await request.json(upTo: Form.limit) : [:]
        var values: [String: String] = [:]
        for member in body.members ?? [] { values[member.name] = member.value.string }
        let id = try context.parameters.requireText("id")
        let made = try await rooms.integrations.replaceSecrets(values, of: id, by: try context.requireVisitor())
        return .json(made.answer(at: rooms.address(of: request)))
    }

    func retireSecret(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try context.parameters.requireText("id")
        let setting = try await rooms.integrations.retireSecret(of: id, by: try context.requireVisitor())
        return .json(setting.answer(at: rooms.address(of: request)))
    }

    func check(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try context.parameters.requireText("id")
        try await rooms.integrations.check(id, by: try context.requireVisitor())
        return .json(["id": .string(id), "reached": true])
    }

    func mapping(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try context.parameters.requireText("id")
        let all = try await ConnectorList.of(try context.requireVisitor(), book, in: rooms.store)
        guard let setting = all.first(where: { $0.id == id }) else { throw ConnectorOfficeError.unknown(id) }
        return .json(setting.mappingAnswer)
    }

    func setMapping(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try context.parameters.requireText("id")
        let mapping = try await request.json(upTo: Self.mappingLimit)
        let setting = try await rooms.integrations.setMapping(mapping, of: id, by: try context.requireVisitor())
        return .json(setting.mappingAnswer)
    }

    func tryMapping(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try context.parameters.requireText("id")
        let body = try await request.json(upTo: Self.mappingLimit)
        let sample: ConnectorOffice.Sample
        if let payload = body["payload"], payload != .null {
            sample = .payload(payload)
        } else if let key = body["delivery"]?.string {
            sample = .delivery(key)
        } else {
            throw DoorError.badParameter("delivery", expected: "the key of a delivery, or `payload`", found: "neither")
        }
        let mapping = body["mapping"].flatMap { $0 == .null ? nil : $0 }
        let visitor = try context.requireVisitor()
        return .json(
            try await rooms.integrations.trial(of: mapping, on: sample, connector: id, by: visitor).answer
        )
    }

    private func setActive(_ isActive: Bool, _ request: Request, _ context: DoorContext) async throws -> Response {
        let id = try context.parameters.requireText("id")
        let setting = try await rooms.integrations.setActive(isActive, id, by: try context.requireVisitor())
        return .json(setting.answer(at: rooms.address(of: request)))
    }
}

extension ServerRooms {
    /// The address the outside knows this server by, as the request used it.
    func address(of request: Request) -> String {
        (servesHTTPS ? "https://" : "http://") + (request.head.authority ?? "localhost")
    }
}

extension ConnectorSetting {
    func answer(at address: String) -> JSON {
        .object([
            ("id", .string(id)), ("kind", .string(kind)), ("name", .string(name)), ("active", .bool(isActive)),
            ("home_book", .string(homeBook.text)), ("options", options),
            ("secrets", .array(secrets.keys.sorted().map(JSON.string))), ("mapping_version", .integer(mappingVersion)),
            ("callback_address", .string(address + "/in/" + id)),
            ("example", .optional(ConnectorExample.shell(self, at: address))),
        ])
    }
}

extension ConnectorSetting {
    var mappingAnswer: JSON {
        ["id": .string(id), "version": .integer(mappingVersion), "mapping": mapping]
    }
}

extension ConnectorOffice.Trial {
    var answer: JSON {
        .object([
            ("document", document ?? .null), ("problems", .array(problems.map(\.json))),
            ("unmapped", .array(unmapped.map(JSON.string))),
        ])
    }
}

extension MadeSecret {
    func answer(at address: String) -> JSON {
        setting.answer(at: address).setting("secret", .optional(secret))
    }
}

extension ConnectorKind {
    var answer: JSON {
        .object([
            ("id", .string(id)), ("name", name.json), ("needs_mapping", .bool(needsMapping)),
            (
                "fields",
                .array(
                    fields.map {
                        [
                            "name": .string($0.name), "label": $0.label.json, "help": $0.help.json,
                            "form": .string($0.form.rawValue), "required": .bool($0.isRequired),
                        ]
                    }
                )
            ),
        ])
    }
}

/// A first delivery that an implementer can send from a shell.
enum ConnectorExample {
    /// A signed travel request, which books nothing; `nil` where only the vendor can sign.
    static func shell(_ setting: ConnectorSetting, at address: String) -> String? {
        guard setting.kind == "generic" else { return nil }
        let party: JSON = ["id": "try", "name": "接入测试"]
        let document = JSON.object([
            (
                "source",
                [
                    "connector": .string(setting.id), "tenant": "try", "instance": "TRY-$time", "revision": 1,
                    "outcome": "approved",
                ]
            ),
            ("kind", "travel_request"), ("number", "TRY-$time"), ("title", "接入测试"),
            ("company", ["id": .string(setting.homeBook.text), "name": .string(setting.homeBook.text)]),
            ("applicant", party), ("department", party), ("currency", "CNY"), ("total", "0.00"),
            ("submitted_at", "$now"), ("approved_at", "$now"), ("items", []),
        ])
        let body = document.text.replacing("$time", with: "'\"$time\"'").replacing("$now", with: "'\"$now\"'")
        return """
            secret='whsec_…'
            time=$(date +%s); id="try-$time"; now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
            body='\(body)'
            key=$(printf %s "${secret#whsec_}" | base64 -d | od -An -vtx1 | tr -d ' \\n')
            sig=$(printf '%s.%s.%s' "$id" "$time" "$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -binary | base64)
            curl -sS -d "$body" -H 'content-type: application/json' -H "webhook-id: $id" -H "webhook-timestamp: $time" \\
              -H "webhook-signature: v1,$sig" \(address)/in/\(setting.id)
            """
    }
}
