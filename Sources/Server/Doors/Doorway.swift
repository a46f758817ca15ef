import Access
import HTTPTypes
package import Hummingbird
import Kernel
package import Pipeline

/// Registers routes and stands before each of them. The one way a handler comes into the router.
package struct Doorway: Sendable {
    /// The cookie that remembers the book a person looked at last.
    package static let bookCookie = "pq_book"
    /// The most that a checked body may have; handlers ask for less.
    private static let bodyLimit = 1 << 20
    private let store: any BookStore
    private let shapes: APIShapes

    package init(_ store: any BookStore, shapes: APIShapes) {
        self.store = store
        self.shapes = shapes
    }

    package func add(_ routes: [Route], to router: Router<DoorContext>) {
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await answer(route, request, context)
            }
        }
    }

    private func answer(_ route: Route, _ request: Request, _ context: DoorContext) async throws -> Response {
        switch route.answer {
        case .request(let handler):
            let named = request.query("book") ?? Self.remembered(request)
            let book = try await pass(route.needs, named: named, isAsked: request.query("book") != nil, context)
            guard let note = route.note, let shape = note.body else {
                return try await handler(request, context, book)
            }
            var request = request
            let body = try await request.collectBody(upTo: Self.bodyLimit)
            if note.needsBody || body.readableBytes > 0 {
                try shapes.check(try await request.json(upTo: Self.bodyLimit), as: shape)
            }
            return try await handler(request, context, book)
        case .form(let handler):
            // Who is nobody learns nothing about the form.
            if route.needs != .nothing { _ = try context.requireVisitor() }
            let form = try await Form(request)
            if route.needs != .nothing { try form.check(for: try context.requireVisitor()) }
            // A form acts on the book of the page it stood on, whatever other tabs have opened since.
            let named = form["book"] ?? Self.remembered(request)
            let book = try await pass(route.needs, named: named, isAsked: form["book"] != nil, context)
            return try await handler(form, context, book)
        }
    }

    private static func remembered(_ request: Request) -> String? {
        request.cookies[bookCookie].map { Form.decoded(Array($0.value.utf8)[...], plusIsBlank: false) }
    }

    /// Lets whoever holds the right in, and says into which book.
    private func pass(
        _ needs: Needs, named: String?, isAsked: Bool, _ context: DoorContext
    ) async throws -> Book.ID {
        switch needs {
        case .nothing:
            return Book.installation
        case .newcomer:
            return try await chosenBook(named, isAsked: isAsked, try context.requireVisitor())
        case .person:
            return try await chosenBook(named, isAsked: isAsked, try Self.settled(context))
        case .right(let right):
            let visitor = try Self.settled(context)
            let book = try await chosenBook(named, isAsked: isAsked, visitor)
            try visitor.require(right, in: book)
            return book
        case .installation(let right):
            try Self.settled(context).require(right, in: Book.installation)
            return Book.installation
        }
    }

    /// The visitor, once they have a password nobody else has seen.
    private static func settled(_ context: DoorContext) throws -> Visitor {
        let visitor = try context.requireVisitor()
        guard !visitor.mustChangePassword else { throw AccessError.passwordChangeNeeded }
        return visitor
    }

    /// The book the request is about: the one it names, else the one remembered, else the visitor's first.
    ///
    /// A book the visitor has no role in does not exist for the visitor.
    private func chosenBook(_ named: String?, isAsked: Bool, _ visitor: Visitor) async throws -> Book.ID {
        if let named, !named.isEmpty {
            if visitor.grants.contains(where: { $0.covers(named) }) { return Book.ID(named) }
            if isAsked { throw DoorError.notFound("book " + named) }
        }
        return try await BookList.of(visitor, in: store).first?.id ?? Book.installation
    }
}

/// The companies a visitor has a role in.
enum BookList {
    static func of(_ visitor: Visitor, in store: any BookStore) async throws -> [Book] {
        try await store.books().filter { book in
            book.kind == .company && visitor.grants.contains { $0.covers(book.id.text) }
        }
    }
}
