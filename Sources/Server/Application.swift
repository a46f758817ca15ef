package import Hummingbird
import HummingbirdCore
import Kernel
package import Logging
import NIOCore
import Pipeline

/// The largest header block a request may have, and the most fields in it (S-17).
private let headerLimit = 16 << 10
private let headerFieldLimit = 100
/// A connection on which nothing happens for this long is closed. Streams of events say something every 15 s.
private let idleTimeout = TimeAmount.seconds(60)

/// The router with every route and middleware, as the server and its tests use it.
package func makeRouter(_ rooms: ServerRooms) -> Router<DoorContext> {
    let router = Router(context: DoorContext.self, options: .autoGenerateHeadEndpoints)
    let routes = ServerRoutes.all(rooms)
    let problems = ProblemMiddleware(routes: routes) { problem, status, context in
        try ProblemPage(rooms: rooms).response(problem, status, context)
    }
    router.add(middleware: RequestMiddleware())
    router.add(middleware: problems)
    router.add(middleware: SignInMiddleware(rooms.signIn))
    // Once more inside, where it is known who asks.
    router.add(middleware: problems)
    Doorway(rooms.store, shapes: rooms.shapes).add(routes, to: router)
    return router
}

/// The HTTP server: pages, API, deliveries of OAs and health, on one port.
package func makeApplication(
    _ rooms: ServerRooms, address: String, port: Int, logger: Logger,
    onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
) -> some ApplicationProtocol {
    let configuration = HTTP1Channel.Configuration(
        idleTimeout: idleTimeout,
        httpDecoderConfiguration: .init(
            maxHeaderFieldSize: headerLimit, maxHeaderListSize: headerLimit, maxHeaderFieldCount: headerFieldLimit
        )
    )
    return Application(
        router: makeRouter(rooms),
        server: .http1(configuration: configuration),
        configuration: ApplicationConfiguration(address: .hostname(address, port: port), serverName: "pingqiao"),
        onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
        logger: logger
    )
}
