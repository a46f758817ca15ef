import Access
import HTTPTypes
package import Hummingbird
package import Kernel
import Ledger
import Logging
import NIOCore
import Pipeline

/// Turns every error that can explain itself into an answer: problem+json (RFC 9457) for programs, a page for people.
///
/// This is the one place where errors meet HTTP. Handlers throw domain errors and never a status.
package struct ProblemMiddleware: RouterMiddleware {
    package typealias Context = DoorContext
    private let page: @Sendable (Problem, Int, DoorContext) throws -> Response
    private let taken: TakenMethods

    /// - Parameter page: Dresses a problem for a browser.
    package init(
        routes: [Route], page: @escaping @Sendable (Problem, Int, DoorContext) throws -> Response
    ) {
        self.page = page
        taken = TakenMethods(routes)
    }

    @concurrent package func handle(
        _ request: Request, context: DoorContext, next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as any Explainable {
            return try answer(error.problem, status: ProblemStatus.of(error), request, context)
        } catch let error as HTTPError where error.status == .notFound {
            if let allowed = taken.others(than: request.method, at: request.uri.path) {
                let problem = DoorError.methodNotAllowed(request.method.rawValue, allowed: allowed).problem
                var response = try answer(problem, status: 405, request, context)
                response.headers[.allow] = allowed
                return response
            }
            return try answer(DoorError.notFound(request.uri.path).problem, status: 404, request, context)
        } catch let error as HTTPError where error.status == .contentTooLarge {
            return try answer(DoorError.bodyTooLarge(limit: 0).problem, status: 413, request, context)
        } catch let error as HTTPError {
            let found = DoorError.badParameter("request", expected: "a well-formed request", found: "\(error.status)")
            return try answer(found.problem, status: error.status.code, request, context)
        } catch let error where !(error is CancellationError) {
            context.logger.error("unexpected error", metadata: ["error": "\(error)", "trace": "\(context.traceID)"])
            return try answer(JobFault.unexpected("\(type(of: error))").problem, status: 500, request, context)
        }
    }

    private func answer(
        _ problem: Problem, status: Int, _ request: Request, _ context: DoorContext
    ) throws -> Response {
        let wantsPage = request.headers[.accept]?.contains("text/html") == true && !request.uri.path.hasPrefix("/api/")
        if wantsPage {
            let doors = ["access.sign_in_needed": "/sign-in", "access.password_change_needed": "/password"]
            if let door = doors[problem.code], request.method == .get {
                let target = request.uri.description.addingPercentEncodingForQuery
                return Response(status: .seeOther, headers: [.location: "\(door)?next=\(target)"])
            }
            return try page(problem, status, context)
        }
        var response = Response(
            status: HTTPResponse.Status(code: status),
            headers: [.contentType: "application/problem+json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: problem.answer(status: status, context).utf8))
        )
        if status == 503 || status == 429 { response.headers[.retryAfter] = "2" }
        return response
    }
}

extension Problem {
    /// RFC 9457 with our code, remedy and trace id.
    func answer(status: Int, _ context: DoorContext) -> JSON {
        .object([
            ("type", .string("urn:pingqiao:problem:" + code)), ("title", .string(title.text(in: context.language))),
            ("status", .integer(status)), ("detail", .string(cause.text(in: context.language))),
            ("instance", .string(location.text(in: context.language))),
            ("remedy", .string(remedy.text(in: context.language))), ("code", .string(code)),
            ("trace_id", .string(context.traceID)),
        ])
    }
}

/// Which HTTP status a kind of error has.
enum ProblemStatus {
    static func of(_ error: any Explainable) -> Int {
        switch error {
        case let error as AccessError: access(error)
        case let error as DoorError: door(error)
        case let error as ConnectorError: connector(error)
        case is ReceptionError, is LedgerReportError: 404
        case is VoucherStateError, is PostingError: 409
        case let error as VoucherDeskError: if case .unknown = error { 404 } else { 412 }
        case let error as CaseDeskError: if case .unknown = error { 404 } else { 409 }
        case let error as PeopleError: people(error)
        case let error as ConnectorOfficeError:
            switch error {
            case .unknown: 404
            case .idTaken: 409
            default: 422
            }
        case let error as SetupError:
            switch error {
            case .isDone: 409
            case .wrongCode: 403
            case .samePerson: 422
            }
        case let error as CompanyError: if case .idTaken = error { 409 } else { 422 }
        case is JSONError: 400
        default: other(error.problem.code)
        }
    }

    private static func other(_ code: String) -> Int {
        switch code {
        case "store.queue_full", "store.full", "store.unavailable", "store.failed", "store.stale": 503
        case let code where code.hasPrefix("store."): 500
        default: 422
        }
    }

    private static func access(_ error: AccessError) -> Int {
        switch error {
        case .signInFailed, .sessionEnded, .tokenInvalid, .oneTimePasswordExpired: 401
        case .signInThrottled: 429
        case .dutyConflict: 409
        case .loginInvalid, .tokenLifetime, .tokenRightsExceeded, .currentPasswordWrong: 422
        case .denied, .passwordChangeNeeded: 403
        }
    }

    private static func people(_ error: PeopleError) -> Int {
        switch error {
        case .unknown, .unknownBook: 404
        case .loginTaken, .lastHolder: 409
        case .nameInvalid: 422
        }
    }

    private static func door(_ error: DoorError) -> Int {
        switch error {
        case .signInNeeded: 401
        case .formExpired, .forbiddenOrigin: 403
        case .notFound: 404
        case .badParameter: 400
        case .badBody: 422
        case .methodNotAllowed: 405
        case .bodyTooLarge: 413
        case .notReady: 503
        }
    }

    private static func connector(_ error: ConnectorError) -> Int {
        switch error {
        case .notAuthentic: 401
        case .unreadable: 400
        case .tooLarge: 413
        case .throttled: 429
        case .notConfigured: 503
        case .unreachable, .outcomeUnknown, .refused: 502
        case .forbiddenAddress: 422
        }
    }
}

extension String {
    /// The text as the value of one query parameter.
    var addingPercentEncodingForQuery: String {
        var output = ""
        for byte in utf8 {
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-._~".utf8.contains(byte)
            output += isPlain ? String(UnicodeScalar(byte)) : "%" + [byte].hex.uppercased()
        }
        return output
    }
}
