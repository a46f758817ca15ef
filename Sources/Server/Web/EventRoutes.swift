import Access
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Pipeline
import ServiceLifecycle

/// What changes in a book, as it happens (Server-Sent Events).
///
/// An event's id is the position of the book's log. The store is asked only while somebody listens.
struct EventRoutes {
    let rooms: ServerRooms
    /// How long the stream waits between two looks at the store.
    static let pause = Duration.milliseconds(500)
    /// Looks between two comments that keep the connection alive: 15 s.
    static let heartbeat = 30
    /// Looks until the stream ends and the browser signs in anew with its cookie: 10 min.
    static let lifetime = 1_200

    func stream(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let lastID = request.headers[.lastEventID]
        let rooms = rooms
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", .accelBuffering: "no",
            ],
            body: ResponseBody { writer in
                try await Self.write(to: &writer, book, after: lastID, rooms)
                try await writer.finish(nil)
            }
        )
    }

    @concurrent private static func write(
        to writer: inout any ResponseBodyWriter, _ book: Book.ID, after lastID: String?, _ rooms: ServerRooms
    ) async throws {
        try await writer.write(ByteBuffer(string: "retry: 3000\n\n"))
        // What happened meanwhile is not repeated; whoever comes back gets the whole state.
        if lastID != nil { try await writer.write(ByteBuffer(string: "event: reset\ndata: {}\n\n")) }
        var last: EventState?
        for look in 1...lifetime {
            let now = rooms.clock()
            let state = try await rooms.store.read(book) { try EventState(in: $0, at: now) }
            if state != last {
                try await writer.write(ByteBuffer(string: state.text))
                last = state
            } else if look.isMultiple(of: heartbeat) {
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
            }
            guard !Task.isShuttingDownGracefully else { return }
            do {
                try await rooms.pause(pause)
            } catch is CancellationError {
                return
            }
        }
    }
}

/// What the first page shows, in numbers.
struct EventState: Hashable, Sendable {
    private let position: Int64
    private let data: JSON

    init(in records: any Records, at now: Timestamp) throws {
        position = try records.log.size()
        let health = try BookHealth(of: records, at: now)
        data = .object([
            ("states", .object(Case.State.allCases.map { ($0.rawValue, .integer(health.count($0))) })),
            ("steps", .object(Step.allCases.map { ($0.rawValue, .integer(health.count(at: $0))) })),
            ("log", .integer(position)),
        ])
    }

    /// The event as it goes over the line.
    var text: String { "id: \(position)\nevent: counts\ndata: \(data.text)\n\n" }
}
