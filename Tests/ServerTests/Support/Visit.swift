import Access
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Pipeline
import Server
import Testing

/// One request to the fake server.
struct Visit {
    static let fetchSite = HTTPField.Name("sec-fetch-site") ?? .userAgent
    static let formTokenHeader = HTTPField.Name("x-form-token") ?? .userAgent
    static let policy = HTTPField.Name("content-security-policy") ?? .userAgent

    let method: HTTPRequest.Method
    let path: String
    let isForm: Bool
    var headers: HTTPFields = [:]
    var formToken = FakeServer.formToken
    var form = "act=approve&language=zh&dimension=d&code=c&connector=dd&vendor_id=v&name=n&login=x&password=y"
    var json = ""

    init(_ method: HTTPRequest.Method, _ path: String, token: SessionToken? = nil) {
        self.method = method
        self.path = path
        isForm = method == .post && !path.hasPrefix("/api/")
        if let token { headers[.cookie] = "pq_session=" + token.text }
    }

    /// A request that a route could answer.
    init(_ route: Route, token: SessionToken? = nil) {
        let values = [
            "{code}": "1002", "{name}": "style.css", "{connector}": "dd", "{act}": "approve", "{dimension}": "d",
            "{period}": "2026-11",
        ]
        var path = route.path
        let id = path.contains("/vouchers/") ? "V1" : path.contains("/evidence/") ? "C1-1-1" : "C1"
        for (name, value) in values.merging(["{id}": id], uniquingKeysWith: { first, _ in first }) {
            path = path.split(separator: name, omittingEmptySubsequences: false).joined(separator: value)
        }
        self.init(route.method, path + (route.path.hasSuffix("/deliveries") ? "?connector=dd" : ""), token: token)
        headers[Self.fetchSite] = "same-origin"
        if route.method == .put { json = #"{"name":"n","connector":"dd","dimension":"d","vendor_id":"v","code":"c"}"# }
    }

    struct Answer {
        let status: HTTPResponse.Status
        let headers: HTTPFields
        let text: String
    }

    func send(_ client: any TestClientProtocol) async throws -> Answer {
        var headers = headers
        var body = json
        if isForm {
            headers[.contentType] = "application/x-www-form-urlencoded"
            body = form + "&form_token=" + formToken
        } else if !json.isEmpty {
            headers[.contentType] = "application/json"
        }
        return try await client.execute(
            uri: path, method: method, headers: headers, body: body.isEmpty ? nil : ByteBuffer(string: body)
        ) { response in
            Answer(status: response.status, headers: response.headers, text: String(buffer: response.body))
        }
    }

    /// Sends the request, and expects a status.
    func expect(
        _ status: HTTPResponse.Status, _ client: any TestClientProtocol, at place: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await send(client)
        #expect(answer.status == status, "\(method) \(path): \(answer.text.prefix(300))", sourceLocation: place)
    }

    static func serve(
        _ server: FakeServer, _ work: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let application = Application(router: makeRouter(server.rooms))
        try await application.test(.router) { try await work($0) }
    }
}
