package import Hummingbird
package import Kernel
package import Logging
import NIOCore
package import Pipeline

/// What one request carries through the middlewares to its handler.
package struct DoorContext: RequestContext, RemoteAddressRequestContext {
    package var coreContext: CoreRequestContextStorage
    package let remoteAddress: SocketAddress?
    /// Who is signed in; `nil` for whoever is not.
    package var visitor: Visitor?
    package var language: Language = .zh
    /// Echoed as `X-Request-Id`, written in every log line and problem.
    package var traceID = ""

    package init(source: Source) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }

    /// A request that comes from the machine itself and not over a network.
    package init(machine logger: Logger) {
        coreContext = .init(source: MachineSource(logger: logger))
        remoteAddress = nil
        visitor = .machine
    }

    private struct MachineSource: RequestContextSource {
        let logger: Logger
    }

    /// The address sign-in attempts are counted by.
    package var address: String { remoteAddress?.ipAddress ?? "local" }

    /// The signed-in person.
    ///
    /// - Throws: `DoorError.signInNeeded` when there is none.
    package func requireVisitor() throws -> Visitor {
        guard let visitor else { throw DoorError.signInNeeded }
        return visitor
    }
}
