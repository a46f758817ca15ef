import AsyncHTTPClient
import Dispatch
import NIOCore
import NIOPosix

/// HTTP clients by the address that was checked: each calls that address and no other, and still names the host in
/// TLS and in the request.
actor ClientPool {
    private static let limit = 32

    private struct Key: Hashable {
        let host: String
        let ip: IPAddress
    }

    private struct Entry {
        let client: HTTPClient
        var users = 0
        var lastUse = 0
    }

    private var entries: [Key: Entry] = [:]
    private var uses = 0
    private var isClosed = false

    deinit {
        // A client that is dropped without being ended stops the program.
        for entry in entries.values { entry.client.shutdown(queue: .global()) { _ in } }
    }

    /// Lends the client of a host and address until `giveBack`.
    func borrow(host: String, ip: IPAddress) async -> HTTPClient {
        uses += 1
        let key = Key(host: host, ip: ip)
        if var entry = entries[key] {
            entry.users += 1
            entry.lastUse = uses
            entries[key] = entry
            return entry.client
        }
        let client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: Self.configuration(host: host, ip: ip)
        )
        entries[key] = Entry(client: client, users: 1, lastUse: uses)
        await dropOldest()
        return client
    }

    func giveBack(host: String, ip: IPAddress) async {
        let key = Key(host: host, ip: ip)
        entries[key]?.users -= 1
        if isClosed, entries[key]?.users == 0, let entry = entries.removeValue(forKey: key) {
            await close(entry.client)
        }
    }

    /// Ends every client that nobody uses; the others end when they are given back.
    func shutdown() async {
        isClosed = true
        let idle = entries.filter { $0.value.users == 0 }
        for (key, entry) in idle {
            entries[key] = nil
            await close(entry.client)
        }
    }

    private func dropOldest() async {
        guard entries.count > Self.limit,
            let oldest = entries.filter({ $0.value.users == 0 }).min(by: { $0.value.lastUse < $1.value.lastUse })
        else { return }
        entries[oldest.key] = nil
        await close(oldest.value.client)
    }

    private func close(_ client: HTTPClient) async {
        // Nothing is left to be said to a client that cannot end.
        try? await client.shutdown()
    }

    private static func configuration(host: String, ip: IPAddress) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(30)),
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 8
        // Whoever refuses is asked again by the queue; inside of a call that would take a worker's place until the deadline.
        configuration.connectionPool.retryConnectionEstablishment = false
        if IPAddress(host) == nil { configuration.dnsOverride = [host: ip.text] }
        return configuration
    }
}
