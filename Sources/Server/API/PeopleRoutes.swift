import Access
import Hummingbird
import Kernel
import Pipeline

/// The routes under `/api/v1/people`: who may sign in, and with which roles.
struct PeopleRoutes {
    let rooms: ServerRooms

    func list(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let people = try await rooms.people.all(for: try context.requireVisitor())
        return .json(["items": .array(people.map(\.answer))])
    }

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        .json(try await file(context).answer)
    }

    func add(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let body = try await request.json(upTo: Form.limit)
        let added = try await rooms.people.add(
            login: body["login"]?.string ?? "", name: body["name"]?.string ?? "", by: try context.requireVisitor()
        )
        return .json(added.answer, status: .created)
    }

    func disable(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        try await setActive(false, context)
    }

    func enable(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        try await setActive(true, context)
    }

    func resetPassword(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        .json(try await rooms.people.resetPassword(try Self.id(context), by: try context.requireVisitor()).answer)
    }

    func setRoles(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let body = try await request.json(upTo: Form.limit)
        guard let names = body["roles"]?.array, let target = body["book"]?.string, !target.isEmpty else {
            throw DoorError.badParameter("book, roles", expected: "a book and a list of roles", found: body.text)
        }
        let roles = try names.map { name -> Role in
            guard let role = name.string.flatMap({ Role(rawValue: $0) }) else { throw RoleName.unknown(name.text) }
            return role
        }
        let visitor = try context.requireVisitor()
        let id = try Self.id(context)
        try await rooms.people.setRoles(Set(roles), of: id, in: Book.ID(target), by: visitor)
        return .json(try await file(context).answer)
    }

    private func setActive(_ isActive: Bool, _ context: DoorContext) async throws -> Response {
        try await rooms.people.setActive(isActive, try Self.id(context), by: try context.requireVisitor())
        return .json(try await file(context).answer)
    }

    private func file(_ context: DoorContext) async throws -> PersonFile {
        try await rooms.people.find(try Self.id(context), for: try context.requireVisitor())
    }

    private static func id(_ context: DoorContext) throws -> Person.ID {
        Person.ID(try context.parameters.requireText("id"))
    }
}

/// Reads roles as requests write them.
enum RoleName {
    static func unknown(_ found: String) -> DoorError {
        .badParameter("roles", expected: Role.allCases.map(\.rawValue).joined(separator: ", "), found: found)
    }
}

extension PersonFile {
    var answer: JSON {
        person.answer.setting("active", .bool(person.isActive))
            .setting("one_time_until", .optional(oneTimeUntil?.text))
            .setting(
                "grants",
                .array(grants.map { ["role": .string($0.role.rawValue), "book": .string($0.book)] })
            )
    }
}

extension NewPerson {
    var answer: JSON {
        [
            "person": person.answer, "one_time_password": .string(password.text),
            "one_time_until": .string(password.until.text),
        ]
    }
}
