package import Access
package import HTTPTypes
package import Hummingbird
import Kernel
package import Pipeline

/// What a route asks of whoever comes; a route without an answer to this does not compile.
package enum Needs: Hashable, Sendable {
    /// Anybody may come: sign-in, health, the OA's own deliveries, which are signed.
    case nothing
    /// Somebody signed in, even with a one-time password that waits to be replaced.
    case newcomer
    /// Somebody signed in, whoever it is.
    case person
    /// A right in the book that the request names (`?book=` or the visitor's own).
    case right(Right)
    /// A right in the installation's own book.
    case installation(Right)
}

/// One address of the server: what it needs, who answers, and what its description says.
package struct Route: Sendable {
    package typealias Handler = @Sendable (Request, DoorContext, Book.ID) async throws -> Response
    package typealias FormHandler = @Sendable (Form, DoorContext, Book.ID) async throws -> Response

    package let method: HTTPRequest.Method
    /// As OpenAPI writes it: `/api/v1/cases/{id}`.
    package let path: String
    package let needs: Needs
    /// What the API's description says; `nil` for pages and their files.
    package let note: RouteNote?
    let answer: Answer

    enum Answer: Sendable {
        case request(Handler)
        /// The form is read, and its token checked, before the handler sees it.
        case form(FormHandler)
    }

    package var isForm: Bool {
        if case .form = answer { true } else { false }
    }

    /// A page, or a file of one.
    static func page(_ path: String, _ needs: Needs, _ handler: @escaping Handler) -> Route {
        Route(method: .get, path: path, needs: needs, note: nil, answer: .request(handler))
    }

    /// What a form of a page is sent to.
    static func form(_ path: String, _ needs: Needs, _ handler: @escaping FormHandler) -> Route {
        Route(method: .post, path: path, needs: needs, note: nil, answer: .form(handler))
    }

    static func get(_ path: String, _ needs: Needs, _ note: RouteNote, _ handler: @escaping Handler) -> Route {
        Route(method: .get, path: path, needs: needs, note: note, answer: .request(handler))
    }

    static func post(_ path: String, _ needs: Needs, _ note: RouteNote, _ handler: @escaping Handler) -> Route {
        Route(method: .post, path: path, needs: needs, note: note, answer: .request(handler))
    }

    static func put(_ path: String, _ needs: Needs, _ note: RouteNote, _ handler: @escaping Handler) -> Route {
        Route(method: .put, path: path, needs: needs, note: note, answer: .request(handler))
    }
}

/// What the API's description says of a route.
package struct RouteNote: Hashable, Sendable {
    package let summary: String
    package let answer: Shape
    /// Query parameters, with what each means.
    package let query: [Parameter]
    /// The shape that the JSON body has to have, by its name in `Schemas/api.schema.json`; `nil` where there is no body.
    package let body: String?
    /// Whether a request without a body is refused.
    package let needsBody: Bool
    package let status: Int

    /// What is answered.
    package enum Shape: Hashable, Sendable {
        /// A shape of `Schemas/api.schema.json`.
        case one(String)
        /// All of them, as `items`.
        case list(String)
        /// Some of them, as `items`, with `next_cursor`.
        case page(String)
        case text
        case bytes
    }

    package struct Parameter: Hashable, Sendable {
        package let name: String
        package let meaning: String
        package let form: Form
        package let isRequired: Bool

        package enum Form: Hashable, Sendable {
            case text
            case limit
            case position
            case period
            case choice([String])
        }

        init(_ name: String, _ meaning: String, _ form: Form = .text, isRequired: Bool = false) {
            self.name = name
            self.meaning = meaning
            self.form = form
            self.isRequired = isRequired
        }
    }

    init(
        _ summary: String, _ answer: Shape, query: [Parameter] = [], body: String? = nil, needsBody: Bool = true,
        status: Int = 200
    ) {
        self.summary = summary
        self.answer = answer
        self.query = query
        self.body = body
        self.needsBody = needsBody
        self.status = status
    }
}
