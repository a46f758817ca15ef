import Access
import HTTPTypes
import Hummingbird
import Kernel
import Pipeline

/// Who may sign in, with which roles in which book (人员).
struct PeoplePages {
    let rooms: ServerRooms

    func list(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        try await list(context, book)
    }

    /// The one-time password stands on this answer alone: it is no page one can come back to.
    func add(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        do {
            let added = try await rooms.people.add(
                login: form["login"] ?? "", name: form["name"] ?? "", by: try context.requireVisitor()
            )
            return try await list(context, book, handOver: added)
        } catch let error as any Explainable where !(error is DoorError) {
            let typed: JSON = ["login": .optional(form["login"]), "name": .optional(form["name"])]
            return try await list(context, book, problem: error, typed: typed)
        }
    }

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        try await show(try Self.id(context), context, book, done: request.query("done"))
    }

    func setActive(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try Self.id(context)
        let isActive = form["active"] == "1"
        do {
            try await rooms.people.setActive(isActive, id, by: try context.requireVisitor())
        } catch let error as PeopleError {
            return try await show(id, context, book, problem: error)
        }
        return .seeOther(Self.address(id) + "?done=" + (isActive ? "enabled" : "disabled"))
    }

    func resetPassword(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try Self.id(context)
        let reset = try await rooms.people.resetPassword(id, by: try context.requireVisitor())
        return try await show(id, context, book, handOver: reset)
    }

    func setRoles(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let id = try Self.id(context)
        let target = Book.ID(try form.require("target"))
        let roles = Set(Role.allCases.filter { form["role_" + $0.rawValue] != nil })
        do {
            try await rooms.people.setRoles(roles, of: id, in: target, by: try context.requireVisitor())
        } catch let error as any Explainable where error is AccessError || error is PeopleError {
            return try await show(id, context, book, problem: error, ticked: (target, roles))
        }
        return .seeOther(Self.address(id) + "?done=roles")
    }

    private func list(
        _ context: DoorContext, _ book: Book.ID, handOver: NewPerson? = nil, problem: (any Explainable)? = nil,
        typed: JSON = [:]
    ) async throws -> Response {
        let visitor = try context.requireVisitor()
        let people = try await rooms.people.all(for: visitor)
        let books = try await rooms.store.books()
        let desk = PageDesk(rooms)
        let dress = desk.dress(context)
        let view: JSON = .object([
            ("people", .array(people.map { PeopleView.row($0, books, dress) })),
            ("mayEdit", .bool(visitor.may(.usersEdit, in: Book.installation))),
            ("mayAssign", .bool(visitor.may(.rolesAssign, in: Book.installation))),
            ("handOver", PeopleView.handOver(handOver, dress)), ("problem", dress.problem(problem?.problem)),
            ("typed", typed),
        ])
        return try await desk.page(
            "people", nav: "people", title: dress.texts.text("nav", "people"), view, context, book, address: "/people",
            status: problem.map { HTTPResponse.Status(code: ProblemStatus.of($0)) } ?? .ok
        )
    }

    private func show(
        _ id: Person.ID, _ context: DoorContext, _ book: Book.ID, done: String? = nil, handOver: NewPerson? = nil,
        problem: (any Explainable)? = nil, ticked: (book: Book.ID, roles: Set<Role>)? = nil
    ) async throws -> Response {
        let visitor = try context.requireVisitor()
        let file = try await rooms.people.find(id, for: visitor)
        let books = try await rooms.store.books()
        let desk = PageDesk(rooms)
        let dress = desk.dress(context)
        let view = PeopleView.row(file, books, dress).merging(
            .object([
                ("mayEdit", .bool(visitor.may(.usersEdit, in: Book.installation))),
                ("mayAssign", .bool(visitor.may(.rolesAssign, in: Book.installation))),
                ("isSelf", .bool(visitor.person.id == id)), ("handOver", PeopleView.handOver(handOver, dress)),
                ("problem", dress.problem(problem?.problem)), ("done", dress.done(done)),
                ("places", PeopleView.places(file, books, ticked, dress)),
                (
                    "conflicts",
                    .array(file.conflicts.map { .string($0.problem.title.text(in: context.language)) })
                ),
            ])
        )
        return try await desk.page(
            "person", nav: "people", title: file.person.name, view, context, book, address: Self.address(id),
            status: problem.map { HTTPResponse.Status(code: ProblemStatus.of($0)) } ?? .ok
        )
    }

    private static func id(_ context: DoorContext) throws -> Person.ID {
        Person.ID(try context.parameters.requireText("id"))
    }

    private static func address(_ id: Person.ID) -> String { "/people/" + id.text.addingPercentEncodingForQuery }
}

/// People as their pages show them.
enum PeopleView {
    /// What can be given in the installation; everything else is of a company.
    private static let installationRoles: [Role] = [.admin, .security, .implementer, .auditor]

    static func row(_ file: PersonFile, _ books: [Book], _ dress: Dress) -> JSON {
        let roles = file.grants.map { grant in
            JSON.object([
                ("role", .string(grant.role.title.text(in: dress.language))),
                ("book", .string(name(of: grant.book, books, dress))),
            ])
        }
        return .object([
            ("id", .string(file.person.id.text)), ("login", .string(file.person.login)),
            ("name", .string(file.person.name)), ("isActive", .bool(file.person.isActive)),
            ("roles", .array(roles)), ("waits", .optional(file.oneTimeUntil.map { dress.time($0) })),
            ("href", .string("/people/" + file.person.id.text.addingPercentEncodingForQuery)),
        ])
    }

    /// One form for each book, with a box for each role that makes sense there or is held.
    static func places(
        _ file: PersonFile, _ books: [Book], _ ticked: (book: Book.ID, roles: Set<Role>)?, _ dress: Dress
    ) -> JSON {
        let companies = books.filter { $0.kind == .company }.map(\.id)
        let held = Set(file.grants.map(\.book)).subtracting(companies.map(\.text) + [Book.installation.text])
        let places = companies + [Book.installation] + held.sorted().map { Book.ID($0) }
        return .array(
            places.map { place in
                let held = ticked.flatMap { $0.book == place ? $0.roles : nil } ?? file.roles(in: place)
                let offered = Role.allCases.filter { role in
                    let fits =
                        place == Book.installation
                        ? installationRoles.contains(role) : ![Role.admin, .security].contains(role)
                    return fits || held.contains(role)
                }
                return .object([
                    ("place", .string(place.text)), ("placeName", .string(name(of: place.text, books, dress))),
                    (
                        "offered",
                        .array(
                            offered.map { role in
                                .object([
                                    ("value", .string(role.rawValue)), ("ticked", .bool(held.contains(role))),
                                    ("label", .string(role.title.text(in: dress.language))),
                                    ("what", .string(dress.texts.text("roleHint", role.rawValue))),
                                ])
                            }
                        )
                    ),
                ])
            }
        )
    }

    static func handOver(_ new: NewPerson?, _ dress: Dress) -> JSON {
        guard let new else { return .null }
        return [
            "name": .string(new.person.name), "login": .string(new.person.login),
            "password": .string(new.password.text), "until": .string(dress.time(new.password.until)),
        ]
    }

    private static func name(of book: String, _ books: [Book], _ dress: Dress) -> String {
        switch book {
        case Grant.everyBook: dress.texts.text("frame", "everyBook")
        case Book.installation.text: dress.texts.text("frame", "installation")
        default: books.first { $0.id.text == book }?.name ?? book
        }
    }
}
