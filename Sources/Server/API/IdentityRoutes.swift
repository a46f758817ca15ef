import Access
import Hummingbird
import Kernel
import Pipeline

/// Signing in by API, who one is, and the books one may see.
struct IdentityRoutes {
    let rooms: ServerRooms

    func signIn(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let body = try await request.json(upTo: 8 << 10)
        let signed = try await rooms.signIn.signIn(
            login: body["login"]?.string ?? "", password: body["password"]?.string ?? "", address: context.address
        )
        return .json(signed.answer)
    }

    func changePassword(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let body = try await request.json(upTo: 8 << 10)
        let signed = try await rooms.signIn.changePassword(
            of: try context.requireVisitor(), from: body["current"]?.string ?? "", to: body["new"]?.string ?? "",
            address: context.address
        )
        return .json(signed.answer)
    }

    func me(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let visitor = try context.requireVisitor()
        let books = try await BookList.of(visitor, in: rooms.store)
        let grants = visitor.grants.map { ["role": .string($0.role.rawValue), "book": .string($0.book)] as JSON }
        return .json(
            visitor.person.answer
                .setting("grants", .array(grants)).setting("book", .string(book.text))
                .setting("must_change_password", .bool(visitor.mustChangePassword))
                .setting("books", .array(books.map { ["id": .string($0.id.text), "name": .string($0.name)] }))
        )
    }

    func log(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let limit = try request.limit()
        let text = request.query("cursor") ?? "0"
        guard let from = Int64(text), from >= 0 else {
            throw DoorError.badParameter("cursor", expected: "a position of the log", found: text)
        }
        let (entries, size, root) = try await rooms.store.read(book) {
            (try $0.log.entries(from: from, limit: limit), try $0.log.size(), try $0.log.root())
        }
        let end = from + Int64(entries.count)
        return .json([
            "items": .array(entries.map(\.answer)), "next_cursor": end < size ? .string(String(end)) : .null,
            "size": .integer(size), "root": .string(root.hex),
        ])
    }

    func deliveries(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let connector = request.query("connector") ?? ""
        try await ConnectorList.require(connector, try context.requireVisitor(), book, in: rooms.store)
        let (limit, cursor) = (try request.limit(), request.query("cursor"))
        let page = try await rooms.store.read(Book.inbox(of: connector)) {
            try DeliveryStanding.page(in: $0, limit: limit, cursor: cursor)
        }
        return .json(["items": .array(page.items.map(\.answer)), "next_cursor": .optional(page.next)])
    }

    func replay(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let body = try await request.json(upTo: Form.limit)
        let (connector, key) = (body["connector"]?.string ?? "", body["key"]?.string ?? "")
        let visitor = try context.requireVisitor()
        try await ConnectorList.require(connector, visitor, book, in: rooms.store)
        try await rooms.cases.replay(key, of: connector, by: visitor)
        return .json(["connector": .string(connector), "key": .string(key), "state": "queued"], status: .accepted)
    }
}

extension Request {
    /// The body as JSON; a body of another type is refused, because only pages of ours can send this one (S-14).
    func json(upTo limit: Int) async throws -> JSON {
        let type = headers[.contentType]?.lowercased() ?? ""
        guard type.hasPrefix("application/json") else {
            throw DoorError.badParameter("content-type", expected: "application/json", found: String(type.prefix(80)))
        }
        return try JSON(parsing: try await bytes(upTo: limit))
    }
}

extension SignedIn {
    var answer: JSON {
        [
            "token": .string(token.text), "person": person.answer,
            "must_change_password": .bool(mustChangePassword),
        ]
    }
}

extension Person {
    var answer: JSON { ["id": .string(id.text), "login": .string(login), "name": .string(name)] }
}

extension StoredLogEntry {
    var answer: JSON {
        .object([
            ("sequence", .integer(entry.sequence)), ("at", .string(entry.at.text)), ("actor", .string(entry.actor)),
            ("kind", .string(entry.kind)), ("subject", .string(entry.subject)), ("unit", .string(entry.unit)),
            ("body", entry.body), ("leaf", .string(leaf.hex)),
        ])
    }
}

extension DeliveryStanding {
    var answer: JSON {
        .object([
            ("key", .string(delivery.key)), ("connector", .string(delivery.connector)),
            ("state", .string(delivery.state.rawValue)), ("sha256", .string(delivery.digest.hex)),
            ("size", .integer(delivery.payload.count)), ("attempts", .integer(attempts)),
            ("next_attempt_at", .optional(nextAttemptAt?.text)), ("received_at", .string(delivery.receivedAt.text)),
            ("problem", problem?.json ?? .null), ("case", .optional(delivery.caseID?.text)),
            ("case_book", .optional(delivery.caseBook?.text)),
        ])
    }
}
