import Access
import HTTPTypes
package import Hummingbird
import Kernel
package import Pipeline

/// Finds out who is signed in, and refuses changes that come from other sites.
package struct SignInMiddleware: RouterMiddleware {
    package typealias Context = DoorContext
    /// The cookie that carries the session's token.
    package static let cookie = "pq_session"
    private let signIn: SignInDesk

    package init(_ signIn: SignInDesk) {
        self.signIn = signIn
    }

    @concurrent package func handle(
        _ request: Request, context: DoorContext, next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let token = Self.bearer(of: request) {
            guard let visitor = try await signIn.visitor(cookie: token) else { throw AccessError.tokenInvalid }
            context.visitor = visitor
            return try await next(request, context)
        }
        if let cookie = request.cookies[Self.cookie]?.value {
            context.visitor = try await signIn.visitor(cookie: cookie)
        }
        let isOutsideDoor = request.uri.path.hasPrefix("/in/")
        if request.method != .get, request.method != .head, !isOutsideDoor {
            try Self.refuseOtherSites(request)
            if let visitor = context.visitor, request.uri.path.hasPrefix("/api/") {
                try Self.requireOwnPage(request, visitor)
            }
        }
        return try await next(request, context)
    }

    /// The token of a program that signed in, which no browser adds by itself.
    private static func bearer(of request: Request) -> String? {
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else { return nil }
        return header.dropFirst("bearer ".count).trimmingPrefix(while: { $0 == " " }).description
    }

    /// `Sec-Fetch-Site` where the browser sends it, `Origin` against `Host` where it does not (S-14).
    private static func refuseOtherSites(_ request: Request) throws(DoorError) {
        if let site = request.headers[.fetchSite] {
            guard site == "same-origin" || site == "none" else { throw .forbiddenOrigin(site) }
            return
        }
        guard let origin = request.headers[.origin], let host = request.head.authority else { return }
        guard origin == "https://" + host || origin == "http://" + host else { throw .forbiddenOrigin(origin) }
    }

    /// A call that rides on a browser's cookie has to show that a page of ours made it.
    private static func requireOwnPage(_ request: Request, _ visitor: Visitor) throws(DoorError) {
        if request.headers[.fetchSite] == "same-origin" || request.headers[.origin] != nil { return }
        guard request.headers[.formToken] == visitor.formToken else { throw .formExpired }
    }
}
