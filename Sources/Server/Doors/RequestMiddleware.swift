import Cryptography
import HTTPTypes
package import Hummingbird
import Kernel
import Logging

/// Gives every request a name, a language and safe answer headers, and logs it once.
package struct RequestMiddleware: RouterMiddleware {
    package typealias Context = DoorContext
    package static let languageCookie = "pq_lang"
    private static let contentPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

    package init() {}

    @concurrent package func handle(
        _ request: Request, context: DoorContext, next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.traceID = Self.traceID(of: request)
        context.language = Self.language(of: request)
        context.logger[metadataKey: "trace"] = .string(context.traceID)
        var response = try await next(request, context)
        response.headers[.requestID] = context.traceID
        response.headers[.contentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = Self.contentPolicy
        }
        context.logger.debug(
            "request",
            metadata: [
                "method": .string(request.method.rawValue), "path": .string(String(request.uri.path.prefix(200))),
                "status": .stringConvertible(response.status.code),
            ]
        )
        return response
    }

    private static func traceID(of request: Request) -> String {
        let given = request.headers[.requestID] ?? ""
        let isPlain = given.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x7A) || $0 == UInt8(ascii: "-") }
        return !given.isEmpty && given.utf8.count <= 64 && isPlain ? given : randomBytes(8).hex
    }

    private static func language(of request: Request) -> Language {
        if let chosen = request.cookies[languageCookie]?.value, let language = Language(rawValue: chosen) {
            return language
        }
        return request.headers[.acceptLanguage]?.lowercased().hasPrefix("en") == true ? .en : .zh
    }
}

extension HTTPField.Name {
    static let requestID = Self("x-request-id") ?? .userAgent
    static let contentTypeOptions = Self("x-content-type-options") ?? .userAgent
    static let referrerPolicy = Self("referrer-policy") ?? .userAgent
    static let contentSecurityPolicy = Self("content-security-policy") ?? .userAgent
    static let accelBuffering = Self("x-accel-buffering") ?? .userAgent
    static let fetchSite = Self("sec-fetch-site") ?? .userAgent
    static let formToken = Self("x-form-token") ?? .userAgent
    static let lastEventID = Self("last-event-id") ?? .userAgent
}
