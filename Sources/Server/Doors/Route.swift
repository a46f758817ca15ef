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
    /// Query parameters, with what each means.
    package let query: [Parameter]
    /// Members of the JSON body, with what each means; empty where there is no body.
    package let body: [Parameter]
    package let status: Int
    package let contentType: String

    package struct Parameter: Hashable, Sendable {
        package let name: String
        package let meaning: String

        init(_ name: String, _ meaning: String) {
            self.name = name
            self.meaning = meaning
        }
    }

    init(
        _ summary: String, query: [Parameter] = [], body: [Parameter] = [], status: Int = 200,
        contentType: String = "application/json"
    ) {
        self.summary = summary
        self.query = query
        self.body = body
        self.status = status
        self.contentType = contentType
    }
}
