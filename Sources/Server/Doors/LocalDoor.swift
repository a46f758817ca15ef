import HTTPTypes
import Hummingbird
package import Kernel
package import Logging
import NIOCore
import Pipeline

/// The API without a network: for commands on the machine itself while no server runs.
///
/// A request passes the same middlewares and handlers; the visitor is whoever holds the data folder.
package struct LocalDoor: Sendable {
    private let responder: RouterResponder<DoorContext>
    private let logger: Logger

    package init(_ rooms: ServerRooms, logger: Logger) {
        responder = makeRouter(rooms).buildResponder()
        self.logger = logger
    }

    /// Asks the API, and gives its status and JSON.
    package func ask(
        _ method: String, _ path: String, _ body: JSON?, language: Language
    ) async throws -> (status: Int, answer: JSON) {
        var head = HTTPRequest(
            method: HTTPRequest.Method(method) ?? .get, scheme: nil, authority: nil, path: path,
            headerFields: [
                .acceptLanguage: language.rawValue, .contentType: "application/json",
                .formToken: Visitor.machine.formToken,
            ]
        )
        head.headerFields[.accept] = "application/json"
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body?.utf8 ?? [])))
        let response = try await responder.respond(to: request, context: DoorContext(machine: logger))
        let collected = Collected()
        try await response.body.write(collected)
        return (response.status.code, try JSON(parsing: collected.bytes.isEmpty ? Array("{}".utf8) : collected.bytes))
    }
}

/// Keeps what a response writes.
private final class Collected: ResponseBodyWriter {
    private(set) var bytes: [UInt8] = []

    func write(_ buffer: ByteBuffer) async throws { bytes.append(contentsOf: buffer.readableBytesView) }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
