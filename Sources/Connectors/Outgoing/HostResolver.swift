import NIOCore
import NIOPosix

/// Finds the address of a host; asked once for each call, and what it says is checked before it is used.
package struct HostResolver: Sendable {
    /// Why a host was not found.
    package struct Failure: Error {
        package let reason: String
    }

    private let lookUp: @Sendable (String) async throws -> IPAddress

    package init(_ lookUp: @escaping @Sendable (String) async throws -> IPAddress) {
        self.lookUp = lookUp
    }

    package func address(of host: String) async throws -> IPAddress {
        if let ip = IPAddress(host) { return ip }
        return try await lookUp(host)
    }

    /// The system's own, on its own threads because it blocks.
    package static let system = HostResolver { host in
        let found = try await NIOThreadPool.singleton.runIfActive {
            try SocketAddress.makeAddressResolvingHost(host, port: 0)
        }
        guard let text = found.ipAddress, let ip = IPAddress(String(text.split(separator: "%")[0])) else {
            throw Failure(reason: "no address")
        }
        return ip
    }
}
